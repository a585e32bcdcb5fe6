//! Delays of calls that a person should see: a server that does not respond, and retries.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::error::Error;

/// How long a response may take before it is reported as late.
const LATE_AFTER: Duration = Duration::from_secs(2);

/// A delay of a call of the API, which goes on.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallDelay<'a> {
    /// The API has not responded for this long; the call continues to wait.
    NoResponse(Duration),
    /// An attempt failed, and is repeated.
    Retry {
        /// Why it failed.
        error: &'a Error,
        /// Time until the next attempt.
        after: Duration,
    },
}

impl fmt::Display for CallDelay<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoResponse(elapsed) => {
                write!(
                    f,
                    "the API has not responded for {} s; still waiting",
                    elapsed.as_secs()
                )
            }
            Self::Retry { error, after } => {
                write!(
                    f,
                    "retrying in {:.0} s: {error}",
                    after.as_secs_f64().ceil()
                )
            }
        }
    }
}

type Listener = Arc<dyn Fn(&CallDelay<'_>) + Send + Sync>;

/// The listener of a client, if it has one.
#[derive(Clone, Default)]
pub(crate) struct DelayListener(Option<Listener>);

impl DelayListener {
    pub fn new(listener: impl Fn(&CallDelay<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    /// An attempt failed, and is repeated after this time.
    pub fn retries(&self, error: &Error, after: Duration) {
        self.emit(&CallDelay::Retry { error, after });
    }

    /// Awaits a response, and reports one that is late. The future of the response is large, and kept on the heap.
    pub fn awaiting<T>(&self, response: impl Future<Output = T>) -> impl Future<Output = T> {
        self.awaiting_for(LATE_AFTER, Box::pin(response))
    }

    async fn awaiting_for<T>(
        &self,
        limit: Duration,
        mut response: impl Future<Output = T> + Unpin,
    ) -> T {
        if let Ok(response) = timeout(limit, &mut response).await {
            return response;
        }
        self.emit(&CallDelay::NoResponse(limit));
        response.await
    }

    fn emit(&self, delay: &CallDelay<'_>) {
        if let Some(listener) = &self.0 {
            listener(delay);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;

    #[tokio::test]
    async fn late_response_is_reported_once() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let listener = DelayListener::new({
            let seen = Arc::clone(&seen);
            move |delay| {
                seen.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(delay.to_string());
            }
        });
        let (release, released) = tokio::sync::oneshot::channel();
        let awaiting = listener.awaiting_for(Duration::ZERO, released);
        let releasing = async {
            while seen.lock().unwrap().is_empty() {
                tokio::task::yield_now().await;
            }
            release.send(7).unwrap();
        };
        assert_eq!(tokio::join!(awaiting, releasing).0, Ok(7));
        assert_eq!(
            listener
                .awaiting_for(Duration::from_hours(1), Box::pin(async { 8 }))
                .await,
            8
        );
        assert_eq!(
            *seen.lock().unwrap(),
            ["the API has not responded for 0 s; still waiting"]
        );
    }
}
