//! Versions beyond those that are kept, and the objects of retired versions and deleted datasets.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::round::{BATCH, Reaped};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;

pub(super) async fn retire_versions(
    app: &App,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    let Some(keep) = app.settings.keep_versions else {
        return Ok(());
    };
    loop {
        let versions = app.store.retirable_versions(keep, BATCH).await?;
        let mut retired = 0;
        for version in &versions {
            if app.store.retire_version(version, keep, now).await? {
                crash::at(Point::ReapVersionRetired);
                retired += 1;
            }
        }
        reaped.retired += retired;
        if retired == 0 || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

pub(super) async fn remove_deleted_objects(app: &App, reaped: &mut Reaped) -> Result<()> {
    let mut after = (Uuid::nil(), 0);
    loop {
        let objects = app.store.deleted_objects(after, BATCH).await?;
        for object in &objects {
            after = (object.dataset_id, object.version);
            match app.storage.delete(&object.s3_key).await {
                Ok(()) => {
                    crash::at(Point::ReapVersionObjectDeleted);
                    app.store.forget_version(object).await?;
                    reaped.removed += 1;
                }
                Err(error) => {
                    tracing::warn!(dataset_id = %object.dataset_id, %error, "failed to delete the object of a version; it is retried in the next round");
                    app.metrics.failed_cleanings.inc();
                    reaped.failed += 1;
                }
            }
        }
        if objects.is_empty() || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}
