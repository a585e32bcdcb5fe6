//! What holds at the end, whatever happened before.

use std::collections::HashSet;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use chrono::{TimeDelta, Utc};
use futures::TryStreamExt;
use restow_sdk::Client;
use restow_sdk::generated::types::{Dataset, Job, JobStatus, Version};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::Bucket;

/// How long anything may take to come to hold.
const INVARIANT_TIMEOUT: Duration = Duration::from_mins(1);

/// What is over is removed after a second, and no URL to it is good any longer.
pub const SOON: [&str; 6] = [
    "--sweep-grace",
    "1s",
    "--delete-grace",
    "1s",
    "--url-expires",
    "1s",
];

/// Pause between two looks.
const INTERVAL: Duration = Duration::from_millis(40);

/// A deployment that is to be checked.
pub struct Deployment<'a> {
    /// A client of each principal that has anything.
    pub clients: &'a [Client],
    /// The bucket, which contains no other deployment's objects.
    pub bucket: &'a Bucket,
    /// What its keys begin with.
    pub prefix: &'a str,
    /// Removes what was left behind, once, with further options of `reap`.
    pub reap: &'a dyn Fn(&[&str]) -> Result<String>,
    /// How long after its deadline a job is left alone.
    pub job_grace: TimeDelta,
    /// Whether the store may have died in the middle of a completion, and list the upload beside its object for ever.
    /// It must not be aborted while the object exists: on Ceph that removes the object's data.
    pub half_done: bool,
    /// Keys that may have an object without a row, since the database was restored from a backup.
    pub left: HashSet<String>,
}

impl Deployment<'_> {
    /// Checks, once the reaper has been, that every version's object is there and has its size, that S3 holds nothing
    /// else but what live jobs need, and that no job is stuck.
    ///
    /// # Errors
    /// If one of this does not hold, or does not come to hold within a minute, or anything refuses.
    pub async fn check(&self) -> Result<()> {
        self.until("no job is leased", async || {
            Ok(!self.jobs().await?.iter().any(is_worked_on))
        })
        .await?;
        // What is younger than the grace of the sweep goes in a later round.
        self.until("S3 holds what has a row, and nothing else", async || {
            (self.reap)(&SOON)?;
            self.expected()
                .await?
                .is_all(self.bucket, self.half_done, &self.left)
                .await
        })
        .await?;
        for (key, size) in self.expected().await?.versions {
            let found = self.bucket.head(&key).await?.content_length();
            ensure!(
                found == Some(size),
                "{key} should have {size} bytes: {found:?}"
            );
        }
        let now = Utc::now();
        for job in self.jobs().await? {
            let grace = if matches!(job.status, JobStatus::Ready | JobStatus::Rejected) {
                TimeDelta::zero()
            } else {
                self.job_grace
            };
            ensure!(
                is_over(&job) || job.deadline + grace > now,
                "a job is stuck: {job:?}"
            );
        }
        Ok(())
    }

    /// The bytes that each client's principal uses: those of its versions and of its jobs that are not over.
    ///
    /// # Errors
    /// If the API refuses.
    pub async fn used_bytes(client: &Client) -> Result<i64> {
        let mut used = 0;
        for dataset in datasets(client).await? {
            used += versions(client, dataset.id)
                .await?
                .iter()
                .map(|version| version.file_size)
                .sum::<i64>();
            let jobs = jobs(client, dataset.id).await?;
            used += jobs
                .iter()
                .filter(|job| !is_over(job))
                .map(|job| job.file_size)
                .sum::<i64>();
        }
        Ok(used)
    }

    async fn until(&self, what: &str, condition: impl AsyncFn() -> Result<bool>) -> Result<()> {
        let deadline = Instant::now() + INVARIANT_TIMEOUT;
        loop {
            match condition().await {
                Ok(true) => return Ok(()),
                Ok(false) if Instant::now() > deadline => {
                    let found = (self.bucket.uploads().await?, self.bucket.objects().await?);
                    bail!(
                        "timed out: {what}; uploads and objects {found:?}; {:?}",
                        self.expected().await?
                    )
                }
                Err(error) if Instant::now() > deadline => {
                    return Err(error.context(format!("timed out: {what}")));
                }
                Ok(false) | Err(_) => sleep(INTERVAL).await,
            }
        }
    }

    async fn jobs(&self) -> Result<Vec<Job>> {
        let mut found = Vec::new();
        for client in self.clients {
            for dataset in datasets(client).await? {
                found.extend(jobs(client, dataset.id).await?);
            }
        }
        Ok(found)
    }

    async fn expected(&self) -> Result<Expected> {
        let mut expected = Expected::default();
        for client in self.clients {
            for dataset in datasets(client).await? {
                let versions = versions(client, dataset.id).await?;
                expected.versions.extend(
                    versions
                        .iter()
                        .map(|version| (self.key_of_version(version), version.file_size)),
                );
                for job in jobs(client, dataset.id).await? {
                    match job.status {
                        JobStatus::AwaitingUpload => expected.uploads.push(self.key_of_job(&job)),
                        JobStatus::Ready | JobStatus::Rejected => {
                            expected.ready.push(self.key_of_job(&job));
                        }
                        _ => {}
                    }
                }
            }
        }
        expected.uploads.sort();
        Ok(expected)
    }

    fn key_of_version(&self, version: &Version) -> String {
        self.key(version.dataset_id, version.job_id, &version.filename)
    }

    fn key_of_job(&self, job: &Job) -> String {
        self.key(job.dataset_id, job.id, &job.filename)
    }

    fn key(&self, dataset_id: Uuid, job_id: Uuid, filename: &str) -> String {
        object_key(self.prefix, dataset_id, job_id, filename)
    }
}

/// Key of the object of a job, where the filename has a harmless extension.
pub fn object_key(prefix: &str, dataset_id: Uuid, job_id: Uuid, filename: &str) -> String {
    let extension = filename
        .rsplit_once('.')
        .map_or(String::new(), |(_, extension)| format!(".{extension}"));
    format!("{prefix}datasets/{dataset_id}/{job_id}{extension}")
}

/// What S3 is to hold.
#[derive(Debug, Default)]
struct Expected {
    /// Key and size of each version's object.
    versions: Vec<(String, i64)>,
    /// Keys of objects that wait for their commit, or for another inspection.
    ready: Vec<String>,
    /// Keys of uploads under way.
    uploads: Vec<String>,
}

impl Expected {
    async fn is_all(
        &self,
        bucket: &Bucket,
        half_done: bool,
        left: &HashSet<String>,
    ) -> Result<bool> {
        let versions = self.versions.iter().map(|(key, _)| key);
        let expected: HashSet<_> = versions.chain(&self.ready).cloned().collect();
        let mut objects: HashSet<_> = bucket.objects().await?.into_iter().collect();
        let mut uploads = bucket.uploads().await?;
        uploads.retain(|key| !half_done || !objects.contains(key));
        uploads.sort();
        objects.retain(|key| expected.contains(key) || !left.contains(key));
        Ok(uploads == self.uploads && objects == expected)
    }
}

fn is_worked_on(job: &Job) -> bool {
    matches!(job.status, JobStatus::Completing | JobStatus::Inspecting)
}

/// Whether a job has come to an end.
fn is_over(job: &Job) -> bool {
    use JobStatus::{Cancelled, Committed, Expired, Failed};
    matches!(job.status, Committed | Failed | Cancelled | Expired)
}

async fn datasets(client: &Client) -> Result<Vec<Dataset>> {
    Ok(client.api().list_datasets().stream().try_collect().await?)
}

async fn jobs(client: &Client, dataset_id: Uuid) -> Result<Vec<Job>> {
    Ok(client
        .api()
        .list_jobs()
        .dataset_id(dataset_id)
        .stream()
        .try_collect()
        .await?)
}

async fn versions(client: &Client, dataset_id: Uuid) -> Result<Vec<Version>> {
    Ok(client
        .api()
        .list_versions()
        .dataset_id(dataset_id)
        .stream()
        .try_collect()
        .await?)
}
