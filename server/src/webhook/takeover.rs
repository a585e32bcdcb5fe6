//! What becomes of webhooks when their database takes a bucket over: another copy of the database may call them.

use crate::app::App;
use crate::error::Result;

/// Rows that are changed at a time.
const BATCH: i64 = 1_000;

/// Why deliveries are dead that waited when the bucket was taken over.
const TAKEN_OVER: &str =
    "the database was restored or copied, and the message may have been sent before";

/// Webhooks that are enabled, and deliveries that wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enabled {
    /// Webhooks that are not disabled.
    pub webhooks: i64,
    /// Deliveries that wait.
    pub deliveries: i64,
}

/// Counts what would be called if this database owned the bucket.
///
/// # Errors
/// If the database does not respond.
pub async fn enabled(app: &App) -> Result<Enabled> {
    Ok(Enabled {
        webhooks: app.store.count_enabled_webhooks().await?,
        deliveries: app.store.count_pending_deliveries().await?,
    })
}

/// Gives up all deliveries that wait, and counts them.
///
/// # Errors
/// If the database does not respond.
pub async fn discard(app: &App) -> Result<u64> {
    let mut all = 0;
    loop {
        let discarded = app.store.discard_deliveries(BATCH, TAKEN_OVER).await?;
        all += discarded;
        if discarded == 0 {
            return Ok(all);
        }
    }
}

/// Disables all webhooks, and counts them.
///
/// # Errors
/// If the database does not respond.
pub async fn disable(app: &App) -> Result<u64> {
    let mut all = 0;
    loop {
        let disabled = app.store.disable_webhooks(app.now(), BATCH).await?;
        all += disabled;
        if disabled == 0 {
            return Ok(all);
        }
    }
}

/// Enables all webhooks that are disabled, and counts them.
///
/// # Errors
/// If the database does not respond.
pub async fn enable(app: &App) -> Result<u64> {
    let mut all = 0;
    loop {
        let enabled = app.store.enable_webhooks(BATCH).await?;
        all += enabled;
        if enabled == 0 {
            return Ok(all);
        }
    }
}
