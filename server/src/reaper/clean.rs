//! Cleaning: what jobs that ended without a version leave in S3.

use chrono::{DateTime, TimeDelta, Utc};

use super::round::{BATCH, Reaped};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::storage::StorageError;
use crate::store::JobRow;

/// When a cleaning that failed is due again.
const RETRY_INTERVAL: TimeDelta = TimeDelta::minutes(1);

/// What a cleaning found.
enum Cleaning {
    /// Nothing of the job is left in S3.
    Done,
    /// A whole object at the key of a job that was never completed, as far as its row knows: the row may be that of a
    /// database that missed the completion, so the object is left in place.
    Unknown,
}

/// Removes what jobs that ended without a version have left in S3.
pub(super) async fn clean_leftovers(
    app: &App,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    loop {
        let mut leftovers = app.store.leftover_jobs(now, BATCH).await?;
        leftovers.extend(app.store.duplicate_jobs(now, BATCH).await?);
        for job in &leftovers {
            match clean(app, job).await {
                Ok(found) => note(app, job, &found, now, reaped).await?,
                Err(error) => {
                    tracing::warn!(job_id = %job.id, %error, "failed to clean a job; it is tried again");
                    app.store
                        .defer_cleaning(job.id, now + RETRY_INTERVAL)
                        .await?;
                    app.metrics.failed_cleanings.inc();
                    reaped.failed += 1;
                }
            }
        }
        if leftovers.is_empty() || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

async fn note(
    app: &App,
    job: &JobRow,
    found: &Cleaning,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    if !app.store.set_cleaned(job.id, now).await? {
        return Ok(());
    }
    match found {
        Cleaning::Done => {
            app.metrics.cleaned_jobs.inc();
            reaped.cleaned += 1;
        }
        Cleaning::Unknown => {
            tracing::warn!(
                job_id = %job.id,
                "a whole object is at the key of a job that was never completed; it is left in place, and listed by \
                 `restow-server reap --dry-run`"
            );
            reaped.unknown += 1;
        }
    }
    Ok(())
}

/// Removes the uploads and the object of a job that ended without a version. The uploads are listed, since a crash
/// may have kept the id of one out of the row.
async fn clean(app: &App, job: &JobRow) -> Result<Cleaning> {
    if may_be_overtaken(app, job).await? && is_whole(app, job).await? {
        return Ok(Cleaning::Unknown);
    }
    let listed = app.storage.list_uploads(&job.s3_key).await?;
    let recorded = job.upload_id.iter().filter(|id| !listed.contains(id));
    for upload_id in listed.iter().chain(recorded) {
        app.storage.abort_upload(&job.s3_key, upload_id).await?;
    }
    crash::at(Point::ReapUploadsAborted);
    // Without an entity tag there was no object, as the look above has confirmed.
    if job.etag.is_some() {
        app.storage.delete(&job.s3_key).await?;
    }
    crash::at(Point::ReapObjectDeleted);
    // A part that was in flight while its upload was aborted may have stayed.
    if app.storage.list_uploads(&job.s3_key).await?.is_empty() {
        Ok(Cleaning::Done)
    } else {
        Err(
            StorageError::Unavailable("an upload is still listed after its abort".to_string())
                .into(),
        )
    }
}

/// Whether the row may know less than there is: its job was never completed as far as it says, or called its object
/// missing, or is older than a takeover of the bucket, after which versions may be missing that it became.
async fn may_be_overtaken(app: &App, job: &JobRow) -> Result<bool> {
    let is_missing = job
        .error
        .as_ref()
        .is_some_and(|error| error.0.error_type == "object_missing");
    if job.etag.is_none() || is_missing {
        return Ok(true);
    }
    let adopted_at = app.store.instance().await?.adopted_at;
    Ok(adopted_at.is_some_and(|at| job.created_at < at))
}

/// Whether the job's object is there, whole and its own.
async fn is_whole(app: &App, job: &JobRow) -> Result<bool, StorageError> {
    let head = app.storage.head(&job.s3_key).await?;
    Ok(head.is_some_and(|head| head.is_of(job.id, job.plan().file_size())))
}
