//! The statements of requests, and the duties of the reaper in the steps in which it works.

use std::cell::{Cell, RefCell};

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use restow_api::job::JobStatus;
use uuid::Uuid;

use super::data::{dataset, deleted_dataset, empty_dataset, job};
use super::table::Table;
use crate::clock;
use crate::quota::Quota;
use crate::store::tests::fixture::Site;
use crate::store::{GapLimits, Visible};

/// Rows of a step, as the reaper has it.
const BATCH: i64 = 100;

/// Rows that get a gap in service at once.
const STEP: i64 = 1000;

/// Rows of a page, as a list has it at most.
const PAGE: i64 = 1000;

fn count<T>(rows: &[T]) -> u64 {
    rows.len() as u64
}

/// What requests run, each once.
pub(super) async fn requests(site: &Site, table: &mut Table) -> Result<()> {
    let (store, large) = (&site.store, dataset(0));
    let quota = Quota {
        bytes: Some(u64::MAX),
        open_jobs: Some(u64::MAX),
    };
    table
        .measure("insert a job within quotas", || async {
            Ok(u64::from(
                store.insert_job(&site.new_job(large), quota).await?,
            ))
        })
        .await?;
    table
        .measure("count open jobs", || async {
            Ok(store.count_open_jobs().await?.unsigned_abs())
        })
        .await?;
    table
        .measure("read metrics", || async {
            let now = clock::now();
            Ok(store.backlog(now, now).await?.open_uploads.unsigned_abs())
        })
        .await?;
    lists(site, table).await
}

async fn lists(site: &Site, table: &mut Table) -> Result<()> {
    let (store, owner, large) = (&site.store, site.principal.id, dataset(0));
    table
        .measure("list datasets", || async {
            Ok(count(
                &store
                    .list_datasets(owner, Visible::Own, Some(dataset(1000)), PAGE)
                    .await?,
            ))
        })
        .await?;
    table
        .measure("list jobs, a late page", || async {
            Ok(count(
                &store
                    .list_jobs(owner, large, None, Some(job(5000)), PAGE)
                    .await?,
            ))
        })
        .await?;
    table
        .measure("list jobs of a state, a late page", || async {
            let committed = Some(JobStatus::Committed);
            Ok(count(
                &store
                    .list_jobs(owner, large, committed, Some(job(5000)), PAGE)
                    .await?,
            ))
        })
        .await?;
    table
        .measure("list versions, a late page", || async {
            Ok(count(
                &store.list_versions(owner, large, Some(5000), PAGE).await?,
            ))
        })
        .await
}

/// What the reaper does in a round, each duty until nothing is left to do.
pub(super) async fn reaper(site: &Site, table: &mut Table) -> Result<()> {
    let now = clock::now();
    gap(site, table, now).await?;
    jobs(site, table, now).await?;
    versions(site, table, now).await?;
    rows(site, table, now).await
}

/// A gap in service is added to the deadlines.
async fn gap(site: &Site, table: &mut Table, now: DateTime<Utc>) -> Result<()> {
    let tolerance = TimeDelta::minutes(1);
    let limits = GapLimits {
        uploads: TimeDelta::days(6),
        previews: TimeDelta::days(7),
    };
    let store = &site.store;
    store
        .note_served(now - TimeDelta::hours(1), tolerance, limits)
        .await?;
    assert!(store.begin_service(now, tolerance).await?.is_some());
    table
        .drain("gap: add it to the deadlines", || async {
            let is_left = store.add_gap_to_some(limits, STEP).await?;
            Ok(if is_left { STEP.unsigned_abs() } else { 0 })
        })
        .await
}

async fn jobs(site: &Site, table: &mut Table, now: DateTime<Utc>) -> Result<()> {
    let store = &site.store;
    table
        .drain("cancel: jobs of deleted datasets", || async {
            Ok(store.cancel_jobs_of_deleted_datasets(now, BATCH).await?)
        })
        .await?;
    let after = Cell::new((DateTime::<Utc>::UNIX_EPOCH, Uuid::nil()));
    let after = &after;
    table
        .drain("expire: overdue uploads", || async move {
            let overdue = store.overdue_jobs(now, after.get(), BATCH).await?;
            for job in &overdue {
                after.set((job.deadline, job.id));
                store.expire_job(job.id, job.deadline, now).await?;
            }
            Ok(count(&overdue))
        })
        .await?;
    previews(site, table, now).await
}

async fn previews(site: &Site, table: &mut Table, now: DateTime<Utc>) -> Result<()> {
    let store = &site.store;
    table
        .drain("expire: overdue previews", || async {
            Ok(store.expire_inspected_jobs(now, BATCH).await?)
        })
        .await?;
    table
        .drain("clean: ended jobs", || async {
            let leftovers = store.leftover_jobs(now, BATCH).await?;
            for job in &leftovers {
                store.set_cleaned(job.id, now).await?;
            }
            Ok(count(&leftovers))
        })
        .await?;
    table
        .measure("claim the next completion", || async {
            let until = now + TimeDelta::minutes(1);
            let work = store.claim_next_completion(now, until).await?;
            Ok(u64::from(work.is_some()))
        })
        .await?;
    table
        .measure("claim the next inspection", || async {
            let until = now + TimeDelta::minutes(1);
            let work = store.claim_next_inspection(now, until).await?;
            Ok(u64::from(work.is_some()))
        })
        .await
}

async fn versions(site: &Site, table: &mut Table, now: DateTime<Utc>) -> Result<()> {
    let store = &site.store;
    table
        .drain("retire: all but ten of the large dataset", || async {
            Ok(store.retire_versions(dataset(0), 10, now, BATCH).await?)
        })
        .await?;
    let due = RefCell::new(Vec::new());
    let due = &due;
    table
        .drain("retire: all but five of every dataset", || async move {
            if due.borrow().is_empty() {
                let more = store.datasets_to_retire(5, BATCH).await?;
                due.replace(more);
            }
            let next = due.borrow_mut().pop();
            let Some(dataset_id) = next else { return Ok(0) };
            Ok(store.retire_versions(dataset_id, 5, now, BATCH).await?)
        })
        .await?;
    removal(site, table, now).await
}

async fn removal(site: &Site, table: &mut Table, now: DateTime<Utc>) -> Result<()> {
    let store = &site.store;
    let limit = now - TimeDelta::days(7);
    let after = Cell::new((DateTime::<Utc>::UNIX_EPOCH, Uuid::nil(), 0));
    let after = &after;
    table
        .drain("remove: objects of retired versions", || async move {
            let retired = store.retired_objects(limit, after.get(), BATCH).await?;
            for version in &retired {
                let object = &version.object;
                after.set((version.retired_at, object.dataset_id, object.version));
                store.forget_version(object, now).await?;
            }
            Ok(count(&retired))
        })
        .await
}

async fn rows(site: &Site, table: &mut Table, now: DateTime<Utc>) -> Result<()> {
    let store = &site.store;
    let limit = now - TimeDelta::days(7);
    table
        .measure("forget: list deleted datasets", || async {
            Ok(count(
                &store.deleted_datasets(limit, Uuid::nil(), BATCH).await?,
            ))
        })
        .await?;
    table
        .drain("forget: versions of a dataset", || async {
            let objects = store
                .objects_of_dataset(deleted_dataset(), 0, BATCH)
                .await?;
            for object in &objects {
                store.forget_version(object, now).await?;
            }
            Ok(count(&objects))
        })
        .await?;
    table
        .drain("forget: jobs of a dataset", || async {
            Ok(store.forget_jobs_of_dataset(empty_dataset(), BATCH).await?)
        })
        .await?;
    table
        .measure("forget: the dataset", || async {
            Ok(u64::from(store.forget_dataset(empty_dataset()).await?))
        })
        .await?;
    prune(site, table, now).await
}

async fn prune(site: &Site, table: &mut Table, now: DateTime<Utc>) -> Result<()> {
    let store = &site.store;
    table
        .drain("samples: of old versions", || async {
            Ok(store
                .remove_samples(now - TimeDelta::days(30), BATCH)
                .await?)
        })
        .await?;
    table
        .drain("prune: jobs that ended long ago", || async {
            Ok(store.forget_jobs(now - TimeDelta::days(90), BATCH).await?)
        })
        .await?;
    table
        .measure("sweep: owners of 1,000 keys", || async {
            let objects = store.version_objects((dataset(500), 0), PAGE).await?;
            for object in &objects {
                store.find_key_owner(&object.s3_key).await?;
            }
            Ok(count(&objects))
        })
        .await
}
