//! What is over, and what it leaves behind in S3: the reaper's view.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::job::{JobRow, job_columns};
use super::statement::statements;
use super::{Store, reading, signed, writing};
use crate::error::Result;

/// The object of a version that is deleted with its dataset, or retired.
#[derive(Clone, Debug, FromRow)]
pub struct DeletedObject {
    /// Dataset of the version.
    pub dataset_id: Uuid,
    /// Number of the version.
    pub version: i64,
    /// Key of the object.
    pub s3_key: String,
}

statements! {
    OVERDUE = concat!(
        "SELECT ",
        job_columns!(),
        " FROM jobs WHERE status = 'awaiting_upload' AND deadline < $1 AND (deadline, id) > ($2, $3) \
         ORDER BY deadline, id LIMIT $4"
    );
    EXPIRE = "UPDATE jobs SET status = 'expired', run_after = $3 \
         WHERE id = $1 AND status = 'awaiting_upload' AND deadline = $2";
    EXPIRE_READY = "UPDATE jobs SET status = 'expired', run_after = $1 WHERE status = 'ready' AND deadline < $1";
    CANCEL_DELETED = "UPDATE jobs SET status = 'cancelled', lease_until = NULL, run_after = $1 \
         WHERE status IN ('awaiting_upload', 'inspecting', 'ready') \
         AND dataset_id IN (SELECT id FROM datasets WHERE deleted_at IS NOT NULL)";
    LEFTOVERS = concat!(
        "SELECT ",
        job_columns!(),
        " FROM jobs WHERE status IN ('failed', 'cancelled', 'expired') AND cleaned_at IS NULL AND run_after <= $1 \
         ORDER BY run_after LIMIT $2"
    );
    SET_CLEANED = "UPDATE jobs SET cleaned_at = $2, upload_id = NULL WHERE id = $1";
    DEFER_CLEANING = "UPDATE jobs SET run_after = $2 WHERE id = $1 AND cleaned_at IS NULL";
    DELETED_OBJECTS = "SELECT v.dataset_id, v.version, v.s3_key FROM versions v \
         JOIN datasets d ON d.id = v.dataset_id \
         WHERE (d.deleted_at IS NOT NULL OR v.retired_at IS NOT NULL) AND (v.dataset_id, v.version) > ($1, $2) \
         ORDER BY v.dataset_id, v.version LIMIT $3";
    RETIRABLE = "SELECT v.dataset_id, v.version, v.s3_key FROM versions v \
         JOIN datasets d ON d.id = v.dataset_id \
         WHERE d.deleted_at IS NULL AND v.retired_at IS NULL AND v.version <> d.current_version \
         AND $1 <= (SELECT count(*) FROM versions n WHERE n.dataset_id = v.dataset_id AND n.retired_at IS NULL \
                    AND n.version > v.version AND n.version <> d.current_version) \
         ORDER BY v.dataset_id, v.version LIMIT $2";
    LOCK_DATASET = "UPDATE datasets SET last_version = last_version WHERE id = $1 RETURNING current_version";
    RETIRE = "UPDATE versions SET retired_at = $3 WHERE dataset_id = $1 AND version = $2 \
         AND retired_at IS NULL AND version <> $4 \
         AND $5 <= (SELECT count(*) FROM versions n WHERE n.dataset_id = $1 AND n.retired_at IS NULL \
                    AND n.version > $2 AND n.version <> $4)";
    FORGET_VERSION = "DELETE FROM versions WHERE dataset_id = $1 AND version = $2";
    FORGET_DATASETS = "DELETE FROM datasets WHERE deleted_at IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.dataset_id = datasets.id) \
         AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.dataset_id = datasets.id \
                         AND j.status <> 'committed' AND j.cleaned_at IS NULL)";
}

impl Store {
    /// At most `limit` jobs that still wait for their upload and whose deadline lies before `limit_time`, by deadline
    /// and id, behind those of `after`.
    pub async fn overdue_jobs(
        &self,
        limit_time: DateTime<Utc>,
        after: (DateTime<Utc>, Uuid),
        limit: i64,
    ) -> Result<Vec<JobRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(OVERDUE).bind(limit_time).bind(after.0).bind(after.1).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// Expires a job unless it has moved since it was read with that deadline.
    pub async fn expire_job(
        &self,
        id: Uuid,
        deadline: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        writing!(self, pool => {
            let expired = sqlx::query(EXPIRE).bind(id).bind(deadline).bind(now).execute(pool).await?;
            Ok(expired.rows_affected() == 1)
        })
    }

    /// Expires every job that was ready for too long, and counts them.
    pub async fn expire_ready_jobs(&self, now: DateTime<Utc>) -> Result<u64> {
        writing!(self, pool => Ok(sqlx::query(EXPIRE_READY).bind(now).execute(pool).await?.rows_affected()))
    }

    /// Cancels the jobs of deleted datasets that were completing when the dataset went, and counts them.
    pub async fn cancel_jobs_of_deleted_datasets(&self, now: DateTime<Utc>) -> Result<u64> {
        writing!(self, pool => Ok(sqlx::query(CANCEL_DELETED).bind(now).execute(pool).await?.rows_affected()))
    }

    /// Jobs that ended without a version and whose traces in S3 are due to be removed.
    pub async fn leftover_jobs(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<JobRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(LEFTOVERS).bind(now).bind(limit).fetch_all(pool).await)?,
        )
    }

    /// Notes that nothing of the job is left in S3.
    pub async fn set_cleaned(&self, id: Uuid, now: DateTime<Utc>) -> Result<()> {
        writing!(self, pool => {
            sqlx::query(SET_CLEANED).bind(id).bind(now).execute(pool).await?;
            Ok(())
        })
    }

    /// Postpones the cleaning of a job.
    pub async fn defer_cleaning(&self, id: Uuid, run_after: DateTime<Utc>) -> Result<()> {
        writing!(self, pool => {
            sqlx::query(DEFER_CLEANING).bind(id).bind(run_after).execute(pool).await?;
            Ok(())
        })
    }

    /// At most `limit` objects of versions that are retired or whose dataset is deleted, by dataset and version,
    /// behind those of `after`.
    pub async fn deleted_objects(
        &self,
        after: (Uuid, i64),
        limit: i64,
    ) -> Result<Vec<DeletedObject>> {
        Ok(
            reading!(self, pool => sqlx::query_as(DELETED_OBJECTS).bind(after.0).bind(after.1).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// At most `limit` versions beyond the newest `keep` beside the current one.
    pub async fn retirable_versions(&self, keep: u64, limit: i64) -> Result<Vec<DeletedObject>> {
        Ok(
            reading!(self, pool => sqlx::query_as(RETIRABLE).bind(signed(keep)).bind(limit).fetch_all(pool).await)?,
        )
    }

    /// Retires a version, which can no longer be read or restored; false where it has become the current one
    /// or one of the newest `keep` beside it.
    pub async fn retire_version(
        &self,
        object: &DeletedObject,
        keep: u64,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let current: Option<Option<i64>> = sqlx::query_scalar(LOCK_DATASET).bind(object.dataset_id)
                .fetch_optional(&mut *transaction).await?;
            let Some(current) = current.flatten() else { return Ok(false) };
            let retired = sqlx::query(RETIRE).bind(object.dataset_id).bind(object.version).bind(now).bind(current)
                .bind(signed(keep)).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(retired.rows_affected() == 1)
        })
    }

    /// Deletes the row of a version whose object is deleted.
    pub async fn forget_version(&self, object: &DeletedObject) -> Result<()> {
        writing!(self, pool => {
            sqlx::query(FORGET_VERSION).bind(object.dataset_id).bind(object.version).execute(pool).await?;
            Ok(())
        })
    }

    /// Deletes the rows of the deleted datasets of which nothing is left in S3, and counts them.
    pub async fn forget_deleted_datasets(&self) -> Result<u64> {
        writing!(self, pool => Ok(sqlx::query(FORGET_DATASETS).execute(pool).await?.rows_affected()))
    }
}
