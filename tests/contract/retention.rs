//! Retention: old versions are removed, the current one never is.

use anyhow::Result;
use restow_sdk::generated::types::RestoreVersionRequest;
use uuid::Uuid;

use crate::fixture::{System, assert_invariants, csv, refused};

/// A dataset with versions of one to `count` rows; the reaper runs only when a test runs it.
async fn versions(count: usize) -> Result<(System, Uuid)> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let dataset_id = system.dataset("kept").await?;
    for rows in 1..=count {
        system.publish(dataset_id, "rows.csv", csv(rows)).await?;
    }
    Ok((system, dataset_id))
}

async fn listed(system: &System, dataset_id: Uuid) -> Result<Vec<i64>> {
    let versions = system
        .client
        .api()
        .list_versions()
        .dataset_id(dataset_id)
        .send()
        .await?
        .into_inner()
        .items;
    Ok(versions
        .into_iter()
        .map(|version| version.version)
        .collect())
}

async fn restore(system: &System, dataset_id: Uuid, version: i64) -> Result<(), restow_sdk::Error> {
    let operation = system
        .client
        .api()
        .restore_version()
        .dataset_id(dataset_id)
        .version(version);
    operation
        .body(RestoreVersionRequest { replaces: None })
        .send()
        .await?;
    Ok(())
}

#[tokio::test]
async fn retired_versions_lose_their_objects() -> Result<()> {
    let (system, dataset_id) = versions(4).await?;
    assert_eq!(system.bucket().objects().await?.len(), 4);
    let said = system.reap(&["--keep-versions", "1"])?;
    assert!(
        said.contains("2 versions retired, 2 objects deleted"),
        "{said}"
    );
    assert_eq!(listed(&system, dataset_id).await?, [4, 3]);
    for version in [1, 2] {
        let one = system
            .client
            .api()
            .get_version()
            .dataset_id(dataset_id)
            .version(version);
        refused(one.send().await, 404, "not_found");
        let download = system
            .client
            .api()
            .download_version()
            .dataset_id(dataset_id)
            .version(version);
        refused(download.send().await, 404, "not_found");
        refused(
            restore(&system, dataset_id, version).await,
            404,
            "not_found",
        );
    }
    assert_eq!(system.read_version(dataset_id, 3).await?, csv(3));
    assert_eq!(system.read(dataset_id).await?, csv(4));
    assert!(
        system
            .reap(&["--keep-versions", "1"])?
            .contains("0 versions retired, 0 objects deleted")
    );
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn all_versions_are_kept_by_default() -> Result<()> {
    let (system, dataset_id) = versions(3).await?;
    assert!(
        system
            .reap(&[])?
            .contains("0 versions retired, 0 objects deleted")
    );
    assert_eq!(listed(&system, dataset_id).await?, [3, 2, 1]);
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn current_version_is_never_retired() -> Result<()> {
    let (system, dataset_id) = versions(4).await?;
    restore(&system, dataset_id, 1).await?;
    system.reap(&["--keep-versions", "1"])?;
    assert_eq!(listed(&system, dataset_id).await?, [4, 1]);
    assert_eq!(system.read(dataset_id).await?, csv(1));
    system.reap(&["--keep-versions", "0"])?;
    assert_eq!(listed(&system, dataset_id).await?, [1]);
    assert_eq!(system.read(dataset_id).await?, csv(1));
    assert_eq!(
        system
            .publish(dataset_id, "rows.csv", csv(5))
            .await?
            .version,
        5
    );
    assert_eq!(system.read_version(dataset_id, 1).await?, csv(1));
    assert_invariants(&system, &system.bucket()).await
}
