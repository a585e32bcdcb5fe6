//! Waiting for the server's part of a job.

use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::sleep;
use uuid::Uuid;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::{Job, JobError, JobStatus};

const MIN_INTERVAL: Duration = Duration::from_millis(20);
const MAX_INTERVAL: Duration = Duration::from_secs(2);

/// How long the server may be away before waiting for a job is given up.
const UNAVAILABLE_TIMEOUT: Duration = Duration::from_mins(5);

impl Client {
    /// Waits until a job is `ready` or `committed`.
    ///
    /// Asks at growing intervals, from 0.02 s to 2 s, and goes on while the server is away for up to five
    /// minutes. A job that nobody uploads to is waited for until its deadline; to wait less, put a
    /// [`tokio::time::timeout`] around it: nothing is lost when the future is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::JobFailed`] if the content is bad, [`Error::JobEnded`] if the job was cancelled or expired, and
    /// whatever hinders the asking.
    pub async fn wait(&self, job_id: Uuid) -> Result<Job> {
        self.wait_with(job_id, |_| ()).await
    }

    /// The same as [`wait`](Self::wait), and shows each answer on the way, with the job's progress.
    ///
    /// # Errors
    ///
    /// Those of [`wait`](Self::wait).
    pub async fn wait_with(
        &self,
        job_id: Uuid,
        mut on_answer: impl FnMut(&Job) + Send,
    ) -> Result<Job> {
        let reached = |job: &Job| {
            on_answer(job);
            !is_under_way(job.status)
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

    /// Asks for a job until it is as it is waited for.
    pub(crate) async fn poll(
        &self,
        job_id: Uuid,
        mut reached: impl FnMut(&Job) -> bool,
    ) -> Result<Job> {
        let mut intervals = intervals().build();
        let mut away_since = None;
        loop {
            let interval = intervals.next().unwrap_or(MAX_INTERVAL);
            let answer = self
                .api()
                .get_job()
                .job_id(job_id)
                .send()
                .await
                .map_err(Error::from);
            match answer {
                Ok(job) if reached(&job) => return Ok(job.into_inner()),
                Ok(_) => {
                    away_since = None;
                    sleep(interval).await;
                }
                Err(error) if error.is_transient() => {
                    if away_since.get_or_insert_with(Instant::now).elapsed() > UNAVAILABLE_TIMEOUT {
                        return Err(error);
                    }
                    sleep(
                        interval.max(
                            error
                                .retry_after()
                                .unwrap_or_default()
                                .min(UNAVAILABLE_TIMEOUT),
                        ),
                    )
                    .await;
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

fn is_under_way(status: JobStatus) -> bool {
    matches!(
        status,
        JobStatus::AwaitingUpload | JobStatus::Completing | JobStatus::Inspecting
    )
}

/// The contract has every failed job say why.
fn unexplained() -> JobError {
    JobError {
        type_: String::new(),
        msg: "no reason given".to_string(),
        ctx: serde_json::Map::new(),
    }
}
