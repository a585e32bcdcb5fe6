//! Claims of work, and the duties of the reaper, in steps of a few rows.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use restow_server::clock;
use restow_server::store::Store;
use uuid::Uuid;

use super::fill::{FIRST_FREE, dataset};
use super::result::Sizes;
use super::session::Times;
use super::site::Site;
use super::turns::turns;

/// Rows of a step.
const BATCH: i64 = 10;

/// Versions that a step retires: of so few, the smallest database has enough for as many steps as other duties have.
const RETIRED: i64 = 3;

/// Deletions and retirements are carried out after this time.
const GRACE: TimeDelta = TimeDelta::days(7);

/// How long a claim is valid.
const LEASE: TimeDelta = TimeDelta::minutes(1);

/// Steps of a duty that has the fewest.
pub const LEAST_STEPS: u32 = 30;

/// What is measured.
#[derive(Clone, Copy, Debug)]
enum Duty {
    ClaimCompletion,
    ClaimInspection,
    CountOpenJobs,
    FindKeyOwners,
    CancelJobs,
    ExpireUploads,
    ExpirePreviews,
    CleanJobs,
    FindDatasetsToRetire,
    RetireVersions,
    RemoveObjects,
    FindDeletedDatasets,
    ForgetDataset,
    RemoveSamples,
    PruneJobs,
}

/// The duties in their order, their names, and how many steps all rounds have together: there is enough to do for these
/// in the smallest database.
const DUTIES: [(Duty, &str, u32); 15] = [
    (Duty::ClaimCompletion, "claim a completion", 100),
    (Duty::ClaimInspection, "claim an inspection", 100),
    (Duty::CountOpenJobs, "count open jobs", 100),
    (Duty::FindKeyOwners, "sweep: owners of keys", 50),
    (
        Duty::CancelJobs,
        "cancel: jobs of deleted datasets",
        LEAST_STEPS,
    ),
    (Duty::ExpireUploads, "expire: overdue uploads", LEAST_STEPS),
    (
        Duty::ExpirePreviews,
        "expire: overdue previews",
        LEAST_STEPS,
    ),
    (Duty::CleanJobs, "clean: ended jobs", 60),
    (Duty::FindDatasetsToRetire, "retire: find datasets", 100),
    (
        Duty::RetireVersions,
        "retire: versions of a dataset",
        LEAST_STEPS,
    ),
    (
        Duty::RemoveObjects,
        "remove: objects of retired versions",
        LEAST_STEPS,
    ),
    (
        Duty::FindDeletedDatasets,
        "forget: find deleted datasets",
        LEAST_STEPS,
    ),
    (Duty::ForgetDataset, "forget: a dataset with its jobs", 100),
    (Duty::RemoveSamples, "samples: of old versions", LEAST_STEPS),
    (
        Duty::PruneJobs,
        "prune: jobs that ended long ago",
        LEAST_STEPS,
    ),
];

/// Does what is due in all databases, in rounds; no server runs.
///
/// # Errors
/// If a statement fails, or a duty finds nothing to do.
pub async fn measure(sites: &[Site<'_>], rounds: u32, figures: &mut Sizes) -> Result<()> {
    let mut reapers = Vec::new();
    for site in sites {
        reapers.push(Reaper::new(site).await?);
    }
    for (duty, name, steps) in DUTIES {
        eprintln!("{name}");
        for round in 1..=rounds {
            let mut times = vec![Times::new(); reapers.len()];
            for turn in turns(reapers.len(), round) {
                let taken = reapers[turn].repeat(duty, steps / rounds).await;
                let taken = taken.with_context(|| format!("{name}, {} rows", sites[turn].rows))?;
                times[turn].insert(name.to_string(), taken);
            }
            figures.add(&times);
        }
    }
    for reaper in reapers {
        reaper.store.close().await;
    }
    Ok(())
}

/// The store of a database, and what its duties have come to.
struct Reaper {
    store: Store,
    now: DateTime<Utc>,
    /// The last version whose key was looked up.
    looked_up: (Uuid, i64),
    /// The last upload that has expired.
    expired: (DateTime<Utc>, Uuid),
    /// The last version whose object was removed.
    removed: (DateTime<Utc>, Uuid, i64),
    /// The last deleted dataset that was found, and all that have not been forgotten.
    found: Uuid,
    due: Vec<Uuid>,
}

impl Reaper {
    async fn new(site: &Site<'_>) -> Result<Self> {
        Ok(Self {
            store: site.store().await?,
            now: clock::now(),
            looked_up: (dataset(FIRST_FREE), 0),
            expired: (DateTime::<Utc>::UNIX_EPOCH, Uuid::nil()),
            removed: (DateTime::<Utc>::UNIX_EPOCH, Uuid::nil(), 0),
            found: dataset(site.rows),
            due: Vec::new(),
        })
    }

    /// Milliseconds of each of so many steps.
    async fn repeat(&mut self, duty: Duty, steps: u32) -> Result<Vec<f64>> {
        // While it was the turn of the others, the connection was idle, and would be tested in the first step.
        self.store.find_key_owner("").await?;
        let mut times = Vec::new();
        for _ in 0..steps {
            let begun = Instant::now();
            let found = self.step(duty).await?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
            ensure!(found > 0, "there was nothing to do");
        }
        Ok(times)
    }

    /// One step, which returns the number of rows that it has found.
    async fn step(&mut self, duty: Duty) -> Result<u64> {
        let (store, now) = (&self.store, self.now);
        let found = match duty {
            Duty::ClaimCompletion => {
                let work = store.claim_next_completion(now, now + LEASE).await?;
                u64::from(work.is_some())
            }
            Duty::ClaimInspection => {
                let work = store.claim_next_inspection(now, now + LEASE).await?;
                u64::from(work.is_some())
            }
            Duty::CountOpenJobs => store.count_open_jobs().await?.unsigned_abs(),
            Duty::FindKeyOwners => self.find_key_owners().await?,
            Duty::CancelJobs => store.cancel_jobs_of_deleted_datasets(now, BATCH).await?,
            Duty::ExpireUploads => self.expire_uploads().await?,
            Duty::ExpirePreviews => store.expire_inspected_jobs(now, BATCH).await?,
            Duty::CleanJobs => self.clean_jobs().await?,
            Duty::FindDatasetsToRetire => store.datasets_to_retire(1, BATCH).await?.len() as u64,
            Duty::RetireVersions => store.retire_versions(dataset(0), 10, now, RETIRED).await?,
            Duty::RemoveObjects => self.remove_objects().await?,
            Duty::FindDeletedDatasets => self.find_deleted_datasets().await?,
            Duty::ForgetDataset => self.forget_dataset().await?,
            Duty::RemoveSamples => {
                let before = now - TimeDelta::days(30);
                store.remove_samples(before, BATCH).await?
            }
            Duty::PruneJobs => store.forget_jobs(now - TimeDelta::days(90), BATCH).await?,
        };
        Ok(found)
    }

    async fn find_key_owners(&mut self) -> Result<u64> {
        let objects = self.store.version_objects(self.looked_up, BATCH).await?;
        for object in &objects {
            self.looked_up = (object.dataset_id, object.version);
            self.store.find_key_owner(&object.s3_key).await?;
        }
        Ok(objects.len() as u64)
    }

    async fn expire_uploads(&mut self) -> Result<u64> {
        let (now, after) = (self.now, self.expired);
        let overdue = self.store.overdue_jobs(now, after, BATCH).await?;
        for job in &overdue {
            self.expired = (job.deadline, job.id);
            self.store.expire_job(job.id, job.deadline, now).await?;
        }
        Ok(overdue.len() as u64)
    }

    async fn clean_jobs(&self) -> Result<u64> {
        let leftovers = self.store.leftover_jobs(self.now, BATCH).await?;
        for job in &leftovers {
            self.store.set_cleaned(job.id, self.now).await?;
        }
        Ok(leftovers.len() as u64)
    }

    async fn remove_objects(&mut self) -> Result<u64> {
        let (before, after) = (self.now - GRACE, self.removed);
        let retired = self.store.retired_objects(before, after, BATCH).await?;
        for version in &retired {
            let object = &version.object;
            self.removed = (version.retired_at, object.dataset_id, object.version);
            self.store.forget_version(object, self.now).await?;
        }
        Ok(retired.len() as u64)
    }

    async fn find_deleted_datasets(&mut self) -> Result<u64> {
        let (before, after) = (self.now - GRACE, self.found);
        let found = self.store.deleted_datasets(before, after, BATCH).await?;
        self.found = found.last().copied().unwrap_or(after);
        self.due.extend_from_slice(&found);
        Ok(found.len() as u64)
    }

    /// The deleted datasets that are due have one ended job each and no versions.
    async fn forget_dataset(&mut self) -> Result<u64> {
        let next = self.due.pop().context("no dataset is due")?;
        let before = self.now - GRACE;
        self.store.begin_removal(next, before, self.now).await?;
        let jobs = self.store.forget_jobs_of_dataset(next, BATCH).await?;
        self.store.forget_dataset(next).await?;
        Ok(jobs)
    }
}
