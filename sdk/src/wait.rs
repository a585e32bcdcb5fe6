//! Waiting for a job.

use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::sleep;
use uuid::Uuid;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::{Job, JobError, JobStatus, Preview};
use crate::wake::Wake;

const MIN_INTERVAL: Duration = Duration::from_millis(20);
const MAX_INTERVAL: Duration = Duration::from_secs(2);

/// Interval where the stream of events tells of each change, so that a poll only sees the progress.
const STREAMED_INTERVAL: Duration = Duration::from_secs(5);

/// How long the server may be unavailable before waiting for a job fails.
const UNAVAILABLE_TIMEOUT: Duration = Duration::from_mins(5);

impl Client {
    /// Waits until a job is `ready` or `committed`, or cannot become either by itself.
    ///
    /// Polls at growing intervals, from 0.02 s on. From 0.2 s on, the job's stream of events ends each interval early, so that
    /// 5 s pass between two polls; where there is no stream, 2 s. A server that is unavailable is tolerated for up to five
    /// minutes.
    /// A job without an upload is waited for until its deadline. To limit the time, use [`tokio::time::timeout`]:
    /// dropping the future has no side effects.
    ///
    /// # Errors
    ///
    /// [`Error::JobRejected`] if the content cannot be read as it stands, [`Error::JobFailed`] if the object is lost,
    /// [`Error::JobEnded`] if the job was cancelled or expired, and the errors of the requests.
    pub async fn wait(&self, job_id: Uuid) -> Result<Job> {
        self.wait_with(job_id, |_| ()).await
    }

    /// Like [`wait`](Self::wait), and passes the job of each response, with its progress, to a function.
    ///
    /// # Errors
    ///
    /// Those of [`wait`](Self::wait).
    pub async fn wait_with(
        &self,
        job_id: Uuid,
        on_response: impl FnMut(&Job) + Send,
    ) -> Result<Job> {
        let job = self.wait_for_inspection(job_id, on_response).await?;
        if job.status != JobStatus::Rejected {
            return Ok(job);
        }
        let preview = self
            .call(|| self.api().get_preview().job_id(job_id).send())
            .await?;
        Err(rejection(&job, preview))
    }

    /// Waits until a job is `ready`, `rejected` or `committed`.
    pub(crate) async fn wait_for_inspection(
        &self,
        job_id: Uuid,
        mut on_response: impl FnMut(&Job) + Send,
    ) -> Result<Job> {
        let reached = |job: &Job| {
            on_response(job);
            !is_pending(job.status)
        };
        let job = self.poll(job_id, reached).await?;
        match job.status {
            JobStatus::Failed => Err(Error::JobFailed(Box::new(
                job.error.unwrap_or_else(unexplained),
            ))),
            JobStatus::Cancelled | JobStatus::Expired => Err(Error::JobEnded(job.status)),
            _ => Ok(job),
        }
    }

    /// Polls a job until `reached` returns true.
    pub(crate) async fn poll(
        &self,
        job_id: Uuid,
        mut reached: impl FnMut(&Job) -> bool,
    ) -> Result<Job> {
        let mut intervals = intervals().build();
        let mut unavailable_since = None;
        let mut wake = Wake::new(self, job_id);
        loop {
            let interval = intervals.next().unwrap_or(MAX_INTERVAL);
            let interval = if interval == MAX_INTERVAL && wake.is_streaming() {
                STREAMED_INTERVAL
            } else {
                interval
            };
            let response = self
                .delays()
                .awaiting(self.api().get_job().job_id(job_id).send())
                .await
                .map_err(Error::from);
            match response {
                Ok(job) if reached(&job) => return Ok(job.into_inner()),
                Ok(_) => {
                    unavailable_since = None;
                    wake.wait(interval).await;
                }
                Err(error) if error.is_transient() => {
                    if unavailable_since.get_or_insert_with(Instant::now).elapsed()
                        > UNAVAILABLE_TIMEOUT
                    {
                        return Err(error);
                    }
                    let requested = error.retry_after().unwrap_or_default();
                    let delay = interval.max(requested.min(UNAVAILABLE_TIMEOUT));
                    self.delays().retries(&error, delay);
                    sleep(delay).await;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

fn intervals() -> ExponentialBuilder {
    ExponentialBuilder::new()
        .with_factor(1.5)
        .with_min_delay(MIN_INTERVAL)
        .with_max_delay(MAX_INTERVAL)
        .without_max_times()
}

fn is_pending(status: JobStatus) -> bool {
    matches!(
        status,
        JobStatus::AwaitingUpload | JobStatus::Completing | JobStatus::Inspecting
    )
}

/// The error of a rejected job.
pub(crate) fn rejection(job: &Job, preview: Preview) -> Error {
    Error::JobRejected {
        job_id: job.id,
        reason: Box::new(job.error.clone().unwrap_or_else(unexplained)),
        preview: Box::new(preview),
    }
}

/// The API gives every failed and every rejected job an error; this one stands in if it is missing.
fn unexplained() -> JobError {
    JobError {
        type_: String::new(),
        msg: "no reason given".to_string(),
        ctx: serde_json::Map::new(),
    }
}
