//! The queue: who gets which job, and when.

use std::collections::HashSet;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use restow_api::job::JobStatus;

use super::fixture::{at_once, reason, sites};
use crate::clock;

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_claims_never_share_a_job() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let mut due = HashSet::new();
        for _ in 0..30 {
            due.insert(site.uploaded(dataset_id).await?);
        }
        let now = clock::now();
        let claimers = (0..20).map(|_| {
            let store = site.store.clone();
            async move {
                let mut claimed = Vec::new();
                while let Some(work) = store.claim_next(now, now + TimeDelta::hours(1)).await? {
                    claimed.push(work.job.id);
                }
                anyhow::Ok(claimed)
            }
        });
        let claimed = at_once(claimers)
            .await?
            .into_iter()
            .collect::<Result<Vec<_>>>()?
            .concat();
        assert_eq!(claimed.len(), due.len(), "on {}", site.url);
        assert_eq!(claimed.into_iter().collect::<HashSet<_>>(), due);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_lease_is_claimed_once_as_death() -> Result<()> {
    for site in sites().await? {
        let first = site.inspecting(site.dataset().await?).await?;
        assert_eq!(
            (first.claim().attempt, first.deaths),
            (2, 0),
            "the completion was the first attempt"
        );
        assert!(
            site.claim_next(clock::now()).await?.is_none(),
            "a job that is held was claimed"
        );

        let later = clock::now() + TimeDelta::minutes(2);
        let claimers = (0..8).map(|_| {
            let store = site.store.clone();
            async move { store.claim_next(later, later + TimeDelta::minutes(1)).await }
        });
        let claimed = at_once(claimers)
            .await?
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        let claimed: Vec<_> = claimed.into_iter().flatten().collect();
        assert_eq!(claimed.len(), 1, "on {}", site.url);
        assert_eq!((claimed[0].claim().attempt, claimed[0].deaths), (3, 1));
        assert_eq!(claimed[0].job.status(), JobStatus::Inspecting);
    }
    Ok(())
}

#[tokio::test]
async fn released_job_is_due_without_a_death() -> Result<()> {
    for site in sites().await? {
        let work = site.inspecting(site.dataset().await?).await?;
        let due = clock::now() + TimeDelta::seconds(10);
        site.store.release(work.claim(), due).await?;
        assert!(
            site.claim_next(due - TimeDelta::microseconds(1))
                .await?
                .is_none(),
            "it was due too early"
        );
        let again = site.claim_next(due).await?.context("it is not due")?;
        assert_eq!(
            (again.claim().attempt, again.deaths),
            (work.claim().attempt + 1, 0)
        );

        site.store.note_death(again.claim(), &reason(), due).await?;
        let again = site.claim_next(due).await?.context("it is not due")?;
        assert_eq!(again.deaths, 1, "a panic is a death, and only one");
        assert_eq!(again.job.error.map(|error| error.0), Some(reason()));
    }
    Ok(())
}

#[tokio::test]
async fn completion_resets_the_death_count() -> Result<()> {
    for site in sites().await? {
        let first = site.completing(site.dataset().await?).await?;
        let later = clock::now() + TimeDelta::minutes(2);
        let second = site.claim_next(later).await?.context("it is not due")?;
        assert_eq!((second.job.id, second.deaths), (first.job.id, 1));
        assert!(
            site.store
                .finish_completion(second.claim(), "etag", later)
                .await?
        );
        let inspection = site.claim_next(later).await?.context("it is not due")?;
        assert_eq!(
            (inspection.job.status(), inspection.deaths),
            (JobStatus::Inspecting, 0)
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_job_that_waits_longest_comes_first() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let mut expected = Vec::new();
        for _ in 0..3 {
            expected.push(site.uploaded(dataset_id).await?);
        }
        for id in expected {
            assert_eq!(
                site.claim_next(clock::now()).await?.map(|work| work.job.id),
                Some(id)
            );
        }
    }
    Ok(())
}
