//! What holds at the end, whatever happened before.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::TryStreamExt;
use serde_json::json;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;
use uuid::Uuid;

use super::api::{Api, Ended};
use super::client::Client;
use super::content::digest;
use super::history::History;
use super::message::Request;
use super::model::is_over;
use super::report::{Report, Section};
use super::settings::{JOB_GRACE, PRINCIPALS, QUOTA};
use super::site::Site;
use crate::invariants::Deployment;
use crate::rules::locked;
use crate::{Bucket, ServerOptions};

/// How long everything may take to come to rest: longer than any deadline, and than any work that is put off.
const CHECK_TIMEOUT: Duration = Duration::from_mins(3);

/// Who checks.
const WHO: &str = "the check";

/// What is checked, and how it is reached.
pub struct Check<'a> {
    /// Everything that runs.
    pub site: &'a Site,
    /// A client of each principal, by the SDK.
    pub sdk: &'a [restow_sdk::Client],
    /// The same, by hand.
    pub apis: &'a [Api],
    /// How commands are run that nothing hinders.
    pub options: &'a ServerOptions,
    /// What is counted.
    pub report: &'a Report,
    /// What happened to the whole database.
    pub history: &'a History,
}

impl Check<'_> {
    /// Waits until nothing happens any more, then checks everything that has to hold.
    ///
    /// # Errors
    /// If something cannot be checked; what does not hold is noted.
    pub async fn run(&self, clients: Vec<Client>) -> Result<()> {
        self.rest().await?;
        let reap = |options: &[&str]| self.options.run(&[&["reap"], options].concat());
        let bucket = self.site.stores.place.open();
        let left = self.left(&clients);
        let unknown = left.clone();
        let deployment = Deployment {
            clients: self.sdk,
            bucket: &bucket,
            prefix: "",
            reap: &reap,
            job_grace: JOB_GRACE,
            half_done: self.report.total(Section::Sabotage, "killed: S3") > 0,
            left,
        };
        if let Err(wrong) = deployment.check().await {
            self.report.violate(WHO, &format!("{wrong:#}"));
        }
        self.compare(&unknown).await?;
        let server = self.site.stores.s3.clone();
        spawn_blocking(move || locked(&server).collect_garbage()).await??;
        self.read_lost(&bucket, &clients).await;
        self.read_everything(clients).await?;
        for (number, principal) in PRINCIPALS.iter().enumerate() {
            self.compare_quota(number, principal).await?;
        }
        Ok(())
    }

    /// Waits until every job has come to its end: nothing is stuck, also not in a state that has a deadline.
    async fn rest(&self) -> Result<()> {
        let begun = Instant::now();
        loop {
            let mut open = Vec::new();
            for sdk in self.sdk {
                open.extend(
                    open_jobs(sdk)
                        .await
                        .unwrap_or_else(|error| vec![format!("cannot be listed: {error:#}")]),
                );
            }
            if open.is_empty() {
                return Ok(());
            }
            if begun.elapsed() > CHECK_TIMEOUT {
                self.report.violate(
                    WHO,
                    &format!("jobs do not come to an end: {}", open.join(", ")),
                );
                return Ok(());
            }
            sleep(Duration::from_secs(1)).await;
        }
    }

    /// The database agrees with the bucket, but for the objects that a restored backup does not know.
    async fn compare(&self, unknown: &HashSet<String>) -> Result<()> {
        let options = self.options.clone();
        let arguments = ["fsck", "--json", "--sweep-grace", "1s"];
        let output = spawn_blocking(move || options.output(&arguments)).await??;
        let stdout = String::from_utf8(output.stdout)?;
        for line in stdout.lines() {
            let found: serde_json::Value = serde_json::from_str(line)?;
            let key = found["key"].as_str().unwrap_or_default();
            if found["type"] != "unknown_object" || !unknown.contains(key) {
                self.report.violate(WHO, &format!("fsck finds: {found}"));
            }
        }
        let stderr = String::from_utf8_lossy(&output.stderr);
        if !stderr.contains("versions, ") {
            self.report.violate(WHO, &format!("fsck fails: {stderr}"));
        }
        Ok(())
    }

    /// Keys that may have an object without a row: those of jobs before the bucket was last taken over.
    fn left(&self, clients: &[Client]) -> HashSet<String> {
        let adopted_at = self.history.adopted_at();
        let keys = adopted_at.into_iter().flat_map(|time| {
            let lost = clients.iter().map(|client| &client.lost);
            lost.flat_map(move |lost| lost.keys_before(time))
        });
        keys.collect()
    }

    /// The objects of versions that a restored backup has lost are there, since nothing may destroy them by itself.
    async fn read_lost(&self, bucket: &Bucket, clients: &[Client]) {
        for lost in clients.iter().flat_map(|client| client.lost.versions()) {
            match bucket.bytes(&lost.key).await {
                Ok(bytes) if lost.version.digests.contains(&digest(&bytes)) => {
                    self.report.count(
                        Section::Versions,
                        "lost by restorations, and their objects compared",
                    );
                }
                found => {
                    let found = found.map(|bytes| bytes.len());
                    let what = format!("the object of a lost version is {found:?}: {lost:?}");
                    self.report.violate(WHO, &what);
                }
            }
        }
    }

    /// Every client reads back all that it was promised.
    async fn read_everything(&self, clients: Vec<Client>) -> Result<()> {
        let mut reading = JoinSet::new();
        for mut client in clients {
            reading.spawn(async move { client.check_everything().await });
        }
        while let Some(read) = reading.join_next().await {
            // What went wrong is noted.
            let _ = read?;
        }
        Ok(())
    }

    /// The storage that the server counts is the sum of what exists. The error for a file that is too large reports it.
    async fn compare_quota(&self, number: usize, principal: &str) -> Result<()> {
        let sdk = self.sdk.get(number).context("no client of a principal")?;
        let begun = Instant::now();
        loop {
            let there_is = Deployment::used_bytes(sdk).await?;
            let Some(reported) = self.apis.get(number).map(used_bytes) else {
                return Ok(());
            };
            let reported = reported.await;
            if reported.is_ok_and(|reported| reported == there_is) {
                self.report.count(
                    Section::Versions,
                    "quotas that equal the sum of what there is",
                );
                return Ok(());
            }
            // Jobs of deleted datasets still count until they are over, and cannot be listed.
            if begun.elapsed() > CHECK_TIMEOUT {
                let what =
                    format!("{principal} has {there_is} bytes, and its quota reports {reported:?}");
                self.report.violate(WHO, &what);
                return Ok(());
            }
            sleep(Duration::from_secs(1)).await;
        }
    }
}

/// What the server takes for used.
async fn used_bytes(api: &Api) -> Result<i64, Ended> {
    let name = format!("quota {}", Uuid::now_v7().simple());
    let created = api
        .call(&Request::post(
            "create_dataset",
            "/datasets",
            json!({ "name": name }),
        ))
        .await?;
    let path = format!(
        "/datasets/{}/reupload/presigned",
        created.body["id"].as_str().unwrap_or_default()
    );
    let body = json!({ "filename": "large", "file_size": QUOTA + 1 });
    let response = api
        .call(&Request::post("request_presigned_reupload", path, body))
        .await?;
    response
        .context("used")
        .as_i64()
        .ok_or_else(|| api.unexpected("more than the quota", &response))
}

async fn open_jobs(sdk: &restow_sdk::Client) -> Result<Vec<String>> {
    let mut open = Vec::new();
    let datasets: Vec<_> = sdk.api().list_datasets().stream().try_collect().await?;
    for dataset in datasets {
        let jobs: Vec<_> = sdk
            .api()
            .list_jobs()
            .dataset_id(dataset.id)
            .stream()
            .try_collect()
            .await?;
        let not_over = jobs.iter().filter(|job| !is_over(job.status));
        open.extend(
            not_over.map(|job| format!("{} is {}, deadline {}", job.id, job.status, job.deadline)),
        );
    }
    Ok(open)
}

impl Client {
    /// Reads back everything that was acknowledged and not deleted, and sees that every job is where it should be.
    async fn check_everything(&mut self) -> Result<(), Ended> {
        let datasets: Vec<Uuid> = self
            .model
            .datasets
            .iter()
            .map(|dataset| dataset.id)
            .collect();
        let mut outcome = Ok(());
        for dataset_id in datasets {
            outcome = self.check_one(dataset_id).await.and(outcome);
        }
        outcome
    }

    async fn check_one(&mut self, dataset_id: Uuid) -> Result<(), Ended> {
        self.check_dataset(dataset_id).await?;
        self.list_versions(dataset_id, 100).await?;
        self.list_jobs(dataset_id, 100).await?;
        let Some(dataset) = self.model.dataset(dataset_id) else {
            return Ok(());
        };
        let current = dataset.current;
        let numbers: Vec<i64> = dataset.versions.keys().copied().collect();
        for number in numbers {
            self.read_version(dataset_id, number, current == Some(number))
                .await?;
        }
        Ok(())
    }
}
