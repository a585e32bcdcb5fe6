//! The creation of a job: its row, what it takes of its principal's limits, and the idempotency key of its request, all
//! or none of them.

use restow_row::FromRow;
use sqlx::sqlite::SqlitePool;
use uuid::Uuid;

use super::created_job::CreatedJob;
use super::idempotency::{ClaimKey, KeyUse};
use super::json::JsonText;
use super::new_job::{NewJob, bind_actor, bind_job};
use super::number::signed;
use super::pool::PostgresPool;
use super::statement::statements;
use super::{Database, Store, observing};
use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::quota::Quota;

statements! {
    /// In one round trip, with limits and a key.
    CREATE_POSTGRES = "SELECT o_outcome AS outcome, o_job_id AS job_id, o_used AS used \
         FROM create_job($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    INSERT_SQLITE = "INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, \
         part_size, s3_key, base_version, run_after, created_at, deadline, changed_by, changed_in) \
         SELECT $1, id, principal_id, 'awaiting_upload', $4, $5, $6, $7, $8, current_version, $9, $9, $10, $11, $12 \
         FROM datasets WHERE id = $2 AND principal_id = $3 AND CASE WHEN deleted_at IS NULL THEN TRUE END";
    HAS_DATASET_SQLITE = "SELECT EXISTS \
         (SELECT 1 FROM datasets WHERE id = $1 AND principal_id = $2 AND CASE WHEN deleted_at IS NULL THEN TRUE END)";
    STORED_BYTES_SQLITE = "SELECT stored_bytes FROM principals WHERE id = $1";
    OPEN_USAGE_SQLITE = "SELECT count(*), CAST(COALESCE(sum(file_size), 0) AS BIGINT) FROM jobs \
         WHERE principal_id = $1 AND status IN ('awaiting_upload', 'completing', 'inspecting', 'ready', 'rejected')";
}

/// What the function of PostgreSQL has done.
#[derive(Debug, FromRow)]
struct Creation {
    outcome: String,
    job_id: Option<Uuid>,
    used: Option<i64>,
}

impl Creation {
    /// The id of the job, or that of the one that the same request created before; `None` where the dataset is gone.
    fn into_job(self, job: &NewJob, quota: Quota) -> Result<Option<Uuid>> {
        match self.outcome.as_str() {
            "created" | "earlier" => Ok(self.job_id),
            "dataset_gone" => Ok(None),
            "key_reused" => Err(Error::IdempotencyKeyReused),
            "quota_exceeded" => Err(Error::QuotaExceeded {
                limit: quota.bytes.unwrap_or_default(),
                asked: job.plan.file_size(),
                used: self.used.unwrap_or_default().cast_unsigned(),
            }),
            "too_many_open_jobs" => Err(Error::TooManyOpenJobs {
                limit: quota.open_jobs.unwrap_or_default(),
            }),
            outcome => {
                let unknown = format!("create_job returned the unknown outcome {outcome}");
                Err(sqlx::Error::Protocol(unknown).into())
            }
        }
    }
}

impl Store {
    /// Writes the row of a job that waits for its upload, on the dataset's current version, and returns its id, or that of
    /// the job that the same request with the same key created before; `None` where the dataset is gone.
    ///
    /// # Errors
    /// [`QuotaExceeded`](Error::QuotaExceeded), [`TooManyOpenJobs`](Error::TooManyOpenJobs): what the job takes is reserved
    /// with its row, or not at all. [`IdempotencyKeyReused`](Error::IdempotencyKeyReused).
    pub async fn create_job(
        &self,
        job: &NewJob,
        quota: Quota,
        key: Option<&KeyUse>,
    ) -> Result<Option<Uuid>> {
        let is_alone = key.is_none() && quota == Quota::default();
        let actor = Actor::current();
        observing!(
            self,
            Write,
            match &self.database {
                Database::Sqlite { writer, .. } if is_alone => {
                    // One connection alone writes, so nothing comes between.
                    let insert = bind_job!(sqlx::query(INSERT_SQLITE), job);
                    let insert = bind_actor!(insert, actor).execute(writer);
                    Ok((insert.await?.rows_affected() == 1).then_some(job.id))
                }
                Database::Sqlite { writer, .. } => {
                    create_on_sqlite(writer, job, quota, key, &actor).await
                }
                Database::Postgres(pool) if is_alone => {
                    let job = CreatedJob {
                        job: job.clone(),
                        actor,
                    };
                    let created = self.created_jobs.write(self.bounded(pool), job);
                    Ok(created.await?)
                }
                Database::Postgres(pool) => {
                    let created = create_on_postgres(pool, job, quota, key, &actor);
                    let created = self.in_time(pool, created);
                    created.await?.into_job(job, quota)
                }
            }
        )
    }
}

async fn create_on_postgres(
    pool: &PostgresPool,
    job: &NewJob,
    quota: Quota,
    key: Option<&KeyUse>,
    actor: &Actor,
) -> sqlx::Result<Creation> {
    let create = bind_job!(sqlx::query_as(CREATE_POSTGRES), job)
        .bind(quota.bytes.map(signed))
        .bind(quota.open_jobs.map(signed))
        .bind(key.map(|key| key.key.as_str()))
        .bind(key.map(|key| &key.fingerprint[..]))
        .bind(key.map(|key| key.used_at))
        .bind(key.map(|key| key.remembered_since));
    bind_actor!(create, actor).fetch_one(pool).await
}

async fn create_on_sqlite(
    writer: &SqlitePool,
    job: &NewJob,
    quota: Quota,
    key: Option<&KeyUse>,
    actor: &Actor,
) -> Result<Option<Uuid>> {
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    let has_dataset: bool = sqlx::query_scalar(HAS_DATASET_SQLITE)
        .bind(job.dataset_id)
        .bind(job.principal_id)
        .fetch_one(&mut *transaction)
        .await?;
    if !has_dataset {
        return Ok(None);
    }
    // Before the quota, against which a job of the same request counts already.
    if let Some(earlier) = transaction.claim_key(key, job.id).await? {
        return Ok(Some(earlier));
    }
    if quota != Quota::default() {
        let stored: i64 = sqlx::query_scalar(STORED_BYTES_SQLITE)
            .bind(job.principal_id)
            .fetch_one(&mut *transaction)
            .await?;
        let (open_jobs, open_bytes): (i64, i64) = sqlx::query_as(OPEN_USAGE_SQLITE)
            .bind(job.principal_id)
            .fetch_one(&mut *transaction)
            .await?;
        let used = open_bytes
            .cast_unsigned()
            .saturating_add(stored.cast_unsigned());
        quota.check(job.plan.file_size(), used, open_jobs.cast_unsigned())?;
    }
    let insert = bind_job!(sqlx::query(INSERT_SQLITE), job);
    bind_actor!(insert, actor)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(Some(job.id))
}
