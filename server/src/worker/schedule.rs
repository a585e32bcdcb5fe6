//! Claims jobs that are due, as many at once as there are slots: completions and inspections apart, so that seconds of
//! completion never wait for hours of inspection.

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use restow_api::job::JobStatus;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::bucket_check::BucketCheck;
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::inspection::inspect_job;
use crate::lease::Heartbeat;
use crate::reupload;
use crate::store::Work;
use crate::supervision;

/// How long the worker waits when nothing is due and no notification arrives.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How many completions that other processes began are resumed at once. They mostly wait for S3.
const COMPLETIONS: usize = 16;

/// What a loop claims. Each kind has its own slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Queue {
    Completions,
    Inspections,
}

impl Queue {
    fn slots(self, app: &App) -> usize {
        match self {
            Self::Completions => COMPLETIONS,
            Self::Inspections => app.settings.worker_concurrency.max(1),
        }
    }

    async fn claim_next(self, app: &App) -> Result<Option<Work>> {
        let now = app.now();
        let lease_until = now + app.settings.lease;
        match self {
            Self::Completions => app.store.claim_next_completion(now, lease_until).await,
            Self::Inspections => app.store.claim_next_inspection(now, lease_until).await,
        }
    }

    /// Waits until jobs may be due. Only inspections are announced: a completion is due when a time has passed.
    async fn wait(self, app: &App, max_wait: Duration) {
        let announced = async {
            match self {
                Self::Completions => pending().await,
                Self::Inspections => app.work_due.notified().await,
            }
        };
        tokio::select! {
            () = app.stopping.cancelled() => {}
            _ = timeout(max_wait, announced) => {}
        }
    }
}

/// Processes jobs until the process is to stop, then finishes or releases what it holds.
pub async fn run(app: Arc<App>) {
    let bucket = Mutex::new(BucketCheck::default());
    tokio::join!(
        attend(&app, Queue::Completions, &bucket),
        attend(&app, Queue::Inspections, &bucket)
    );
}

/// Claims the jobs of one kind that are due, as long as a slot is free.
async fn attend(app: &Arc<App>, queue: Queue, bucket: &Mutex<BucketCheck>) {
    let slots = Arc::new(Semaphore::new(queue.slots(app)));
    while let Some(slot) = free_slot(app, &slots).await {
        if !bucket.lock().await.may_work(app).await {
            queue.wait(app, POLL_INTERVAL).await;
            continue;
        }
        match queue.claim_next(app).await {
            Ok(Some(work)) => {
                let slot = if may_be_poison(app, &work) {
                    take_all_slots(app, &work, &slots, slot).await
                } else {
                    Some(slot)
                };
                if let Some(slot) = slot {
                    supervision::spawn(app, "job", process(Arc::clone(app), work, slot));
                }
            }
            Ok(None) => queue.wait(app, POLL_INTERVAL).await,
            Err(error) => {
                tracing::warn!(%error, "failed to claim a job; retrying");
                // Lets the holders of jobs renew their leases before this worker claims jobs whose leases have expired.
                let half_a_lease = app.settings.lease.to_std().unwrap_or_default() / 2;
                queue.wait(app, half_a_lease).await;
            }
        }
    }
}

/// A slot for one more job; `None` when the process is to stop.
async fn free_slot(app: &App, slots: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    tokio::select! {
        () = app.stopping.cancelled() => None,
        slot = Arc::clone(slots).acquire_owned() => slot.ok().filter(|_| !app.stopping.is_cancelled()),
    }
}

/// Whether the inspection of a job has crashed a worker, or only ran beside another one that did. A job that is about to
/// fail is not inspected any more.
fn may_be_poison(app: &App, work: &Work) -> bool {
    (1..app.settings.max_deaths).contains(&work.deaths)
        && work.job.status() == JobStatus::Inspecting
}

/// All slots, once all other inspections of this process have ended: a job that shares a worker with a poison job would be
/// interrupted by the same crashes, and fail like it. `None` where another process has the job by then, or the process is to stop.
async fn take_all_slots(
    app: &App,
    work: &Work,
    slots: &Arc<Semaphore>,
    mut slot: OwnedSemaphorePermit,
) -> Option<OwnedSemaphorePermit> {
    let heartbeat = Heartbeat::start(app, work.claim());
    let others = u32::try_from(app.settings.worker_concurrency.max(1) - 1).unwrap_or(u32::MAX);
    let mut others = pin!(Arc::clone(slots).acquire_many_owned(others));
    while !heartbeat.is_lost() && !app.stopping.is_cancelled() {
        if let Ok(others) = timeout(POLL_INTERVAL, &mut others).await {
            slot.merge(others.ok()?);
            return Some(slot);
        }
    }
    drop(heartbeat);
    // If another process has claimed the job by now, the fence rejects this.
    if let Err(error) = app.store.release(work.claim(), app.now()).await {
        tracing::warn!(job_id = %work.job.id, %error, "failed to release the job; it is taken up again when its lease expires");
    }
    None
}

async fn process(app: Arc<App>, work: Work, _slot: OwnedSemaphorePermit) {
    let job_id = work.job.id;
    match work.job.status() {
        JobStatus::Completing => {
            crash::at(Point::ResumeClaimed);
            reupload::resume(&app, work).await;
        }
        _ => {
            if let Err(error) = inspect_job(&app, work).await {
                // The lease expires, and the job is claimed again.
                tracing::warn!(%job_id, %error, "failed to write the result of an inspection; it is repeated when the lease expires");
            }
        }
    }
}
