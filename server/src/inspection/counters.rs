//! The progress of an inspection, shared between its thread and its heartbeat.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::lease::Progress;

/// How far an inspection is.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// Bytes that were read.
    pub bytes: AtomicU64,
    /// Rows that were found.
    pub rows: AtomicU64,
}

impl Counters {
    /// What the heartbeat notes.
    pub fn as_progress(self: &Arc<Self>) -> Progress {
        let counters = Arc::clone(self);
        Arc::new(move || {
            let rows = counters.rows.load(Ordering::Relaxed);
            (
                counters.bytes.load(Ordering::Relaxed),
                (rows > 0).then_some(rows),
            )
        })
    }
}
