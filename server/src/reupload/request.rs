//! The request for URLs: a row, an upload, its id in the row, and signatures, in this order, so that nothing is
//! ever only in S3.

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;
use restow_api::reupload::{PresignedUploadRequest, PresignedUploadResponse};
use uuid::Uuid;

use super::multipart::create_upload;
use super::object_key::{extension, object_key};
use crate::app::App;
use crate::clock;
use crate::crash::{self, Point};
use crate::dataset;
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::storage::{StorageError, UrlLife};
use crate::store::{NewJob, Principal};

/// Plans an upload, creates its job, and signs its URLs.
///
/// # Errors
/// [`Error::ExtensionNotAllowed`], [`Error::NotFound`], [`Error::FileTooLarge`], [`Error::QuotaExceeded`],
/// [`Error::TooManyOpenJobs`]; none of them creates anything.
pub async fn request(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    request: PresignedUploadRequest,
) -> Result<PresignedUploadResponse> {
    let (now, signed_at) = (app.now(), clock::now());
    check_extension(&request.filename, &app.settings.allowed_extensions)?;
    dataset::get(app, principal, dataset_id).await?;
    let plan = Plan::new(request.file_size, &app.settings.plan)?;
    let deadline = now + app.settings.job_deadline.min(app.settings.job_hard_limit);
    // Without credentials there is nothing to sign with, and no reason to begin.
    let credentials = app.storage.upload_credentials(signed_at).await?;
    let end = signed_at + (deadline - now);
    let life = UrlLife::new(signed_at, app.settings.url_expires, end, &credentials)
        .map_err(StorageError::from)?;
    let job = create_job(app, principal, dataset_id, request, plan, now, deadline).await?;
    crash::at(Point::RequestRowWritten);
    let upload_id = first_upload(app, &job).await?;
    crash::at(Point::RequestUploadRecorded);
    let signer = app
        .storage
        .signer()
        .upload(&job.s3_key, &upload_id, life, &credentials);
    let parts =
        (1..=plan.part_count()).filter_map(|number| Some((number, plan.part_length(number)?)));
    let urls: Vec<_> = parts
        .map(|(number, length)| signer.part(number, length).url)
        .collect();
    app.metrics.urls.inc_by(urls.len() as u64);
    tracing::info!(job_id = %job.id, %dataset_id, parts = urls.len(), bytes = plan.file_size(), "reupload requested");
    Ok(PresignedUploadResponse {
        job_id: job.id,
        urls,
        s3_key: job.s3_key,
        upload_id: (!plan.is_single()).then_some(upload_id),
        part_size: (!plan.is_single()).then(|| plan.part_size()),
    })
}

async fn create_job(
    app: &App,
    principal: &Principal,
    dataset_id: Uuid,
    request: PresignedUploadRequest,
    plan: Plan,
    created_at: DateTime<Utc>,
    deadline: DateTime<Utc>,
) -> Result<NewJob> {
    let id = Uuid::now_v7();
    let s3_key = object_key(app.storage.prefix(), dataset_id, id, &request.filename);
    let PresignedUploadRequest {
        filename,
        content_type,
        ..
    } = request;
    let principal_id = principal.id;
    let job = NewJob {
        id,
        dataset_id,
        principal_id,
        filename,
        content_type,
        plan,
        s3_key,
        created_at,
        deadline,
    };
    if app.store.insert_job(&job, app.settings.quota).await? {
        app.metrics.count_jobs(JobStatus::AwaitingUpload, 1);
        Ok(job)
    } else {
        Err(Error::NotFound(dataset::IN_PATH))
    }
}

/// Creates the upload of a job whose row has just been written, and records it there.
///
/// A job that gets none is given up at once: its client has nothing to come back with.
async fn first_upload(app: &App, job: &NewJob) -> Result<String> {
    let recorded =
        match create_upload(app, job.id, &job.s3_key, &job.filename, &job.content_type).await {
            Ok(Some(upload_id)) => return Ok(upload_id),
            Ok(None) => Err(Error::NotFound(dataset::IN_PATH)),
            Err(error) => Err(error),
        };
    // If this fails too, the reaper finds the row by its deadline.
    if let Ok(Some(_)) = app.store.cancel_job(job.id, app.now()).await {
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
