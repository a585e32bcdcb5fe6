//! The queue: who gets which job, and when.

use std::collections::HashSet;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use restow_api::job::JobStatus;
use uuid::Uuid;

use super::fixture::{Site, at_once, reason, sites};
use crate::clock;
use crate::quota::Quota;
use crate::store::{NewJob, Principal, Terms};

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
                while let Some(work) = store
                    .claim_next_inspection(now, now + TimeDelta::hours(1))
                    .await?
                {
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
            async move {
                store
                    .claim_next_inspection(later, later + TimeDelta::minutes(1))
                    .await
            }
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

/// A job of another principal that is due to be inspected.
async fn uploaded_by(site: &Site, principal: Principal) -> Result<Uuid> {
    let now = clock::now();
    let name = Uuid::new_v4().simple().to_string();
    let dataset = site.store.insert_dataset(principal.id, &name, now).await?;
    let job = NewJob {
        principal_id: principal.id,
        ..site.new_job(dataset.id)
    };
    assert!(site.store.insert_job(&job, Quota::default()).await?);
    assert!(site.store.set_upload(job.id, "upload").await?);
    let claimed = site
        .store
        .claim_completion(job.id, &[], Terms::default(), now, None)
        .await?;
    let claim = claimed.context("it cannot be claimed")?.claim();
    assert!(site.store.finish_completion(claim, "etag", now).await?);
    Ok(job.id)
}

#[tokio::test]
async fn principals_take_turns() -> Result<()> {
    for site in sites().await? {
        let bob = site.store.ensure_principal("bob", clock::now()).await?;
        let carol = site.store.ensure_principal("carol", clock::now()).await?;
        let mut jobs = Vec::new();
        for principal in [
            site.principal,
            site.principal,
            site.principal,
            site.principal,
            bob,
            bob,
            carol,
        ] {
            jobs.push(uploaded_by(&site, principal).await?);
        }
        let mut claims = Vec::new();
        while let Some(work) = site.claim_next(clock::now()).await? {
            claims.push(work.claim());
        }
        let turns: Vec<_> = claims
            .iter()
            .map(|claim| jobs.iter().position(|id| *id == claim.job_id))
            .collect();
        let expected = [0, 4, 6, 1, 5, 2, 3].map(Some);
        assert_eq!(turns, expected, "on {}", site.url);

        // Bob's inspections are over, so that his next one comes before a further one of the others.
        for claim in [claims[1], claims[4]] {
            let deadline = clock::now() + TimeDelta::days(1);
            let found = restow_inspect::Inspection::default();
            assert!(site.store.finish_as_ready(claim, &found, deadline).await?);
        }
        uploaded_by(&site, site.principal).await?;
        let next = uploaded_by(&site, bob).await?;
        assert_eq!(
            site.claim_next(clock::now()).await?.map(|work| work.job.id),
            Some(next)
        );
    }
    Ok(())
}

#[tokio::test]
async fn oldest_job_has_its_turn_among_many_principals() -> Result<()> {
    for site in sites().await? {
        let mut principals = Vec::new();
        for number in 0..105 {
            let name = format!("principal {number}");
            principals.push(site.store.ensure_principal(&name, clock::now()).await?);
        }
        let oldest = uploaded_by(&site, principals[104]).await?;
        for principal in &principals {
            uploaded_by(&site, *principal).await?;
        }
        assert_eq!(
            site.claim_next(clock::now()).await?.map(|work| work.job.id),
            Some(oldest),
            "on {}",
            site.url
        );
        let mut rest = 0;
        while site.claim_next(clock::now()).await?.is_some() {
            rest += 1;
        }
        assert_eq!(rest, 105);
    }
    Ok(())
}

#[tokio::test]
async fn completions_and_inspections_are_separate_queues() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let inspection = site.uploaded(dataset_id).await?;
        let completion = site.completing(dataset_id).await?.job.id;
        let now = clock::now() + TimeDelta::minutes(2);
        let until = now + TimeDelta::minutes(1);
        let claimed = site.store.claim_next_completion(now, until).await?;
        assert_eq!(claimed.map(|work| work.job.id), Some(completion));
        assert!(
            site.store
                .claim_next_completion(now, until)
                .await?
                .is_none()
        );
        let claimed = site.store.claim_next_inspection(now, until).await?;
        assert_eq!(claimed.map(|work| work.job.id), Some(inspection));
        assert!(
            site.store
                .claim_next_inspection(now, until)
                .await?
                .is_none()
        );
    }
    Ok(())
}
