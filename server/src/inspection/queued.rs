//! The inspection of a job that a worker has claimed: the object is read from S3, and the result written under the claim.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use restow_api::ReadOptions;
use restow_api::job::{JobError, JobStatus};
use restow_inspect::{InspectError, Inspection};
use tokio::runtime::Handle;
use tokio::time::sleep;
use tracing::Instrument;

use super::counters::Counters;
use super::object_source::ObjectSource;
use super::options::{bounded, read_options, unread};
use super::reader::{Ended, Reading};
use super::record::{Findings, record};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::Result;
use crate::lease::Heartbeat;
use crate::store::Work;
use crate::{ownership, trace};

/// Pause before the database is tried again.
const WRITE_RETRY_INTERVAL: Duration = Duration::from_secs(2);

/// How long an inspection may take to notice that the process is to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(3);

/// When an inspection that could not read its object is due again.
const RETRY_DELAY: TimeDelta = TimeDelta::seconds(10);

/// Inspects the object of a claimed job and records the result.
pub async fn inspect_job(app: &Arc<App>, work: Work) -> Result<()> {
    let span = trace::inspection(work.job.id, work.trace_parent.as_deref());
    inspect_claimed(app, work).instrument(span).await
}

async fn inspect_claimed(app: &Arc<App>, work: Work) -> Result<()> {
    let claim = work.claim();
    crash::at(Point::InspectClaimed);
    if work.deaths >= app.settings.max_deaths {
        return fail(app, &work, crashed(&work)).await;
    }
    let read = Arc::new(Counters::default());
    let heartbeat = Heartbeat::with_progress(app, claim, Some(read.as_progress()));
    let options = retry(app, || read_options(app, &work)).await?;
    let options = options.as_ref();
    let started = Instant::now();
    let outcome = look(app, &work, options, &heartbeat, &read).await;
    let elapsed = started.elapsed();
    crash::at(Point::InspectDone);
    drop(heartbeat);
    app.metrics
        .inspected_bytes
        .inc_by(read.bytes.load(Ordering::Relaxed));
    match outcome {
        Ok(found) => finish(app, &work, &found, options, elapsed).await,
        Err(Ended::Inspection(InspectError::Stopped)) => {
            retry_write(app, || async {
                app.store.release(claim, app.now()).await.map(|()| false)
            })
            .await?;
            Ok(())
        }
        Err(Ended::Inspection(error)) => unreadable(app, &work, &error).await,
        Err(Ended::Panic(message)) => {
            tracing::error!(job_id = %claim.job_id, message, "the inspection panicked");
            let msg = "The inspection failed unexpectedly".to_string();
            app.store
                .note_death(
                    claim,
                    &job_error("inspection_panicked", msg),
                    app.now() + RETRY_DELAY,
                )
                .await
        }
    }
}

/// Reads the object, as far as that is wanted and the time suffices.
async fn look(
    app: &Arc<App>,
    work: &Work,
    options: Option<&ReadOptions>,
    heartbeat: &Heartbeat,
    read: &Arc<Counters>,
) -> Result<Inspection, Ended> {
    if options.and_then(|options| options.inspect) == Some(false) {
        return Ok(unread(work, options));
    }
    match run_inspection(app, work, options.cloned(), heartbeat, read).await {
        Err(Ended::Inspection(InspectError::Read(error)))
            if error.kind() == io::ErrorKind::TimedOut =>
        {
            tracing::warn!(job_id = %work.job.id, "the inspection reached --inspect-timeout; the job has no columns and no row count");
            Ok(bounded(app, work, options))
        }
        outcome => outcome,
    }
}

async fn finish(
    app: &App,
    work: &Work,
    found: &Inspection,
    read_options: Option<&ReadOptions>,
    elapsed: Duration,
) -> Result<()> {
    let findings = Findings {
        work,
        found,
        read_options,
        completed_as: None,
        elapsed,
    };
    retry_write(app, async || Ok(record(app, findings).await?.is_some())).await?;
    Ok(())
}

/// A missing object fails its job; while the store does not respond, the inspection is postponed.
async fn unreadable(app: &App, work: &Work, error: &InspectError) -> Result<()> {
    let claim = work.claim();
    if is_missing(app, work).await? {
        let msg = "The object is no longer in the bucket".to_string();
        return fail(app, work, job_error("object_missing", msg)).await;
    }
    app.metrics.deferred_inspections.inc();
    tracing::warn!(job_id = %claim.job_id, %error, "failed to read the object; the inspection is retried later");
    retry_write(app, || async {
        app.store
            .release(claim, app.now() + RETRY_DELAY)
            .await
            .map(|()| false)
    })
    .await?;
    Ok(())
}

/// Whether the object is proven to be missing: the bucket responds, belongs to this database, and did not have the object
/// at an earlier look either.
async fn is_missing(app: &App, work: &Work) -> Result<bool> {
    match app.storage.head(&work.job.s3_key).await {
        Ok(None) => {}
        Ok(Some(_)) => {
            app.store.note_found(work.claim()).await?;
            return Ok(false);
        }
        Err(_) => return Ok(false),
    }
    if !ownership::is_owner(app).await {
        tracing::warn!(
            job_id = %work.job.id,
            "the object is not in the bucket, but this database does not own the bucket, so that the object is not \
             considered missing"
        );
        return Ok(false);
    }
    let now = app.now();
    let missing_since = app.store.note_missing(work.claim(), now).await?;
    Ok(missing_since.is_some_and(|since| now - since >= RETRY_DELAY))
}

fn crashed(work: &Work) -> JobError {
    let last = work
        .job
        .error
        .as_ref()
        .map_or("the process ended without an error message", |error| {
            error.0.msg.as_str()
        });
    job_error(
        "inspection_crashed",
        format!(
            "The inspection crashed its worker {} times; last error: {last}",
            work.deaths
        ),
    )
}

/// Reads the object until it is done, the claim is lost, or the process is to stop.
async fn run_inspection(
    app: &Arc<App>,
    work: &Work,
    options: Option<ReadOptions>,
    heartbeat: &Heartbeat,
    read: &Arc<Counters>,
) -> Result<Inspection, Ended> {
    let limit = app.settings.inspect_timeout;
    let until = limit.and_then(|limit| Instant::now().checked_add(limit));
    let source = ObjectSource::new(
        app.storage.clone(),
        work.job.s3_key.clone(),
        work.job.plan().file_size(),
        until,
        Handle::current(),
    );
    let reading = Reading {
        source,
        filename: work.job.filename.0.clone(),
        options,
        counters: Arc::clone(read),
    };
    let (lost, stopping) = (heartbeat.lost(), app.stopping.clone());
    // Few bytes can hold many values, so that the time is not only looked at when the object is read.
    let is_late = move || until.is_some_and(|until| Instant::now() >= until);
    let is_over = move || lost.load(Ordering::Relaxed) || stopping.is_cancelled();
    let stopped = tokio::select! {
        inspected = reading.run(app, { let is_over = is_over.clone(); move || is_over() || is_late() }) => inspected,
        // A thread that waits for S3 does not see that the process is to stop; the lease must not outlive the process.
        () = stopped_for(app, STOP_TIMEOUT) => return Err(Ended::Inspection(InspectError::Stopped)),
    };
    match stopped {
        Err(Ended::Inspection(InspectError::Stopped)) if is_late() && !is_over() => {
            let late = io::Error::from(io::ErrorKind::TimedOut);
            Err(Ended::Inspection(InspectError::Read(late)))
        }
        inspected => inspected,
    }
}

/// Waits until the process is to stop, and for some time more.
async fn stopped_for(app: &App, time: Duration) {
    app.stopping.cancelled().await;
    sleep(time).await;
}

fn job_error(error_type: &str, msg: String) -> JobError {
    JobError {
        error_type: error_type.to_string(),
        msg,
        ctx: serde_json::Map::new(),
    }
}

async fn fail(app: &App, work: &Work, error: JobError) -> Result<()> {
    if retry_write(app, || app.store.fail(work.claim(), &error, app.now())).await? {
        app.metrics.count_jobs(JobStatus::Failed, 1);
        tracing::info!(job_id = %work.job.id, reason = %error.error_type, "job failed");
    }
    Ok(())
}

/// Repeats what the database does not respond to, since a database that is down for a while is no death.
async fn retry<T, F: Future<Output = Result<T>>>(app: &App, attempt: impl Fn() -> F) -> Result<T> {
    let mut outcome = attempt().await;
    while outcome.is_err() && !app.stopping.is_cancelled() {
        sleep(WRITE_RETRY_INTERVAL).await;
        outcome = attempt().await;
    }
    outcome
}

/// Writes the result of long work, and retries until it is written: the work need not be repeated. If another process has
/// claimed the job meanwhile, the fence rejects the write.
async fn retry_write<F: Future<Output = Result<bool>>>(
    app: &App,
    write: impl Fn() -> F,
) -> Result<bool> {
    let written = retry(app, write).await;
    if matches!(written, Ok(true)) {
        crash::at(Point::InspectWritten);
    }
    written
}
