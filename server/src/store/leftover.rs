//! What is over, and what it leaves behind in S3: the reaper's view. Every statement reads or changes a bounded number of
//! rows, and finds them by an index.

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;
use restow_row::FromRow;
use uuid::Uuid;

use super::job::{JobRow, job_columns};
use super::statement::statements;
use super::{Database, Store, observing, reading, writing};
use crate::error::Result;

/// The object of a version that is deleted with its dataset, or retired.
#[derive(Clone, Debug, FromRow)]
pub struct VersionObject {
    /// Dataset of the version.
    pub dataset_id: Uuid,
    /// Number of the version.
    pub version: i64,
    /// Key of the object.
    pub s3_key: String,
}

/// The cancellation of jobs of deleted datasets, where `$lock` keeps an undeletion from coming in between.
macro_rules! cancel_deleted {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET status = 'cancelled', lease_until = NULL, run_after = $1 \
             WHERE status IN ('awaiting_upload', 'inspecting', 'ready', 'rejected') AND id IN \
             (SELECT j.id FROM datasets d JOIN jobs j ON j.dataset_id = d.id \
              WHERE d.deleted_at IS NOT NULL AND j.status IN ('awaiting_upload', 'inspecting', 'ready', 'rejected') LIMIT $2",
            $lock,
            ")"
        )
    };
}

/// The jobs that are to be cleaned, where `$index` is how SQLite is told to use the index of just these: it would sort all
/// jobs that ever ended otherwise.
macro_rules! leftovers {
    ($index:literal) => {
        concat!(
            "SELECT ",
            job_columns!(),
            " FROM jobs ",
            $index,
            " WHERE status IN ('failed', 'cancelled', 'expired') AND cleaned_at IS NULL AND run_after <= $1 \
             ORDER BY run_after LIMIT $2"
        )
    };
}

statements! {
    OVERDUE = concat!(
        "SELECT ",
        job_columns!(),
        " FROM jobs WHERE status = 'awaiting_upload' AND deadline < $1 AND (deadline, id) > ($2, $3) \
         ORDER BY deadline, id LIMIT $4"
    );
    EXPIRE = "UPDATE jobs SET status = 'expired', run_after = $3 \
         WHERE id = $1 AND status || '' = 'awaiting_upload' AND deadline = $2";
    EXPIRE_INSPECTED = "UPDATE jobs SET status = 'expired', run_after = $1 WHERE status = $3 AND id IN \
         (SELECT id FROM jobs WHERE status = $3 AND deadline < $1 ORDER BY deadline LIMIT $2)";
    CANCEL_DELETED_SQLITE = cancel_deleted!("");
    CANCEL_DELETED_POSTGRES = cancel_deleted!(" FOR SHARE OF d");
    LEFTOVERS_SQLITE = leftovers!("INDEXED BY jobs_leftover");
    LEFTOVERS_POSTGRES = leftovers!("");
    /// Jobs that were committed without a version of their own. That there is none is looked up, before anything is removed.
    DUPLICATES = concat!(
        "SELECT ",
        job_columns!(),
        " FROM jobs WHERE is_duplicate AND cleaned_at IS NULL AND run_after <= $1 \
         AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.job_id = jobs.id) ORDER BY run_after LIMIT $2"
    );
    SET_CLEANED = "UPDATE jobs SET cleaned_at = $2, upload_id = NULL WHERE id = $1 AND cleaned_at IS NULL";
    FORGET_INSPECTION = "DELETE FROM inspections WHERE job_id = $1";
    DEFER_CLEANING = "UPDATE jobs SET run_after = $2 WHERE id = $1 AND cleaned_at IS NULL";
    COUNT_OPEN_JOBS = "SELECT count(*) FROM jobs \
         WHERE status IN ('awaiting_upload', 'completing', 'inspecting', 'ready', 'rejected')";
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

    /// Expires at most `limit` jobs each of those that were ready or rejected for too long, and counts them.
    pub async fn expire_inspected_jobs(&self, now: DateTime<Utc>, limit: i64) -> Result<u64> {
        let mut expired = 0;
        for status in [JobStatus::Ready, JobStatus::Rejected] {
            expired += self.expire_jobs_of(status, now, limit).await?;
        }
        Ok(expired)
    }

    async fn expire_jobs_of(
        &self,
        status: JobStatus,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<u64> {
        writing!(self, pool => {
            let expired = sqlx::query(EXPIRE_INSPECTED).bind(now).bind(limit).bind(status.as_str())
                .execute(pool).await?;
            Ok(expired.rows_affected())
        })
    }

    /// Cancels at most `limit` jobs of deleted datasets that were completing when the dataset went, and counts them.
    pub async fn cancel_jobs_of_deleted_datasets(
        &self,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<u64> {
        observing!(
            self,
            Write,
            match &self.database {
                Database::Sqlite { writer, .. } => {
                    let cancel = sqlx::query(CANCEL_DELETED_SQLITE).bind(now).bind(limit);
                    let cancelled = self.on_disk(cancel.execute(writer)).await?;
                    Ok(cancelled.rows_affected())
                }
                Database::Postgres(pool) => {
                    let cancel = sqlx::query(CANCEL_DELETED_POSTGRES).bind(now).bind(limit);
                    let cancelled = self.in_time(pool, cancel.execute(pool)).await?;
                    Ok(cancelled.rows_affected())
                }
            }
        )
    }

    /// Jobs that ended without a version and whose traces in S3 are due to be removed.
    pub async fn leftover_jobs(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<JobRow>> {
        let leftovers = observing!(
            self,
            Read,
            match &self.database {
                Database::Sqlite { readers, .. } => {
                    let leftovers = sqlx::query_as(LEFTOVERS_SQLITE).bind(now).bind(limit);
                    leftovers.fetch_all(readers).await
                }
                Database::Postgres(pool) => {
                    let leftovers = sqlx::query_as(LEFTOVERS_POSTGRES).bind(now).bind(limit);
                    self.in_time(pool, leftovers.fetch_all(pool)).await
                }
            }
        );
        Ok(leftovers?)
    }

    /// Jobs that became no version, since their objects have the bytes of one, and whose objects are due to be removed.
    pub async fn duplicate_jobs(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<JobRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(DUPLICATES).bind(now).bind(limit).fetch_all(pool).await)?,
        )
    }

    /// Notes that nothing of the job is left in S3 that is to be removed, and forgets what its inspection found; false
    /// where that was noted before.
    pub async fn set_cleaned(&self, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let cleaned = sqlx::query(SET_CLEANED).bind(id).bind(now).execute(&mut *transaction).await?;
            sqlx::query(FORGET_INSPECTION).bind(id).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(cleaned.rows_affected() == 1)
        })
    }

    /// Puts the cleaning of a job off.
    pub async fn defer_cleaning(&self, id: Uuid, run_after: DateTime<Utc>) -> Result<()> {
        writing!(self, pool => {
            sqlx::query(DEFER_CLEANING).bind(id).bind(run_after).execute(pool).await?;
            Ok(())
        })
    }

    /// How many jobs have not ended.
    pub async fn count_open_jobs(&self) -> Result<i64> {
        Ok(reading!(self, pool => sqlx::query_scalar(COUNT_OPEN_JOBS).fetch_one(pool).await)?)
    }
}
