//! What happened to the whole database, and its backups. Clients hold it while they are at work, so that it changes only
//! between their steps, and each of them takes note before its next one.

use std::sync::Mutex;

use chrono::{DateTime, Utc};
use tokio::sync::RwLock;

use crate::rules::locked;

/// Something that happened to the whole database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A backup was taken, in the place of any earlier one.
    BackedUp,
    /// The last backup was restored.
    Restored,
}

/// Everything that happened to the whole database.
#[derive(Debug, Default)]
pub struct History {
    /// In order.
    pub events: RwLock<Vec<Event>>,
    adopted_at: Mutex<Option<DateTime<Utc>>>,
}

impl History {
    /// Notes that the bucket was taken over for a restored database.
    pub fn note_adoption(&self) {
        *locked(&self.adopted_at) = Some(Utc::now());
    }

    /// When the bucket was last taken over: whole objects of older jobs may stay without a row.
    pub fn adopted_at(&self) -> Option<DateTime<Utc>> {
        *locked(&self.adopted_at)
    }
}

/// A backup.
#[derive(Clone, Debug)]
pub struct Backup {
    /// Name of the database that it is.
    pub name: String,
    /// Generation of the database.
    pub generation: i64,
    /// Whether it was restored already. Clients do not know any more what is in it then.
    pub is_restored: bool,
}

/// The last backup, and how many there were.
#[derive(Debug, Default)]
pub struct Backups(Mutex<(u64, Option<Backup>)>);

impl Backups {
    /// The last one.
    pub fn last(&self) -> Option<Backup> {
        locked(&self.0).1.clone()
    }

    /// Number of the next one.
    pub fn next_number(&self) -> u64 {
        let mut backups = locked(&self.0);
        backups.0 += 1;
        backups.0
    }

    /// Puts one in the place of the last one, which is returned.
    pub fn replace(&self, backup: Backup) -> Option<Backup> {
        locked(&self.0).1.replace(backup)
    }

    /// Notes that the last one was restored.
    pub fn note_restoration(&self) {
        if let Some(backup) = &mut locked(&self.0).1 {
            backup.is_restored = true;
        }
    }
}
