//! Retention: versions beyond those that are kept beside the current one.

use chrono::{DateTime, Utc};

use super::round::{BATCH, Reaped};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;

/// Retires every version beyond those that are kept.
pub(super) async fn retire_versions(
    app: &App,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    let Some(keep) = app.settings.keep_versions else {
        return Ok(());
    };
    loop {
        let mut retired = 0;
        for dataset_id in app.store.datasets_to_retire(keep, BATCH).await? {
            retired += app
                .store
                .retire_versions(dataset_id, keep, now, BATCH)
                .await?;
            crash::at(Point::ReapVersionRetired);
        }
        reaped.retired += retired;
        if retired == 0 || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}
