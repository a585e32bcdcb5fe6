//! A request for URLs that was sent before with the same idempotency key: its job once more, with fresh URLs.

use chrono::{DateTime, Utc};
use restow_api::Rendered;
use restow_api::reupload::PresignedUploadResponse;
use uuid::Uuid;

use super::multipart::ensure_upload;
use super::presigned::{Reupload, presigned};
use crate::app::App;
use crate::error::{Error, Result};
use crate::storage::{StorageError, UrlLife, UrlLifeError};
use crate::store::{JobRow, KeyUse};

/// Signs fresh URLs for the job that the key created, and extends its deadline. The earlier request may have died before
/// the job had an upload.
///
/// # Errors
/// [`Error::CreatedJobBegun`] where the job does not wait for its upload any more, [`Error::CreatedGone`].
pub(super) async fn repeat(
    app: &App,
    key: &KeyUse,
    job_id: Uuid,
    (now, signed_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Rendered<PresignedUploadResponse>> {
    let job = find(app, key, job_id).await?;
    let hard_limit = job.created_at + app.settings.job_hard_limit;
    let deadline = (now + app.settings.job_deadline).min(hard_limit);
    let Some(job) = app.store.extend_deadline(job_id, deadline).await? else {
        return Err(refusal(app, key, job_id).await?);
    };
    let upload_id = match ensure_upload(app, &job).await {
        Err(Error::InvalidState { .. }) => return Err(refusal(app, key, job_id).await?),
        ensured => ensured?,
    };
    let credentials = app.storage.upload_credentials(signed_at).await?;
    let end = signed_at + (deadline - now);
    let life = match UrlLife::new(signed_at, app.settings.url_expires, end, &credentials) {
        Err(UrlLifeError::DeadlinePassed) => return Err(refusal(app, key, job_id).await?),
        life => life.map_err(StorageError::from)?,
    };
    let reupload = Reupload {
        job_id,
        plan: job.plan(),
        s3_key: job.s3_key,
        upload_id,
    };
    tracing::info!(%job_id, "reupload requested again with the same idempotency key");
    Ok(presigned(app, &reupload, life, &credentials))
}

async fn find(app: &App, key: &KeyUse, job_id: Uuid) -> Result<JobRow> {
    let job = app.store.find_job(key.principal_id, job_id).await?;
    job.ok_or(Error::CreatedGone)
}

/// Why there are no URLs for the job.
async fn refusal(app: &App, key: &KeyUse, job_id: Uuid) -> Result<Error> {
    if app.store.find_created(key).await? != Some(job_id) {
        // The earlier request was still under way. It has failed, and given up the job with its key.
        let reason = "the earlier request with the same idempotency key has failed";
        return Ok(StorageError::Unavailable(reason.to_string()).into());
    }
    let status = find(app, key, job_id).await?.status();
    Ok(Error::CreatedJobBegun { job_id, status })
}
