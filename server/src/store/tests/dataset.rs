//! Datasets: what is left of one that is deleted, and when nothing is.

use anyhow::{Context, Result};
use chrono::TimeDelta;
use restow_api::job::JobStatus;
use uuid::Uuid;

use super::fixture::{Site, reason, sites};
use crate::clock;
use crate::error::Error;

/// A job in each state.
async fn one_job_in_each_state(site: &Site, dataset_id: Uuid) -> Result<Vec<(JobStatus, Uuid)>> {
    let (store, now) = (&site.store, clock::now());
    site.publish(dataset_id).await?;
    let committed = store
        .list_jobs(
            site.principal.id,
            dataset_id,
            Some(JobStatus::Committed),
            None,
            1,
        )
        .await?[0]
        .id;
    let failed = site.inspecting(dataset_id).await?.claim();
    assert!(store.fail(failed, &reason(), now).await?);
    let cancelled = site.awaiting(dataset_id).await?.id;
    assert!(store.cancel_job(cancelled, now).await?.is_some());
    let expired = site.awaiting(dataset_id).await?;
    assert!(store.expire_job(expired.id, expired.deadline, now).await?);
    let jobs = vec![
        (JobStatus::Committed, committed),
        (JobStatus::Failed, failed.job_id),
        (JobStatus::Cancelled, cancelled),
        (JobStatus::Expired, expired.id),
        (JobStatus::Ready, site.ready(dataset_id).await?),
        (JobStatus::Rejected, site.rejected(dataset_id).await?),
        (
            JobStatus::Inspecting,
            site.inspecting(dataset_id).await?.job.id,
        ),
        (
            JobStatus::Completing,
            site.completing(dataset_id).await?.job.id,
        ),
        (
            JobStatus::AwaitingUpload,
            site.awaiting(dataset_id).await?.id,
        ),
    ];
    assert_eq!(jobs.len(), JobStatus::ALL.len(), "a state is missing");
    Ok(jobs)
}

#[tokio::test]
async fn deleting_a_dataset_ends_all_but_completions() -> Result<()> {
    for site in sites().await? {
        let (store, now, dataset_id) = (&site.store, clock::now(), site.dataset().await?);
        let jobs = one_job_in_each_state(&site, dataset_id).await?;
        let cancelled = store
            .delete_dataset(site.principal.id, dataset_id, now)
            .await?;
        assert_eq!(cancelled, Some(4));
        let again = store
            .delete_dataset(site.principal.id, dataset_id, now)
            .await?;
        assert_eq!(again, None, "deleted twice");
        for (before, id) in &jobs {
            let expected = match before {
                JobStatus::AwaitingUpload
                | JobStatus::Inspecting
                | JobStatus::Ready
                | JobStatus::Rejected => JobStatus::Cancelled,
                JobStatus::Completing
                | JobStatus::Committed
                | JobStatus::Failed
                | JobStatus::Cancelled
                | JobStatus::Expired => *before,
            };
            assert_eq!(
                site.status(*id).await?,
                expected,
                "was {before}, on {}",
                site.url
            );
            assert!(
                store.find_job(site.principal.id, *id).await?.is_none(),
                "a job of a deleted dataset is found"
            );
        }
        assert_eq!(
            store.cancel_jobs_of_deleted_datasets(now, 100).await?,
            0,
            "a completion was cancelled"
        );
        let completion = store
            .claim_next_completion(now + TimeDelta::minutes(2), now + TimeDelta::minutes(3))
            .await?;
        let claim = completion.context("the completion is not due")?.claim();
        assert!(store.finish_completion(claim, "etag", now).await?);
        assert_eq!(store.cancel_jobs_of_deleted_datasets(now, 100).await?, 1);
        assert_eq!(site.status(claim.job_id).await?, JobStatus::Cancelled);
    }
    Ok(())
}

#[tokio::test]
async fn deleted_dataset_row_goes_after_cleaning() -> Result<()> {
    for site in sites().await? {
        let (store, now) = (&site.store, clock::now());
        let (dataset_id, other) = (site.dataset().await?, site.dataset().await?);
        site.publish(other).await?;
        for _ in 0..2 {
            site.publish(dataset_id).await?;
        }
        let cancelled = site.ready(dataset_id).await?;
        assert!(
            store
                .delete_dataset(site.principal.id, dataset_id, now)
                .await?
                .is_some()
        );
        assert!(
            !store.forget_dataset(dataset_id).await?,
            "two objects and a job are left"
        );
        let later = now + TimeDelta::seconds(1);
        let deleted = store.deleted_datasets(later, Uuid::nil(), 10).await?;
        assert_eq!(deleted, [dataset_id]);
        assert!(
            store
                .deleted_datasets(now, Uuid::nil(), 10)
                .await?
                .is_empty(),
            "its grace is not over"
        );

        let objects = store.objects_of_dataset(dataset_id, 0, 10).await?;
        assert_eq!(
            objects
                .iter()
                .map(|object| object.version)
                .collect::<Vec<_>>(),
            [1, 2],
            "on {}",
            site.url
        );
        let behind_the_first = store.objects_of_dataset(dataset_id, 1, 10).await?;
        assert_eq!(behind_the_first.len(), 1);
        for object in &objects {
            store.forget_version(object, now).await?;
        }
        assert_eq!(store.forget_jobs_of_dataset(dataset_id, 10).await?, 2);
        assert!(!store.forget_dataset(dataset_id).await?, "a job is left");

        let leftovers = store.leftover_jobs(now, 10).await?;
        assert_eq!(
            leftovers.iter().map(|job| job.id).collect::<Vec<_>>(),
            [cancelled]
        );
        store
            .defer_cleaning(cancelled, now + TimeDelta::minutes(1))
            .await?;
        assert!(
            store.leftover_jobs(now, 10).await?.is_empty(),
            "it was put off"
        );
        store.set_cleaned(cancelled, now).await?;
        assert!(
            store
                .leftover_jobs(now + TimeDelta::hours(1), 10)
                .await?
                .is_empty(),
            "it is cleaned"
        );
        assert_eq!(store.forget_jobs_of_dataset(dataset_id, 10).await?, 1);
        assert!(store.forget_dataset(dataset_id).await?);
        for (table, statement) in [
            ("datasets", "SELECT count(*) FROM datasets"),
            ("jobs", "SELECT count(*) FROM jobs"),
            ("versions", "SELECT count(*) FROM versions"),
            ("inspections", "SELECT count(*) FROM inspections"),
        ] {
            assert_eq!(
                site.count(statement).await?,
                1,
                "{table}: only the other dataset is left, on {}",
                site.url
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn jobs_need_an_existing_own_dataset() -> Result<()> {
    for site in sites().await? {
        let (store, now, dataset_id) = (&site.store, clock::now(), site.dataset().await?);
        let ready = site.ready(dataset_id).await?;
        let stranger = store.ensure_principal("bob", now).await?;
        let mut job = site.new_job(dataset_id);
        job.principal_id = stranger.id;
        assert!(
            !store
                .insert_job(&job, crate::quota::Quota::default())
                .await?,
            "on {}",
            site.url
        );
        let mut commit = site.commit(dataset_id, ready, None);
        commit.principal_id = stranger.id;
        assert!(store.commit_job(commit, None, now).await.is_err());

        assert!(
            store
                .delete_dataset(site.principal.id, dataset_id, now)
                .await?
                .is_some()
        );
        assert!(
            !store
                .insert_job(&site.new_job(dataset_id), crate::quota::Quota::default())
                .await?
        );
        assert!(
            store
                .commit_job(site.commit(dataset_id, ready, None), None, now)
                .await
                .is_err()
        );
        assert_eq!(site.count("SELECT count(*) FROM versions").await?, 0);
    }
    Ok(())
}

#[tokio::test]
async fn deletion_frees_the_name() -> Result<()> {
    for site in sites().await? {
        let (store, now, principal_id) = (&site.store, clock::now(), site.principal.id);
        let first = store.insert_dataset(principal_id, "name", now).await?.id;
        let second = store.insert_dataset(principal_id, "another", now).await?.id;
        assert!(
            matches!(
                store.insert_dataset(principal_id, "name", now).await,
                Err(Error::NameTaken)
            ),
            "{}",
            site.url
        );
        let renamed = store
            .update_dataset(principal_id, second, Some("name"), None, now)
            .await;
        assert!(matches!(renamed, Err(Error::NameTaken)), "on {}", site.url);
        assert!(
            store
                .delete_dataset(principal_id, first, now)
                .await?
                .is_some()
        );
        assert!(
            store
                .update_dataset(principal_id, second, Some("name"), None, now)
                .await?
                .is_some()
        );
    }
    Ok(())
}
