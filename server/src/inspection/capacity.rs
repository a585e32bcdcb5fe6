//! How much may be inspected within requests at once.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;

/// Content that is kept in memory at once, in bytes. Further objects are left to workers.
pub const MAX_CONTENT: u64 = 32 << 20;

/// Bytes that one permit stands for.
pub(super) const PERMIT: u64 = 1 << 10;

/// How much is inspected within requests at once.
#[derive(Debug)]
pub struct InlineInspections {
    /// A permit for each [`PERMIT`] of content that may be in memory.
    pub(super) content: Arc<Semaphore>,
    /// A permit for each inspection that may run: they keep a processor busy.
    pub(super) running: Semaphore,
}

impl Default for InlineInspections {
    fn default() -> Self {
        Self {
            content: Arc::new(Semaphore::new((MAX_CONTENT / PERMIT) as usize)),
            running: Semaphore::new(available_parallelism().map_or(1, NonZero::get)),
        }
    }
}
