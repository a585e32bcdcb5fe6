//! Removal: the objects of retired versions and deleted datasets.

use uuid::Uuid;

use super::{BATCH, Reaped};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;

/// Removes the objects of versions that are over.
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
                    tracing::warn!(dataset_id = %object.dataset_id, %error, "failed to remove an object; it is tried again");
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
