//! Quotas: what a principal may have stored and under way.

use anyhow::Result;
use chrono::TimeDelta;

use super::fixture::{FILE_SIZE, Site, at_once, sites};
use crate::clock;
use crate::error::Error;
use crate::quota::Quota;

/// Twenty jobs that begin at once: how many may, and the refusals of the others.
async fn begin_twenty(site: &Site, quota: Quota) -> Result<(u64, Vec<Error>)> {
    let dataset_id = site.dataset().await?;
    let inserts = (0..20).map(|_| {
        let (store, job) = (site.store.clone(), site.new_job(dataset_id));
        async move { store.insert_job(&job, quota).await }
    });
    let (mut begun, mut refusals) = (0, Vec::new());
    for outcome in at_once(inserts).await? {
        match outcome {
            Ok(inserted) => begun += u64::from(inserted),
            Err(refusal) => refusals.push(refusal),
        }
    }
    Ok((begun, refusals))
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_jobs_stay_within_byte_quota() -> Result<()> {
    for site in sites().await? {
        // What is stored counts, current or not.
        let dataset_id = site.dataset().await?;
        site.publish(dataset_id).await?;
        site.publish(dataset_id).await?;
        let limit = 9 * FILE_SIZE + FILE_SIZE / 2;
        let (begun, refusals) = begin_twenty(
            &site,
            Quota {
                bytes: Some(limit),
                open_jobs: None,
            },
        )
        .await?;
        assert_eq!(
            (begun, refusals.len()),
            (7, 13),
            "on {}: {refusals:?}",
            site.url
        );
        for refusal in refusals {
            let Error::QuotaExceeded {
                limit: said,
                asked,
                used,
            } = refusal
            else {
                return Err(refusal.into());
            };
            assert_eq!((said, asked, used), (limit, FILE_SIZE, 9 * FILE_SIZE));
        }
        let rows = site
            .count("SELECT count(*) FROM jobs WHERE status = 'awaiting_upload'")
            .await?;
        assert_eq!(rows, 7, "a refused job has left a row");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_jobs_stay_within_job_quota() -> Result<()> {
    for site in sites().await? {
        let (begun, refusals) = begin_twenty(
            &site,
            Quota {
                bytes: None,
                open_jobs: Some(6),
            },
        )
        .await?;
        assert_eq!(
            (begun, refusals.len()),
            (6, 14),
            "on {}: {refusals:?}",
            site.url
        );
        assert!(
            refusals
                .iter()
                .all(|refusal| matches!(refusal, Error::TooManyOpenJobs { limit: 6 })),
            "{refusals:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn only_open_jobs_count_against_quota() -> Result<()> {
    for site in sites().await? {
        let (dataset_id, now) = (site.dataset().await?, clock::now());
        let quota = Quota {
            bytes: Some(5 * FILE_SIZE),
            open_jobs: Some(5),
        };
        site.ready(dataset_id).await?;
        site.inspecting(dataset_id).await?;
        site.completing(dataset_id).await?;
        let expiring = site.awaiting(dataset_id).await?;
        let cancelled = site.awaiting(dataset_id).await?;
        assert!(
            site.store
                .insert_job(&site.new_job(dataset_id), quota)
                .await
                .is_err(),
            "all five are under way"
        );

        assert!(site.store.cancel_job(cancelled.id, now).await?.is_some());
        assert!(
            site.store
                .insert_job(&site.new_job(dataset_id), quota)
                .await?
        );
        assert!(
            site.store
                .insert_job(&site.new_job(dataset_id), quota)
                .await
                .is_err(),
            "five again"
        );

        assert!(
            site.store
                .expire_job(expiring.id, expiring.deadline, now)
                .await?
        );
        assert!(
            site.store
                .insert_job(&site.new_job(dataset_id), quota)
                .await?
        );

        assert_eq!(
            site.store
                .expire_inspected_jobs(now + TimeDelta::days(8), 100)
                .await?,
            1
        );
        assert!(
            site.store
                .insert_job(&site.new_job(dataset_id), quota)
                .await?
        );
    }
    Ok(())
}

#[tokio::test]
async fn one_principal_does_not_count_for_another() -> Result<()> {
    for mut site in sites().await? {
        let quota = Quota {
            bytes: Some(FILE_SIZE),
            open_jobs: Some(1),
        };
        let dataset_id = site.dataset().await?;
        assert!(
            site.store
                .insert_job(&site.new_job(dataset_id), quota)
                .await?
        );
        site.principal = site.store.ensure_principal("bob", clock::now()).await?;
        let dataset_id = site.dataset().await?;
        assert!(
            site.store
                .insert_job(&site.new_job(dataset_id), quota)
                .await?
        );
    }
    Ok(())
}
