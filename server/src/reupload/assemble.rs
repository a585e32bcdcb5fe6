//! The completion: under a lease, fenced, and successful only when the object exists.
//!
//! An abort never meets it: it runs in the state `completing`, which nothing but its own end leaves, and while S3 may
//! still be at work the job stays there.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use restow_api::job::JobStatus;
use tokio::time::sleep;

use super::attempt::{Refusal, Requested, Round, Seen, attempt, attempt_named};
use super::refuse::refuse;
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::inspection::{self, inspect_fetched};
use crate::lease::Heartbeat;
use crate::ownership;
use crate::storage::COMPLETE_TIMEOUT;
use crate::store::Work;

/// Pause after the first round; each later one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// When a completion whose outcome is unknown is due again.
const RETRY_DELAY: TimeDelta = TimeDelta::seconds(15);

/// Whether a response to this completion is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Caller {
    Waits,
    IsGone,
}

impl Caller {
    /// How many requests are sent to S3 before the job is left to a worker: more than one where no caller waits, too, since one
    /// is not enough to consider an upload lost.
    const fn max_rounds(self) -> u32 {
        match self {
            Self::Waits => 4,
            Self::IsGone => 2,
        }
    }
}

/// Completes a job that the caller has just claimed, and returns its resulting state. `named` are all parts, where the claim
/// records that the request to S3 is sent.
///
/// # Errors
/// A mismatch that the client has to fix, or a failure before the request to S3.
pub(super) async fn run(
    app: Arc<App>,
    work: Work,
    named: Option<Vec<(u32, String)>>,
) -> Result<JobStatus> {
    drive(&app, work, named, Caller::Waits).await
}

/// Resumes a completion that another process began.
pub async fn resume(app: &Arc<App>, work: Work) {
    let job_id = work.job.id;
    match drive(app, work, None, Caller::IsGone).await {
        Ok(status) => tracing::info!(%job_id, %status, "completion resumed"),
        Err(error) => tracing::warn!(%job_id, %error, "resumed completion failed"),
    }
}

async fn drive(
    app: &Arc<App>,
    work: Work,
    mut named: Option<Vec<(u32, String)>>,
    caller: Caller,
) -> Result<JobStatus> {
    let rounds = caller.max_rounds();
    let heartbeat = Heartbeat::start(app, work.claim());
    let mut requested = Requested::of(&work);
    let mut pause = FIRST_PAUSE;
    let mut seems_lost = false;
    for round in 1..=rounds {
        let (requested_before, ended) = match named.take() {
            Some(parts) => (None, attempt_named(app, &work, parts).await),
            None => (
                requested.last_at,
                attempt(app, &work, &mut requested, caller == Caller::Waits).await,
            ),
        };
        match ended {
            Round::Done(seen) => return finish(app, &work, seen, &heartbeat).await,
            Round::ClaimLost => return Ok(JobStatus::Completing),
            // A refusal of a repetition says nothing of the first request, while S3 may still be at work on that.
            // Of the two only the first is in doubt then, and the row is to say since when, or the doubt never ends.
            Round::Refused(_) if may_be_in_progress(app, requested_before) => {
                requested.last_at = requested_before;
                restore_request_time(app, &work, requested_before).await?;
            }
            Round::Refused(Refusal::PartsChanged) if round < rounds => requested.last_at = None,
            // One look does not prove that there is no object.
            Round::Refused(Refusal::TimedOut) if round < rounds => {}
            // One wrong response must not cost the client a whole upload.
            Round::Refused(Refusal::UploadLost) if !seems_lost && round < rounds => {
                seems_lost = true;
                requested.last_at = None;
            }
            Round::Refused(Refusal::UploadLost) if !ownership::is_owner(app).await => {
                tracing::warn!(
                    job_id = %work.job.id,
                    "the upload is not in the bucket, but this database does not own the bucket, so that the upload is not \
                     considered lost; the completion is retried"
                );
            }
            Round::Refused(refusal) => return refuse(app, &work, refusal).await,
            Round::Unknown(error) => {
                tracing::warn!(job_id = %work.job.id, round, %error, "the outcome of the completion is unknown; it is retried");
                if requested.last_at.is_none() && round == rounds {
                    return refuse(app, &work, Refusal::Storage(error)).await;
                }
            }
        }
        if app.stopping.is_cancelled() || heartbeat.is_lost() {
            break;
        }
        if round < rounds {
            sleep(pause).await;
            pause *= 2;
        }
    }
    let due = if app.stopping.is_cancelled() {
        app.now()
    } else {
        app.now() + RETRY_DELAY
    };
    app.store.release(work.claim(), due).await?;
    Ok(JobStatus::Completing)
}

/// Notes since when it is in doubt what came of a request, after a repetition of it has been refused.
async fn restore_request_time(
    app: &App,
    work: &Work,
    requested_before: Option<DateTime<Utc>>,
) -> Result<()> {
    if let Some(requested_at) = requested_before {
        app.store
            .mark_requested(work.claim(), requested_at, app.now() + app.settings.lease)
            .await?;
    }
    Ok(())
}

/// Whether S3 may still be working on a request that was sent at that time.
fn may_be_in_progress(app: &App, requested_at: Option<DateTime<Utc>>) -> bool {
    requested_at.is_some_and(|at| app.now() < at + COMPLETE_TIMEOUT)
}

/// Records that the upload is complete, with the result of its inspection where its content was read.
async fn finish(
    app: &Arc<App>,
    work: &Work,
    seen: Seen,
    heartbeat: &Heartbeat,
) -> Result<JobStatus> {
    let job_id = work.job.id;
    crash::at(Point::CompleteObjectSeen);
    if let Some(fetched) = seen.fetched {
        match inspect_fetched(app, work, &seen.head, fetched, heartbeat.lost()).await {
            inspection::Outcome::Recorded(status) => return Ok(status),
            inspection::Outcome::ClaimLost => return Ok(JobStatus::Completing),
            inspection::Outcome::LeftToWorker => {}
        }
    }
    if !app
        .store
        .finish_completion(work.claim(), &seen.head.etag, app.now())
        .await?
    {
        // Another attempt has taken over, and comes to the same end.
        return Ok(JobStatus::Completing);
    }
    crash::at(Point::CompleteFinished);
    app.metrics.count_jobs(JobStatus::Inspecting, 1);
    tracing::info!(%job_id, "upload complete");
    app.work_due.notify_one();
    if let Err(error) = app.store.notify_workers().await {
        tracing::debug!(%error, "failed to notify workers in other processes; they find the job by polling");
    }
    Ok(JobStatus::Inspecting)
}
