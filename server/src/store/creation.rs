//! The creation of a job: its row, what it takes of its principal's limits, and the idempotency key of its request, all
//! or none of them.

use restow_row::FromRow;
use sqlx::sqlite::SqlitePool;
use uuid::Uuid;

use super::group::{GroupedRow, column};
use super::idempotency::{ClaimKey, KeyUse};
use super::job::NewJob;
use super::json::JsonText;
use super::pool::PostgresPool;
use super::statement::statements;
use super::{Database, Store, observing, signed};
use crate::actor::Actor;
use crate::error::{Error, Result};
use crate::quota::Quota;

statements! {
    /// This commit is not flushed to disk. The later one that records the upload is, and flushes everything before it. If
    /// the database crashes in between, the upload has no job, and the sweep aborts it. The lock orders the insert and a
    /// deletion of the dataset: the dataset is gone already, or the deletion cancels the job.
    INSERT_POSTGRES = "WITH setting AS (SELECT set_config('synchronous_commit', 'off', true)), \
         dataset AS (SELECT id, principal_id, current_version FROM datasets \
         WHERE id = $2 AND principal_id = $3 AND CASE WHEN deleted_at IS NULL THEN TRUE END FOR SHARE) \
         INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, \
         part_size, s3_key, base_version, run_after, created_at, deadline, changed_by, changed_in) \
         SELECT $1, id, principal_id, 'awaiting_upload', $4, $5, $6, $7, $8, current_version, $9, $9, $10, $11, $12 \
         FROM dataset, setting";
    /// The same for several jobs; it returns the ids of those that are written. A dataset that is locked, or gone, keeps none of
    /// the others waiting. The lock in the subquery also has each dataset looked up by its id.
    INSERT_SEVERAL_POSTGRES = "WITH setting AS (SELECT set_config('synchronous_commit', 'off', true)) \
         INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, \
         part_size, s3_key, base_version, run_after, created_at, deadline, changed_by, changed_in) \
         SELECT n.id, d.id, d.principal_id, 'awaiting_upload', n.filename, n.content_type, n.file_size, n.part_size, n.s3_key, \
         d.current_version, n.created_at, n.created_at, n.deadline, n.changed_by, n.changed_in \
         FROM setting, unnest($1::UUID[], $2::UUID[], $3::UUID[], $4::BYTEA[], $5::BYTEA[], $6::BIGINT[], $7::BIGINT[], \
         $8::TEXT[], $9::TIMESTAMPTZ[], $10::TIMESTAMPTZ[], $11::TEXT[], $12::TEXT[]) \
         AS n (id, dataset_id, principal_id, filename, content_type, file_size, part_size, s3_key, created_at, deadline, \
         changed_by, changed_in) \
         CROSS JOIN LATERAL (SELECT o.id, o.principal_id, o.current_version FROM datasets o WHERE o.id = n.dataset_id \
         AND o.principal_id = n.principal_id AND CASE WHEN o.deleted_at IS NULL THEN TRUE END FOR SHARE SKIP LOCKED) AS d \
         RETURNING id";
    /// The same with limits and a key, in one round trip.
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

/// Binds the values of a job.
macro_rules! bind_job {
    ($query:expr, $job:ident) => {
        $query
            .bind($job.id)
            .bind($job.dataset_id)
            .bind($job.principal_id)
            .bind($job.filename.as_bytes())
            .bind($job.content_type.as_bytes())
            .bind(signed($job.plan.file_size()))
            .bind(signed($job.plan.part_size()))
            .bind(&$job.s3_key)
            .bind($job.created_at)
            .bind($job.deadline)
    };
}

/// Binds who creates it.
macro_rules! bind_actor {
    ($query:expr, $actor:ident) => {
        $query
            .bind($actor.principal())
            .bind($actor.request().map(JsonText))
    };
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

/// A job without limits and without a key, which is created alone or with others.
#[derive(Debug)]
pub(super) struct CreatedJob {
    job: NewJob,
    actor: Actor,
}

impl GroupedRow for CreatedJob {
    /// The id of the job; `None` where the dataset is gone.
    type Written = Option<Uuid>;

    async fn write(&self, pool: &PostgresPool) -> sqlx::Result<Option<Uuid>> {
        let Self { job, actor } = self;
        let insert = bind_job!(sqlx::query(INSERT_POSTGRES), job);
        let inserted = bind_actor!(insert, actor).execute(pool).await?;
        Ok((inserted.rows_affected() == 1).then_some(job.id))
    }

    async fn write_all(
        rows: &[Self],
        pool: &PostgresPool,
    ) -> sqlx::Result<Vec<Option<Option<Uuid>>>> {
        let each = rows.iter().map(|row| row.actor.request());
        let requests = each
            .map(|request| request.map(|request| JsonText(request).text()).transpose())
            .collect::<sqlx::Result<Vec<_>>>()?;
        let created: Vec<Uuid> = sqlx::query_scalar(INSERT_SEVERAL_POSTGRES)
            .bind(column(rows, |row| row.job.id))
            .bind(column(rows, |row| row.job.dataset_id))
            .bind(column(rows, |row| row.job.principal_id))
            .bind(column(rows, |row| row.job.filename.as_bytes()))
            .bind(column(rows, |row| row.job.content_type.as_bytes()))
            .bind(column(rows, |row| signed(row.job.plan.file_size())))
            .bind(column(rows, |row| signed(row.job.plan.part_size())))
            .bind(column(rows, |row| row.job.s3_key.as_str()))
            .bind(column(rows, |row| row.job.created_at))
            .bind(column(rows, |row| row.job.deadline))
            .bind(column(rows, |row| row.actor.principal()))
            .bind(requests)
            .fetch_all(pool)
            .await?;
        let written = |row: &Self| created.contains(&row.job.id).then_some(Some(row.job.id));
        Ok(rows.iter().map(written).collect())
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
                    Ok(self.created_jobs.write(self, pool, job).await?)
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
