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
pub(super) enum Batch {
    /// Events.
    Events {
        /// The id up to which no event is still to come.
        settled: i64,
        /// Those that have new events.
        subjects: Subjects,
    },
    /// The database gives ids again that it has given before: it is an older state of itself.
    Reset,
}

/// Datasets and jobs that have new events.
#[derive(Debug)]
pub(super) enum Subjects {
    /// Any may have some.
    All,
    /// These.
    Named(HashSet<Uuid>),
}

impl Subjects {
    /// Whether a dataset or a job may have new events.
    pub fn contain(&self, scope: EventScope) -> bool {
        match self {
            Self::All => true,
            Self::Named(subjects) => subjects.contains(&scope.id()),
        }
    }
}

/// How many streams may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamLimits {
    /// Of each principal at a process.
    pub of_principal: u32,
    /// Of all principals at a process: each takes a connection, which requests are then without.
    pub of_process: u32,
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
    /// [`Error::TooManyStreams`] where the principal has as many as it may have, [`Error::NoStreamPlace`] where all of them
    /// together have.
    pub(super) fn place(&self, principal_id: Uuid, limits: StreamLimits) -> Result<Place> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = limits.of_principal;
        if open.get(&principal_id).copied().unwrap_or_default() >= limit {
            return Err(Error::TooManyStreams { limit });
        }
        if open.values().sum::<u32>() >= limits.of_process {
            return Err(Error::NoStreamPlace);
        }
        *open.entry(principal_id).or_default() += 1;
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

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: StreamLimits = StreamLimits {
        of_principal: 2,
        of_process: 3,
    };

    #[test]
    fn principals_leave_places_to_each_other() {
        let feed = Feed::default();
        let [alice, bob] = [1, 2].map(Uuid::from_u128);
        let of_alice: Vec<_> = (0..2).map(|_| feed.place(alice, LIMITS).unwrap()).collect();
        let refused = feed.place(alice, LIMITS);
        assert!(matches!(refused, Err(Error::TooManyStreams { limit: 2 })));
        let _of_bob = feed.place(bob, LIMITS).unwrap();
        assert!(matches!(feed.place(bob, LIMITS), Err(Error::NoStreamPlace)));
        drop(of_alice);
        feed.place(bob, LIMITS).unwrap();
    }

    #[test]
    fn batch_of_all_subjects_concerns_each() {
        let [one, other] = [1, 2].map(|id| EventScope::Dataset(Uuid::from_u128(id)));
        let subjects = Subjects::Named(HashSet::from([one.id()]));
        assert!(subjects.contain(one) && !subjects.contain(other));
        assert!(Subjects::All.contain(other));
    }
}
