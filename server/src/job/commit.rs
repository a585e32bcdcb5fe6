//! Commits: a ready job becomes the current version of its dataset.

use restow_api::job::JobStatus;
use restow_api::version::{Replaces, Version};
use uuid::Uuid;

use super::{IN_PATH, find};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::{Error, Result};
use crate::store::{JobRow, NewVersion, Principal};

/// Makes the object of a ready job the current version. Idempotent.
///
/// # Errors
/// [`Error::VersionConflict`] where the dataset has moved from what is to be replaced, [`Error::InvalidState`]
/// where the job is not ready, or is inspected again since its object is not found.
pub async fn commit(
    app: &App,
    principal: &Principal,
    job_id: Uuid,
    replaces: Replaces,
) -> Result<Version> {
    let job = find(app, principal, job_id).await?;
    if job.status() != JobStatus::Ready {
        return committed(app, &job).await;
    }
    if !is_whole(app, &job).await? && inspect_again(app, job_id).await? {
        return Err(Error::InvalidState {
            status: JobStatus::Inspecting,
            operation: "be committed",
        });
    }
    let replaces = match replaces {
        Replaces::Unstated => job.base_version(),
        Replaces::Exactly(version) => version,
    };
    let new = NewVersion {
        principal_id: principal.id,
        dataset_id: job.dataset_id,
        job_id,
        replaces,
    };
    match app.store.commit_job(new, app.now()).await {
        Ok(Some(row)) => {
            crash::at(Point::CommitDone);
            app.metrics.count_jobs(JobStatus::Committed, 1);
            tracing::info!(%job_id, dataset_id = %job.dataset_id, "job committed");
            Ok(row.into())
        }
        // Another call for the same job may have won, and moved the dataset itself.
        Ok(None) => committed(app, &find(app, principal, job_id).await?).await,
        Err(conflict @ Error::VersionConflict { .. }) => {
            let job = find(app, principal, job_id).await?;
            if job.status() == JobStatus::Ready {
                Err(conflict)
            } else {
                committed(app, &job).await
            }
        }
        Err(error) => Err(error),
    }
}

/// Whether the object is there. A database that was restored from a backup has missed what was removed since.
async fn is_whole(app: &App, job: &JobRow) -> Result<bool> {
    let head = app.storage.head(&job.s3_key).await?;
    Ok(head.is_some_and(|head| head.is_of(job.id, job.plan().file_size())))
}

/// Has an object be inspected again that was not found: one look, perhaps in a wrong bucket, does not prove that it is
/// missing, but the inspection does. False where the job is not ready any more.
async fn inspect_again(app: &App, job_id: Uuid) -> Result<bool> {
    let repeated = app.store.repeat_inspection(job_id, app.now()).await?;
    if repeated {
        tracing::warn!(%job_id, "the object of a job to commit is not in the bucket; it is inspected again");
        app.work_due.notify_one();
    }
    Ok(repeated)
}

/// The version that the job became.
async fn committed(app: &App, job: &JobRow) -> Result<Version> {
    let not_ready = Error::InvalidState {
        status: job.status(),
        operation: "be committed",
    };
    let number = job.version().ok_or(not_ready)?;
    let row = app.store.find_version(job.dataset_id, number).await?;
    row.map(Version::from).ok_or(Error::NotFound(IN_PATH))
}
