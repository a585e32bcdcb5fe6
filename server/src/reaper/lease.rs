//! The reaper's lease: one reaper works at a time, however many processes run one.

use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;

/// Renewals within the time that the lease lasts without one, so that one that is late does no harm.
const RENEWALS_PER_LEASE: u32 = 6;

/// How often a one-shot command tries again to take the lease.
const RETRY_INTERVAL: Duration = Duration::from_millis(200);

/// The right to reap, renewed until it is dropped.
#[derive(Debug)]
pub(super) struct ReaperLease {
    id: Uuid,
    lost: CancellationToken,
    renewal: AbortHandle,
}

impl ReaperLease {
    /// Takes the lease; `None` where another reaper has it, or reaping is paused.
    pub(super) async fn take(app: &App) -> Result<Option<Self>> {
        let id = Uuid::new_v4();
        // Makes the row that holds the lease.
        app.store.instance().await?;
        let now = app.now();
        let lease = app.settings.lease;
        if !app.store.take_reaper_lease(id, now, now + lease).await? {
            return Ok(None);
        }
        let lost = CancellationToken::new();
        let (store, is_lost) = (app.store.clone(), lost.clone());
        let interval = lease.to_std().unwrap_or_default() / RENEWALS_PER_LEASE;
        let renewal = tokio::spawn(async move {
            // However the renewal ends, and be it by a panic, the lease is no longer held.
            let is_lost = is_lost.drop_guard();
            loop {
                sleep(interval).await;
                let now = store.now();
                if !matches!(
                    store.take_reaper_lease(id, now, now + lease).await,
                    Ok(true)
                ) {
                    return drop(is_lost);
                }
            }
        });
        let renewal = renewal.abort_handle();
        Ok(Some(Self { id, lost, renewal }))
    }

    /// Takes the lease as soon as the reaper that has it is done, or gone for the time of a lease; `None` where it still
    /// works then, or reaping is paused.
    pub(super) async fn wait(app: &App) -> Result<Option<Self>> {
        let given_up = Instant::now() + app.settings.lease.to_std().unwrap_or_default() * 2;
        loop {
            let taken = Self::take(app).await?;
            let is_paused = app.store.service().await?.reaping_paused_at.is_some();
            if taken.is_some() || is_paused || Instant::now() > given_up {
                return Ok(taken);
            }
            sleep(RETRY_INTERVAL).await;
        }
    }

    /// Waits until this process has lost the lease, or reaping is paused. One renewal that fails ends it: the next round
    /// takes it again.
    pub(super) async fn lost(&self) {
        self.lost.cancelled().await;
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
