//! The worker: takes jobs that are due and brings them on. Any number of them share one database.

use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use restow_api::job::{JobError, JobStatus};
use restow_inspect::{InspectError, Inspection, Source, inspect};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};

use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::inspection::ObjectSource;
use crate::lease::{Heartbeat, Progress};
use crate::ownership::{self, Ownership};
use crate::reupload;
use crate::store::Work;

/// How long the worker rests when nothing is due and nobody rings.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// How long the bucket is taken to be the one that it was.
const BUCKET_CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// Pause after the database did not answer.
const PAUSE: Duration = Duration::from_secs(2);

/// When an inspection that could not read its object is due again.
const LATER: TimeDelta = TimeDelta::seconds(10);

/// Rings for work that other processes announce, until the process is to stop.
pub async fn listen(app: Arc<App>) {
    while !app.stopping.is_cancelled() {
        let heard = async {
            let Some(mut listener) = app.store.listen_for_work().await? else {
                return Ok(());
            };
            loop {
                app.work_due.notify_one();
                listener.heard().await?;
            }
        };
        let heard: Result<(), sqlx::Error> = tokio::select! {
            () = app.stopping.cancelled() => return,
            heard = heard => heard,
        };
        match heard {
            // This database passes nothing on; the worker polls.
            Ok(()) => return,
            Err(error) => {
                tracing::warn!(%error, "announcements of work cannot be heard; they are polled for meanwhile");
            }
        }
        tokio::select! {
            () = app.stopping.cancelled() => {}
            () = sleep(PAUSE) => {}
        }
    }
}

/// Brings jobs on until the process is to stop, then finishes or lets go what it holds.
pub async fn run(app: Arc<App>) {
    let slots = Arc::new(Semaphore::new(app.settings.worker_concurrency.max(1)));
    let mut bucket = BucketCheck::default();
    while let Some(slot) = free_slot(&app, &slots).await {
        if !bucket.may_work(&app).await {
            rest(&app, POLL_INTERVAL).await;
            continue;
        }
        let now = app.now();
        match app.store.claim_next(now, now + app.settings.lease).await {
            Ok(Some(work)) => {
                let slot = if may_be_poison(&app, &work) {
                    alone(&app, &work, &slots, slot).await
                } else {
                    Some(slot)
                };
                if let Some(slot) = slot {
                    app.tasks.spawn(take_on(Arc::clone(&app), work, slot));
                }
            }
            Ok(None) => rest(&app, POLL_INTERVAL).await,
            Err(error) => {
                tracing::warn!(%error, "no job could be claimed");
                // Whoever holds a job is to give the next sign of life before others take its silence for death.
                let beats_come_first = app.settings.lease.to_std().unwrap_or_default() / 2;
                rest(&app, beats_come_first).await;
            }
        }
    }
}

/// Whether jobs may be worked on, as last found: their objects are in this bucket.
#[derive(Debug, Default)]
struct BucketCheck {
    passed_at: Option<Instant>,
    told: Option<Ownership>,
}

impl BucketCheck {
    async fn may_work(&mut self, app: &App) -> bool {
        if self
            .passed_at
            .is_some_and(|at| at.elapsed() < BUCKET_CHECK_INTERVAL)
        {
            return true;
        }
        self.passed_at = None;
        match ownership::check(app).await {
            Ok(ownership) => {
                if self.told.replace(ownership) != Some(ownership)
                    && let Some(warning) = ownership.warning()
                {
                    tracing::warn!("{warning}");
                }
                self.passed_at = ownership.may_work().then(Instant::now);
            }
            Err(error) => {
                tracing::warn!(%error, "failed to read the bucket's marker; no job is worked on until that succeeds");
            }
        }
        self.passed_at.is_some()
    }
}

/// A place for one more job; `None` when the process is to stop.
async fn free_slot(app: &App, slots: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
    tokio::select! {
        () = app.stopping.cancelled() => None,
        slot = Arc::clone(slots).acquire_owned() => slot.ok().filter(|_| !app.stopping.is_cancelled()),
    }
}

/// Whether the inspection of a job has ended a worker, or only went on beside another's that did. One that is to be given
/// up is not inspected any more.
fn may_be_poison(app: &App, work: &Work) -> bool {
    (1..app.settings.max_deaths).contains(&work.deaths)
        && work.job.status() == JobStatus::Inspecting
}

/// All places, once whatever else goes on has ended: who shares a worker with a poison job dies with it, and would be
/// given up with it. `None` where the job is somebody else's by then, or the process is to stop.
async fn alone(
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
    // Whoever has the job now is not disturbed: the claim is fenced.
    if let Err(error) = app.store.release(work.claim(), app.now()).await {
        tracing::warn!(job_id = %work.job.id, %error, "the job is let go when its lease runs out");
    }
    None
}

async fn rest(app: &App, longest: Duration) {
    tokio::select! {
        () = app.stopping.cancelled() => {}
        _ = timeout(longest, app.work_due.notified()) => {}
    }
}

async fn take_on(app: Arc<App>, work: Work, _slot: OwnedSemaphorePermit) {
    let job_id = work.job.id;
    match work.job.status() {
        JobStatus::Completing => {
            crash::at(Point::ResumeClaimed);
            reupload::resume(&app, work).await;
        }
        _ => {
            if let Err(error) = inspect_job(&app, work).await {
                // The lease runs out by itself, and the job is taken up again.
                tracing::warn!(%job_id, %error, "the result of an inspection could not be written");
            }
        }
    }
}

async fn inspect_job(app: &Arc<App>, work: Work) -> Result<()> {
    let claim = work.claim();
    crash::at(Point::InspectClaimed);
    if work.deaths >= app.settings.max_deaths {
        return fail(app, &work, crashed(&work)).await;
    }
    let read = Arc::new(Counters::default());
    let heartbeat = Heartbeat::with_progress(app, claim, Some(read.as_progress()));
    let outcome = run_inspection(app, &work, &heartbeat, &read).await;
    crash::at(Point::InspectDone);
    drop(heartbeat);
    app.metrics
        .inspected_bytes
        .inc_by(read.bytes.load(Ordering::Relaxed));
    match outcome {
        Ok(found) => {
            let deadline = app.now() + app.settings.preview_deadline;
            if with_patience(app, || app.store.finish_inspection(claim, &found, deadline)).await? {
                app.metrics.count_jobs(JobStatus::Ready, 1);
                tracing::info!(job_id = %claim.job_id, rows = found.row_count, "object inspected");
            }
            Ok(())
        }
        Err(Ended::Inspection(InspectError::Content(bad))) => {
            let error = JobError {
                error_type: bad.code.as_str().to_string(),
                msg: bad.message,
                ctx: bad.context,
            };
            fail(app, &work, error).await
        }
        Err(Ended::Inspection(InspectError::Stopped)) => {
            with_patience(app, || async {
                app.store.release(claim, app.now()).await.map(|()| false)
            })
            .await?;
            Ok(())
        }
        Err(Ended::Inspection(InspectError::Read(error))) => unreadable(app, &work, &error).await,
        Err(Ended::Panic(message)) => {
            tracing::error!(job_id = %claim.job_id, message, "the inspection panicked");
            let msg = "The inspection ended unexpectedly".to_string();
            app.store
                .note_death(
                    claim,
                    &job_error("inspection_panicked", msg),
                    app.now() + LATER,
                )
                .await
        }
    }
}

/// An object that is gone fails its job; a store that does not respond is waited for.
async fn unreadable(app: &App, work: &Work, error: &std::io::Error) -> Result<()> {
    let claim = work.claim();
    if is_missing(app, work).await? {
        let msg = "The object is no longer in the bucket".to_string();
        return fail(app, work, job_error("object_missing", msg)).await;
    }
    app.metrics.deferred_inspections.inc();
    tracing::warn!(job_id = %claim.job_id, %error, "the object could not be read; the inspection is put off");
    with_patience(app, || async {
        app.store
            .release(claim, app.now() + LATER)
            .await
            .map(|()| false)
    })
    .await?;
    Ok(())
}

/// Whether the object is proven to be gone: the bucket responds, belongs to this deployment, and did not have the object at
/// an earlier look either.
async fn is_missing(app: &App, work: &Work) -> Result<bool> {
    if !matches!(app.storage.head(&work.job.s3_key).await, Ok(None)) {
        return Ok(false);
    }
    if !ownership::is_owner(app).await {
        tracing::warn!(
            job_id = %work.job.id,
            "the object is not in the bucket, which is not known to be this deployment's: it is not called missing"
        );
        return Ok(false);
    }
    let now = app.now();
    let missing_since = app.store.note_missing(work.claim(), now).await?;
    Ok(missing_since.is_some_and(|since| now - since >= LATER))
}

/// How an inspection ended without a result.
enum Ended {
    Inspection(InspectError),
    Panic(String),
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_string())
}

fn crashed(work: &Work) -> JobError {
    let last = work
        .job
        .error
        .as_ref()
        .map_or("it died without a word", |error| error.0.msg.as_str());
    job_error(
        "inspection_crashed",
        format!(
            "The inspection ended its worker {} times; the last time: {last}",
            work.deaths
        ),
    )
}

/// Reads the object in a thread of its own, until it is done, the claim is lost, or the process is to stop.
async fn run_inspection(
    app: &Arc<App>,
    work: &Work,
    heartbeat: &Heartbeat,
    read: &Arc<Counters>,
) -> Result<Inspection, Ended> {
    let source = ObjectSource::new(
        app.storage.clone(),
        work.job.s3_key.clone(),
        work.job.plan().file_size(),
        Handle::current(),
    );
    let extension = reupload::extension(&work.job.filename.0);
    let stop = Stop {
        app: Arc::clone(app),
        lost: heartbeat.lost(),
    };
    let read = Arc::clone(read);
    let inspecting = tokio::task::spawn_blocking(move || {
        let source: Arc<dyn Source> = Arc::new(source);
        inspect(
            &source,
            extension.as_deref(),
            &stop.app.settings.inspection,
            &mut |progress| {
                if progress.bytes_done < source.size() {
                    crash::at(Point::InspectReading);
                }
                read.bytes.store(progress.bytes_done, Ordering::Relaxed);
                read.rows.store(progress.rows, Ordering::Relaxed);
                if stop.is_due() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            },
        )
    });
    match inspecting.await {
        Ok(inspected) => inspected.map_err(Ended::Inspection),
        Err(ended) => Err(Ended::Panic(
            ended
                .try_into_panic()
                .map_or_else(|_| "cancelled".to_string(), |panic| panic_message(&*panic)),
        )),
    }
}

struct Stop {
    app: Arc<App>,
    lost: Arc<AtomicBool>,
}

impl Stop {
    fn is_due(&self) -> bool {
        self.lost.load(Ordering::Relaxed) || self.app.stopping.is_cancelled()
    }
}

/// How far an inspection is, shared between its thread and its heartbeat.
#[derive(Debug, Default)]
struct Counters {
    bytes: AtomicU64,
    rows: AtomicU64,
}

impl Counters {
    fn as_progress(self: &Arc<Self>) -> Progress {
        let counters = Arc::clone(self);
        Arc::new(move || {
            let rows = counters.rows.load(Ordering::Relaxed);
            (
                counters.bytes.load(Ordering::Relaxed),
                (rows > 0).then_some(rows),
            )
        })
    }
}

fn job_error(error_type: &str, msg: String) -> JobError {
    JobError {
        error_type: error_type.to_string(),
        msg,
        ctx: serde_json::Map::new(),
    }
}

async fn fail(app: &App, work: &Work, error: JobError) -> Result<()> {
    if with_patience(app, || app.store.fail(work.claim(), &error, app.now())).await? {
        app.metrics.count_jobs(JobStatus::Failed, 1);
        tracing::info!(job_id = %work.job.id, reason = %error.error_type, "job failed");
    }
    Ok(())
}

/// Tries to write what became of work that took long until it is written, since a database that is away for a while is
/// no reason to do it all again, nor a death: whoever has taken the job over meanwhile is fenced off.
async fn with_patience<F: Future<Output = Result<bool>>>(
    app: &App,
    write: impl Fn() -> F,
) -> Result<bool> {
    let mut written = write().await;
    while written.is_err() && !app.stopping.is_cancelled() {
        sleep(PAUSE).await;
        written = write().await;
    }
    if matches!(written, Ok(true)) {
        crash::at(Point::InspectWritten);
    }
    written
}
