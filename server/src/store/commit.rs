//! Commits: a job becomes a version of its dataset, or is found to have the bytes of the current one.

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;
use restow_api::{Column, Policy};
use restow_row::FromRow;
use uuid::Uuid;

use super::inspection::{Ending, Inspected, StoreInspection};
use super::json::JsonText;
use super::number::signed;
use super::statement::statements;
use super::version::{VersionRow, version_columns};
use super::{Store, reading, writing};
use crate::actor::Actor;
use crate::crash::{self, Point};
use crate::error::{Error, Result};

/// A commit that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewVersion<'a> {
    /// Owner of the dataset.
    pub principal_id: Uuid,
    /// Dataset that gets the version.
    pub dataset_id: Uuid,
    /// Job that becomes the version.
    pub job_id: Uuid,
    /// State in which the job has to be: that of a rejected job says nothing of its columns.
    pub status: JobStatus,
    /// Attempt of the inspection that was judged: another one may have found something else.
    pub attempt: i64,
    /// Version that must be the current one.
    pub replaces: Option<u64>,
    /// The schema of the dataset from then on, where it is known.
    pub schema: Option<&'a [Column]>,
}

/// What the commit of a job by itself depends on.
#[derive(Clone, Debug, FromRow)]
pub struct AutoCommit {
    /// Owner of the dataset.
    pub principal_id: Uuid,
    current_version: Option<i64>,
    policy: Option<JsonText<Policy>>,
    is_wanted: bool,
}

impl AutoCommit {
    /// Number of the dataset's current version.
    pub fn current_version(&self) -> Option<u64> {
        self.current_version.map(i64::cast_unsigned)
    }

    /// The policy of the dataset.
    pub fn policy(&self) -> Policy {
        self.policy
            .as_ref()
            .map_or_else(Policy::default, |policy| policy.0.clone())
    }

    /// Whether the caller of the completion, or the policy of the dataset, wants it.
    pub fn is_wanted(&self) -> bool {
        self.is_wanted || self.policy().auto_commit
    }
}

statements! {
    ADVANCE = "UPDATE datasets SET last_version = last_version + 1, current_version = last_version + 1, \
         updated_at = $4 WHERE id = $1 AND principal_id = $2 AND CASE WHEN deleted_at IS NULL THEN TRUE END \
         AND current_version IS NOT DISTINCT FROM $3 RETURNING last_version";
    /// A commit without a request of its own is that of the caller who completed the job.
    COMMIT_JOB = "UPDATE jobs SET status = 'committed', version = $3, error = NULL, \
         changed_by = COALESCE($6, changed_by), changed_in = COALESCE($7, changed_in) \
         WHERE id = $1 AND dataset_id = $2 AND status = $4 AND attempt = $5";
    /// What was read of an object that cannot be read as it stands is no statement about the version.
    INSERT = concat!(
        "INSERT INTO versions (",
        version_columns!(),
        ", read_options, schema) SELECT j.dataset_id, j.version, j.id, j.filename, j.content_type, j.file_size, \
         j.s3_key, j.etag, CASE WHEN $3 THEN NULL ELSE i.row_count END, CASE WHEN $3 THEN '[]' ELSE i.columns END, \
         i.format, CASE WHEN $3 THEN NULL ELSE i.dialect END, $2, j.changed_by, i.read_options, $4 \
         FROM jobs j JOIN inspections i ON i.job_id = j.id WHERE j.id = $1 RETURNING ",
        version_columns!()
    );
    NOTE_COMMIT = "UPDATE inspections SET committed_at = $2 WHERE job_id = $1";
    CURRENT = "SELECT current_version FROM datasets WHERE id = $1";
    /// Until the job is committed, no other version becomes the current one.
    LOCK_CURRENT = "UPDATE datasets SET last_version = last_version WHERE id = $1 AND principal_id = $2 \
         AND CASE WHEN deleted_at IS NULL THEN TRUE END AND current_version IS NOT DISTINCT FROM $3 RETURNING current_version";
    FIND_CURRENT = concat!(
        "SELECT ",
        version_columns!(),
        " FROM versions WHERE dataset_id = $1 AND version = $2"
    );
    /// Its object is removed like that of a job that became no version.
    COMMIT_DUPLICATE = "UPDATE jobs SET status = 'committed', version = $3, error = NULL, is_duplicate = TRUE, \
         run_after = $6, \
         changed_by = COALESCE($7, changed_by), changed_in = COALESCE($8, changed_in) WHERE id = $1 AND dataset_id = $2 AND status = $4 AND attempt = $5";
    FIND_AUTO_COMMIT = "SELECT d.principal_id, d.current_version, d.policy, j.auto_commit AS is_wanted \
         FROM jobs j JOIN datasets d ON d.id = j.dataset_id WHERE j.id = $1 AND CASE WHEN d.deleted_at IS NULL THEN TRUE END";
}

impl Store {
    /// Makes a job the dataset's current version, if the one that it replaces still is; with what its inspection has just
    /// found, if that is not stored yet. `None` where the job is in another state, or the claim is lost.
    ///
    /// # Errors
    /// [`Error::VersionConflict`] where the dataset has moved.
    pub async fn commit_job(
        &self,
        new: NewVersion<'_>,
        inspected: Option<Inspected<'_>>,
        now: DateTime<Utc>,
    ) -> Result<Option<VersionRow>> {
        self.commit(new, inspected, now, false).await
    }

    /// Ends a job whose object has the bytes of the current version, as [`Self::commit_job`] does, but without a new
    /// version. The schema is of no importance.
    ///
    /// # Errors
    /// [`Error::VersionConflict`] where the dataset has moved.
    pub async fn commit_duplicate(
        &self,
        new: NewVersion<'_>,
        inspected: Option<Inspected<'_>>,
        now: DateTime<Utc>,
    ) -> Result<Option<VersionRow>> {
        self.commit(new, inspected, now, true).await
    }

    async fn commit(
        &self,
        new: NewVersion<'_>,
        inspected: Option<Inspected<'_>>,
        now: DateTime<Utc>,
        is_duplicate: bool,
    ) -> Result<Option<VersionRow>> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let number = if is_duplicate { sqlx::query_scalar(LOCK_CURRENT) } else { sqlx::query_scalar(ADVANCE) };
            let number = number.bind(new.dataset_id).bind(new.principal_id).bind(new.replaces.map(signed));
            let number = if is_duplicate { number } else { number.bind(now) };
            let number: Option<Option<i64>> = number.fetch_optional(&mut *transaction).await?;
            let Some(number) = number.flatten() else {
                let current: Option<i64> = sqlx::query_scalar(CURRENT).bind(new.dataset_id)
                    .fetch_one(&mut *transaction).await?;
                let current = current.map(i64::cast_unsigned);
                return Err(Error::VersionConflict { current, expected: new.replaces });
            };
            if let Some(inspected) = inspected
                && !transaction.store_inspection(inspected, &Ending::Ready(None)).await?
            {
                return Ok(None);
            }
            let committed = if is_duplicate { sqlx::query(COMMIT_DUPLICATE) } else { sqlx::query(COMMIT_JOB) };
            let committed = committed.bind(new.job_id).bind(new.dataset_id).bind(number).bind(new.status.as_str()).bind(new.attempt);
            let committed = if is_duplicate { committed.bind(now) } else { committed };
            let committed = committed.bind(actor.principal()).bind(actor.request().map(JsonText));
            if committed.execute(&mut *transaction).await?.rows_affected() == 0 {
                return Ok(None);
            }
            let version: VersionRow = if is_duplicate {
                sqlx::query_as(FIND_CURRENT).bind(new.dataset_id).bind(number).fetch_one(&mut *transaction).await?
            } else {
                sqlx::query(NOTE_COMMIT).bind(new.job_id).bind(now).execute(&mut *transaction).await?;
                sqlx::query_as(INSERT).bind(new.job_id).bind(now).bind(new.status == JobStatus::Rejected)
                    .bind(new.schema.map(JsonText)).fetch_one(&mut *transaction).await?
            };
            crash::at(Point::CommitPending);
            transaction.commit().await?;
            Ok(Some(version))
        })
    }

    /// What the commit of a job by itself depends on; `None` where its dataset is gone.
    pub async fn find_auto_commit(&self, job_id: Uuid) -> Result<Option<AutoCommit>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND_AUTO_COMMIT).bind(job_id).fetch_optional(pool).await)?,
        )
    }
}
