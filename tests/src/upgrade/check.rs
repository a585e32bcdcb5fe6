//! The checks at the end of a round: everything that a push has returned exists, and nothing else.

use std::collections::BTreeSet;

use anyhow::Result;
use futures::TryStreamExt;
use restow_sdk::Client;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::access::Access;
use super::read::read;
use super::record::{Committed, Record};
use super::site::{Release, Site};

/// Runs all checks, and records what is wrong.
///
/// # Errors
/// If versions cannot be listed, or a program cannot be run.
pub async fn run(site: &Site, access: &Access, record: &Record) -> Result<()> {
    let client = access.client()?;
    for (dataset_id, versions) in record.committed() {
        compare(&client, dataset_id, &versions, record).await?;
        for committed in &versions {
            if let Err(error) = read(&client, committed).await {
                record.fail("reading back", &error);
            }
        }
    }
    compare_with_bucket(site, record).await
}

/// The versions of a dataset are those that its pushes have returned, each once.
async fn compare(
    client: &Client,
    dataset_id: Uuid,
    versions: &[Committed],
    record: &Record,
) -> Result<()> {
    let returned: BTreeSet<i64> = versions.iter().map(|committed| committed.version).collect();
    let listed = client.api().list_versions().dataset_id(dataset_id).stream();
    let listed: BTreeSet<i64> = listed
        .map_ok(|version| version.version)
        .try_collect()
        .await?;
    let who = format!("dataset {dataset_id}");
    let lost: Vec<_> = returned.difference(&listed).collect();
    if !lost.is_empty() {
        record.fail(&who, &anyhow::anyhow!("versions are lost: {lost:?}"));
    }
    let unknown: Vec<_> = listed.difference(&returned).collect();
    if !unknown.is_empty() {
        let error = anyhow::anyhow!("versions that no push has returned: {unknown:?}");
        record.fail(&who, &error);
    }
    if returned.len() < versions.len() {
        let error = anyhow::anyhow!("two pushes have returned the same version");
        record.fail(&who, &error);
    }
    Ok(())
}

/// The database agrees with the bucket.
async fn compare_with_bucket(site: &Site, record: &Record) -> Result<()> {
    let options = site.options(Release::New, "commands");
    let arguments = ["fsck", "--sweep-grace", "1s"];
    let output = spawn_blocking(move || options.output(&arguments)).await??;
    if !output.status.success() {
        let (found, log) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        record.fail("fsck", &anyhow::anyhow!("{}\n{}", found.trim(), log.trim()));
    }
    Ok(())
}
