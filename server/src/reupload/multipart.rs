//! The multipart upload of a job: created in S3, and recorded in the job's row.

use uuid::Uuid;

use crate::abort;
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::{Error, Result};
use crate::storage::{content_disposition, content_type};
use crate::store::{JobRow, OpenUpload};

/// The upload of a job: the one in its row, or a new one where a crash has left none.
pub async fn ensure_upload(app: &App, job: &JobRow) -> Result<String> {
    if let Some(upload_id) = &job.upload_id {
        return Ok(upload_id.clone());
    }
    let created = create_upload(
        app,
        job.id,
        &job.s3_key,
        &job.filename.0,
        &job.content_type.0,
    );
    let upload_id = created.await?.ok_or(Error::InvalidState {
        status: job.status(),
        operation: "take parts any more",
    })?;
    abort_others(app, job, &upload_id).await;
    Ok(upload_id)
}

/// Aborts the uploads that an earlier request created for the job, and did not record before it died. What cannot be listed
/// now is left to the sweep.
async fn abort_others(app: &App, job: &JobRow, recorded: &str) {
    match app.storage.list_uploads(&job.s3_key).await {
        Ok(listed) => {
            let others = listed.into_iter().filter(|upload_id| upload_id != recorded);
            let others = others.map(|upload_id| OpenUpload {
                job_id: job.id,
                s3_key: job.s3_key.clone(),
                upload_id,
            });
            abort::abort_uploads(app, others.collect()).await;
        }
        Err(error) => {
            tracing::warn!(job_id = %job.id, %error, "failed to list the uploads of a job; the sweep aborts the unknown ones");
        }
    }
}

/// Creates an upload and records it in its job's row. Where the job has another one by now, that is returned, and `None`
/// where it no longer waits for its upload: only this call knows of the new upload then, so it is aborted.
pub async fn create_upload(
    app: &App,
    job_id: Uuid,
    key: &str,
    filename: &str,
    mime: &str,
) -> Result<Option<String>> {
    let disposition = content_disposition(filename);
    let upload_id = app
        .storage
        .create_upload(key, job_id, content_type(mime), &disposition)
        .await?;
    crash::at(Point::RequestUploadCreated);
    if app.store.set_upload(job_id, &upload_id).await? {
        return Ok(Some(upload_id));
    }
    app.storage.abort_upload(key, &upload_id).await?;
    app.store.find_upload(job_id).await
}
