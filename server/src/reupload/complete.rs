//! A client's call to complete: it claims the job, or waits for the process that has claimed it.

use std::sync::Arc;
use std::time::Duration;

use restow_api::job::JobStatus;
use restow_api::reupload::{CompleteUploadRequest, UploadResponse};
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use super::assemble;
use super::reconcile::{all_missing, named_whole};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::{Error, Result};
use crate::store::{JobRow, Principal, Terms};
use crate::{job, supervision};

/// How often a caller polls the completion of another caller.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Checks the parts and completes the upload in S3.
///
/// The work continues when the caller disconnects, and when it takes longer than `complete_wait`; the response is
/// `completing` then. Repeated after success, it returns the same.
///
/// # Errors
/// [`Error::PartsMismatch`], which changes nothing; [`Error::InvalidState`] where the job has ended.
pub async fn complete(
    app: &Arc<App>,
    principal: &Principal,
    dataset_id: Uuid,
    job_id: Uuid,
    request: &CompleteUploadRequest,
) -> Result<UploadResponse> {
    let mut terms = Terms {
        read_options: request.read_options.as_ref(),
        commit: request.commit,
    };
    let wait_until = Instant::now() + app.settings.complete_wait;
    loop {
        let job = job::find(app, principal, job_id).await?;
        if job.dataset_id != dataset_id {
            return Err(Error::NotFound(job::IN_PATH));
        }
        match job.status() {
            JobStatus::AwaitingUpload => {
                if job.upload_id.is_none() {
                    return Err(Error::PartsMismatch(all_missing(&job.plan())));
                }
                let now = app.now();
                let named = named_whole(&job.plan(), &request.parts);
                let requested_at = named.as_ref().map(|_| now);
                let lease_until = now + app.settings.lease;
                let Some(work) = app
                    .store
                    .claim_completion(job_id, &request.parts, terms, lease_until, requested_at)
                    .await?
                else {
                    continue;
                };
                app.metrics.count_jobs(JobStatus::Completing, 1);
                crash::at(Point::CompleteClaimed);
                let work = assemble::run(Arc::clone(app), work, named);
                let running = supervision::spawn(app, "completion", work);
                return match timeout_at(wait_until, running).await {
                    Ok(Ok(Some(outcome))) => outcome.map(|status| response(job_id, status)),
                    // After a panic the lease expires, and a worker resumes the job.
                    Ok(Ok(None) | Err(_)) | Err(_) => Ok(response(job_id, JobStatus::Completing)),
                };
            }
            JobStatus::Completing if Instant::now() < wait_until => {
                state(app, &job, &mut terms).await?;
                sleep(POLL_INTERVAL).await;
            }
            status @ (JobStatus::Completing
            | JobStatus::Inspecting
            | JobStatus::Ready
            | JobStatus::Rejected
            | JobStatus::Committed) => {
                state(app, &job, &mut terms).await?;
                return Ok(response(job_id, status));
            }
            status => {
                return Err(Error::InvalidState {
                    status,
                    operation: "be completed",
                });
            }
        }
    }
}

/// Adds what the caller states to a completion that another call began, once.
async fn state(app: &App, job: &JobRow, terms: &mut Terms<'_>) -> Result<()> {
    let is_open = matches!(job.status(), JobStatus::Completing | JobStatus::Inspecting);
    if is_open && *terms != Terms::default() {
        app.store.note_terms(job.id, *terms).await?;
        *terms = Terms::default();
    }
    Ok(())
}

fn response(job_id: Uuid, status: JobStatus) -> UploadResponse {
    let message = match status {
        JobStatus::Completing => {
            "S3 is assembling the parts; the job continues without the client. If its `error` is set, request the completion again"
        }
        JobStatus::Inspecting => "The upload is complete; the object is being inspected",
        JobStatus::Ready => "The object is inspected and can be committed",
        JobStatus::Rejected => {
            "The object cannot be read as it stands; it can be inspected again with other read options"
        }
        JobStatus::Committed => "The object is a version of the dataset",
        _ => "The upload is over",
    };
    UploadResponse {
        job_id,
        status,
        message: message.to_string(),
    }
}
