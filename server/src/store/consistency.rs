//! What the database says that the bucket holds, and what it counts: read by pages, to be compared with what there is. Every
//! statement is one look at the database, so that nothing is compared with a moment before.

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;
use restow_row::FromRow;
use uuid::Uuid;

use super::statement::statements;
use super::stored::StoredStatus;
use super::{Store, reading};
use crate::error::Result;

/// An object that is to be in the bucket.
#[derive(Clone, Debug, FromRow)]
pub struct ExpectedObject {
    /// Job that uploaded it.
    pub job_id: Uuid,
    /// Dataset of the job.
    pub dataset_id: Uuid,
    /// Number of the version that it is; `None` where its job has not been committed.
    pub version: Option<i64>,
    /// Key of the object.
    pub s3_key: String,
    file_size: i64,
    #[sqlx(try_from = "String")]
    status: StoredStatus,
    /// When the version was retired or its dataset deleted, from which on the object may be removed.
    pub over_since: Option<DateTime<Utc>>,
}

impl ExpectedObject {
    /// Size in bytes.
    pub fn size(&self) -> u64 {
        self.file_size.cast_unsigned()
    }

    /// State of the job.
    pub fn status(&self) -> JobStatus {
        self.status.0
    }
}

/// What a dataset counts, and what there is.
#[derive(Clone, Debug, FromRow)]
pub struct CountedDataset {
    /// Identifier of the dataset.
    pub id: Uuid,
    /// Current version.
    pub current_version: Option<i64>,
    /// Whether there is the current version, if it has one.
    pub has_current: bool,
    /// Number of versions that are not retired, as it is counted.
    pub counted: i64,
    /// The same, as there are.
    pub found: i64,
}

/// What a principal counts, and what there is.
#[derive(Clone, Debug, FromRow)]
pub struct CountedPrincipal {
    /// Identifier of the principal.
    pub id: Uuid,
    /// Bytes of all versions, as they are counted.
    pub counted: i64,
    /// The same, as there are.
    pub found: i64,
}

macro_rules! versions {
    ($condition:literal) => {
        concat!(
            "SELECT v.job_id, v.dataset_id, v.version, v.s3_key, v.file_size, 'committed' AS status, \
             COALESCE(v.retired_at, (SELECT d.deleted_at FROM datasets d WHERE d.id = v.dataset_id)) AS over_since \
             FROM versions v WHERE ",
            $condition
        )
    };
}

macro_rules! open_jobs {
    ($condition:literal) => {
        concat!(
            "SELECT id AS job_id, dataset_id, CAST(NULL AS BIGINT) AS version, s3_key, file_size, status, \
             CAST(NULL AS TIMESTAMPTZ) AS over_since FROM jobs \
             WHERE status NOT IN ('committed', 'failed', 'cancelled', 'expired') AND ",
            $condition
        )
    };
}

statements! {
    VERSIONS = versions!("(v.dataset_id, v.version) > ($1, $2) ORDER BY v.dataset_id, v.version LIMIT $3");
    FIND_VERSION = versions!("v.dataset_id = $1 AND v.version = $2");
    OPEN_JOBS = open_jobs!("id > $1 ORDER BY id LIMIT $2");
    FIND_OPEN_JOB = open_jobs!("id = $1");
    DATASETS = "SELECT d.id, d.current_version, d.live_versions AS counted, \
         (SELECT count(*) FROM versions v WHERE v.dataset_id = d.id AND v.retired_at IS NULL) AS found, \
         (d.current_version IS NULL OR d.deleted_at IS NOT NULL OR EXISTS \
          (SELECT 1 FROM versions v WHERE v.dataset_id = d.id AND v.version = d.current_version \
           AND v.retired_at IS NULL)) AS has_current \
         FROM datasets d WHERE d.id > $1 ORDER BY d.id LIMIT $2";
    /// By the dataset, whose versions are found by the key.
    PRINCIPALS = "SELECT p.id, p.stored_bytes AS counted, CAST(COALESCE((SELECT sum( \
         (SELECT COALESCE(sum(v.file_size), 0) FROM versions v WHERE v.dataset_id = d.id)) \
         FROM datasets d WHERE d.principal_id = p.id), 0) AS BIGINT) AS found \
         FROM principals p WHERE p.id > $1 ORDER BY p.id LIMIT $2";
}

impl Store {
    /// At most `limit` objects of all versions, by dataset and version, behind those of `after`.
    pub async fn expected_versions(
        &self,
        after: (Uuid, i64),
        limit: i64,
    ) -> Result<Vec<ExpectedObject>> {
        Ok(
            reading!(self, pool => sqlx::query_as(VERSIONS).bind(after.0).bind(after.1).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// At most `limit` jobs that have not ended, by id behind `after`, whatever they have in the bucket.
    pub async fn expected_jobs(&self, after: Uuid, limit: i64) -> Result<Vec<ExpectedObject>> {
        Ok(
            reading!(self, pool => sqlx::query_as(OPEN_JOBS).bind(after).bind(limit).fetch_all(pool).await)?,
        )
    }

    /// The same version or job as it is now; `None` where there is none, or the job has ended.
    pub async fn expected_again(&self, object: &ExpectedObject) -> Result<Option<ExpectedObject>> {
        Ok(match object.version {
            Some(version) => {
                reading!(self, pool => sqlx::query_as(FIND_VERSION).bind(object.dataset_id).bind(version)
                    .fetch_optional(pool).await)?
            }
            None => {
                reading!(self, pool => sqlx::query_as(FIND_OPEN_JOB).bind(object.job_id).fetch_optional(pool).await)?
            }
        })
    }

    /// At most `limit` datasets, by id behind `after`.
    pub async fn counted_datasets(&self, after: Uuid, limit: i64) -> Result<Vec<CountedDataset>> {
        Ok(
            reading!(self, pool => sqlx::query_as(DATASETS).bind(after).bind(limit).fetch_all(pool).await)?,
        )
    }

    /// At most `limit` principals, by id behind `after`.
    pub async fn counted_principals(
        &self,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<CountedPrincipal>> {
        Ok(
            reading!(self, pool => sqlx::query_as(PRINCIPALS).bind(after).bind(limit).fetch_all(pool).await)?,
        )
    }
}
