//! Idempotency keys that have been remembered long enough.

use chrono::{DateTime, Utc};

use super::round::BATCH;
use crate::app::App;
use crate::error::Result;
use crate::idempotency::KEY_LIFETIME;

/// Forgets the keys that no request is compared with any more.
pub(super) async fn forget_keys(app: &App, now: DateTime<Utc>) -> Result<()> {
    while app.store.forget_keys(now - KEY_LIFETIME, BATCH).await? > 0 {
        if app.stopping.is_cancelled() {
            break;
        }
    }
    Ok(())
}
