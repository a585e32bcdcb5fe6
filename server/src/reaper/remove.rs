//! Removal: the objects of retired versions and deleted datasets, once no URL to them is good any more and the grace is
//! over in which a deletion can be undone.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::round::{BATCH, Reaped};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::store::VersionObject;

/// Versions and datasets that were retired or deleted before this time are due.
pub(super) fn limit(app: &App, now: DateTime<Utc>) -> DateTime<Utc> {
    now - app.settings.removal_grace()
}

/// Removes the objects of versions that were retired long enough ago.
pub(super) async fn remove_retired_versions(
    app: &App,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    let limit = limit(app, now);
    let mut after = (DateTime::<Utc>::UNIX_EPOCH, Uuid::nil(), 0);
    loop {
        let retired = app.store.retired_objects(limit, after, BATCH).await?;
        for version in &retired {
            after = (
                version.retired_at,
                version.object.dataset_id,
                version.object.version,
            );
            remove(app, &version.object, now, reaped).await?;
        }
        if retired.is_empty() || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

/// Removes the objects of datasets that were deleted long enough ago, and forgets the datasets of which nothing is left.
pub(super) async fn remove_deleted_datasets(
    app: &App,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    let limit = limit(app, now);
    let mut after = Uuid::nil();
    loop {
        let deleted = app.store.deleted_datasets(limit, after, BATCH).await?;
        for &dataset_id in &deleted {
            after = dataset_id;
            if !app.store.begin_removal(dataset_id, limit, now).await? {
                continue;
            }
            remove_versions(app, dataset_id, now, reaped).await?;
            while app.store.forget_jobs_of_dataset(dataset_id, BATCH).await? > 0 {}
            reaped.forgotten += u64::from(app.store.forget_dataset(dataset_id).await?);
        }
        if deleted.is_empty() || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

async fn remove_versions(
    app: &App,
    dataset_id: Uuid,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    let mut after = 0;
    loop {
        let objects = app
            .store
            .objects_of_dataset(dataset_id, after, BATCH)
            .await?;
        for object in &objects {
            after = object.version;
            remove(app, object, now, reaped).await?;
        }
        if objects.is_empty() || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

async fn remove(
    app: &App,
    object: &VersionObject,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    match app.storage.delete(&object.s3_key).await {
        Ok(()) => {
            crash::at(Point::ReapVersionObjectDeleted);
            app.store.forget_version(object, now).await?;
            reaped.removed += 1;
        }
        Err(error) => {
            tracing::warn!(dataset_id = %object.dataset_id, %error, "failed to remove an object; it is tried again");
            app.metrics.failed_cleanings.inc();
            reaped.failed += 1;
        }
    }
    Ok(())
}
