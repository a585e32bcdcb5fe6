//! Jobs that ended without a version: their uploads are aborted and their objects deleted.

use chrono::{DateTime, TimeDelta, Utc};

use super::round::{BATCH, Reaped};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::storage::StorageError;
use crate::store::JobRow;

/// When a cleaning that failed is due again.
const CLEANING_RETRY_DELAY: TimeDelta = TimeDelta::minutes(1);

pub(super) async fn clean_leftovers(
    app: &App,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    loop {
        let leftovers = app.store.leftover_jobs(now, BATCH).await?;
        for job in &leftovers {
            match clean(app, job).await {
                Ok(()) => {
                    app.store.set_cleaned(job.id, now).await?;
                    app.metrics.cleaned_jobs.inc();
                    reaped.cleaned += 1;
                }
                Err(error) => {
                    tracing::warn!(job_id = %job.id, %error, "failed to remove the uploads and the object of a job; it is retried");
                    app.store
                        .defer_cleaning(job.id, now + CLEANING_RETRY_DELAY)
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

/// Removes the uploads and the object of a job that ended without a version. The uploads are listed, since a crash
/// may have kept the id of one out of the row.
async fn clean(app: &App, job: &JobRow) -> Result<(), StorageError> {
    let listed = app.storage.list_uploads(&job.s3_key).await?;
    let recorded = job.upload_id.iter().filter(|id| !listed.contains(id));
    for upload_id in listed.iter().chain(recorded) {
        app.storage.abort_upload(&job.s3_key, upload_id).await?;
    }
    crash::at(Point::ReapUploadsAborted);
    app.storage.delete(&job.s3_key).await?;
    crash::at(Point::ReapObjectDeleted);
    // A part that was in flight while its upload was aborted may have stayed.
    if app.storage.list_uploads(&job.s3_key).await?.is_empty() {
        Ok(())
    } else {
        Err(StorageError::Unavailable(
            "an upload is still listed after its abort".to_string(),
        ))
    }
}
