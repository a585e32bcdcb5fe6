//! Which thread may hold large pages: one at a time, so that two threads take little more memory than one.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Gives out one permit at a time.
#[derive(Default)]
pub(super) struct Permits {
    is_taken: Mutex<bool>,
    freed: Condvar,
}

/// The permit; it is given back when it is dropped.
pub(super) struct Permit(Arc<Permits>);

impl Permits {
    /// Waits until no other thread has the permit.
    pub(super) fn take(self: &Arc<Self>) -> Permit {
        let is_taken = self.is_taken.lock().unwrap_or_else(PoisonError::into_inner);
        let free = self.freed.wait_while(is_taken, |is_taken| *is_taken);
        *free.unwrap_or_else(PoisonError::into_inner) = true;
        Permit(Arc::clone(self))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let permits = &self.0;
        *permits
            .is_taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = false;
        permits.freed.notify_one();
    }
}
