//! What a round of the reaper would do.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::app::App;
use crate::bucket_owner;
use crate::error::Result;
use crate::sweep;

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
const MAX_SURVEYED: i64 = 10_000;

/// Looks at what there is to reap at the time `now`.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn survey(app: &App, now: DateTime<Utc>) -> Result<Survey> {
    let begin = (DateTime::<Utc>::UNIX_EPOCH, Uuid::nil());
    let overdue = app
        .store
        .overdue_jobs(now - app.settings.job_grace, begin, MAX_SURVEYED)
        .await?;
    let leftovers = app.store.leftover_jobs(now, MAX_SURVEYED).await?;
    let mut removable = app
        .store
        .deleted_objects((Uuid::nil(), 0), MAX_SURVEYED)
        .await?;
    if let Some(keep) = app.settings.keep_versions {
        removable.extend(app.store.retirable_versions(keep, MAX_SURVEYED).await?);
    }
    let orphans = orphans(app, now).await?;
    Ok(Survey {
        overdue: overdue.into_iter().map(|job| job.id).collect(),
        leftovers: leftovers.into_iter().map(|job| job.id).collect(),
        removable: removable.into_iter().map(|object| object.s3_key).collect(),
        orphans,
        unknown: sweep::unknown_objects(app).await?,
    })
}

/// Keys of the uploads that a round would abort.
async fn orphans(app: &App, now: DateTime<Utc>) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    if bucket_owner::is_own(app).await? == Some(false) {
        tracing::warn!("the bucket belongs to another deployment; no uploads in it are swept");
        return Ok(keys);
    }
    let mut marker = None;
    loop {
        let page = sweep::find_orphans(app, now, marker).await?;
        keys.extend(page.orphans.into_iter().map(|upload| upload.key));
        if page.next.is_none() || app.stopping.is_cancelled() {
            return Ok(keys);
        }
        marker = page.next;
    }
}
