//! Versions: which one is current, which ones may go.

use anyhow::{Context, Result};
use restow_api::version::{Replaces, Version};
use tokio::join;
use uuid::Uuid;

use super::fixture::{Site, sites};
use crate::clock;

/// A dataset with so many versions, of which the last one is current.
async fn dataset_with(site: &Site, versions: usize) -> Result<Uuid> {
    let dataset_id = site.dataset().await?;
    for _ in 0..versions {
        site.publish(dataset_id).await?;
    }
    Ok(dataset_id)
}

#[tokio::test]
async fn current_and_retired_versions_exclude_each_other() -> Result<()> {
    for site in sites().await? {
        let dataset_id = dataset_with(&site, 2).await?;
        let (store, now) = (&site.store, clock::now());
        assert_eq!(
            store.datasets_to_retire(0, 10).await?,
            [dataset_id],
            "on {}",
            site.url
        );
        assert_eq!(store.retire_versions(dataset_id, 0, now, 10).await?, 1);
        assert_eq!(store.retire_versions(dataset_id, 0, now, 10).await?, 0);
        assert!(
            store.datasets_to_retire(0, 10).await?.is_empty(),
            "on {}",
            site.url
        );
        assert!(
            store
                .find_version(site.principal.id, dataset_id, 2)
                .await?
                .is_some()
        );
        assert!(
            store
                .find_version(site.principal.id, dataset_id, 1)
                .await?
                .is_none()
        );
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
            let (store, now) = (&site.store, clock::now());
            let restore =
                store.restore_version(site.principal.id, dataset_id, 1, Replaces::Unstated, now);
            let (restored, retired) = join!(restore, store.retire_versions(dataset_id, 0, now, 10));
            let restored = restored?.is_some();
            assert_eq!(retired?, 1, "on {}", site.url);
            let current = site
                .current_version(dataset_id)
                .await?
                .context("there is no current version")?;
            assert_eq!(current, if restored { 1 } else { 2 });
            assert!(
                store
                    .find_version(site.principal.id, dataset_id, current)
                    .await?
                    .is_some(),
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
        for (keep, left) in [
            (4, vec![5, 4, 3, 2, 1]),
            (3, vec![5, 4, 3, 2]),
            (1, vec![5, 2]),
            (0, vec![2]),
        ] {
            while site
                .store
                .retire_versions(dataset_id, keep, clock::now(), 1)
                .await?
                > 0
            {}
            let listed = site
                .store
                .list_versions(site.principal.id, dataset_id, None, 10)
                .await?;
            let numbers: Vec<_> = listed
                .into_iter()
                .map(|row| Version::from(row).version)
                .collect();
            assert_eq!(numbers, left, "of which {keep} are kept, on {}", site.url);
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
                .commit_job(site.commit(dataset_id, waiting, Some(1)), None, now)
                .await?
                .is_none()
        );
        let ready = site.ready(dataset_id).await?;
        assert!(
            site.store
                .commit_job(site.commit(dataset_id, ready, None), None, now)
                .await
                .is_err(),
            "1 is current"
        );
        let committed = site
            .store
            .commit_job(site.commit(dataset_id, ready, Some(1)), None, now)
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
