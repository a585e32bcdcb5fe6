//! The same bytes as the current version: recognised, and no new version unless wanted.

use anyhow::Result;
use restow_sdk::generated::types::{CommitJobRequest, JobStatus, Verdict};
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{System, csv, eventually};

/// Numbers of the versions of a dataset, newest first.
async fn versions(system: &System, dataset_id: Uuid) -> Result<Vec<i64>> {
    let operation = system.client.api().list_versions().dataset_id(dataset_id);
    let listed = operation.send().await?.into_inner().items;
    Ok(listed.iter().map(|version| version.version).collect())
}

/// Waits until the bucket holds nothing but that object.
async fn assert_only(system: &System, key: &str) {
    eventually("the object that was sent again is removed", async || {
        system.reap(&[]).ok()?;
        let objects = system.bucket().objects().await.ok()?;
        (objects == [key.to_string()]).then_some(())
    })
    .await;
}

#[tokio::test]
async fn same_bytes_become_no_version() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("same").await?;
    let first = system.prepare(dataset_id, "rows.csv", csv(9)).await?;
    first.commit().await?;
    let second = system.prepare(dataset_id, "again.csv", csv(9)).await?;
    let diff = second.preview().await?.schema_diff;
    assert_eq!((diff.verdict, diff.changes.len()), (Verdict::Identical, 0));
    for _ in 0..2 {
        let version = second.commit_with(CommitJobRequest::default()).await?;
        assert_eq!((version.version, version.job_id), (1, first.job_id));
    }
    let job = second.job().await?;
    assert_eq!((job.status, job.version), (JobStatus::Committed, Some(1)));
    assert_eq!(versions(&system, dataset_id).await?, [1]);
    assert_only(&system, &first.key).await;
    assert_eq!(system.read(dataset_id).await?, csv(9));
    assert_eq!(
        second
            .commit_with(CommitJobRequest::default())
            .await?
            .version,
        1
    );
    Ok(())
}

#[tokio::test]
async fn same_bytes_become_a_version_by_force() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("forced").await?;
    system.publish(dataset_id, "rows.csv", csv(9)).await?;
    let second = system.prepare(dataset_id, "rows.csv", csv(9)).await?;
    let commit = CommitJobRequest {
        force: Some(true),
        ..CommitJobRequest::default()
    };
    assert_eq!(second.commit_with(commit).await?.version, 2);
    assert_eq!(versions(&system, dataset_id).await?, [2, 1]);
    Ok(())
}

#[tokio::test]
async fn same_bytes_are_committed_automatically_as_nothing() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("nightly").await?;
    let commit = json!({ "commit": true });
    let (first, _) = system
        .prepare_with(dataset_id, "rows.csv", csv(9), commit.clone())
        .await?;
    let (_, job) = system
        .prepare_with(dataset_id, "rows.csv", csv(9), commit)
        .await?;
    assert_eq!((job.status, job.version), (JobStatus::Committed, Some(1)));
    assert_eq!(versions(&system, dataset_id).await?, [1]);
    assert_only(&system, &first.key).await;
    Ok(())
}

#[tokio::test]
async fn bytes_of_an_older_version_are_new() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("back").await?;
    system.publish(dataset_id, "rows.csv", csv(2)).await?;
    system.publish(dataset_id, "rows.csv", csv(3)).await?;
    let back = system.prepare(dataset_id, "rows.csv", csv(2)).await?;
    let diff = back.preview().await?.schema_diff;
    assert_eq!(diff.verdict, Verdict::Compatible);
    assert_eq!(
        back.commit_with(CommitJobRequest::default()).await?.version,
        3
    );
    Ok(())
}
