//! Versions. Which one is current is one value in the dataset's row, so readers see the old or the new.

use chrono::{DateTime, Utc};
use restow_api::version::{Replaces, Version};
use restow_api::{Column, ReadOptions};
use restow_row::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::number::signed;
use super::statement::{of_dataset, statements};
use super::stored::StoredText;
use super::{Store, reading, writing};
use crate::actor::Actor;
use crate::crash::{self, Point};
use crate::error::{Error, Result};

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
    format: Option<String>,
    dialect: Option<JsonText<ReadOptions>>,
    created_at: DateTime<Utc>,
    committed_by: Option<String>,
}

/// A version with what an object is compared with.
#[derive(Clone, Debug, FromRow)]
pub struct ComparedRow {
    #[sqlx(flatten)]
    version: VersionRow,
    schema: Option<JsonText<Vec<Column>>>,
    /// Whether the version cannot be read any more.
    pub is_retired: bool,
}

impl ComparedRow {
    /// The version.
    pub fn version(&self) -> &VersionRow {
        &self.version
    }

    /// The schema of the dataset as of the version, where it is known.
    pub fn schema(&self) -> Option<&[Column]> {
        self.schema.as_ref().map(|schema| schema.0.as_slice())
    }
}

/// What the caller of a version said about reading its object.
#[derive(Clone, Debug, FromRow)]
pub struct RememberedOptions {
    /// Filename of the version.
    #[sqlx(try_from = "Vec<u8>")]
    pub filename: StoredText,
    read_options: JsonText<ReadOptions>,
}

impl RememberedOptions {
    /// The options.
    pub fn into_options(self) -> ReadOptions {
        self.read_options.0
    }
}

impl VersionRow {
    /// Number of the version.
    pub fn number(&self) -> u64 {
        self.version.cast_unsigned()
    }

    /// Original filename.
    pub fn filename(&self) -> &str {
        &self.filename.0
    }

    /// Size of the object in bytes.
    pub fn file_size(&self) -> u64 {
        self.file_size.cast_unsigned()
    }

    /// Entity tag of the object.
    pub fn etag(&self) -> &str {
        &self.etag
    }

    /// Format that was recognised; none in a version of an early release.
    pub fn format(&self) -> Option<&str> {
        self.format.as_deref()
    }

    /// How the object was read.
    pub fn dialect(&self) -> Option<&ReadOptions> {
        self.dialect.as_ref().map(|dialect| &dialect.0)
    }

    /// Columns in the order of the file.
    pub fn columns(&self) -> &[Column] {
        &self.columns.0
    }

    /// Number of rows, where it is known.
    pub fn row_count(&self) -> Option<u64> {
        self.row_count.map(i64::cast_unsigned)
    }
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
            dialect: row.dialect.map(|dialect| dialect.0),
            created_at: row.created_at,
            committed_by: row.committed_by,
        }
    }
}

macro_rules! version_columns {
    () => {
        "dataset_id, version, job_id, filename, content_type, file_size, s3_key, etag, row_count, columns, \
         format, dialect, created_at, committed_by"
    };
}

pub(super) use version_columns;

/// The same, but for the columns of the file, which can be thousands.
macro_rules! brief_columns {
    () => {
        "dataset_id, version, job_id, filename, content_type, file_size, s3_key, etag, row_count, \
         '[]' AS columns, format, dialect, created_at, committed_by"
    };
}

statements! {
    FIND = concat!(
        "SELECT ",
        version_columns!(),
        " FROM versions WHERE dataset_id = $1 AND version = $2 AND retired_at IS NULL AND ",
        of_dataset!("versions", "$3")
    );
    /// Also a retired version, as long as its row is kept.
    FIND_COMPARED = concat!(
        "SELECT ",
        version_columns!(),
        ", schema, retired_at IS NOT NULL AS is_retired FROM versions WHERE dataset_id = $1 AND version = $2"
    );
    FIND_REMEMBERED = "SELECT v.filename, v.read_options FROM jobs j JOIN datasets d ON d.id = j.dataset_id \
         JOIN versions v ON v.dataset_id = d.id AND v.version = d.current_version \
         WHERE j.id = $1 AND v.read_options IS NOT NULL";
    /// Without the columns, which can be thousands.
    LIST = concat!(
        "SELECT ",
        brief_columns!(),
        " FROM versions WHERE dataset_id = $1 AND retired_at IS NULL AND version < $2 AND ",
        of_dataset!("versions", "$4"),
        " ORDER BY version DESC LIMIT $3"
    );
    FIND_BRIEF = concat!(
        "SELECT ",
        brief_columns!(),
        " FROM versions WHERE dataset_id = $1 AND version = $2 AND retired_at IS NULL AND ",
        of_dataset!("versions", "$3")
    );
    FIND_CURRENT_BRIEF = concat!(
        "SELECT ",
        brief_columns!(),
        " FROM versions WHERE dataset_id = $1 AND retired_at IS NULL AND version = \
         (SELECT current_version FROM datasets WHERE id = $1 AND principal_id = $2 AND CASE WHEN deleted_at IS NULL THEN TRUE END)"
    );
    LOCK = "UPDATE datasets SET last_version = last_version \
         WHERE id = $1 AND principal_id = $2 AND CASE WHEN deleted_at IS NULL THEN TRUE END RETURNING current_version";
    RESTORE = "UPDATE datasets SET current_version = $2, updated_at = $3, changed_by = $4, changed_in = $5 WHERE id = $1";
}

impl Store {
    /// A version of the principal's dataset, if there is one of that number.
    pub async fn find_version(
        &self,
        principal_id: Uuid,
        dataset_id: Uuid,
        version: u64,
    ) -> Result<Option<VersionRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND).bind(dataset_id).bind(signed(version)).bind(principal_id)
            .fetch_optional(pool).await)?,
        )
    }

    /// A version of the dataset with what objects are compared with, also a retired one.
    pub async fn find_compared(
        &self,
        dataset_id: Uuid,
        version: u64,
    ) -> Result<Option<ComparedRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND_COMPARED).bind(dataset_id).bind(signed(version))
            .fetch_optional(pool).await)?,
        )
    }

    /// What was stated about reading the object of the current version of a job's dataset, if anything was.
    pub async fn find_remembered_options(&self, job_id: Uuid) -> Result<Option<RememberedOptions>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND_REMEMBERED).bind(job_id).fetch_optional(pool).await)?,
        )
    }

    /// A version of the principal's dataset without its columns, if there is one of that number.
    pub async fn find_version_briefly(
        &self,
        principal_id: Uuid,
        dataset_id: Uuid,
        version: u64,
    ) -> Result<Option<VersionRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND_BRIEF).bind(dataset_id).bind(signed(version)).bind(principal_id)
            .fetch_optional(pool).await)?,
        )
    }

    /// The current version of the principal's dataset without its columns, if there is one.
    pub async fn find_current_version_briefly(
        &self,
        principal_id: Uuid,
        dataset_id: Uuid,
    ) -> Result<Option<VersionRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND_CURRENT_BRIEF).bind(dataset_id).bind(principal_id)
            .fetch_optional(pool).await)?,
        )
    }

    /// At most `limit` versions of the principal's dataset, without their columns, before the number `before`, newest first.
    pub async fn list_versions(
        &self,
        principal_id: Uuid,
        dataset_id: Uuid,
        before: Option<u64>,
        limit: i64,
    ) -> Result<Vec<VersionRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(LIST).bind(dataset_id).bind(before.map_or(i64::MAX, signed)).bind(limit)
            .bind(principal_id).fetch_all(pool).await)?,
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
        let actor = Actor::current();
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
                .bind(principal_id).fetch_optional(&mut *transaction).await?;
            if found.is_some() {
                sqlx::query(RESTORE).bind(dataset_id).bind(signed(version)).bind(now)
                    .bind(actor.principal()).bind(actor.request().map(JsonText))
                    .execute(&mut *transaction).await?;
                crash::at(Point::RestorePending);
                transaction.commit().await?;
            }
            Ok(found)
        })
    }
}
