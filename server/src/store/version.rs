//! Versions. Which one is current is one value in the dataset's row, so readers see the old or the new.

use chrono::{DateTime, Utc};
use restow_api::Column;
use restow_api::version::{Replaces, Version};
use sqlx::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::statement::statements;
use super::stored::StoredText;
use super::{Store, reading, signed, writing};
use crate::crash::{self, Point};
use crate::error::{Error, Result};

/// A commit that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewVersion {
    /// Owner of the dataset.
    pub principal_id: Uuid,
    /// Dataset that gets the version.
    pub dataset_id: Uuid,
    /// Job that becomes the version.
    pub job_id: Uuid,
    /// Version that must be the current one.
    pub replaces: Option<u64>,
}

/// A version as it is stored.
#[derive(Clone, Debug, FromRow)]
pub struct VersionRow {
    dataset_id: Uuid,
    version: i64,
    job_id: Uuid,
    #[sqlx(try_from = "Vec<u8>")]
    filename: StoredText,
    #[sqlx(try_from = "Vec<u8>")]
    content_type: StoredText,
    file_size: i64,
    /// Key of the object.
    pub s3_key: String,
    etag: String,
    row_count: Option<i64>,
    columns: JsonText<Vec<Column>>,
    created_at: DateTime<Utc>,
}

impl From<VersionRow> for Version {
    fn from(row: VersionRow) -> Self {
        Self {
            dataset_id: row.dataset_id,
            version: row.version.cast_unsigned(),
            job_id: row.job_id,
            filename: row.filename.0,
            content_type: row.content_type.0,
            file_size: row.file_size.cast_unsigned(),
            etag: row.etag,
            row_count: row.row_count.map(i64::cast_unsigned),
            columns: row.columns.0,
            created_at: row.created_at,
        }
    }
}

macro_rules! version_columns {
    () => {
        "dataset_id, version, job_id, filename, content_type, file_size, s3_key, etag, row_count, columns, created_at"
    };
}

/// The same, but for the columns of the file, which can be thousands.
macro_rules! brief_columns {
    () => {
        "dataset_id, version, job_id, filename, content_type, file_size, s3_key, etag, row_count, '[]' AS columns, created_at"
    };
}

statements! {
    ADVANCE = "UPDATE datasets SET last_version = last_version + 1, current_version = last_version + 1, \
         updated_at = $4 WHERE id = $1 AND principal_id = $2 AND deleted_at IS NULL \
         AND current_version IS NOT DISTINCT FROM $3 RETURNING last_version";
    COMMIT_JOB = "UPDATE jobs SET status = 'committed', version = $3 \
         WHERE id = $1 AND dataset_id = $2 AND status = 'ready'";
    INSERT = concat!(
        "INSERT INTO versions (",
        version_columns!(),
        ") SELECT j.dataset_id, j.version, j.id, j.filename, j.content_type, j.file_size, j.s3_key, j.etag, \
         i.row_count, i.columns, $2 FROM jobs j JOIN inspections i ON i.job_id = j.id WHERE j.id = $1 RETURNING ",
        version_columns!()
    );
    FIND = concat!(
        "SELECT ",
        version_columns!(),
        " FROM versions WHERE dataset_id = $1 AND version = $2 AND retired_at IS NULL"
    );
    /// Without the columns, which can be thousands.
    LIST = concat!(
        "SELECT ",
        brief_columns!(),
        " FROM versions WHERE dataset_id = $1 AND retired_at IS NULL AND version < $2 \
         ORDER BY version DESC LIMIT $3"
    );
    FIND_BRIEF = concat!(
        "SELECT ",
        brief_columns!(),
        " FROM versions WHERE dataset_id = $1 AND version = $2 AND retired_at IS NULL"
    );
    NOTE_COMMIT = "UPDATE inspections SET committed_at = $2 WHERE job_id = $1";
    CURRENT = "SELECT current_version FROM datasets WHERE id = $1";
    LOCK = "UPDATE datasets SET last_version = last_version \
         WHERE id = $1 AND principal_id = $2 AND deleted_at IS NULL RETURNING current_version";
    RESTORE = "UPDATE datasets SET current_version = $2, updated_at = $3 WHERE id = $1";
}

impl Store {
    /// Makes a ready job the dataset's current version, if the one that it replaces still is. `None` where the
    /// job is not ready.
    ///
    /// # Errors
    /// [`Error::VersionConflict`] where the dataset has moved.
    pub async fn commit_job(
        &self,
        new: NewVersion,
        now: DateTime<Utc>,
    ) -> Result<Option<VersionRow>> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let advanced: Option<i64> = sqlx::query_scalar(ADVANCE).bind(new.dataset_id).bind(new.principal_id)
                .bind(new.replaces.map(signed)).bind(now).fetch_optional(&mut *transaction).await?;
            let Some(number) = advanced else {
                let current: Option<i64> = sqlx::query_scalar(CURRENT).bind(new.dataset_id)
                    .fetch_one(&mut *transaction).await?;
                let current = current.map(i64::cast_unsigned);
                return Err(Error::VersionConflict { current, expected: new.replaces });
            };
            let committed = sqlx::query(COMMIT_JOB).bind(new.job_id).bind(new.dataset_id).bind(number)
                .execute(&mut *transaction).await?;
            if committed.rows_affected() == 0 {
                return Ok(None);
            }
            let version: VersionRow = sqlx::query_as(INSERT).bind(new.job_id).bind(now)
                .fetch_one(&mut *transaction).await?;
            sqlx::query(NOTE_COMMIT).bind(new.job_id).bind(now).execute(&mut *transaction).await?;
            crash::at(Point::CommitPending);
            transaction.commit().await?;
            Ok(Some(version))
        })
    }

    /// A version of the dataset, if there is one of that number.
    pub async fn find_version(&self, dataset_id: Uuid, version: u64) -> Result<Option<VersionRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND).bind(dataset_id).bind(signed(version)).fetch_optional(pool).await)?,
        )
    }

    /// A version of the dataset without its columns, if there is one of that number.
    pub async fn find_version_briefly(
        &self,
        dataset_id: Uuid,
        version: u64,
    ) -> Result<Option<VersionRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND_BRIEF).bind(dataset_id).bind(signed(version))
            .fetch_optional(pool).await)?,
        )
    }

    /// At most `limit` versions of the dataset, without their columns, before the number `before`, newest first.
    pub async fn list_versions(
        &self,
        dataset_id: Uuid,
        before: Option<u64>,
        limit: i64,
    ) -> Result<Vec<VersionRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(LIST).bind(dataset_id).bind(before.map_or(i64::MAX, signed)).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// Makes a version the current one; `None` where the dataset has no such version.
    ///
    /// # Errors
    /// [`Error::VersionConflict`] where `replaces` names a version, or none, and the dataset has moved from it.
    pub async fn restore_version(
        &self,
        principal_id: Uuid,
        dataset_id: Uuid,
        version: u64,
        replaces: Replaces,
        now: DateTime<Utc>,
    ) -> Result<Option<VersionRow>> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let locked: Option<Option<i64>> = sqlx::query_scalar(LOCK).bind(dataset_id).bind(principal_id)
                .fetch_optional(&mut *transaction).await?;
            let Some(current) = locked else { return Ok(None) };
            let current = current.map(i64::cast_unsigned);
            // A repeated request, whose first response was lost, finds the version current already.
            if let Replaces::Exactly(expected) = replaces && expected != current && current != Some(version) {
                return Err(Error::VersionConflict { current, expected });
            }
            let found: Option<VersionRow> = sqlx::query_as(FIND).bind(dataset_id).bind(signed(version))
                .fetch_optional(&mut *transaction).await?;
            if found.is_some() {
                sqlx::query(RESTORE).bind(dataset_id).bind(signed(version)).bind(now)
                    .execute(&mut *transaction).await?;
                crash::at(Point::RestorePending);
                transaction.commit().await?;
            }
            Ok(found)
        })
    }
}
