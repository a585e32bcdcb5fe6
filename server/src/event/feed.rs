//! The feed: what wakes the streams of this process, and how many of them there are.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::store::EventScope;

/// Batches that a stream may be behind before it looks itself.
const MAX_BATCHES: usize = 64;

/// What is new.
#[derive(Debug)]
pub(super) struct Batch {
    /// The id up to which no event is still to come.
    pub settled: i64,
    /// The datasets and jobs that have new events; `None` for all.
    pub subjects: Option<HashSet<Uuid>>,
}

impl Batch {
    /// Whether a dataset or a job may have new events.
    pub fn concerns(&self, scope: EventScope) -> bool {
        let subjects = self.subjects.as_ref();
        subjects.is_none_or(|subjects| subjects.contains(&scope.id()))
    }
}

/// Wakes streams, and counts them.
#[derive(Debug)]
pub struct Feed {
    batches: broadcast::Sender<Arc<Batch>>,
    changed: Notify,
    open: Arc<Mutex<HashMap<Uuid, u32>>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            batches: broadcast::Sender::new(MAX_BATCHES),
            changed: Notify::new(),
            open: Arc::default(),
        }
    }
}

impl Feed {
    /// Says that this process may have changed something.
    pub fn changed(&self) {
        self.changed.notify_one();
    }

    /// Waits until this process may have changed something.
    pub(super) async fn wait(&self) {
        self.changed.notified().await;
    }

    /// Whether there are streams.
    pub(super) fn has_readers(&self) -> bool {
        self.batches.receiver_count() > 0
    }

    /// Wakes all streams.
    pub(super) fn send(&self, batch: Batch) {
        // An error says that the last stream has ended.
        let _ = self.batches.send(Arc::new(batch));
    }

    /// Receives what is new from now on.
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Arc<Batch>> {
        let receiver = self.batches.subscribe();
        self.changed();
        receiver
    }

    /// A place for one more stream of a principal.
    ///
    /// # Errors
    /// [`Error::TooManyStreams`] where it has `limit` of them.
    pub(super) fn place(&self, principal_id: Uuid, limit: u32) -> Result<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(principal_id).or_default();
        if *count >= limit {
            return Err(Error::TooManyStreams { limit });
        }
        *count += 1;
        Ok(Place {
            principal_id,
            open: Arc::clone(&self.open),
        })
    }
}

/// The place of a stream, which is free again once it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    principal_id: Uuid,
    open: Arc<Mutex<HashMap<Uuid, u32>>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.principal_id) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.principal_id);
            }
        }
    }
}
