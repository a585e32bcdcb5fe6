//! How long requests to S3 may take.

use std::time::Duration;

/// How long a connection may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Longest pause before the second attempt; the one before the third is twice as long. What outlasts them is returned to the
/// client with its reason, and the client retries.
pub const FIRST_BACKOFF: Duration = Duration::from_millis(250);

/// How long one attempt may take, for everything but a completion.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long all attempts together may take, for everything but a completion.
pub const OPERATION_TIMEOUT: Duration = Duration::from_secs(30);

/// How long S3 may take to put an object together. AWS says "several minutes"; some stores copy every byte.
pub const COMPLETE_TIMEOUT: Duration = Duration::from_mins(15);
