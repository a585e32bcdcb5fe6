//! Commits: an inspected job becomes the current version of its dataset.

use restow_api::job::JobStatus;
use restow_api::version::{Acceptance, CommitJobRequest, Replaces, Version};
use uuid::Uuid;

use super::{IN_PATH, find};
use crate::app::App;
use crate::crash::{self, Point};
use crate::dataset;
use crate::error::{Error, Result};
use crate::store::{JobRow, NewVersion, Principal};
use crate::verdict::{self, Object};

/// Makes the object of a ready job the current version, or of a rejected one where the caller accepts that it is not
/// inspected. An object with the bytes of the current version makes no new one unless the caller wants it. Idempotent.
///
/// # Errors
/// [`Error::VersionConflict`] where the dataset has moved from what is to be replaced, [`Error::BreakingChange`] where the
/// policy of the dataset refuses what would change, [`Error::InvalidState`] where the job is in another state, or is
/// inspected again since its object is not found.
pub async fn commit(
    app: &App,
    principal: &Principal,
    job_id: Uuid,
    request: &CommitJobRequest,
) -> Result<Version> {
    loop {
        let job = find(app, principal, job_id).await?;
        let is_accepted = match job.status() {
            JobStatus::Ready => true,
            JobStatus::Rejected => request.accept.contains(&Acceptance::Uninspected),
            _ => false,
        };
        if !is_accepted {
            return committed(app, principal, &job).await;
        }
        if !is_whole(app, &job).await? && repeat_inspection(app, job_id).await? {
            return Err(Error::InvalidState {
                status: JobStatus::Inspecting,
                operation: "be committed",
            });
        }
        match try_commit(app, principal, &job, request).await {
            Ok(Some(version)) => return Ok(version),
            // Another call has committed the job, or has had it inspected again.
            Ok(None) => {}
            Err(conflict @ Error::VersionConflict { .. }) => {
                // Another call for the same job may have won, and moved the dataset itself.
                let job = find(app, principal, job_id).await?;
                return if job.version().is_some() {
                    committed(app, principal, &job).await
                } else {
                    Err(conflict)
                };
            }
            Err(error) => return Err(error),
        }
    }
}

/// Commits the job as it was read; `None` where it has moved since.
async fn try_commit(
    app: &App,
    principal: &Principal,
    job: &JobRow,
    request: &CommitJobRequest,
) -> Result<Option<Version>> {
    let replaces = match request.replaces {
        Replaces::Unstated => job.base_version(),
        Replaces::Exactly(version) => version,
    };
    let dataset = dataset::get(app, principal, job.dataset_id).await?;
    if dataset.current_version != replaces {
        return Err(Error::VersionConflict {
            current: dataset.current_version,
            expected: replaces,
        });
    }
    let base = match replaces {
        Some(number) => app.store.find_compared(job.dataset_id, number).await?,
        None => None,
    };
    let Some(found) = app.store.find_inspection(job.id).await? else {
        return Ok(None);
    };
    let judgement = verdict::judge(base.as_ref(), &Object::of_job(job, &found));
    let new = NewVersion {
        principal_id: principal.id,
        dataset_id: job.dataset_id,
        job_id: job.id,
        status: job.status(),
        attempt: job.attempt,
        replaces,
        schema: judgement.schema.as_deref(),
    };
    let row = if judgement.is_same() && !request.force {
        app.store.commit_duplicate(new, None, app.now()).await?
    } else if let Some(refused) = judgement.refusal(&dataset.policy, &request.accept) {
        return Err(Error::BreakingChange(refused));
    } else {
        app.store.commit_job(new, None, app.now()).await?
    };
    if row.is_some() {
        crash::at(Point::CommitDone);
        app.metrics.count_jobs(JobStatus::Committed, 1);
        tracing::info!(job_id = %job.id, dataset_id = %job.dataset_id, "job committed");
    }
    Ok(row.map(Version::from))
}

/// Whether the object is there. A database that was restored from a backup has missed what was removed since.
async fn is_whole(app: &App, job: &JobRow) -> Result<bool> {
    let head = app.storage.head(&job.s3_key).await?;
    Ok(head.is_some_and(|head| head.is_of(job.id, job.plan().file_size())))
}

/// Has an object be inspected again that was not found: one look, perhaps in a wrong bucket, does not prove that it is
/// missing, but the inspection does. False where the job is neither ready nor rejected any more.
async fn repeat_inspection(app: &App, job_id: Uuid) -> Result<bool> {
    let repeated = app.store.repeat_inspection(job_id, app.now()).await?;
    if repeated {
        tracing::warn!(%job_id, "the object of a job to commit is not in the bucket; it is inspected again");
        app.work_due.notify_one();
    }
    Ok(repeated)
}

/// The version that the job became.
async fn committed(app: &App, principal: &Principal, job: &JobRow) -> Result<Version> {
    let not_ready = Error::InvalidState {
        status: job.status(),
        operation: match job.status() {
            JobStatus::Rejected => "be committed unless `uninspected` is accepted",
            _ => "be committed",
        },
    };
    let number = job.version().ok_or(not_ready)?;
    let found = app.store.find_version(principal.id, job.dataset_id, number);
    found
        .await?
        .map(Version::from)
        .ok_or(Error::NotFound(IN_PATH))
}
