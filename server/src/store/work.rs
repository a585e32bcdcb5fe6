//! The queue: jobs that a process works on. The process holds a lease, and each of its writes is fenced by
//! the number of the attempt, so that a process whose lease has expired cannot overwrite its successor's result, and
//! a late heartbeat cannot renew a lease that was released.

use chrono::{DateTime, Utc};
use restow_api::ReadOptions;
use restow_api::job::JobError;
use restow_api::reupload::CompletedPart;
use restow_row::FromRow;
use uuid::Uuid;

use super::job::{JobRow, job_columns};
use super::json::JsonText;
use super::number::signed;
use super::statement::statements;
use super::{Store, writing};
use crate::actor::Actor;
use crate::error::Result;
use crate::trace;

/// The right to work on a job: valid until another process makes the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Identifier of the job.
    pub job_id: Uuid,
    /// Number of the attempt, from 1.
    pub attempt: i64,
}

/// What the caller of a completion states about what follows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms<'a> {
    /// How the object is to be read.
    pub read_options: Option<&'a ReadOptions>,
    /// Whether the job is to be committed as soon as it is inspected.
    pub commit: bool,
}

/// A job that is claimed.
#[derive(Clone, Debug, FromRow)]
pub struct Work {
    /// The job.
    #[sqlx(flatten)]
    pub job: JobRow,
    /// How many attempts ended without releasing the lease.
    pub deaths: i64,
    named_parts: Option<JsonText<Vec<CompletedPart>>>,
    /// Time of the last request to S3 to complete the upload, unless S3 has rejected it since.
    #[sqlx(rename = "asked_at")]
    pub requested_at: Option<DateTime<Utc>>,
    /// Time of the first request of this completion.
    #[sqlx(rename = "first_asked_at")]
    pub first_requested_at: Option<DateTime<Utc>>,
    /// The request that completed the upload, as a `traceparent`, if it was traced.
    pub trace_parent: Option<String>,
}

impl Work {
    /// The right to work on it.
    pub fn claim(&self) -> Claim {
        Claim {
            job_id: self.job.id,
            attempt: self.job.attempt,
        }
    }

    /// The same, with the entity tag of the object that S3 has put together.
    #[must_use]
    pub fn completed_as(&self, etag: &str) -> Self {
        let mut completed = self.clone();
        completed.job.etag = Some(etag.to_string());
        completed
    }

    /// The parts that the client named in its request to complete.
    pub fn named_parts(&self) -> &[CompletedPart] {
        self.named_parts.as_ref().map_or(&[], |named| &named.0)
    }
}

/// The columns of [`Work`], which every claim returns.
macro_rules! work_columns {
    () => {
        concat!(
            "deaths, named_parts, asked_at, first_asked_at, trace_parent, ",
            job_columns!()
        )
    };
}
pub(super) use work_columns;

/// The fence: the job of a claim that is neither released nor superseded, in one of the states.
macro_rules! held {
    ($states:literal) => {
        concat!(
            " WHERE id = $1 AND attempt = $2 AND lease_until IS NOT NULL AND status || '' IN (",
            $states,
            ")"
        )
    };
}
pub(super) use held;

statements! {
    CLAIM_COMPLETION = concat!(
        "UPDATE jobs SET status = 'completing', attempt = attempt + 1, deaths = 0, lease_until = $2, \
         named_parts = $3, read_options = COALESCE($4, read_options), auto_commit = $5, asked_at = $6, \
         first_asked_at = $6, error = NULL, changed_by = $7, changed_in = $8, trace_parent = $9 \
         WHERE id = $1 AND status || '' = 'awaiting_upload' AND upload_id IS NOT NULL RETURNING ",
        work_columns!()
    );
    /// The version is committed by the caller that wants it committed. How the object is read is settled once its inspection is due.
    NOTE_TERMS = "UPDATE jobs SET read_options = CASE WHEN status = 'completing' THEN COALESCE($2, read_options) \
         ELSE read_options END, auto_commit = auto_commit OR $3, \
         changed_by = CASE WHEN $3 THEN $4 ELSE changed_by END, changed_in = CASE WHEN $3 THEN $5 ELSE changed_in END \
         WHERE id = $1 AND status || '' IN ('completing', 'inspecting')";
    EXTEND_LEASE = concat!(
        "UPDATE jobs SET lease_until = $3, bytes_done = COALESCE($4, bytes_done), rows_done = COALESCE($5, rows_done)",
        held!("'completing', 'inspecting'")
    );
    RELEASE = concat!("UPDATE jobs SET lease_until = NULL, run_after = $3", held!("'completing', 'inspecting'"));
    RETURN_TO_UPLOAD = concat!(
        "UPDATE jobs SET status = 'awaiting_upload', lease_until = NULL, named_parts = NULL, asked_at = NULL, \
         first_asked_at = NULL, upload_id = COALESCE($3, upload_id), error = $4, \
         deadline = CASE WHEN deadline < $5 THEN $5 ELSE deadline END",
        held!("'completing'")
    );
    MARK_REQUESTED = concat!(
        "UPDATE jobs SET asked_at = $3, first_asked_at = COALESCE(first_asked_at, $3), lease_until = $4",
        held!("'completing'")
    );
    NOTE_DEATH = concat!(
        "UPDATE jobs SET lease_until = NULL, deaths = deaths + 1, run_after = $3, error = $4",
        held!("'inspecting'")
    );
    FINISH_COMPLETION = concat!(
        "UPDATE jobs SET status = 'inspecting', etag = $3, lease_until = NULL, named_parts = NULL, asked_at = NULL, \
         first_asked_at = NULL, deaths = 0, run_after = $4",
        held!("'completing'")
    );
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
    /// Claims the completion of a job that waits for its upload; `None` where it no longer does. `requested_at` records
    /// that the request to S3 is about to be sent, too, as [`Self::mark_requested`] does.
    pub async fn claim_completion(
        &self,
        job_id: Uuid,
        named: &[CompletedPart],
        terms: Terms<'_>,
        lease_until: DateTime<Utc>,
        requested_at: Option<DateTime<Utc>>,
    ) -> Result<Option<Work>> {
        let actor = Actor::current();
        // Of the request, and not of this statement.
        let trace_parent = trace::current();
        Ok(
            writing!(self, pool => sqlx::query_as(CLAIM_COMPLETION).bind(job_id).bind(lease_until).bind(JsonText(named))
            .bind(terms.read_options.map(JsonText)).bind(terms.commit).bind(requested_at)
            .bind(actor.principal()).bind(actor.request().map(JsonText)).bind(trace_parent)
            .fetch_optional(pool).await)?,
        )
    }

    /// Adds what a caller states about a completion that another call has begun.
    pub async fn note_terms(&self, job_id: Uuid, terms: Terms<'_>) -> Result<()> {
        let actor = Actor::current();
        writing!(self, pool => {
            sqlx::query(NOTE_TERMS).bind(job_id).bind(terms.read_options.map(JsonText)).bind(terms.commit)
                .bind(actor.principal()).bind(actor.request().map(JsonText)).execute(pool).await?;
            Ok(())
        })
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

    /// Gives a refused completion back to the client with the reason, on another multipart upload if one is given, and with
    /// time until `deadline` at least; false where the claim is lost.
    pub async fn return_to_upload(
        &self,
        claim: Claim,
        upload_id: Option<&str>,
        reason: &JobError,
        deadline: DateTime<Utc>,
    ) -> Result<bool> {
        writing!(self, pool => {
            let returned = sqlx::query(RETURN_TO_UPLOAD).bind(claim.job_id).bind(claim.attempt).bind(upload_id)
                .bind(JsonText(reason)).bind(deadline).execute(pool).await?;
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
