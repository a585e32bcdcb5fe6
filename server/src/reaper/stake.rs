//! What is at stake when a database takes a bucket over: everything that the two do not have in common.

use chrono::{DateTime, Utc};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::round::BATCH;
use super::sweep;
use crate::app::App;
use crate::error::Result;
use crate::storage::{ListedObject, StorageError};
use crate::store::VersionObject;

/// After how many versions the progress is logged.
const PROGRESS_INTERVAL: usize = 10_000;

/// What a takeover of the bucket puts at stake.
#[derive(Clone, Debug, Default)]
pub struct Stake {
    /// Jobs that have not ended.
    pub open_jobs: i64,
    /// Versions whose object is not in the bucket.
    pub missing: Vec<LostVersion>,
    /// Objects of jobs that still wait for their upload, according to the database.
    pub awaited: Vec<ListedObject>,
    /// Objects that no job knows of.
    pub unknown: Vec<ListedObject>,
    /// Keys of uploads that no job knows of.
    pub orphans: Vec<String>,
    /// How many versions have keys outside of this deployment's prefix.
    pub outside: u64,
}

/// A version whose object is not in the bucket.
#[derive(Clone, Debug)]
pub struct LostVersion {
    /// Name of the dataset.
    pub dataset: String,
    /// The object.
    pub object: VersionObject,
}

/// Looks at everything that this database and the bucket do not have in common.
///
/// # Errors
/// If the database or S3 does not respond.
pub async fn stake(app: &App) -> Result<Stake> {
    let mut stake = Stake::default();
    let prefix = format!("{}datasets/", app.storage.prefix());
    let (mut after, mut looked_at) = ((Uuid::nil(), 0), 0);
    loop {
        let objects = app.store.version_objects(after, BATCH).await?;
        let Some(last) = objects.last() else { break };
        after = (last.dataset_id, last.version);
        let outside = objects
            .iter()
            .filter(|object| !object.s3_key.starts_with(&prefix));
        stake.outside += outside.count() as u64;
        looked_at += objects.len();
        for object in missing(app, objects).await? {
            let name = app.store.dataset_name(object.dataset_id).await?;
            let dataset = name.unwrap_or_default();
            stake.missing.push(LostVersion { dataset, object });
        }
        if looked_at.is_multiple_of(PROGRESS_INTERVAL) {
            tracing::info!(versions = looked_at, "looking for the objects of versions");
        }
    }
    // However young they are.
    let orphans = sweep::orphans(app, DateTime::<Utc>::MAX_UTC).await?;
    stake.orphans = orphans.into_iter().map(|upload| upload.key).collect();
    let unaccounted = sweep::unaccounted_objects(app).await?;
    (stake.unknown, stake.awaited) = (unaccounted.unknown, unaccounted.awaited);
    stake.open_jobs = app.store.count_open_jobs().await?;
    Ok(stake)
}

/// Those of a batch of objects that are not in the bucket, in their order: all are asked for at once.
async fn missing(
    app: &App,
    objects: Vec<VersionObject>,
) -> Result<Vec<VersionObject>, StorageError> {
    let mut looks = JoinSet::new();
    for (number, object) in objects.into_iter().enumerate() {
        let storage = app.storage.clone();
        looks.spawn(async move {
            let head = storage.head(&object.s3_key).await;
            head.map(|head| head.is_none().then_some((number, object)))
        });
    }
    let mut missing = Vec::new();
    for look in looks.join_all().await {
        missing.extend(look?);
    }
    missing.sort_by_key(|(number, _)| *number);
    Ok(missing.into_iter().map(|(_, object)| object).collect())
}
