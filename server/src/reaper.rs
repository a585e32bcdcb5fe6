//! The reaper: expires abandoned jobs, and removes from S3 what no job or version needs.
//!
//! A job expires when it waits for its upload, its deadline and the grace after it have passed, and no part has
//! arrived lately; or when it is ready and its deadline has passed. A job is cleaned when it ended without a version.
//! The object of a version is removed when its dataset is deleted, or when it is older than what is kept. An upload
//! that no job knows of is swept. Nothing else is ever touched, and nothing that is
//! being completed.

mod clean;
mod expire;
mod orphan;
mod retire;
mod round;
mod survey;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;
use tokio::time::sleep;

use self::clean::clean_leftovers;
use self::expire::expire_overdue;
use self::orphan::sweep_orphans;
use self::retire::{remove_deleted_objects, retire_versions};
use crate::app::App;
use crate::clock;
use crate::error::{Error, Result};

pub use self::orphan::delete_unknown_objects;
pub use self::round::Reaped;
pub use self::survey::{Survey, survey};

/// Reaps again and again until the process is to stop.
pub async fn run(app: Arc<App>, interval: Duration) {
    loop {
        match reap(&app, clock::now()).await {
            Ok(reaped) if reaped == Reaped::default() => {}
            Ok(reaped) => tracing::info!(?reaped, "reaped"),
            Err(error) => {
                tracing::warn!(%error, "the reaper failed to finish its round; the next one retries");
            }
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = sleep(interval) => {}
        }
    }
}

/// One round at the time `now`.
///
/// # Errors
/// If the database does not respond. Failed requests to S3 are retried in the next round.
pub async fn reap(app: &App, now: DateTime<Utc>) -> Result<Reaped> {
    let mut reaped = Reaped::default();
    expire_overdue(app, now, &mut reaped).await?;
    let ready = app.store.expire_ready_jobs(now).await?;
    reaped.expired += ready;
    app.metrics.count_jobs(JobStatus::Expired, reaped.expired);
    let cancelled = app.store.cancel_jobs_of_deleted_datasets(now).await?;
    app.metrics.count_jobs(JobStatus::Cancelled, cancelled);
    clean_leftovers(app, now, &mut reaped).await?;
    retire_versions(app, now, &mut reaped).await?;
    remove_deleted_objects(app, &mut reaped).await?;
    match sweep_orphans(app, now, &mut reaped).await {
        Ok(()) => {}
        Err(Error::Storage(error)) => {
            tracing::warn!(%error, "failed to sweep the bucket");
            reaped.failed += 1;
        }
        Err(error) => return Err(error),
    }
    reaped.forgotten = app.store.forget_deleted_datasets().await?;
    Ok(reaped)
}
