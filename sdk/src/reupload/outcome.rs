//! The result of a reupload.

use crate::generated::types::{Job, Preview, Version};

/// The result of a reupload.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReuploadOutcome {
    /// The job, as it was after the inspection.
    pub job: Job,
    /// Result of the inspection.
    pub preview: Preview,
    /// The new current version; `None` if the [`CommitPolicy`](crate::CommitPolicy) did not commit the job.
    pub version: Option<Version>,
    /// Bytes of the file that this call sent; bytes sent more than once count once.
    pub bytes_sent: u64,
    /// Bytes of the file that S3 already held.
    pub bytes_held: u64,
    /// Number of times that a part was sent again.
    pub retries: u64,
}
