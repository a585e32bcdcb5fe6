//! Uploads and objects that no job knows of, removed where the bucket belongs to this deployment.

use chrono::{DateTime, Utc};

use super::round::Reaped;
use crate::app::App;
use crate::bucket_owner;
use crate::error::{Error, Result};
use crate::sweep;

/// Aborts the uploads that no job knows of and that are older than the grace.
pub(super) async fn sweep_orphans(
    app: &App,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    if !bucket_owner::claim(app).await? {
        tracing::warn!("the bucket belongs to another deployment; no uploads in it are swept");
        return Ok(());
    }
    let mut marker = None;
    loop {
        let page = sweep::find_orphans(app, now, marker).await?;
        for upload in &page.orphans {
            match sweep::remove_orphan(app, upload).await {
                Ok(removed) => reaped.swept += u64::from(removed),
                Err(Error::Storage(error)) => {
                    tracing::warn!(%error, "failed to abort an upload that no job knows of; it is retried");
                    app.metrics.failed_cleanings.inc();
                    reaped.failed += 1;
                }
                Err(error) => return Err(error),
            }
        }
        if page.next.is_none() || app.stopping.is_cancelled() {
            return Ok(());
        }
        marker = page.next;
    }
}

/// Removes the objects that no job knows of, if the bucket is this deployment's, and counts them.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn delete_unknown_objects(app: &App) -> Result<u64> {
    if !bucket_owner::claim(app).await? {
        tracing::warn!("the bucket belongs to another deployment; no objects in it are deleted");
        return Ok(0);
    }
    let unknown = sweep::unknown_objects(app).await?;
    for key in &unknown {
        app.storage.delete(key).await?;
    }
    Ok(unknown.len() as u64)
}
