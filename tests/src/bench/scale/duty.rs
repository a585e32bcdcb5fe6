//! Claims of work, and the duties of the reaper, in steps of a few rows until nothing is left to do.

use std::cell::{Cell, RefCell};
use std::time::Instant;

use anyhow::{Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use restow_server::clock;
use restow_server::store::Store;
use uuid::Uuid;

use super::fill::{FIRST_FREE, dataset};
use super::session::Times;
use super::site::Site;

/// Rows of a step.
const BATCH: i64 = 10;

/// Most steps of a duty.
const STEPS: usize = 100;

/// Deletions and retirements are carried out after this time.
const GRACE: TimeDelta = TimeDelta::days(7);

/// The store of a database, and what its steps took.
struct Duties {
    store: Store,
    now: DateTime<Utc>,
    /// Datasets of the database, without those that are deleted.
    rows: u64,
    times: Times,
}

/// Does everything that is due.
///
/// # Errors
/// If a statement fails, or a duty finds nothing to do.
pub async fn measure(site: &Site<'_>, rows: u64) -> Result<Times> {
    let mut duties = Duties {
        store: site.store().await?,
        now: clock::now(),
        rows,
        times: Times::new(),
    };
    duties.claims().await?;
    duties.looks().await?;
    duties.expiries().await?;
    duties.retirements().await?;
    duties.removals().await?;
    duties.prunings().await?;
    duties.store.close().await;
    Ok(duties.times)
}

impl Duties {
    /// Repeats a step, which returns the number of rows that it has found.
    async fn repeat<F: Future<Output = Result<u64>>>(
        times: &mut Times,
        name: &str,
        mut step: impl FnMut() -> F,
    ) -> Result<()> {
        let mut steps = Vec::new();
        while steps.len() < STEPS {
            let begun = Instant::now();
            let found = step().await?;
            let time = begun.elapsed().as_secs_f64() * 1000.0;
            if found == 0 {
                break;
            }
            steps.push(time);
        }
        ensure!(!steps.is_empty(), "{name}: there was nothing to do");
        times.insert(name.to_string(), steps);
        Ok(())
    }

    async fn claims(&mut self) -> Result<()> {
        let (store, now, times) = (&self.store, self.now, &mut self.times);
        let until = now + TimeDelta::minutes(1);
        Self::repeat(times, "claim a completion", || async move {
            let work = store.claim_next_completion(now, until).await?;
            Ok(u64::from(work.is_some()))
        })
        .await?;
        Self::repeat(times, "claim an inspection", || async move {
            let work = store.claim_next_inspection(now, until).await?;
            Ok(u64::from(work.is_some()))
        })
        .await
    }

    /// What is only looked at.
    async fn looks(&mut self) -> Result<()> {
        let (store, times) = (&self.store, &mut self.times);
        Self::repeat(times, "count open jobs", || async {
            Ok(store.count_open_jobs().await?.unsigned_abs())
        })
        .await?;
        let after = Cell::new((dataset(FIRST_FREE), 0));
        let after = &after;
        Self::repeat(times, "sweep: owners of keys", || async move {
            let objects = store.version_objects(after.get(), BATCH).await?;
            for object in &objects {
                after.set((object.dataset_id, object.version));
                store.find_key_owner(&object.s3_key).await?;
            }
            Ok(objects.len() as u64)
        })
        .await
    }

    async fn expiries(&mut self) -> Result<()> {
        let (store, now, times) = (&self.store, self.now, &mut self.times);
        Self::repeat(times, "cancel: jobs of deleted datasets", || async move {
            Ok(store.cancel_jobs_of_deleted_datasets(now, BATCH).await?)
        })
        .await?;
        let after = Cell::new((DateTime::<Utc>::UNIX_EPOCH, Uuid::nil()));
        let after = &after;
        Self::repeat(times, "expire: overdue uploads", || async move {
            let overdue = store.overdue_jobs(now, after.get(), BATCH).await?;
            for job in &overdue {
                after.set((job.deadline, job.id));
                store.expire_job(job.id, job.deadline, now).await?;
            }
            Ok(overdue.len() as u64)
        })
        .await?;
        Self::repeat(times, "expire: overdue previews", || async move {
            Ok(store.expire_inspected_jobs(now, BATCH).await?)
        })
        .await?;
        Self::repeat(times, "clean: ended jobs", || async move {
            let leftovers = store.leftover_jobs(now, BATCH).await?;
            for job in &leftovers {
                store.set_cleaned(job.id, now).await?;
            }
            Ok(leftovers.len() as u64)
        })
        .await
    }

    async fn retirements(&mut self) -> Result<()> {
        let (store, now, times) = (&self.store, self.now, &mut self.times);
        Self::repeat(times, "retire: find datasets", || async {
            Ok(store.datasets_to_retire(1, BATCH).await?.len() as u64)
        })
        .await?;
        Self::repeat(times, "retire: versions of a dataset", || async move {
            Ok(store.retire_versions(dataset(0), 10, now, BATCH).await?)
        })
        .await?;
        let after = Cell::new((DateTime::<Utc>::UNIX_EPOCH, Uuid::nil(), 0));
        let after = &after;
        Self::repeat(
            times,
            "remove: objects of retired versions",
            || async move {
                let retired = store
                    .retired_objects(now - GRACE, after.get(), BATCH)
                    .await?;
                for version in &retired {
                    let object = &version.object;
                    after.set((version.retired_at, object.dataset_id, object.version));
                    store.forget_version(object, now).await?;
                }
                Ok(retired.len() as u64)
            },
        )
        .await
    }

    /// The deleted datasets that are due have one ended job each and no versions.
    async fn removals(&mut self) -> Result<()> {
        let (store, now, times) = (&self.store, self.now, &mut self.times);
        let before = now - GRACE;
        let first = dataset(self.rows);
        let due = RefCell::new(Vec::new());
        let due = &due;
        let after = Cell::new(first);
        let after = &after;
        Self::repeat(times, "forget: find deleted datasets", || async move {
            let found = store.deleted_datasets(before, after.get(), BATCH).await?;
            after.set(found.last().copied().unwrap_or(after.get()));
            due.borrow_mut().extend_from_slice(&found);
            Ok(found.len() as u64)
        })
        .await?;
        Self::repeat(times, "forget: a dataset with its jobs", || async move {
            let next = due.borrow_mut().pop();
            let Some(next) = next else { return Ok(0) };
            store.begin_removal(next, before, now).await?;
            let jobs = store.forget_jobs_of_dataset(next, BATCH).await?;
            store.forget_dataset(next).await?;
            Ok(jobs)
        })
        .await
    }

    async fn prunings(&mut self) -> Result<()> {
        let (store, now, times) = (&self.store, self.now, &mut self.times);
        Self::repeat(times, "samples: of old versions", || async move {
            Ok(store
                .remove_samples(now - TimeDelta::days(30), BATCH)
                .await?)
        })
        .await?;
        Self::repeat(times, "prune: jobs that ended long ago", || async move {
            Ok(store.forget_jobs(now - TimeDelta::days(90), BATCH).await?)
        })
        .await
    }
}
