//! Events, deliveries and secrets of webhooks that are over, or have been kept long enough.

use chrono::{DateTime, Utc};

use super::round::{BATCH, EVENT_BATCH};
use crate::app::App;
use crate::error::Result;
use crate::{service, webhook};

/// Why a delivery is dead that no process has sent.
const NEVER_SENT: &str = "it could not be sent in time";

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

/// Gives up deliveries whose time is over, and forgets those that have been kept long enough: a day less than their events,
/// so that one that is sent again has its event for as long as it is tried.
pub(super) async fn end_deliveries(app: &App, now: DateTime<Utc>) -> Result<()> {
    // Receivers that were not called for lack of service are called first.
    if !service::is_in_grace(app).await? {
        while app
            .store
            .give_up_deliveries(now, EVENT_BATCH, NEVER_SENT)
            .await?
            > 0
        {
            if app.stopping.is_cancelled() {
                return Ok(());
            }
        }
    }
    let limit = now - app.settings.keep_events + webhook::MAX_AGE;
    while app.store.forget_deliveries(limit, EVENT_BATCH).await? > 0 {
        if app.stopping.is_cancelled() {
            break;
        }
    }
    Ok(())
}

/// Forgets secrets of webhooks that were replaced, once no message is signed with them.
pub(super) async fn forget_secrets(app: &App, now: DateTime<Utc>) -> Result<()> {
    while app.store.forget_secrets(now, BATCH).await? > 0 {
        if app.stopping.is_cancelled() {
            break;
        }
    }
    Ok(())
}
