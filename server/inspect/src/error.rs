//! Errors of an inspection.

use std::io;

/// Why an inspection was not completed.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// The store could not be read, or returned fewer bytes than the object has: worth a retry.
    #[error("the object could not be read: {0}")]
    Read(#[source] io::Error),
    /// The progress callback stopped the inspection.
    #[error("the inspection was stopped")]
    Stopped,
}

/// The progress callback stopped the inspection.
#[derive(Debug, thiserror::Error)]
#[error("the inspection was stopped")]
pub(crate) struct StopRequested;

impl From<StopRequested> for InspectError {
    fn from(_: StopRequested) -> Self {
        Self::Stopped
    }
}

// Every I/O error within the crate comes from the source, or is `StopRequested` on its way up through `BufRead`.
impl From<io::Error> for InspectError {
    fn from(error: io::Error) -> Self {
        if error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<StopRequested>)
        {
            Self::Stopped
        } else {
            Self::Read(error)
        }
    }
}
