//! The survey: what a round would do, and what it would not touch.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{remove, sweep};
use crate::app::App;
use crate::error::Result;
use crate::storage::ListedObject;

/// What the next round would do, and what it would not touch. Nothing is changed.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Jobs whose deadline and grace have passed: expired, unless parts still arrive.
    pub overdue: Vec<Uuid>,
    /// Jobs that ended without a version of their own, to be cleaned.
    pub leftovers: Vec<Uuid>,
    /// Keys of objects to be removed with their versions.
    pub removable: Vec<String>,
    /// Keys of uploads that no job knows of.
    pub orphans: Vec<String>,
    /// Objects that no job knows of, which are never removed by themselves.
    pub unknown: Vec<ListedObject>,
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
    let mut leftovers = app.store.leftover_jobs(now, SURVEYED).await?;
    leftovers.extend(app.store.duplicate_jobs(now, SURVEYED).await?);
    let removable = removable(app, now).await?;
    let orphans = sweep::orphans(app, now).await?;
    Ok(Survey {
        overdue: overdue.into_iter().map(|job| job.id).collect(),
        leftovers: leftovers.into_iter().map(|job| job.id).collect(),
        removable,
        orphans: orphans.into_iter().map(|upload| upload.key).collect(),
        unknown: sweep::unaccounted_objects(app).await?.unknown,
    })
}

/// The objects that a round would remove with their versions.
async fn removable(app: &App, now: DateTime<Utc>) -> Result<Vec<String>> {
    let limit = remove::limit(app, now);
    let epoch = (DateTime::<Utc>::UNIX_EPOCH, Uuid::nil(), 0);
    let retired = app.store.retired_objects(limit, epoch, SURVEYED).await?;
    let mut keys: Vec<_> = retired
        .into_iter()
        .map(|version| version.object.s3_key)
        .collect();
    for dataset_id in app
        .store
        .deleted_datasets(limit, Uuid::nil(), SURVEYED)
        .await?
    {
        let objects = app
            .store
            .objects_of_dataset(dataset_id, 0, SURVEYED)
            .await?;
        keys.extend(objects.into_iter().map(|object| object.s3_key));
    }
    Ok(keys)
}
