//! The queue: jobs that a process works on. The process holds a lease, and each of its writes is fenced by
//! the number of the attempt, so that a process whose lease has expired cannot overwrite its successor's result, and
//! a late heartbeat cannot renew a lease that was released.

use chrono::{DateTime, Utc};
use restow_api::job::JobError;
use restow_api::reupload::CompletedPart;
use restow_inspect::Inspection;
use sqlx::FromRow;
use uuid::Uuid;

use super::job::{JobRow, job_columns};
use super::json::JsonText;
use super::statement::statements;
use super::{Database, Store, signed, writing};
use crate::error::Result;

/// The right to work on a job: valid until another process makes the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Identifier of the job.
    pub job_id: Uuid,
    /// Number of the attempt, from 1.
    pub attempt: i64,
}

/// A job that is claimed.
#[derive(Clone, Debug, FromRow)]
pub struct Work {
    /// The job.
    #[sqlx(flatten)]
    pub job: JobRow,
    attempt: i64,
    /// How many attempts ended without releasing the lease.
    pub deaths: i64,
    named_parts: Option<JsonText<Vec<CompletedPart>>>,
    /// Time of the last request to S3 to complete the upload, unless S3 has rejected it since.
    #[sqlx(rename = "asked_at")]
    pub requested_at: Option<DateTime<Utc>>,
}

impl Work {
    /// The right to work on it.
    pub fn claim(&self) -> Claim {
        Claim {
            job_id: self.job.id,
            attempt: self.attempt,
        }
    }

    /// The parts that the client named in its request to complete.
    pub fn named_parts(&self) -> &[CompletedPart] {
        self.named_parts.as_ref().map_or(&[], |named| &named.0)
    }
}

/// The columns of [`Work`], which every claim returns.
macro_rules! work_columns {
    () => {
        concat!("attempt, deaths, named_parts, asked_at, ", job_columns!())
    };
}
/// The statement that claims the next job, where `$lock` keeps two that run at once from choosing the same one.
macro_rules! claim_next {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET attempt = attempt + 1, lease_until = $2, \
             deaths = deaths + CASE WHEN lease_until IS NULL THEN 0 ELSE 1 END \
             WHERE id = (SELECT id FROM jobs WHERE status IN ('completing', 'inspecting') AND run_after <= $1 \
                         AND (lease_until IS NULL OR lease_until < $1) ORDER BY run_after LIMIT 1 ",
            $lock,
            ") RETURNING ",
            work_columns!()
        )
    };
}
/// The fence: the job of a claim that is neither released nor superseded, in one of the states.
macro_rules! held {
    ($states:literal) => {
        concat!(
            " WHERE id = $1 AND attempt = $2 AND lease_until IS NOT NULL AND status IN (",
            $states,
            ")"
        )
    };
}
statements! {
    CLAIM_COMPLETION = concat!(
        "UPDATE jobs SET status = 'completing', attempt = attempt + 1, deaths = 0, lease_until = $2, \
         named_parts = $3, asked_at = NULL, error = NULL \
         WHERE id = $1 AND status = 'awaiting_upload' AND upload_id IS NOT NULL RETURNING ",
        work_columns!()
    );
    CLAIM_NEXT_SQLITE = claim_next!("");
    CLAIM_NEXT_POSTGRES = claim_next!("FOR UPDATE SKIP LOCKED");
    EXTEND_LEASE = concat!(
        "UPDATE jobs SET lease_until = $3, bytes_done = COALESCE($4, bytes_done), rows_done = COALESCE($5, rows_done)",
        held!("'completing', 'inspecting'")
    );
    RELEASE = concat!("UPDATE jobs SET lease_until = NULL, run_after = $3", held!("'completing', 'inspecting'"));
    RETURN_TO_UPLOAD = concat!(
        "UPDATE jobs SET status = 'awaiting_upload', lease_until = NULL, named_parts = NULL, asked_at = NULL, \
         upload_id = COALESCE($3, upload_id), error = $4",
        held!("'completing'")
    );
    MARK_REQUESTED = concat!("UPDATE jobs SET asked_at = $3, lease_until = $4", held!("'completing'"));
    NOTE_DEATH = concat!(
        "UPDATE jobs SET lease_until = NULL, deaths = deaths + 1, run_after = $3, error = $4",
        held!("'inspecting'")
    );
    FINISH_COMPLETION = concat!(
        "UPDATE jobs SET status = 'inspecting', etag = $3, lease_until = NULL, named_parts = NULL, asked_at = NULL, \
         deaths = 0, run_after = $4",
        held!("'completing'")
    );
    FINISH_INSPECTION = concat!(
        "UPDATE jobs SET status = 'ready', lease_until = NULL, bytes_done = file_size, rows_done = $3, deadline = $4, \
         error = NULL, missing_since = NULL",
        held!("'inspecting'")
    );
    INSERT_INSPECTION =
        "INSERT INTO inspections (job_id, format, row_count, columns, sample) VALUES ($1, $2, $3, $4, $5)";
    NOTE_MISSING = concat!(
        "UPDATE jobs SET missing_since = COALESCE(missing_since, $3)",
        held!("'inspecting'"),
        " RETURNING missing_since"
    );
    NOTE_FOUND = concat!("UPDATE jobs SET missing_since = NULL", held!("'inspecting'"));
    FAIL = concat!(
        "UPDATE jobs SET status = 'failed', lease_until = NULL, error = $3, run_after = $4",
        held!("'inspecting'")
    );
}

impl Store {
    /// Claims the completion of a job that waits for its upload; `None` where it no longer does.
    pub async fn claim_completion(
        &self,
        job_id: Uuid,
        named: &[CompletedPart],
        lease_until: DateTime<Utc>,
    ) -> Result<Option<Work>> {
        Ok(
            writing!(self, pool => sqlx::query_as(CLAIM_COMPLETION).bind(job_id).bind(lease_until).bind(JsonText(named))
            .fetch_optional(pool).await)?,
        )
    }

    /// Claims the next job that is due: one without a lease, or whose lease has expired.
    pub async fn claim_next(
        &self,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Result<Option<Work>> {
        let claimed = match &self.database {
            Database::Sqlite { writer, .. } => {
                sqlx::query_as(CLAIM_NEXT_SQLITE)
                    .bind(now)
                    .bind(lease_until)
                    .fetch_optional(writer)
                    .await
            }
            Database::Postgres(pool) => {
                let claim = sqlx::query_as(CLAIM_NEXT_POSTGRES)
                    .bind(now)
                    .bind(lease_until);
                self.in_time(pool, claim.fetch_optional(pool)).await
            }
        };
        Ok(claimed?)
    }

    /// Keeps a claim alive, and notes the progress if there is any; false where the claim is lost.
    pub async fn extend_lease(
        &self,
        claim: Claim,
        lease_until: DateTime<Utc>,
        progress: Option<(u64, Option<u64>)>,
    ) -> Result<bool> {
        let bytes = progress.map(|(bytes, _)| signed(bytes));
        let rows = progress.and_then(|(_, rows)| rows).map(signed);
        writing!(self, pool => {
            let extended = sqlx::query(EXTEND_LEASE).bind(claim.job_id).bind(claim.attempt).bind(lease_until)
                .bind(bytes).bind(rows).execute(pool).await?;
            Ok(extended.rows_affected() == 1)
        })
    }

    /// Releases a job without a result; it is due again at `run_after`.
    pub async fn release(&self, claim: Claim, run_after: DateTime<Utc>) -> Result<()> {
        writing!(self, pool => {
            sqlx::query(RELEASE).bind(claim.job_id).bind(claim.attempt).bind(run_after).execute(pool).await?;
            Ok(())
        })
    }

    /// Records that the request to complete the upload is about to be sent; false where the claim is lost, and it must not be.
    pub async fn mark_requested(
        &self,
        claim: Claim,
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
    ) -> Result<bool> {
        writing!(self, pool => {
            let marked = sqlx::query(MARK_REQUESTED).bind(claim.job_id).bind(claim.attempt).bind(now).bind(lease_until)
                .execute(pool).await?;
            Ok(marked.rows_affected() == 1)
        })
    }

    /// Releases a job whose inspection panicked, and counts it as a death of its worker.
    pub async fn note_death(
        &self,
        claim: Claim,
        error: &JobError,
        run_after: DateTime<Utc>,
    ) -> Result<()> {
        writing!(self, pool => {
            sqlx::query(NOTE_DEATH).bind(claim.job_id).bind(claim.attempt).bind(run_after).bind(JsonText(error))
                .execute(pool).await?;
            Ok(())
        })
    }

    /// Gives a refused completion back to the client with the reason, on another multipart upload if one is given;
    /// false where the claim is lost.
    pub async fn return_to_upload(
        &self,
        claim: Claim,
        upload_id: Option<&str>,
        reason: &JobError,
    ) -> Result<bool> {
        writing!(self, pool => {
            let returned = sqlx::query(RETURN_TO_UPLOAD).bind(claim.job_id).bind(claim.attempt).bind(upload_id)
                .bind(JsonText(reason)).execute(pool).await?;
            Ok(returned.rows_affected() == 1)
        })
    }

    /// Notes that S3 has put the object together; false where the claim is lost.
    pub async fn finish_completion(
        &self,
        claim: Claim,
        etag: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        writing!(self, pool => {
            let finished = sqlx::query(FINISH_COMPLETION).bind(claim.job_id).bind(claim.attempt).bind(etag).bind(now)
                .execute(pool).await?;
            Ok(finished.rows_affected() == 1)
        })
    }

    /// Keeps what an inspection found and makes the job ready until `deadline`; false where the claim is lost.
    pub async fn finish_inspection(
        &self,
        claim: Claim,
        found: &Inspection,
        deadline: DateTime<Utc>,
    ) -> Result<bool> {
        let row_count = found.row_count.map(signed);
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let finished = sqlx::query(FINISH_INSPECTION).bind(claim.job_id).bind(claim.attempt).bind(row_count)
                .bind(deadline).execute(&mut *transaction).await?;
            if finished.rows_affected() == 0 {
                return Ok(false);
            }
            sqlx::query(INSERT_INSPECTION).bind(claim.job_id).bind(&found.format).bind(row_count)
                .bind(JsonText(&found.columns)).bind(JsonText(&found.sample)).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(true)
        })
    }

    /// Notes that the object of a job was not found at `now`, and returns since when it is not; `None` where the claim is
    /// lost.
    pub async fn note_missing(
        &self,
        claim: Claim,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>> {
        Ok(
            writing!(self, pool => sqlx::query_scalar(NOTE_MISSING).bind(claim.job_id).bind(claim.attempt).bind(now)
            .fetch_optional(pool).await)?,
        )
    }

    /// Notes that the object of a job was found.
    pub async fn note_found(&self, claim: Claim) -> Result<()> {
        writing!(self, pool => {
            sqlx::query(NOTE_FOUND).bind(claim.job_id).bind(claim.attempt).execute(pool).await?;
            Ok(())
        })
    }

    /// Ends a job whose content is bad, or that kept killing its worker; false where the claim is lost.
    pub async fn fail(&self, claim: Claim, error: &JobError, now: DateTime<Utc>) -> Result<bool> {
        writing!(self, pool => {
            let failed = sqlx::query(FAIL).bind(claim.job_id).bind(claim.attempt).bind(JsonText(error)).bind(now)
                .execute(pool).await?;
            Ok(failed.rows_affected() == 1)
        })
    }
}
