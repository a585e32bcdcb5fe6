//! Retries of transient errors.

use std::time::Duration;

use backon::ExponentialBuilder;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::error::Error;

/// Maximum of a `Retry-After`, so that a wrong one does not stop an upload.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(2);

/// Number and delays of retries.
///
/// The delay doubles with each retry, plus a random jitter of up to the same length, so that many clients do not retry at
/// the same time. A longer `Retry-After` of a response, of the API or of S3, replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Maximum number of retries; 10 by default.
    pub retries: usize,
    /// Delay before the first retry; 200 ms by default.
    pub initial_delay: Duration,
    /// Maximum delay between retries, without the jitter; 20 s by default.
    pub max_delay: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            retries: 10,
            initial_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(20),
        }
    }
}

impl RetryPolicy {
    pub(crate) fn backoff(self) -> ExponentialBuilder {
        ExponentialBuilder::new()
            .with_jitter()
            .with_min_delay(self.initial_delay)
            .with_max_delay(self.max_delay)
            .with_max_times(self.retries)
    }
}

/// The `Retry-After` of a response, where it is given in seconds.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .parse()
        .ok()
        .map(Duration::from_secs)
}

/// The delay, or the `Retry-After` of the error if that is longer.
pub(crate) fn apply_retry_after(error: &Error, delay: Option<Duration>) -> Option<Duration> {
    let requested = error.retry_after().unwrap_or_default().min(MAX_RETRY_AFTER);
    delay.map(|delay| delay.max(requested))
}
