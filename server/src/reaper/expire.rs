//! Expiry: jobs whose deadline has passed, as long as the deployment was served all the while.

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;
use uuid::Uuid;

use super::round::{BATCH, Reaped};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::service;
use crate::storage::StorageError;
use crate::store::JobRow;

/// Expires every overdue job, or puts its deadline off where parts still arrive.
pub(super) async fn expire(app: &App, now: DateTime<Utc>, reaped: &mut Reaped) -> Result<()> {
    if service::is_in_grace(app).await? {
        tracing::info!("nothing expires, since service began less than the job grace ago");
        return Ok(());
    }
    expire_overdue(app, now, reaped).await?;
    loop {
        let expired = app.store.expire_inspected_jobs(now, BATCH).await?;
        app.metrics.count_jobs(JobStatus::Expired, expired);
        reaped.expired += expired;
        if expired == 0 || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

async fn expire_overdue(app: &App, now: DateTime<Utc>, reaped: &mut Reaped) -> Result<()> {
    let limit_time = now - app.settings.job_grace;
    let mut after = (DateTime::<Utc>::UNIX_EPOCH, Uuid::nil());
    loop {
        let overdue = app.store.overdue_jobs(limit_time, after, BATCH).await?;
        for job in &overdue {
            after = (job.deadline, job.id);
            match last_part(app, job).await {
                Ok(last_part) => expire_or_extend(app, job, last_part, now, reaped).await?,
                Err(error) => {
                    tracing::warn!(job_id = %job.id, %error, "failed to list the parts of an overdue job; it is left alone");
                    // Its client could not upload either: once S3 responds, the job has its grace anew.
                    let hard_limit = job.created_at + app.settings.job_hard_limit;
                    app.store
                        .extend_deadline(job.id, now.min(hard_limit))
                        .await?;
                    reaped.failed += 1;
                }
            }
        }
        if overdue.is_empty() || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

async fn expire_or_extend(
    app: &App,
    job: &JobRow,
    last_part: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    let hard_limit = job.created_at + app.settings.job_hard_limit;
    let extended = last_part.map(|at| (at + app.settings.job_deadline).min(hard_limit));
    if let Some(deadline) = extended
        .filter(|deadline| *deadline > job.deadline && *deadline + app.settings.job_grace > now)
    {
        reaped.extended += u64::from(app.store.extend_deadline(job.id, deadline).await?.is_some());
    } else if app.store.expire_job(job.id, job.deadline, now).await? {
        crash::at(Point::ReapJobExpired);
        tracing::info!(job_id = %job.id, "job expired");
        app.metrics.count_jobs(JobStatus::Expired, 1);
        reaped.expired += 1;
    }
    Ok(())
}

/// When S3 last received a part of the job, if it holds any.
async fn last_part(app: &App, job: &JobRow) -> Result<Option<DateTime<Utc>>, StorageError> {
    let Some(upload_id) = &job.upload_id else {
        return Ok(None);
    };
    match app.storage.list_all_parts(&job.s3_key, upload_id).await {
        Ok(parts) => Ok(parts
            .into_iter()
            .filter_map(|part| part.last_modified)
            .max()),
        Err(StorageError::NoSuchUpload) => Ok(None),
        Err(error) => Err(error),
    }
}
