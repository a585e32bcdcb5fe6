//! The result of a reupload.

use crate::generated::types::{Change, Job, Preview, Version};

/// The result of a reupload.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReuploadOutcome {
    /// The job, as it was after the inspection.
    pub job: Job,
    /// Result of the inspection.
    pub preview: Preview,
    /// The current version; `None` if the [`CommitPolicy`](crate::CommitPolicy) or the policy of the dataset did not
    /// admit the commit.
    pub version: Option<Version>,
    /// Whether `version` is the one that was current before, since the file has the same bytes.
    pub is_unchanged: bool,
    /// Changes for which the file was not committed; empty if it was committed, or never was to be.
    pub refused: Vec<Change>,
    /// Bytes of the file that this call sent; bytes sent more than once count once.
    pub bytes_sent: u64,
    /// Bytes of the file that S3 already held.
    pub bytes_held: u64,
    /// Number of times that a part was sent again.
    pub retries: u64,
}
