//! How long requests to S3 may take.

use std::time::Duration;

/// How long a connection may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long one attempt may take, for everything but a completion.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long all attempts together may take, for everything but a completion.
pub const OPERATION_TIMEOUT: Duration = Duration::from_secs(30);

/// How long S3 may take to put an object together. AWS says "several minutes"; some stores copy every byte.
pub const COMPLETE_TIMEOUT: Duration = Duration::from_mins(15);
