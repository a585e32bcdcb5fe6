//! Leases: a sign of life for as long as somebody works on a job.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::interval;

use crate::app::App;
use crate::clock;
use crate::store::Claim;

/// How many signs of life a lease is long, so that one that is late or lost does no harm.
const BEATS_PER_LEASE: u32 = 3;

/// Shortest time between two signs of life.
const SHORTEST_BEAT: Duration = Duration::from_millis(10);

/// Longest time between two signs of life, which is also how fresh a job's progress is.
const LONGEST_BEAT: Duration = Duration::from_secs(1);

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

    /// Begins to keep a claim alive, and notes the progress at each beat.
    pub fn with_progress(app: &App, claim: Claim, progress: Option<Progress>) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let lease = app.settings.lease;
        let store = app.store.clone();
        let told = Arc::clone(&lost);
        let beat = (lease.to_std().unwrap_or_default() / BEATS_PER_LEASE).clamp(SHORTEST_BEAT, LONGEST_BEAT);
        let task = tokio::spawn(async move {
            let mut beats = interval(beat);
            loop {
                beats.tick().await;
                let progress = progress.as_ref().map(|progress| progress());
                match store.extend_lease(claim, clock::now() + lease, progress).await {
                    Ok(true) => {}
                    Ok(false) => return told.store(true, Ordering::Relaxed),
                    Err(error) => tracing::warn!(job_id = %claim.job_id, %error, "no sign of life could be given"),
                }
            }
        });
        Self { task: task.abort_handle(), lost }
    }

    /// Whether somebody else has the job now, or it is over: a flag that the heart keeps up to date.
    pub fn lost(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.lost)
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.task.abort();
    }
}
