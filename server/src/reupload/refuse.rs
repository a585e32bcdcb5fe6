//! The refusal of a completion: the job waits for its upload again, with the reason in its row.

use restow_api::job::{JobError, JobStatus};
use serde_json::{Map, json};

use super::attempt::Refusal;
use super::reconcile::all_missing;
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::{Error, PartsMismatch, Result};
use crate::storage::{COMPLETE_TIMEOUT, StorageError, content_disposition, content_type};
use crate::store::{JobRow, Work};

/// Gives the job back to its client, who may be gone by now: the reason is kept with the job.
pub(super) async fn refuse(app: &App, work: &Work, refusal: Refusal) -> Result<JobStatus> {
    crash::at(Point::RefuseDecided);
    let job = &work.job;
    let mut fresh_upload = None;
    let (now, hard_limit) = (app.now(), job.created_at + app.settings.job_hard_limit);
    // The completion may have outlasted the deadline: its client has the grace after that anew.
    let mut deadline = now.min(hard_limit);
    let error = match refusal {
        Refusal::Mismatch(mismatch) => Error::PartsMismatch(mismatch),
        Refusal::PartsChanged => Error::PartsMismatch(PartsMismatch::default()),
        Refusal::Storage(error) => error.into(),
        Refusal::TimedOut => {
            deadline = (now + app.settings.job_deadline).min(hard_limit).max(now);
            StorageError::Unavailable(format!(
                "S3 did not complete the upload within {} minutes",
                COMPLETE_TIMEOUT.as_secs() / 60
            ))
            .into()
        }
        Refusal::UploadLost => {
            fresh_upload = Some(replacement(app, job).await?);
            crash::at(Point::RefuseUploadCreated);
            Error::PartsMismatch(all_missing(&job.plan()))
        }
    };
    tracing::info!(job_id = %job.id, %error, "completion refused");
    if app
        .store
        .return_to_upload(
            work.claim(),
            fresh_upload.as_deref(),
            &reason(&error),
            deadline,
        )
        .await?
    {
        app.metrics.count_jobs(JobStatus::AwaitingUpload, 1);
        crash::at(Point::RefuseReturned);
        return Err(error);
    }
    if let Some(upload_id) = fresh_upload {
        app.storage.abort_upload(&job.s3_key, &upload_id).await?;
    }
    Ok(JobStatus::Completing)
}

/// A new upload in the place of one that S3 has lost.
async fn replacement(app: &App, job: &JobRow) -> Result<String> {
    tracing::warn!(job_id = %job.id, "S3 has lost the upload; a new upload was created and all parts have to be sent again");
    let disposition = content_disposition(&job.filename.0);
    Ok(app
        .storage
        .create_upload(
            &job.s3_key,
            job.id,
            content_type(&job.content_type.0),
            &disposition,
        )
        .await?)
}

fn reason(error: &Error) -> JobError {
    let (error_type, msg, ctx) = match error {
        Error::PartsMismatch(mismatch) => {
            let ctx = [
                ("parts", json!(mismatch.listed())),
                ("total", json!(mismatch.total())),
            ];
            let ctx = ctx
                .into_iter()
                .map(|(name, value)| (name.to_string(), value))
                .collect();
            ("parts_mismatch", mismatch.message(), ctx)
        }
        Error::Storage(StorageError::Unavailable(_)) => (
            "unavailable",
            "The storage did not complete the upload; call complete again, or cancel the job"
                .to_string(),
            Map::new(),
        ),
        _ => (
            "unavailable",
            "The storage rejected the completion; call complete again".to_string(),
            Map::new(),
        ),
    };
    JobError {
        error_type: error_type.to_string(),
        msg,
        ctx,
    }
}
