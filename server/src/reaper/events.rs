//! Events and deliveries that have been kept long enough.

use chrono::{DateTime, Utc};

use super::round::EVENT_BATCH;
use crate::app::App;
use crate::error::Result;

/// Forgets events that happened long ago.
pub(super) async fn forget_events(app: &App, now: DateTime<Utc>) -> Result<()> {
    let limit = now - app.settings.keep_events;
    while app.store.forget_events(limit, EVENT_BATCH).await? > 0 {
        if app.stopping.is_cancelled() {
            break;
        }
    }
    Ok(())
}

/// Forgets deliveries of events that are no longer kept.
pub(super) async fn forget_deliveries(app: &App, now: DateTime<Utc>) -> Result<()> {
    let limit = now - app.settings.keep_events;
    while app.store.forget_deliveries(limit, EVENT_BATCH).await? > 0 {
        if app.stopping.is_cancelled() {
            break;
        }
    }
    Ok(())
}
