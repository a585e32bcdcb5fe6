//! Leases: a sign of life for as long as somebody works on a job.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::app::App;
use crate::clock;
use crate::store::Claim;

/// How many signs of life a lease is long, so that one that is late or lost does no harm.
const HEARTBEATS_PER_LEASE: u32 = 3;

/// Shortest time between two signs of life.
const MIN_HEARTBEAT_INTERVAL: Duration = Duration::from_millis(10);

/// Longest time between two signs of life, which is also how fresh a job's progress is.
const MAX_HEARTBEAT_INTERVAL: Duration = Duration::from_secs(1);

/// How far a piece of work has come: bytes read and rows found.
pub type Progress = Arc<dyn Fn() -> (u64, Option<u64>) + Send + Sync>;

/// Keeps a claim alive until it is dropped.
#[derive(Debug)]
pub struct Heartbeat {
    task: AbortHandle,
    lost: Arc<AtomicBool>,
}

impl Heartbeat {
    /// Begins to keep a claim alive.
    pub fn start(app: &App, claim: Claim) -> Self {
        Self::with_progress(app, claim, None)
    }

    /// Begins to keep a claim alive, and notes the progress at each interval.
    pub fn with_progress(app: &App, claim: Claim, progress: Option<Progress>) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let lease = app.settings.lease;
        let store = app.store.clone();
        let task_lost = Arc::clone(&lost);
        let interval = (lease.to_std().unwrap_or_default() / HEARTBEATS_PER_LEASE)
            .clamp(MIN_HEARTBEAT_INTERVAL, MAX_HEARTBEAT_INTERVAL);
        let task = tokio::spawn(async move {
            let mut beats = interval_at(Instant::now() + interval, interval);
            beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut held_until = Instant::now() + lease.to_std().unwrap_or_default();
            loop {
                beats.tick().await;
                let progress = progress.as_ref().map(|progress| progress());
                match store
                    .extend_lease(claim, clock::now() + lease, progress)
                    .await
                {
                    Ok(true) => held_until = Instant::now() + lease.to_std().unwrap_or_default(),
                    Ok(false) => return task_lost.store(true, Ordering::Relaxed),
                    Err(error) => {
                        tracing::warn!(job_id = %claim.job_id, %error, "failed to renew the lease");
                    }
                }
                // Somebody else may have it by now.
                if Instant::now() > held_until {
                    return task_lost.store(true, Ordering::Relaxed);
                }
            }
        });
        Self {
            task: task.abort_handle(),
            lost,
        }
    }

    /// Whether somebody else may have the job now, or it is over: a flag that is kept up to date.
    pub fn lost(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.lost)
    }

    /// Whether somebody else may have the job now, or it is over.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.task.abort();
    }
}
