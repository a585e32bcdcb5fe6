//! Transitions that exclude each other: of two at once, one is made.

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use restow_api::job::JobStatus;
use restow_inspect::Inspection;
use tokio::join;
use tokio::time::timeout;
use uuid::Uuid;

use super::fixture::{at_once, sites};
use crate::clock;
use crate::error::Error;
use crate::store::{Store, Terms};

/// How often two are let run against each other.
const ROUNDS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_commits_wins() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        for round in 1..=3 {
            let replaces = site.current_version(dataset_id).await?;
            let mut commits = Vec::new();
            for _ in 0..6 {
                let (store, job_id) = (site.store.clone(), site.ready(dataset_id).await?);
                let commit = site.commit(dataset_id, job_id, replaces);
                commits.push(async move { store.commit_job(commit, None, clock::now()).await });
            }
            let outcomes = at_once(commits).await?;
            let made = outcomes
                .iter()
                .filter(|outcome| matches!(outcome, Ok(Some(_))))
                .count();
            let conflict = |outcome: &&Result<_, Error>| match outcome {
                Err(Error::VersionConflict { current, .. }) => *current == Some(round),
                _ => false,
            };
            let refused = outcomes.iter().filter(conflict).count();
            assert_eq!((made, refused), (1, 5), "on {}: {outcomes:?}", site.url);
            assert_eq!(site.current_version(dataset_id).await?, Some(round));
        }
        assert_eq!(
            site.store
                .list_versions(site.principal.id, dataset_id, None, 10)
                .await?
                .len(),
            3
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn commit_and_repeated_inspection_exclude_each_other() -> Result<()> {
    for site in sites().await? {
        for _ in 0..ROUNDS {
            let dataset_id = site.dataset().await?;
            let job_id = site.ready(dataset_id).await?;
            let commit = site.commit(dataset_id, job_id, None);
            let commit = site.store.commit_job(commit, None, clock::now());
            let repeat = site.store.repeat_inspection(job_id, clock::now());
            let (committed, repeated) = join!(commit, repeat);
            let repeated = repeated?;
            assert_eq!(committed?.is_some(), !repeated, "on {}", site.url);
            if !repeated {
                continue;
            }
            assert!(site.store.find_inspection(job_id).await?.is_none());
            // The commit that came too late may not be rolled back yet, and a locked job is passed over.
            let claiming = async {
                loop {
                    if let Some(work) = site.claim_next(clock::now()).await? {
                        return Result::<_>::Ok(work);
                    }
                }
            };
            let claimed = timeout(Duration::from_secs(10), claiming).await;
            let work = claimed.context("the inspection is not due")??;
            assert_eq!(work.job.id, job_id);
            let (found, deadline) = (Inspection::default(), clock::now());
            let finish = site.store.finish_as_ready(work.claim(), &found, deadline);
            assert!(finish.await?);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn commit_and_cancellation_exclude_each_other() -> Result<()> {
    for site in sites().await? {
        for _ in 0..ROUNDS {
            let dataset_id = site.dataset().await?;
            let job_id = site.ready(dataset_id).await?;
            let commit =
                site.store
                    .commit_job(site.commit(dataset_id, job_id, None), None, clock::now());
            let (committed, cancelled) = join!(commit, site.store.cancel_job(job_id, clock::now()));
            let (committed, cancelled) = (committed?.is_some(), cancelled?.is_some());
            assert_ne!(committed, cancelled, "on {}", site.url);
            assert_eq!(
                site.current_version(dataset_id).await?,
                committed.then_some(1)
            );
            let expected = if committed {
                JobStatus::Committed
            } else {
                JobStatus::Cancelled
            };
            assert_eq!(site.status(job_id).await?, expected);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_expires_or_is_completed() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        for _ in 0..ROUNDS {
            let (job, now) = (site.awaiting(dataset_id).await?, clock::now());
            let expire = site.store.expire_job(job.id, job.deadline, now);
            let (expired, claimed) = join!(
                expire,
                site.store.claim_completion(
                    job.id,
                    &[],
                    Terms::default(),
                    now + TimeDelta::minutes(1),
                    None,
                )
            );
            let (expired, claimed) = (expired?, claimed?.is_some());
            assert_ne!(expired, claimed, "on {}", site.url);
            let expected = if expired {
                JobStatus::Expired
            } else {
                JobStatus::Completing
            };
            assert_eq!(site.status(job.id).await?, expected);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_completions_is_claimed() -> Result<()> {
    for site in sites().await? {
        let job = site.awaiting(site.dataset().await?).await?;
        let until = clock::now() + TimeDelta::minutes(1);
        let claims = (0..8).map(|_| {
            let store = site.store.clone();
            async move {
                store
                    .claim_completion(job.id, &[], Terms::default(), until, None)
                    .await
            }
        });
        let claimed = at_once(claims)
            .await?
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        assert_eq!(claimed.into_iter().flatten().count(), 1, "on {}", site.url);
    }
    Ok(())
}

/// Tries everything that ends a job from outside; true where anything did.
async fn end(store: &Store, job_id: Uuid, deadline: chrono::DateTime<chrono::Utc>) -> Result<bool> {
    let late = deadline + TimeDelta::days(30);
    let expired = store.expire_job(job_id, deadline, late).await?;
    let cancelled = store.cancel_job(job_id, late).await?.is_some();
    let ready_expired = store.expire_inspected_jobs(late, 100).await?;
    Ok(expired || cancelled || ready_expired > 0)
}

#[tokio::test]
async fn completing_and_terminal_jobs_stay() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let committed = site.publish(dataset_id).await?;
        let committed = restow_api::version::Version::from(committed).job_id;
        let cancelled = site.ready(dataset_id).await?;
        assert!(
            site.store
                .cancel_job(cancelled, clock::now())
                .await?
                .is_some()
        );
        let completing = site.completing(dataset_id).await?.job.id;
        for job_id in [completing, committed, cancelled] {
            let before = site.row(job_id).await?;
            assert!(
                !end(&site.store, job_id, before.deadline).await?,
                "{} was ended",
                before.status
            );
            assert_eq!(site.row(job_id).await?, before, "on {}", site.url);
        }
        let end_of_time = clock::now() + TimeDelta::days(300);
        let overdue = site
            .store
            .overdue_jobs(end_of_time, (chrono::DateTime::UNIX_EPOCH, Uuid::nil()), 10)
            .await?;
        assert!(overdue.is_empty(), "{overdue:?}");
    }
    Ok(())
}

#[tokio::test]
async fn extended_job_does_not_expire() -> Result<()> {
    for site in sites().await? {
        let job = site.awaiting(site.dataset().await?).await?;
        let later = job.deadline + TimeDelta::microseconds(1);
        assert!(
            site.store
                .extend_deadline(job.id, later)
                .await?
                .is_some_and(|row| row.deadline == later)
        );
        assert!(
            !site.store.expire_job(job.id, job.deadline, later).await?,
            "on {}",
            site.url
        );
        // It is only ever put off.
        assert!(
            site.store
                .extend_deadline(job.id, job.deadline)
                .await?
                .is_some_and(|row| row.deadline == later)
        );
        let after = (chrono::DateTime::UNIX_EPOCH, Uuid::nil());
        assert!(
            site.store.overdue_jobs(later, after, 10).await?.is_empty(),
            "overdue at its deadline"
        );
        assert_eq!(
            site.store
                .overdue_jobs(later + TimeDelta::microseconds(1), after, 10)
                .await?
                .len(),
            1
        );
        assert!(site.store.expire_job(job.id, later, later).await?);
    }
    Ok(())
}
