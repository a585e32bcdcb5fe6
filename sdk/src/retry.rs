//! Trying again what failed for a reason that passes.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use progenitor_client::ResponseValue;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::HttpValidationError;

/// Longest that a `Retry-After` is heeded for, so that a mistaken one does not stop an upload for good.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(2);

/// How often and after which delays to try again.
///
/// The delay doubles from try to try, and up to as much again is added at random, so that many clients do
/// not come back all at once. The `Retry-After` of a refusal, of the API or of S3, lengthens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries after the first; 10 by default.
    pub retries: usize,
    /// Delay before the second try; 200 ms by default.
    pub initial_delay: Duration,
    /// Longest delay; 20 s by default.
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

/// What sending a generated operation returns.
pub type OperationResult<T> =
    Result<ResponseValue<T>, progenitor_client::Error<HttpValidationError>>;

impl Client {
    /// Calls an idempotent operation, and retries it while the error is transient.
    ///
    /// `operation` is called once for each attempt. The delays are those of the client's [`RetryPolicy`].
    ///
    /// # Errors
    /// The error of the last attempt: the first that is not transient ([`Error::is_transient`]), or the one at which the
    /// policy's retries are used up.
    ///
    /// # Example
    /// ```no_run
    /// # async fn run(client: restow_sdk::Client) -> Result<(), restow_sdk::Error> {
    /// let datasets = client.call(|| client.api().list_datasets().limit(100).send()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn call<T, F>(&self, operation: impl FnMut() -> F) -> Result<T>
    where
        F: Future<Output = OperationResult<T>>,
    {
        self.call_while(operation, Error::is_transient).await
    }

    /// Calls an operation again and again while the error is such that another call does no harm.
    pub(crate) async fn call_while<T, F>(
        &self,
        mut operation: impl FnMut() -> F,
        again: impl FnMut(&Error) -> bool,
    ) -> Result<T>
    where
        F: Future<Output = OperationResult<T>>,
    {
        let attempt = || {
            let answer = operation();
            async { Ok(answer.await?.into_inner()) }
        };
        attempt
            .retry(self.retry().backoff())
            .when(again)
            .adjust(apply_retry_after)
            .await
    }
}

/// The delay that a refusal asks for, where it is given in seconds.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .parse()
        .ok()
        .map(Duration::from_secs)
}

/// The delay, or what the refusal asks for if that is longer.
pub(crate) fn apply_retry_after(error: &Error, delay: Option<Duration>) -> Option<Duration> {
    let asked = error.retry_after().unwrap_or_default().min(MAX_RETRY_AFTER);
    delay.map(|delay| delay.max(asked))
}
