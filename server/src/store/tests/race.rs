//! Operations on a dataset while another one on it has not ended: each comes before it or after it.

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use futures::FutureExt;
use restow_api::job::JobStatus;
use sqlx::postgres::PgPool;
use sqlx::{Executor, Row};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::fixture::{at_once, postgres_site, sites};
use super::token;
use crate::clock;
use crate::error::Error;
use crate::quota::Quota;
use crate::store::Database;

/// How often operations are let run against each other.
const ROUNDS: usize = 10;

/// A quota that nothing here exceeds.
const QUOTA: Quota = Quota {
    bytes: Some(u64::MAX),
    open_jobs: Some(1_000_000),
};

/// The pool of a PostgreSQL database.
fn postgres(database: &Database) -> Result<&PgPool> {
    match database {
        Database::Postgres(pool) => Ok(pool),
        Database::Sqlite { .. } => anyhow::bail!("not PostgreSQL"),
    }
}

/// Waits until a task has ended or waits for a lock.
async fn ends_or_waits<T>(task: &JoinHandle<T>, pool: &PgPool) -> Result<()> {
    let waiting = "SELECT count(*) FROM pg_stat_activity \
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while !task.is_finished() {
        if pool.fetch_one(waiting).await?.try_get::<i64, _>(0)? > 0 {
            return Ok(());
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn job_is_not_inserted_during_a_deletion() -> Result<()> {
    let Some(site) = postgres_site().await? else {
        return Ok(());
    };
    let dataset_id = site.dataset().await?;
    let pool = postgres(&site.store.database)?;
    for quota in [Quota::default(), QUOTA] {
        let mut deletion = pool.begin().await?;
        deletion
            .execute("UPDATE datasets SET deleted_at = now()")
            .await?;
        let (store, job) = (site.store.clone(), site.new_job(dataset_id));
        let insert = tokio::spawn(async move { store.insert_job(&job, quota).await });
        ends_or_waits(&insert, pool).await?;
        deletion.commit().await?;
        assert!(!insert.await??, "a job was inserted");
        pool.execute("UPDATE datasets SET deleted_at = NULL")
            .await?;
    }
    assert_eq!(site.count("SELECT count(*) FROM jobs").await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn job_of_undeleted_dataset_is_not_cancelled() -> Result<()> {
    let Some(site) = postgres_site().await? else {
        return Ok(());
    };
    let (dataset_id, now) = (site.dataset().await?, clock::now());
    let pool = postgres(&site.store.database)?;
    let work = site.completing(dataset_id).await?;
    let deleted = site
        .store
        .delete_dataset(site.principal.id, dataset_id, now);
    assert!(deleted.await?.is_some());
    let finished = site
        .store
        .finish_completion(work.claim(), "etag", now)
        .await?;
    assert!(finished, "the claim is void");

    let mut undeletion = pool.begin().await?;
    undeletion
        .execute("UPDATE datasets SET deleted_at = NULL")
        .await?;
    let store = site.store.clone();
    let cancel = tokio::spawn(async move { store.cancel_jobs_of_deleted_datasets(now, 100).await });
    ends_or_waits(&cancel, pool).await?;
    undeletion.commit().await?;
    assert_eq!(cancel.await??, 0);
    assert_eq!(site.status(work.job.id).await?, JobStatus::Inspecting);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn token_that_is_being_created_is_revoked_with_its_creator() -> Result<()> {
    let Some(site) = postgres_site().await? else {
        return Ok(());
    };
    let creator = token::insert(&site.store, site.principal.id, 1, None, None).await?;
    let creator = creator.context("it was not created")?;
    let pool = postgres(&site.store.database)?;
    let mut creation = pool.begin().await?;
    creation
        .execute("UPDATE tokens SET last_used_at = last_used_at")
        .await?;
    creation
        .execute(
            "INSERT INTO tokens (id, principal_id, hash, name, scopes, is_restricted, created_at, created_with) \
             SELECT gen_random_uuid(), principal_id, decode(repeat('02', 32), 'hex'), 'created', scopes, is_restricted, \
             created_at, id FROM tokens",
        )
        .await?;
    let store = site.store.clone();
    let revocation = tokio::spawn(async move { store.revoke_token(creator, clock::now()).await });
    ends_or_waits(&revocation, pool).await?;
    creation.commit().await?;
    assert!(revocation.await??, "nothing was revoked");
    let valid = "SELECT count(*) FROM tokens WHERE revoked_at IS NULL";
    assert_eq!(site.count(valid).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn deletion_leaves_no_open_job() -> Result<()> {
    let open = "SELECT count(*) FROM jobs WHERE status = 'awaiting_upload'";
    for site in sites().await? {
        for _ in 0..ROUNDS {
            let dataset_id = site.dataset().await?;
            let inserts = (0..4).map(|_| {
                let (store, job) = (site.store.clone(), site.new_job(dataset_id));
                async move { store.insert_job(&job, QUOTA).await.map(drop) }.boxed()
            });
            let (store, principal_id) = (site.store.clone(), site.principal.id);
            let delete = async move {
                let deleted = store.delete_dataset(principal_id, dataset_id, clock::now());
                deleted.await.map(drop)
            };
            let outcomes = at_once(inserts.chain([delete.boxed()])).await?;
            outcomes.into_iter().collect::<Result<(), Error>>()?;
            assert_eq!(site.count(open).await?, 0, "on {}", site.url);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_and_new_jobs_do_not_deadlock() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        for _ in 0..ROUNDS {
            let current = site.current_version(dataset_id).await?;
            let commit = site.commit(dataset_id, site.ready(dataset_id).await?, current);
            let inserts = (0..4).map(|_| {
                let (store, job) = (site.store.clone(), site.new_job(dataset_id));
                async move { store.insert_job(&job, QUOTA).await.map(drop) }.boxed()
            });
            let store = site.store.clone();
            let commit =
                async move { store.commit_job(commit, None, clock::now()).await.map(drop) };
            let outcomes = at_once(inserts.chain([commit.boxed()])).await?;
            outcomes
                .into_iter()
                .collect::<Result<(), Error>>()
                .with_context(|| format!("on {}", site.url))?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn uploads_of_a_deletion_are_those_it_cancelled() -> Result<()> {
    for site in sites().await? {
        let (dataset_id, now) = (site.dataset().await?, clock::now());
        let before = site.awaiting(dataset_id).await?;
        let earlier = now - TimeDelta::seconds(1);
        assert!(site.store.cancel_job(before.id, earlier).await?.is_some());
        let open = site.awaiting(dataset_id).await?;
        site.ready(dataset_id).await?;
        site.completing(dataset_id).await?;
        let other = site.awaiting(site.dataset().await?).await?;
        assert!(
            site.store
                .delete_dataset(site.principal.id, dataset_id, now)
                .await?
                .is_some()
        );
        let uploads = site
            .store
            .uploads_of_deleted_dataset(dataset_id, now, 10)
            .await?;
        let jobs: Vec<_> = uploads.iter().map(|upload| upload.job_id).collect();
        assert_eq!(jobs, [open.id], "on {}", site.url);
        assert_eq!(site.status(other.id).await?, JobStatus::AwaitingUpload);
    }
    Ok(())
}
