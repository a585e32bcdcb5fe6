//! Retention: old versions are removed, the current one never is.

use anyhow::Result;
use chrono::{TimeDelta, Utc};
use restow_sdk::generated::types::RestoreVersionRequest;
use uuid::Uuid;

use crate::fixture::{System, assert_invariants, csv, eventually, refused};

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
        said.contains("2 versions retired, 0 objects deleted"),
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
    system
        .reap_until(
            &["--keep-versions", "1"],
            "0 versions retired, 2 objects deleted",
        )
        .await;
    assert_eq!(system.bucket().objects().await?.len(), 2);
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

#[tokio::test]
async fn issued_url_outlives_retention_and_deletion() -> Result<()> {
    let (system, dataset_id) = versions(2).await?;
    let api = system.client.api();
    let mut urls = Vec::new();
    for version in [1, 2] {
        let download = api
            .download_version()
            .dataset_id(dataset_id)
            .version(version);
        urls.push((
            download.send().await?.into_inner().url,
            csv(version.try_into()?),
        ));
    }
    // The grace alone would end at once; the URLs are good for an hour.
    let options = ["--keep-versions", "0", "--delete-grace", "1s"];
    assert!(system.reap(&options)?.contains("1 versions retired"));
    api.delete_dataset().dataset_id(dataset_id).send().await?;
    let deleted_at = Utc::now();
    eventually("the grace is over", async || {
        (Utc::now() > deleted_at + TimeDelta::seconds(2)).then_some(())
    })
    .await;
    assert!(
        system
            .reap(&options)?
            .contains("0 versions retired, 0 objects deleted")
    );
    for (url, content) in urls {
        let bytes = system
            .http
            .get(url)
            .send()
            .await?
            .error_for_status()?
            .bytes()
            .await?;
        assert_eq!(bytes, content);
    }
    system.reap_until(&[], "1 deleted datasets and").await;
    assert!(system.bucket().objects().await?.is_empty());
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn deleted_dataset_is_undeleted_within_its_grace() -> Result<()> {
    let (system, dataset_id) = versions(2).await?;
    let api = system.client.api();
    let undelete = || api.undelete_dataset().dataset_id(dataset_id).send();
    let before = api
        .get_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?
        .into_inner();
    api.delete_dataset().dataset_id(dataset_id).send().await?;
    system.reap(&[])?;
    let restored = undelete().await?.into_inner();
    assert_eq!((restored.id, &restored.name), (before.id, &before.name));
    assert_eq!(restored.current_version, Some(2));
    let again = undelete().await?.into_inner();
    assert_eq!(
        (again.id, again.updated_at),
        (restored.id, restored.updated_at),
        "a repetition changes nothing"
    );
    assert_eq!(listed(&system, dataset_id).await?, [2, 1]);
    assert_eq!(system.read(dataset_id).await?, csv(2));

    api.delete_dataset().dataset_id(dataset_id).send().await?;
    let other = system.dataset("kept").await?;
    refused(undelete().await, 409, "name_taken");
    api.delete_dataset().dataset_id(other).send().await?;
    undelete().await?;

    api.delete_dataset().dataset_id(dataset_id).send().await?;
    system.reap_until(&[], "2 objects deleted").await;
    refused(undelete().await, 404, "not_found");
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn dataset_of_another_principal_is_not_undeleted() -> Result<()> {
    let (system, dataset_id) = versions(1).await?;
    system
        .client
        .api()
        .delete_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    let stranger = system.server.client_with(&system.token_of("mallory")?)?;
    let undelete = stranger.api().undelete_dataset().dataset_id(dataset_id);
    refused(undelete.send().await, 404, "not_found");
    Ok(())
}

#[tokio::test]
async fn samples_and_old_jobs_are_removed() -> Result<()> {
    let (system, dataset_id) = versions(1).await?;
    let api = system.client.api();
    let committed = api.list_jobs().dataset_id(dataset_id).send().await?.items[0].id;
    let cancelled = system.prepare(dataset_id, "rows.csv", csv(5)).await?;
    assert!(
        !api.get_preview()
            .job_id(cancelled.job_id)
            .send()
            .await?
            .sample
            .is_empty()
    );
    cancelled.cancel().await?;
    refused(
        api.get_preview().job_id(cancelled.job_id).send().await,
        409,
        "invalid_state",
    );
    assert!(
        !api.get_preview()
            .job_id(committed)
            .send()
            .await?
            .sample
            .is_empty()
    );
    system
        .reap_until(
            &["--keep-samples", "1s", "--keep-jobs", "1s"],
            "and 1 ended jobs removed",
        )
        .await;
    refused(cancelled.job().await, 404, "not_found");
    let preview = api
        .get_preview()
        .job_id(committed)
        .send()
        .await?
        .into_inner();
    assert!(
        preview.sample.is_empty(),
        "the sample is kept: {:?}",
        preview.sample
    );
    assert_eq!(preview.row_count, Some(1));
    assert_eq!(system.read(dataset_id).await?, csv(1));
    assert_invariants(&system, &system.bucket()).await
}
