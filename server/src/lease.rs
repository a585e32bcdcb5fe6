//! Leases: a heartbeat renews the lease for as long as a process works on a job.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::app::App;
use crate::store::Claim;

/// How many heartbeats fit in a lease, so that a late or lost one does no harm.
const HEARTBEATS_PER_LEASE: u32 = 3;

/// Minimum time between two heartbeats.
const MIN_HEARTBEAT_INTERVAL: Duration = Duration::from_millis(10);

/// Maximum time between two heartbeats, which is also how old a job's progress may be.
const MAX_HEARTBEAT_INTERVAL: Duration = Duration::from_secs(1);

/// How far a piece of work has come: bytes read and rows found.
pub type Progress = Arc<dyn Fn() -> (u64, Option<u64>) + Send + Sync>;

/// Renews the lease of a claim until it is dropped.
#[derive(Debug)]
pub struct Heartbeat {
    task: AbortHandle,
    lost: Arc<AtomicBool>,
}

impl Heartbeat {
    /// Starts to renew the lease of a claim.
    pub fn start(app: &App, claim: Claim) -> Self {
        Self::with_progress(app, claim, None)
    }

    /// Starts to renew the lease of a claim, and records the progress at each heartbeat.
    pub fn with_progress(app: &App, claim: Claim, progress: Option<Progress>) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let lease = app.settings.lease;
        let store = app.store.clone();
        let ends = LostAtEnd(Arc::clone(&lost));
        let interval = (lease.to_std().unwrap_or_default() / HEARTBEATS_PER_LEASE)
            .clamp(MIN_HEARTBEAT_INTERVAL, MAX_HEARTBEAT_INTERVAL);
        let task = tokio::spawn(async move {
            let _ends = ends;
            let mut beats = interval_at(Instant::now() + interval, interval);
            beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut held_until = Instant::now() + lease.to_std().unwrap_or_default();
            loop {
                beats.tick().await;
                let progress = progress.as_ref().map(|progress| progress());
                match store
                    .extend_lease(claim, store.now() + lease, progress)
                    .await
                {
                    Ok(true) => held_until = Instant::now() + lease.to_std().unwrap_or_default(),
                    Ok(false) => return,
                    Err(error) => {
                        tracing::warn!(job_id = %claim.job_id, %error, "failed to renew the lease");
                    }
                }
                // The lease may have expired, and another process may have claimed the job.
                if Instant::now() > held_until {
                    return;
                }
            }
        });
        Self {
            task: task.abort_handle(),
            lost,
        }
    }

    /// Whether another process may have claimed the job, or it has ended: a flag that is kept up to date.
    pub fn lost(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.lost)
    }

    /// Whether another process may have claimed the job, or it has ended.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }
}

/// Sets the flag when the task ends, and be it by a panic: nothing renews the lease then.
struct LostAtEnd(Arc<AtomicBool>);

impl Drop for LostAtEnd {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.task.abort();
    }
}
