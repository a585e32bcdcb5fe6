//! The reaper: ends what nobody comes back for, and removes from S3 what is left of it.
//!
//! A job expires when it waits for its upload, its deadline and the grace after it have passed, and no part has
//! arrived lately; or when it is ready and its deadline has passed. A job is cleaned when it ended without a version.
//! The object of a version is removed when its dataset is deleted, or when it is older than what is kept. An upload
//! that no job knows of is swept. Nothing else is ever touched, and nothing that is
//! being completed.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use restow_api::job::JobStatus;
use tokio::time::sleep;
use uuid::Uuid;

use crate::app::App;
use crate::clock;
use crate::crash::{self, Point};
use crate::error::{Error, Result};
use crate::storage::StorageError;
use crate::store::JobRow;
use crate::sweep;

/// Rows that are read at a time.
const BATCH: i64 = 100;

/// When a cleaning that failed is due again.
const RETRY_CLEANING: TimeDelta = TimeDelta::minutes(1);

/// What one round of the reaper did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reaped {
    /// Jobs that expired.
    pub expired: u64,
    /// Jobs whose deadline was put off, since parts still arrive.
    pub extended: u64,
    /// Jobs of which nothing is left in S3.
    pub cleaned: u64,
    /// What S3 did not answer or did not do, and is tried again.
    pub failed: u64,
    /// Versions that were retired.
    pub retired: u64,
    /// Objects of retired versions and deleted datasets that were removed.
    pub removed: u64,
    /// Uploads that no job knew of and that were removed.
    pub swept: u64,
    /// Deleted datasets that were forgotten.
    pub forgotten: u64,
}

/// Reaps again and again until the process is to stop.
pub async fn run(app: Arc<App>, interval: Duration) {
    loop {
        match reap(&app, clock::now()).await {
            Ok(reaped) if reaped == Reaped::default() => {}
            Ok(reaped) => tracing::info!(?reaped, "reaped"),
            Err(error) => tracing::warn!(%error, "the reaper was interrupted"),
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = sleep(interval) => {}
        }
    }
}

/// What the next round would do, and what it would not touch. Nothing is changed.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Jobs whose deadline and grace have passed: expired, unless parts still arrive.
    pub overdue: Vec<Uuid>,
    /// Jobs that ended without a version, to be cleaned.
    pub leftovers: Vec<Uuid>,
    /// Keys of objects to be removed with their versions.
    pub removable: Vec<String>,
    /// Keys of uploads that no job knows of.
    pub orphans: Vec<String>,
    /// Keys of objects that no job knows of, which are never removed by themselves.
    pub unknown: Vec<String>,
}

/// Most of each kind that a survey lists.
const SURVEYED: i64 = 10_000;

/// Looks at what there is to reap at the time `now`.
///
/// # Errors
/// If the database or S3 does not answer.
pub async fn survey(app: &App, now: DateTime<Utc>) -> Result<Survey> {
    let begin = (DateTime::<Utc>::UNIX_EPOCH, Uuid::nil());
    let overdue = app
        .store
        .overdue_jobs(now - app.settings.job_grace, begin, SURVEYED)
        .await?;
    let leftovers = app.store.leftover_jobs(now, SURVEYED).await?;
    let mut removable = app
        .store
        .deleted_objects((Uuid::nil(), 0), SURVEYED)
        .await?;
    if let Some(keep) = app.settings.keep_versions {
        removable.extend(app.store.retirable_versions(keep, SURVEYED).await?);
    }
    let mut orphans = Vec::new();
    sweep::sweep(app, now, Some(&mut orphans)).await?;
    Ok(Survey {
        overdue: overdue.into_iter().map(|job| job.id).collect(),
        leftovers: leftovers.into_iter().map(|job| job.id).collect(),
        removable: removable.into_iter().map(|object| object.s3_key).collect(),
        orphans: orphans.into_iter().map(|upload| upload.key).collect(),
        unknown: sweep::unknown_objects(app).await?,
    })
}

/// Removes the objects that no job knows of, if the bucket is this deployment's, and counts them.
///
/// # Errors
/// If the database or S3 does not answer.
pub async fn delete_unknown_objects(app: &App) -> Result<u64> {
    if !sweep::take_bucket(app).await? {
        tracing::warn!("the bucket is another deployment's; nothing in it is removed");
        return Ok(0);
    }
    let unknown = sweep::unknown_objects(app).await?;
    for key in &unknown {
        app.storage.delete(key).await?;
    }
    Ok(unknown.len() as u64)
}

/// One round at the time `now`.
///
/// # Errors
/// If the database does not answer. S3 that does not answer only puts things off.
pub async fn reap(app: &App, now: DateTime<Utc>) -> Result<Reaped> {
    let mut reaped = Reaped::default();
    expire_overdue(app, now, &mut reaped).await?;
    let ready = app.store.expire_ready_jobs(now).await?;
    reaped.expired += ready;
    app.metrics.count_jobs(JobStatus::Expired, reaped.expired);
    let cancelled = app.store.cancel_jobs_of_deleted_datasets(now).await?;
    app.metrics.count_jobs(JobStatus::Cancelled, cancelled);
    clean_leftovers(app, now, &mut reaped).await?;
    retire_versions(app, now, &mut reaped).await?;
    remove_deleted_objects(app, &mut reaped).await?;
    match sweep::sweep(app, now, None).await {
        Ok(swept) => {
            reaped.swept = swept.uploads;
            reaped.failed += swept.failed;
        }
        Err(Error::Storage(error)) => {
            tracing::warn!(%error, "the bucket could not be swept");
            reaped.failed += 1;
        }
        Err(error) => return Err(error),
    }
    reaped.forgotten = app.store.forget_deleted_datasets().await?;
    Ok(reaped)
}

async fn expire_overdue(app: &App, now: DateTime<Utc>, reaped: &mut Reaped) -> Result<()> {
    let limit_time = now - app.settings.job_grace;
    let mut after = (DateTime::<Utc>::UNIX_EPOCH, Uuid::nil());
    loop {
        let overdue = app.store.overdue_jobs(limit_time, after, BATCH).await?;
        for job in &overdue {
            after = (job.deadline, job.id);
            match last_part(app, job).await {
                Ok(last_part) => expire_or_extend(app, job, last_part, now, reaped).await?,
                Err(error) => {
                    tracing::warn!(job_id = %job.id, %error, "S3 does not say whether parts arrive; the job is left alone");
                    reaped.failed += 1;
                }
            }
        }
        if overdue.is_empty() || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

async fn expire_or_extend(
    app: &App,
    job: &JobRow,
    last_part: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    reaped: &mut Reaped,
) -> Result<()> {
    let hard_limit = job.created_at + app.settings.job_hard_limit;
    let extended = last_part.map(|at| (at + app.settings.job_deadline).min(hard_limit));
    if let Some(deadline) = extended
        .filter(|deadline| *deadline > job.deadline && *deadline + app.settings.job_grace > now)
    {
        reaped.extended += u64::from(app.store.extend_deadline(job.id, deadline).await?.is_some());
    } else if app.store.expire_job(job.id, job.deadline, now).await? {
        crash::at(Point::ReapJobExpired);
        tracing::info!(job_id = %job.id, "job expired");
        reaped.expired += 1;
    }
    Ok(())
}

/// When S3 last received a part of the job, if it holds any.
async fn last_part(app: &App, job: &JobRow) -> Result<Option<DateTime<Utc>>, StorageError> {
    let Some(upload_id) = &job.upload_id else {
        return Ok(None);
    };
    match app.storage.list_all_parts(&job.s3_key, upload_id).await {
        Ok(parts) => Ok(parts
            .into_iter()
            .filter_map(|part| part.last_modified)
            .max()),
        Err(StorageError::NoSuchUpload) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn clean_leftovers(app: &App, now: DateTime<Utc>, reaped: &mut Reaped) -> Result<()> {
    loop {
        let leftovers = app.store.leftover_jobs(now, BATCH).await?;
        for job in &leftovers {
            match clean(app, job).await {
                Ok(()) => {
                    app.store.set_cleaned(job.id, now).await?;
                    app.metrics.cleaned_jobs.inc();
                    reaped.cleaned += 1;
                }
                Err(error) => {
                    tracing::warn!(job_id = %job.id, %error, "a job could not be cleaned; it is tried again");
                    app.store
                        .defer_cleaning(job.id, now + RETRY_CLEANING)
                        .await?;
                    app.metrics.failed_cleanings.inc();
                    reaped.failed += 1;
                }
            }
        }
        if leftovers.is_empty() || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

/// Removes the uploads and the object of a job that ended without a version. The uploads are listed, since a crash
/// may have kept the id of one out of the row.
async fn clean(app: &App, job: &JobRow) -> Result<(), StorageError> {
    let listed = app.storage.list_uploads(&job.s3_key).await?;
    let recorded = job.upload_id.iter().filter(|id| !listed.contains(id));
    for upload_id in listed.iter().chain(recorded) {
        app.storage.abort_upload(&job.s3_key, upload_id).await?;
    }
    crash::at(Point::ReapUploadsAborted);
    app.storage.delete(&job.s3_key).await?;
    crash::at(Point::ReapObjectDeleted);
    // A part that was in flight while its upload was aborted may have stayed.
    if app.storage.list_uploads(&job.s3_key).await?.is_empty() {
        Ok(())
    } else {
        Err(StorageError::Unavailable(
            "an upload outlived its abort".to_string(),
        ))
    }
}

async fn retire_versions(app: &App, now: DateTime<Utc>, reaped: &mut Reaped) -> Result<()> {
    let Some(keep) = app.settings.keep_versions else {
        return Ok(());
    };
    loop {
        let versions = app.store.retirable_versions(keep, BATCH).await?;
        let mut retired = 0;
        for version in &versions {
            if app.store.retire_version(version, keep, now).await? {
                crash::at(Point::ReapVersionRetired);
                retired += 1;
            }
        }
        reaped.retired += retired;
        if retired == 0 || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}

async fn remove_deleted_objects(app: &App, reaped: &mut Reaped) -> Result<()> {
    let mut after = (Uuid::nil(), 0);
    loop {
        let objects = app.store.deleted_objects(after, BATCH).await?;
        for object in &objects {
            after = (object.dataset_id, object.version);
            match app.storage.delete(&object.s3_key).await {
                Ok(()) => {
                    crash::at(Point::ReapVersionObjectDeleted);
                    app.store.forget_version(object).await?;
                    reaped.removed += 1;
                }
                Err(error) => {
                    tracing::warn!(dataset_id = %object.dataset_id, %error, "an object could not be removed");
                    app.metrics.failed_cleanings.inc();
                    reaped.failed += 1;
                }
            }
        }
        if objects.is_empty() || app.stopping.is_cancelled() {
            return Ok(());
        }
    }
}
