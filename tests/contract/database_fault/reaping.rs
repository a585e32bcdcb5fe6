//! The reaper with a failing database.

use anyhow::{Result, ensure};
use chrono::TimeDelta;
use restow_sdk::generated::types::JobStatus;

use super::site::Site;
use super::trouble::Trouble;
use crate::fixture::{csv, eventually};

/// A fragment of each statement by which the reaper writes, and of the one that finds the job of an upload.
pub(super) const WRITES: [&str; 13] = [
    "SET reaper_id = $1",
    "SET generation",
    "SET status = 'expired', run_after = $3",
    "SET status = 'expired', run_after = $1",
    "SET status = 'cancelled'",
    "SET cleaned_at",
    "BEGIN",
    "SET retired_at",
    "COMMIT",
    "DELETE FROM versions",
    "SELECT status, upload_id, status",
    "DELETE FROM datasets",
    "DELETE FROM idempotency_keys",
];

/// Beyond every deadline and its grace.
const LATER: TimeDelta = TimeDelta::days(8);

/// Keeps one version beside the current one, and the objects of retired ones for a second.
const OPTIONS: [&str; 6] = [
    "--keep-versions",
    "1",
    "--delete-grace",
    "1s",
    "--url-expires",
    "1s",
];

/// An upload that belongs to no job.
const ORPHAN: &str = "datasets/orphan/upload";

/// Creates data for each duty of the reaper, and runs the reaper until all of it is removed.
pub(super) async fn reap(site: &Site, trouble: &Trouble) -> Result<()> {
    let dataset_id = site.system.dataset("rows").await?;
    for rows in 1..=3 {
        site.system
            .publish(dataset_id, "rows.csv", csv(rows))
            .await?;
    }
    let waiting = site.system.begin(dataset_id, "rows.csv", csv(4)).await?;
    let ready = site.system.prepare(dataset_id, "rows.csv", csv(5)).await?;
    let deleted = site.system.dataset("deleted").await?;
    site.system.publish(deleted, "rows.csv", csv(6)).await?;
    site.system
        .client
        .api()
        .delete_dataset()
        .dataset_id(deleted)
        .send()
        .await?;
    site.system.bucket().create_upload(ORPHAN).await?;
    trouble.begin(&site.proxy);
    site.set_clock_ahead(LATER)?;
    reap_until_done(site, &OPTIONS, trouble.writes.len()).await?;
    eventually("the objects of retired versions are removed", async || {
        site.reap(&OPTIONS).await.ok()?;
        let objects = site.system.bucket().objects().await.ok()?;
        (objects.len() == 2).then_some(())
    })
    .await;
    site.set_clock_ahead(TimeDelta::zero())?;
    trouble.end(&site.proxy)?;
    for upload in [&waiting, &ready] {
        ensure!(
            upload.job().await?.status == JobStatus::Expired,
            "a job has not ended"
        );
    }
    let versions = site
        .system
        .client
        .api()
        .list_versions()
        .dataset_id(dataset_id)
        .send()
        .await?
        .into_inner()
        .items;
    let kept: Vec<_> = versions.iter().map(|version| version.version).collect();
    ensure!(kept == [3, 2], "unexpected versions: {kept:?}");
    ensure!(
        site.system.read(dataset_id).await? == csv(3),
        "the downloaded bytes differ"
    );
    ensure!(
        site.system.bucket().objects().await?.len() == 2,
        "objects other than those of the versions remain"
    );
    ensure!(
        site.system.bucket().uploads().await?.is_empty(),
        "an upload remains"
    );
    Ok(())
}

/// Makes the reaper expire the jobs in `awaiting_upload`.
pub(super) async fn expire_open_jobs(site: &Site) -> Result<()> {
    site.set_clock_ahead(LATER)?;
    reap_until_done(site, &[], 0).await?;
    site.set_clock_ahead(TimeDelta::zero())
}

/// Runs the reaper until it succeeds, with at most this many failures.
async fn reap_until_done(
    site: &Site,
    options: &'static [&'static str],
    failures: usize,
) -> Result<()> {
    let mut failed = 0;
    loop {
        match site.reap(options).await {
            Ok(said) if said.contains("0 operations failed") => return Ok(()),
            // A duty that fails does not stop the others.
            Ok(said) => ensure!(said.contains("operations failed"), "{said}"),
            Err(error) => ensure!(
                format!("{error:#}").contains("database: "),
                "unexpected error of the reaper: {error:#}"
            ),
        }
        failed += 1;
        ensure!(failed <= failures, "{failed} rounds failed");
    }
}
