//! Idempotency keys: claimed with what they create, or not at all.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::fixture::{FILE_SIZE, Site, at_once, sites};
use crate::clock;
use crate::error::Error;
use crate::quota::Quota;
use crate::store::KeyUse;

/// The use of a key by a request with this fingerprint.
fn key_use(site: &Site, key: &str, fingerprint: u8, used_at: DateTime<Utc>) -> KeyUse {
    KeyUse {
        principal_id: site.principal.id,
        key: key.to_string(),
        fingerprint: [fingerprint; 32],
        used_at,
        remembered_since: used_at - TimeDelta::days(1),
    }
}

async fn count_keys(site: &Site) -> Result<i64> {
    site.count("SELECT count(*) FROM idempotency_keys").await
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_requests_create_one_job() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let key = key_use(&site, "key", 1, clock::now());
        let quota = Quota {
            bytes: Some(FILE_SIZE),
            open_jobs: Some(1),
        };
        let creations = (0..20).map(|_| {
            let (store, job, key) = (site.store.clone(), site.new_job(dataset_id), key.clone());
            async move { store.create_job(&job, quota, Some(&key)).await }
        });
        let mut ids: Vec<Option<Uuid>> = Vec::new();
        for outcome in at_once(creations).await? {
            ids.push(outcome?);
        }
        ids.dedup();
        assert_eq!(ids.len(), 1, "on {}: {ids:?}", site.url);
        assert_eq!(site.store.find_created(&key).await?, ids[0]);
        assert_eq!(site.count("SELECT count(*) FROM jobs").await?, 1);
    }
    Ok(())
}

#[tokio::test]
async fn failed_creation_claims_no_key() -> Result<()> {
    for site in sites().await? {
        let (now, store) = (clock::now(), &site.store);
        let dataset_id = site.dataset().await?;
        let key = key_use(&site, "key", 1, now);
        let none = Quota {
            bytes: Some(0),
            open_jobs: None,
        };
        let job = site.new_job(dataset_id);
        let refused = store.create_job(&job, none, Some(&key)).await;
        assert!(matches!(refused, Err(Error::QuotaExceeded { .. })));
        let gone = site.new_job(Uuid::now_v7());
        let created = store.create_job(&gone, Quota::default(), Some(&key));
        assert_eq!(created.await?, None);
        store.insert_dataset(site.principal.id, "name", now).await?;
        let taken = store.create_dataset(site.principal.id, "name", Some(&key), now);
        assert!(matches!(taken.await, Err(Error::NameTaken)));
        assert_eq!(count_keys(&site).await?, 0, "on {}", site.url);
    }
    Ok(())
}

#[tokio::test]
async fn key_stands_for_one_request_for_a_day() -> Result<()> {
    for site in sites().await? {
        let (now, store) = (clock::now(), &site.store);
        let create = async |name: &str, key: KeyUse| {
            let created = store.create_dataset(site.principal.id, name, Some(&key), now);
            created.await.map(|dataset| dataset.id)
        };
        let first = create("one", key_use(&site, "key", 1, now)).await?;
        let later = now + TimeDelta::days(1);
        assert_eq!(create("one", key_use(&site, "key", 1, later)).await?, first);
        let other = create("two", key_use(&site, "key", 2, later)).await;
        assert!(matches!(other, Err(Error::IdempotencyKeyReused)));

        let too_late = later + TimeDelta::seconds(1);
        let forgotten = key_use(&site, "key", 1, too_late);
        assert_eq!(store.find_created(&forgotten).await?, None);
        let second = create("two", key_use(&site, "key", 2, too_late)).await?;
        assert_ne!(second, first);
        assert_eq!(count_keys(&site).await?, 1);
    }
    Ok(())
}

#[tokio::test]
async fn old_keys_are_forgotten_in_steps() -> Result<()> {
    for site in sites().await? {
        let (now, store) = (clock::now(), &site.store);
        for number in 0..5 {
            let name = number.to_string();
            let key = key_use(&site, &name, 1, now + TimeDelta::seconds(number));
            store
                .create_dataset(site.principal.id, &name, Some(&key), now)
                .await?;
        }
        let before = now + TimeDelta::seconds(3);
        let mut forgotten = Vec::new();
        for _ in 0..3 {
            forgotten.push(store.forget_keys(before, 2).await?);
        }
        assert_eq!(forgotten, [2, 1, 0], "on {}", site.url);
        for (name, is_known) in [("2", false), ("3", true)] {
            let key = key_use(&site, name, 1, now);
            assert_eq!(store.find_created(&key).await?.is_some(), is_known);
        }
    }
    Ok(())
}

#[tokio::test]
async fn only_job_without_upload_is_given_up() -> Result<()> {
    for site in sites().await? {
        let (now, store) = (clock::now(), &site.store);
        let dataset_id = site.dataset().await?;
        let (job, key) = (site.new_job(dataset_id), key_use(&site, "key", 1, now));
        let create = store.create_job(&job, Quota::default(), Some(&key));
        assert_eq!(create.await?, Some(job.id));
        assert!(store.set_upload(job.id, "upload").await?);
        assert!(!store.give_up_job(job.id, Some(&key), now).await?);
        assert_eq!(store.find_created(&key).await?, Some(job.id));

        let (job, key) = (site.new_job(dataset_id), key_use(&site, "other", 1, now));
        let create = store.create_job(&job, Quota::default(), Some(&key));
        assert_eq!(create.await?, Some(job.id));
        assert!(store.give_up_job(job.id, Some(&key), now).await?);
        assert_eq!(store.find_created(&key).await?, None);
        assert_eq!(site.row(job.id).await?.status, "cancelled");
    }
    Ok(())
}
