//! Jobs of all principals, as an operator sees and moves them. Every list reads a bounded number of rows, and finds them by
//! an index.

use chrono::{DateTime, Utc};
use restow_api::job::{JobError, JobStatus};
use restow_row::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::statement::statements;
use super::stored::{StoredStatus, StoredText};
use super::{Store, reading, writing};
use crate::error::Result;

/// A job, with what its owner is not told.
#[derive(Clone, Debug, FromRow)]
pub struct OperatorJob {
    /// Identifier of the job.
    pub id: Uuid,
    /// Dataset whose data it replaces.
    pub dataset_id: Uuid,
    /// Name of its owner.
    pub principal: String,
    #[sqlx(try_from = "String")]
    status: StoredStatus,
    /// Original filename.
    #[sqlx(try_from = "Vec<u8>")]
    pub filename: StoredText,
    file_size: i64,
    /// Key of the object.
    pub s3_key: String,
    /// How often a process has claimed it.
    pub attempt: i64,
    /// How many of them ended without releasing it.
    pub deaths: i64,
    /// Until when a process holds it, if one does.
    pub lease_until: Option<DateTime<Utc>>,
    /// From when on it is due for a worker, or for the reaper.
    pub run_after: DateTime<Utc>,
    /// Time of the first request to S3 of its completion.
    #[sqlx(rename = "first_asked_at")]
    pub first_requested_at: Option<DateTime<Utc>>,
    /// Time of the last request to S3 whose outcome is not known.
    #[sqlx(rename = "asked_at")]
    pub requested_at: Option<DateTime<Utc>>,
    /// Why it failed, or why its last completion was refused.
    pub error: Option<JsonText<JobError>>,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// Time at which it expires.
    pub deadline: DateTime<Utc>,
    /// Since when nothing of it is left in S3 that is to be removed.
    pub cleaned_at: Option<DateTime<Utc>>,
}

impl OperatorJob {
    /// State of the job.
    pub fn status(&self) -> JobStatus {
        self.status.0
    }

    /// Size of the file in bytes.
    pub fn file_size(&self) -> u64 {
        self.file_size.cast_unsigned()
    }
}

/// Times from which on a job counts as stuck.
#[derive(Clone, Copy, Debug)]
pub struct StuckSince {
    /// A lease that ended before has expired.
    pub now: DateTime<Utc>,
    /// What has been due since before, and no process has taken.
    pub due: DateTime<Utc>,
    /// A completion whose first request was sent before.
    pub requested: DateTime<Utc>,
    /// A job whose deadline was before, and that has not expired.
    pub deadline: DateTime<Utc>,
}

macro_rules! operator_jobs {
    ($condition:literal) => {
        concat!(
            "SELECT j.id, j.dataset_id, p.name AS principal, j.status, j.filename, j.file_size, j.s3_key, j.attempt, \
             j.deaths, j.lease_until, j.run_after, j.first_asked_at, j.asked_at, j.error, j.created_at, j.deadline, \
             j.cleaned_at FROM jobs j JOIN principals p ON p.id = j.principal_id WHERE ",
            $condition
        )
    };
}

statements! {
    FIND = operator_jobs!("j.id = $1");
    LIST = operator_jobs!("j.id < $1 ORDER BY j.id DESC LIMIT $2");
    LIST_OF_STATUS = operator_jobs!("j.status = $1 ORDER BY j.id DESC LIMIT $2");
    LIST_OF_PRINCIPAL = operator_jobs!(
        "j.principal_id = (SELECT id FROM principals WHERE name = $1) AND j.status = $2 ORDER BY j.id DESC LIMIT $3"
    );
    STUCK_COMPLETIONS = operator_jobs!(
        "j.status = 'completing' AND (j.first_asked_at < $3 OR j.run_after < $1 \
         AND (j.lease_until IS NULL OR j.lease_until < $2)) ORDER BY j.run_after LIMIT $4"
    );
    STUCK_INSPECTIONS = operator_jobs!(
        "j.status = 'inspecting' AND j.run_after < $1 AND (j.lease_until IS NULL OR j.lease_until < $2) \
         ORDER BY j.run_after LIMIT $3"
    );
    OVERDUE = operator_jobs!("j.status = $1 AND j.deadline < $2 ORDER BY j.deadline LIMIT $3");
    STUCK_LEFTOVERS = operator_jobs!(
        "j.status IN ('failed', 'cancelled', 'expired') AND j.cleaned_at IS NULL AND j.run_after < $1 \
         ORDER BY j.run_after LIMIT $2"
    );
    END = "UPDATE jobs SET status = 'cancelled', lease_until = NULL, run_after = $2 WHERE id = $1 \
         AND (status IN ('awaiting_upload', 'inspecting', 'ready', 'rejected') OR status = 'completing' \
              AND (lease_until IS NULL OR lease_until < $2) AND (asked_at IS NULL OR asked_at < $3))";
    /// A lease that has expired is no further death.
    RETRY = "UPDATE jobs SET run_after = $2, deaths = 0, \
         lease_until = CASE WHEN lease_until < $2 THEN NULL ELSE lease_until END \
         WHERE id = $1 AND status || '' IN ('completing', 'inspecting')";
}

impl Store {
    /// A job of any principal.
    pub async fn find_any_job(&self, id: Uuid) -> Result<Option<OperatorJob>> {
        Ok(reading!(self, pool => sqlx::query_as(FIND).bind(id).fetch_optional(pool).await)?)
    }

    /// At most `limit` jobs of all principals, or of the one with that name, newest first; only those in the state, if one
    /// is given.
    pub async fn list_any_jobs(
        &self,
        principal: Option<&str>,
        status: Option<JobStatus>,
        limit: i64,
    ) -> Result<Vec<OperatorJob>> {
        let Some(principal) = principal else {
            return Ok(match status {
                Some(status) => {
                    reading!(self, pool => sqlx::query_as(LIST_OF_STATUS).bind(status.as_str()).bind(limit)
                        .fetch_all(pool).await)?
                }
                None => {
                    reading!(self, pool => sqlx::query_as(LIST).bind(Uuid::max()).bind(limit).fetch_all(pool).await)?
                }
            });
        };
        let mut jobs = Vec::new();
        // By the index, the jobs of a principal are ordered within each state.
        for status in status.as_ref().map_or(JobStatus::ALL, std::slice::from_ref) {
            jobs.extend(self.list_of_principal(principal, *status, limit).await?);
        }
        Ok(newest_first(jobs, limit))
    }

    async fn list_of_principal(
        &self,
        principal: &str,
        status: JobStatus,
        limit: i64,
    ) -> Result<Vec<OperatorJob>> {
        Ok(
            reading!(self, pool => sqlx::query_as(LIST_OF_PRINCIPAL).bind(principal).bind(status.as_str()).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// At most `limit` jobs that should have moved by now, newest first.
    pub async fn list_stuck_jobs(&self, since: StuckSince, limit: i64) -> Result<Vec<OperatorJob>> {
        let mut jobs: Vec<OperatorJob> = reading!(self, pool => sqlx::query_as(STUCK_COMPLETIONS).bind(since.due)
            .bind(since.now).bind(since.requested).bind(limit).fetch_all(pool).await)?;
        let inspections: Vec<OperatorJob> = reading!(self, pool => sqlx::query_as(STUCK_INSPECTIONS).bind(since.due)
            .bind(since.now).bind(limit).fetch_all(pool).await)?;
        jobs.extend(inspections);
        for status in [
            JobStatus::AwaitingUpload,
            JobStatus::Ready,
            JobStatus::Rejected,
        ] {
            let overdue: Vec<OperatorJob> = reading!(self, pool => sqlx::query_as(OVERDUE).bind(status.as_str())
                .bind(since.deadline).bind(limit).fetch_all(pool).await)?;
            jobs.extend(overdue);
        }
        let leftovers: Vec<OperatorJob> = reading!(self, pool => sqlx::query_as(STUCK_LEFTOVERS).bind(since.due)
            .bind(limit).fetch_all(pool).await)?;
        jobs.extend(leftovers);
        Ok(newest_first(jobs, limit))
    }

    /// Cancels a job that has not ended; false where it has, or where it is being completed and a process holds it, or S3
    /// may still be at work on a request that was sent at `requested_since` or later.
    pub async fn end_job(
        &self,
        id: Uuid,
        now: DateTime<Utc>,
        requested_since: DateTime<Utc>,
    ) -> Result<bool> {
        writing!(self, pool => {
            let ended = sqlx::query(END).bind(id).bind(now).bind(requested_since).execute(pool).await?;
            Ok(ended.rows_affected() == 1)
        })
    }

    /// Makes a job that is completed or inspected due at once, and forgets its deaths; false where it is in another state.
    pub async fn retry_job(&self, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
        writing!(self, pool => {
            let retried = sqlx::query(RETRY).bind(id).bind(now).execute(pool).await?;
            Ok(retried.rows_affected() == 1)
        })
    }
}

fn newest_first(mut jobs: Vec<OperatorJob>, limit: i64) -> Vec<OperatorJob> {
    jobs.sort_by_key(|job| std::cmp::Reverse(job.id));
    jobs.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    jobs
}
