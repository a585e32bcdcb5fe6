//! Versions: which one is current, which ones may go.

use anyhow::{Context, Result};
use restow_api::version::{Replaces, Version};
use tokio::join;
use uuid::Uuid;

use super::fixture::{Site, sites};
use crate::clock;
use crate::store::DeletedObject;

/// A dataset with so many versions, of which the last one is current.
async fn dataset_with(site: &Site, versions: usize) -> Result<Uuid> {
    let dataset_id = site.dataset().await?;
    for _ in 0..versions {
        site.publish(dataset_id).await?;
    }
    Ok(dataset_id)
}

/// A version as the reaper knows it.
fn object(dataset_id: Uuid, version: i64) -> DeletedObject {
    DeletedObject {
        dataset_id,
        version,
        s3_key: String::new(),
    }
}

#[tokio::test]
async fn current_and_retired_versions_exclude_each_other() -> Result<()> {
    for site in sites().await? {
        let dataset_id = dataset_with(&site, 2).await?;
        let (store, now) = (&site.store, clock::now());
        assert!(
            !store.retire_version(&object(dataset_id, 2), 0, now).await?,
            "on {}",
            site.url
        );
        assert!(store.find_version(dataset_id, 2).await?.is_some());
        assert!(store.retire_version(&object(dataset_id, 1), 0, now).await?);
        assert!(store.find_version(dataset_id, 1).await?.is_none());
        let restored = store
            .restore_version(site.principal.id, dataset_id, 1, Replaces::Unstated, now)
            .await?;
        assert!(restored.is_none(), "a retired version was restored");
        assert_eq!(site.current_version(dataset_id).await?, Some(2));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_restored_or_retired() -> Result<()> {
    for site in sites().await? {
        for _ in 0..5 {
            let dataset_id = dataset_with(&site, 2).await?;
            let (store, now, one) = (&site.store, clock::now(), object(dataset_id, 1));
            let restore =
                store.restore_version(site.principal.id, dataset_id, 1, Replaces::Unstated, now);
            let (restored, retired) = join!(restore, store.retire_version(&one, 0, now));
            let (restored, retired) = (restored?.is_some(), retired?);
            assert_ne!(restored, retired, "on {}", site.url);
            let current = site
                .current_version(dataset_id)
                .await?
                .context("there is no current version")?;
            assert_eq!(current, if restored { 1 } else { 2 });
            assert!(
                store.find_version(dataset_id, current).await?.is_some(),
                "the current version is retired"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn versions_beyond_the_kept_are_retirable() -> Result<()> {
    for site in sites().await? {
        let dataset_id = dataset_with(&site, 5).await?;
        let restored = site
            .store
            .restore_version(
                site.principal.id,
                dataset_id,
                2,
                Replaces::Unstated,
                clock::now(),
            )
            .await?;
        assert!(restored.is_some());
        for (keep, expected) in [
            (0, vec![1, 3, 4, 5]),
            (1, vec![1, 3, 4]),
            (3, vec![1]),
            (4, vec![]),
        ] {
            let retirable = site.store.retirable_versions(keep, 100).await?;
            let numbers: Vec<_> = retirable.iter().map(|object| object.version).collect();
            assert_eq!(
                numbers, expected,
                "of which {keep} are kept, on {}",
                site.url
            );
        }
        // What was listed a moment ago may have come to be kept.
        for kept in [2, 3, 4, 5] {
            let retired = site
                .store
                .retire_version(&object(dataset_id, kept), 3, clock::now())
                .await?;
            assert!(!retired, "version {kept}, on {}", site.url);
        }
    }
    Ok(())
}

#[tokio::test]
async fn refused_commit_consumes_no_number() -> Result<()> {
    for site in sites().await? {
        let dataset_id = dataset_with(&site, 1).await?;
        let now = clock::now();
        let waiting = site.awaiting(dataset_id).await?.id;
        assert!(
            site.store
                .commit_job(site.commit(dataset_id, waiting, Some(1)), now)
                .await?
                .is_none()
        );
        let ready = site.ready(dataset_id).await?;
        assert!(
            site.store
                .commit_job(site.commit(dataset_id, ready, None), now)
                .await
                .is_err(),
            "1 is current"
        );
        let committed = site
            .store
            .commit_job(site.commit(dataset_id, ready, Some(1)), now)
            .await?;
        assert_eq!(
            committed.map(|row| Version::from(row).version),
            Some(2),
            "on {}",
            site.url
        );
    }
    Ok(())
}
