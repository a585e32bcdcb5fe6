//! Rounds of the reaper over a database that fails.

use anyhow::{Result, ensure};
use chrono::TimeDelta;
use restow_sdk::generated::types::JobStatus;

use super::site::Site;
use super::trouble::Trouble;
use crate::fixture::csv;

/// A fragment of each statement by which a round writes, and of the one that says whose an upload is.
pub(super) const WRITES: [&str; 11] = [
    "SET status = 'expired', run_after = $3",
    "SET status = 'expired', run_after = $1",
    "SET status = 'cancelled'",
    "SET cleaned_at",
    "BEGIN",
    "SET retired_at",
    "COMMIT",
    "DELETE FROM versions",
    "INSERT INTO instance",
    "SELECT status, upload_id, status",
    "DELETE FROM datasets",
];

/// Beyond every deadline, and the grace behind it.
const LATER: TimeDelta = TimeDelta::days(8);

/// An upload that no job knows of.
const ORPHAN: &str = "datasets/orphan/upload";

/// Something of everything that there is to reap, and rounds until it is.
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
    reap_until_done(site, &["--keep-versions", "1"], trouble.writes.len()).await?;
    site.set_clock_ahead(TimeDelta::zero())?;
    trouble.end(&site.proxy)?;
    for upload in [&waiting, &ready] {
        ensure!(
            upload.job().await?.status == JobStatus::Expired,
            "a job is not over"
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
    ensure!(kept == [3, 2], "other versions are kept: {kept:?}");
    ensure!(
        site.system.read(dataset_id).await? == csv(3),
        "other bytes came back"
    );
    ensure!(
        site.system.bucket().objects().await?.len() == 2,
        "other objects than those of the versions"
    );
    ensure!(
        site.system.bucket().uploads().await?.is_empty(),
        "an upload stayed"
    );
    Ok(())
}

/// Has the reaper end the jobs that still wait for their upload.
pub(super) async fn end_what_waits(site: &Site) -> Result<()> {
    site.set_clock_ahead(LATER)?;
    reap_until_done(site, &[], 0).await?;
    site.set_clock_ahead(TimeDelta::zero())
}

/// Rounds until one comes to its end, of which so many may fail.
async fn reap_until_done(
    site: &Site,
    options: &'static [&'static str],
    failures: usize,
) -> Result<()> {
    let mut failed = 0;
    while let Err(error) = site.reap(options).await {
        failed += 1;
        ensure!(failed <= failures, "{error:#}");
        ensure!(
            format!("{error:#}").contains("database: "),
            "the reaper failed for another reason: {error:#}"
        );
    }
    Ok(())
}
