//! Further inspections: the object of a job is read again, in another way.

use restow_api::ReadOptions;
use restow_api::job::{Job, JobStatus};
use uuid::Uuid;

use super::find;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::Principal;

/// Has the object of a ready or rejected job be inspected again with other options. Idempotent while it is inspected.
///
/// # Errors
/// [`Error::InvalidState`] where the job is in another state, or is being inspected with other options.
pub async fn inspect(
    app: &App,
    principal: &Principal,
    job_id: Uuid,
    read_options: &ReadOptions,
) -> Result<Job> {
    find(app, principal, job_id).await?;
    let repeated = app
        .store
        .inspect_again(job_id, read_options, app.now())
        .await?;
    if let Some(job) = repeated {
        app.metrics.count_jobs(JobStatus::Inspecting, 1);
        tracing::info!(%job_id, "job is inspected again");
        app.work_due.notify_one();
        if let Err(error) = app.store.notify_workers().await {
            tracing::debug!(%error, "failed to notify workers in other processes; they find the job by polling");
        }
        return Ok(job.into());
    }
    let job = find(app, principal, job_id).await?;
    match job.status() {
        JobStatus::Inspecting if job.read_options() == Some(read_options) => Ok(job.into()),
        status => Err(Error::InvalidState {
            status,
            operation: "be inspected again",
        }),
    }
}
