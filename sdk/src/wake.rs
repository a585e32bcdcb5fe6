//! Wakes a poll of a job at its events.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use uuid::Uuid;

use crate::client::Client;
use crate::retry::RetryPolicy;

/// Interval between two polls from which on a stream is worth its request.
const MIN_INTERVAL: Duration = Duration::from_millis(200);

/// Waits between the polls of a job. Once they are far apart, the job's stream of events ends each wait early; where there is
/// none, since the server has none or a proxy swallows it, nothing does.
#[derive(Debug)]
pub(crate) struct Wake {
    client: Client,
    job_id: Uuid,
    task: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    happened: Notify,
    is_streaming: AtomicBool,
}

impl Wake {
    pub fn new(client: &Client, job_id: Uuid) -> Self {
        Self {
            // The polls report delays, and try again.
            client: client.without_listener().with_retry(RetryPolicy {
                retries: 0,
                ..client.retry()
            }),
            job_id,
            task: None,
            shared: Arc::default(),
        }
    }

    /// Waits for `interval`, or until something happens to the job.
    pub async fn wait(&mut self, interval: Duration) {
        if self.task.is_none() && interval >= MIN_INTERVAL {
            let mut events = self.client.job_events(self.job_id);
            let shared = Arc::clone(&self.shared);
            self.task = Some(tokio::spawn(async move {
                if events.connect().await.is_ok() {
                    shared.is_streaming.store(true, Ordering::Relaxed);
                    while let Ok(Some(_)) = events.next().await {
                        shared.happened.notify_one();
                    }
                }
                shared.is_streaming.store(false, Ordering::Relaxed);
            }));
        }
        // What happened before the stream was opened is in it as well.
        let _ = timeout(interval, self.shared.happened.notified()).await;
    }

    /// Whether events end the waits, so that these may be long.
    pub fn is_streaming(&self) -> bool {
        self.shared.is_streaming.load(Ordering::Relaxed)
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
