//! When metrics were last read from the database, and whether they are being read.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// How old may be what is read from the database.
const MAX_AGE: Duration = Duration::from_secs(15);

/// When metrics were last read, and whether they are being read now.
#[derive(Debug)]
pub struct Observation {
    last: Mutex<Option<Instant>>,
    reader: Arc<Semaphore>,
}

impl Default for Observation {
    fn default() -> Self {
        Self {
            last: Mutex::default(),
            reader: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Observation {
    /// The right to read, which one has at a time; `None` where that was done a moment ago, or is being done.
    pub(super) fn begin(&self) -> Option<OwnedSemaphorePermit> {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|at| at.elapsed() < MAX_AGE) {
            return None;
        }
        Arc::clone(&self.reader).try_acquire_owned().ok()
    }

    /// Notes that everything was read.
    pub(super) fn end(&self, reader: OwnedSemaphorePermit) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        drop(reader);
    }
}
