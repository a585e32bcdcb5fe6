//! The reaper's lease: one reaper works at a time, however many processes run one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::task::AbortHandle;
use tokio::time::sleep;
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;

/// How long the lease lasts without a renewal.
const LEASE: TimeDelta = TimeDelta::seconds(30);

/// How often it is renewed.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(5);

/// The right to reap, renewed until it is dropped.
#[derive(Debug)]
pub(super) struct ReaperLease {
    id: Uuid,
    held: Arc<AtomicBool>,
    renewal: AbortHandle,
}

impl ReaperLease {
    /// Takes the lease; `None` where another reaper has it, or reaping is paused.
    pub(super) async fn take(app: &App) -> Result<Option<Self>> {
        let id = Uuid::new_v4();
        // Makes the row that holds the lease.
        app.store.instance().await?;
        let now = app.now();
        if !app.store.take_reaper_lease(id, now, now + LEASE).await? {
            return Ok(None);
        }
        let held = Arc::new(AtomicBool::new(true));
        let (store, is_held) = (app.store.clone(), Arc::clone(&held));
        let renewal = tokio::spawn(async move {
            loop {
                sleep(RENEWAL_INTERVAL).await;
                let now = store.now();
                if !matches!(
                    store.take_reaper_lease(id, now, now + LEASE).await,
                    Ok(true)
                ) {
                    is_held.store(false, Ordering::Relaxed);
                    return;
                }
            }
        });
        let renewal = renewal.abort_handle();
        Ok(Some(Self { id, held, renewal }))
    }

    /// Whether this process still has the lease. One renewal that fails ends it: the next round takes it again.
    pub(super) fn is_held(&self) -> bool {
        self.held.load(Ordering::Relaxed)
    }

    /// Gives the lease back. What fails only makes the next reaper wait until it runs out.
    pub(super) async fn release(self, app: &App) {
        self.renewal.abort();
        if let Err(error) = app.store.release_reaper_lease(self.id).await {
            tracing::debug!(%error, "failed to release the reaper's lease");
        }
    }
}

impl Drop for ReaperLease {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}
