//! The request for URLs: a row, an upload, its id in the row, and signatures, in this order, so that nothing is
//! ever only in S3.

use chrono::{DateTime, Utc};
use restow_api::Rendered;
use restow_api::idempotency::IdempotencyKey;
use restow_api::job::JobStatus;
use restow_api::reupload::{PresignedUploadRequest, PresignedUploadResponse};
use uuid::Uuid;

use super::multipart::create_upload;
use super::object_key::{extension, object_key};
use super::presigned::{Reupload, presigned};
use super::repeat::repeat;
use crate::app::App;
use crate::clock;
use crate::crash::{self, Point};
use crate::dataset;
use crate::error::{Error, Result};
use crate::idempotency::key_use;
use crate::plan::Plan;
use crate::quota::Quota;
use crate::storage::{StorageError, UrlLife};
use crate::store::{KeyUse, NewJob, Principal};

/// Plans an upload, creates its job, and signs its URLs. A request that was sent before with the same key gets the job that
/// it created then.
///
/// # Errors
/// [`Error::ExtensionNotAllowed`], [`Error::NotFound`], [`Error::FileTooLarge`], [`Error::QuotaExceeded`],
/// [`Error::TooManyOpenJobs`], [`Error::IdempotencyKeyReused`], [`Error::CreatedJobBegun`], [`Error::CreatedGone`]; none
/// of them creates anything.
pub async fn request(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    request: PresignedUploadRequest,
    key: Option<&IdempotencyKey>,
) -> Result<Rendered<PresignedUploadResponse>> {
    let (now, signed_at) = (app.now(), clock::now());
    let operation = ("request_presigned_reupload", dataset_id, &request);
    let key = key.map(|key| key_use(principal, key, operation, now));
    let plan = match check(app, &request) {
        Ok(plan) => plan,
        Err(error) => {
            // What was accepted before is not refused now.
            if let Some((key, job_id)) = earlier(app, key.as_ref()).await? {
                return repeat(app, key, job_id, (now, signed_at)).await;
            }
            if matches!(error, Error::FileTooLarge { .. }) {
                // 404 precedes 413. With a plan, the insert of the job finds out whether the dataset exists.
                dataset::get(app, principal, dataset_id).await?;
            }
            return Err(error);
        }
    };
    app.count_urls(principal, plan.part_count())?;
    let deadline = now + app.settings.job_deadline.min(app.settings.job_hard_limit);
    let job = new_job(app, principal, dataset_id, request, plan, (now, deadline));
    let quota = principal.quota(app.settings.quota);
    begin(app, job, quota, key.as_ref(), signed_at).await
}

/// The plan of the upload.
fn check(app: &App, request: &PresignedUploadRequest) -> Result<Plan> {
    check_extension(&request.filename, &app.settings.allowed_extensions)?;
    Plan::new(request.file_size, &app.settings.plan)
}

/// The job that the same request with the same key created before, with the key.
async fn earlier<'a>(app: &App, key: Option<&'a KeyUse>) -> Result<Option<(&'a KeyUse, Uuid)>> {
    let Some(key) = key else { return Ok(None) };
    let created = app.store.find_created(key).await?;
    Ok(created.map(|job_id| (key, job_id)))
}

async fn begin(
    app: &App,
    job: NewJob,
    quota: Quota,
    key: Option<&KeyUse>,
    signed_at: DateTime<Utc>,
) -> Result<Rendered<PresignedUploadResponse>> {
    let (now, plan) = (job.created_at, job.plan);
    // Without credentials there is nothing to sign with, and no reason to begin.
    let credentials = app.storage.upload_credentials(signed_at).await?;
    let end = signed_at + (job.deadline - now);
    let life = UrlLife::new(signed_at, app.settings.url_expires, end, &credentials)
        .map_err(StorageError::from)?;
    let created = match app.store.create_job(&job, quota, key).await? {
        Some(job_id) => key.filter(|_| job_id != job.id).map(|key| (key, job_id)),
        // The same request may have been accepted before the dataset was deleted.
        None => Some(
            earlier(app, key)
                .await?
                .ok_or(Error::NotFound(dataset::IN_PATH))?,
        ),
    };
    if let Some((key, job_id)) = created {
        return repeat(app, key, job_id, (now, signed_at)).await;
    }
    app.metrics.count_jobs(JobStatus::AwaitingUpload, 1);
    crash::at(Point::RequestRowWritten);
    let upload_id = first_upload(app, &job, key).await?;
    crash::at(Point::RequestUploadRecorded);
    let (job_id, dataset_id) = (job.id, job.dataset_id);
    let reupload = Reupload {
        job_id,
        s3_key: job.s3_key,
        plan,
        upload_id,
    };
    let response = presigned(app, &reupload, life, &credentials);
    tracing::info!(%job_id, %dataset_id, parts = plan.part_count(), bytes = plan.file_size(), "reupload requested");
    Ok(response)
}

fn new_job(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    request: PresignedUploadRequest,
    plan: Plan,
    (created_at, deadline): (DateTime<Utc>, DateTime<Utc>),
) -> NewJob {
    let id = Uuid::now_v7();
    let s3_key = object_key(app.storage.prefix(), dataset_id, id, &request.filename);
    let PresignedUploadRequest {
        filename,
        content_type,
        ..
    } = request;
    NewJob {
        id,
        dataset_id,
        principal_id: principal.id,
        filename,
        content_type,
        plan,
        s3_key,
        created_at,
        deadline,
    }
}

/// Creates the upload of a job whose row has just been written, and records it there.
///
/// A job that gets none is given up at once, and its key with it: its client knows of no job, and may not come back.
async fn first_upload(app: &App, job: &NewJob, key: Option<&KeyUse>) -> Result<String> {
    let recorded =
        match create_upload(app, job.id, &job.s3_key, &job.filename, &job.content_type).await {
            Ok(Some(upload_id)) => return Ok(upload_id),
            Ok(None) => Err(Error::NotFound(dataset::IN_PATH)),
            Err(error) => Err(error),
        };
    // If this fails too, the next request with the key finds the row, or the reaper by its deadline.
    if let Ok(true) = app.store.give_up_job(job.id, key, app.now()).await {
        app.metrics.count_jobs(JobStatus::Cancelled, 1);
    }
    recorded
}

fn check_extension(filename: &str, allowed: &[String]) -> Result<()> {
    let extension = extension(filename);
    if allowed.is_empty() || extension.is_some_and(|extension| allowed.contains(&extension)) {
        return Ok(());
    }
    Err(Error::ExtensionNotAllowed {
        filename: filename.to_string(),
        allowed: allowed.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_can_be_restricted() {
        let allowed = ["csv".to_string()];
        assert!(check_extension("a.CSV", &allowed).is_ok());
        assert!(check_extension("anything", &[]).is_ok());
        for refused in ["a.exe", "csv"] {
            assert!(matches!(
                check_extension(refused, &allowed),
                Err(Error::ExtensionNotAllowed { .. })
            ));
        }
    }
}
