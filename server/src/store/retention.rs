//! Versions and datasets that are over, and rows that have been kept long enough: the reaper's view. Every statement reads
//! or changes a bounded number of rows, and finds them by an index.

use chrono::{DateTime, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::leftover::VersionObject;
use super::number::signed;
use super::statement::statements;
use super::{Database, Store, observing, reading, writing};
use crate::error::Result;

/// The object of a retired version.
#[derive(Clone, Debug, FromRow)]
pub struct RetiredObject {
    /// When the version was retired.
    pub retired_at: DateTime<Utc>,
    /// The object.
    #[sqlx(flatten)]
    pub object: VersionObject,
}

/// The jobs whose samples have been kept long enough.
macro_rules! old_samples {
    () => {
        "SELECT job_id FROM inspections WHERE committed_at IS NOT NULL AND sample <> '[]' AND committed_at < $1 \
         ORDER BY committed_at LIMIT $2"
    };
}

statements! {
    RETIRABLE = "SELECT id FROM datasets WHERE deleted_at IS NULL AND live_versions > $1 \
         ORDER BY live_versions DESC LIMIT $2";
    LOCK_DATASET = "UPDATE datasets SET last_version = last_version \
         WHERE id = $1 AND CASE WHEN deleted_at IS NULL THEN TRUE END RETURNING current_version";
    /// Nothing is committed between this and the statement that retires the range, since the dataset is locked.
    BEYOND_KEPT = "SELECT version FROM versions WHERE dataset_id = $1 AND retired_at IS NULL AND version <> $2 \
         ORDER BY version DESC LIMIT $4 OFFSET $3";
    RETIRE = "UPDATE versions SET retired_at = $5 WHERE dataset_id = $1 AND retired_at IS NULL AND version <> $2 \
         AND version >= $3 AND version <= $4";
    /// With the findings, which show values as well. Only of these versions, since a round retires many at the same time.
    REMOVE_RETIRED_SAMPLES = "UPDATE inspections SET sample = '[]', findings = '[]' WHERE sample <> '[]' AND job_id IN \
         (SELECT job_id FROM versions WHERE dataset_id = $1 AND version >= $2 AND version <= $3 AND retired_at = $4)";
    RETIRED_OBJECTS = "SELECT retired_at, dataset_id, version, s3_key FROM versions WHERE retired_at IS NOT NULL \
         AND retired_at < $1 AND (retired_at, dataset_id, version) > ($2, $3, $4) \
         ORDER BY retired_at, dataset_id, version LIMIT $5";
    DELETED_DATASETS = "SELECT id FROM datasets WHERE deleted_at < $1 AND id > $2 ORDER BY id LIMIT $3";
    VERSION_OBJECTS = "SELECT dataset_id, version, s3_key FROM versions \
         WHERE (dataset_id, version) > ($1, $2) ORDER BY dataset_id, version LIMIT $3";
    DATASET_NAME = "SELECT name FROM datasets WHERE id = $1";
    OBJECTS_OF_DATASET = "SELECT dataset_id, version, s3_key FROM versions \
         WHERE dataset_id = $1 AND version > $2 ORDER BY version LIMIT $3";
    MARK_JOB_CLEANED = "UPDATE jobs SET cleaned_at = $3 WHERE cleaned_at IS NULL AND id = \
         (SELECT job_id FROM versions WHERE dataset_id = $1 AND version = $2)";
    FORGET_VERSION = "DELETE FROM versions WHERE dataset_id = $1 AND version = $2";
    FORGET_JOBS_OF_DATASET = "DELETE FROM jobs WHERE id IN \
         (SELECT id FROM jobs WHERE dataset_id = $1 AND cleaned_at IS NOT NULL LIMIT $2)";
    BEGIN_REMOVAL = "UPDATE datasets SET removing_since = COALESCE(removing_since, $3) \
         WHERE id = $1 AND deleted_at < $2";
    FORGET_DATASET = "DELETE FROM datasets WHERE id = $1 AND deleted_at IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.dataset_id = datasets.id) \
         AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.dataset_id = datasets.id)";
    REMOVE_SAMPLES_SQLITE = concat!("UPDATE inspections SET sample = '[]', findings = '[]' WHERE job_id IN (", old_samples!(), ")");
    /// As an array, whose rows PostgreSQL looks up by the key: it does not know that there are few of them.
    REMOVE_SAMPLES_POSTGRES =
        concat!("UPDATE inspections SET sample = '[]', findings = '[]' WHERE job_id = ANY (ARRAY(", old_samples!(), "))");
    FORGET_JOBS = "DELETE FROM jobs WHERE id IN \
         (SELECT id FROM jobs WHERE cleaned_at IS NOT NULL AND cleaned_at < $1 ORDER BY cleaned_at LIMIT $2)";
}

impl Store {
    /// At most `limit` datasets with more versions than the current one and `keep` beside it.
    pub async fn datasets_to_retire(&self, keep: u64, limit: i64) -> Result<Vec<Uuid>> {
        let most = signed(keep).saturating_add(1);
        Ok(
            reading!(self, pool => sqlx::query_scalar(RETIRABLE).bind(most).bind(limit).fetch_all(pool).await)?,
        )
    }

    /// Retires at most `limit` versions of a dataset beyond the newest `keep` beside the current one, which cannot be read
    /// or restored from then on, and counts them.
    pub async fn retire_versions(
        &self,
        dataset_id: Uuid,
        keep: u64,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<u64> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let current: Option<Option<i64>> = sqlx::query_scalar(LOCK_DATASET).bind(dataset_id)
                .fetch_optional(&mut *transaction).await?;
            let Some(current) = current.flatten() else { return Ok(0) };
            let versions: Vec<i64> = sqlx::query_scalar(BEYOND_KEPT).bind(dataset_id).bind(current)
                .bind(signed(keep)).bind(limit).fetch_all(&mut *transaction).await?;
            let (Some(&newest), Some(&oldest)) = (versions.first(), versions.last()) else { return Ok(0) };
            let retired = sqlx::query(RETIRE).bind(dataset_id).bind(current).bind(oldest).bind(newest).bind(now)
                .execute(&mut *transaction).await?;
            sqlx::query(REMOVE_RETIRED_SAMPLES).bind(dataset_id).bind(oldest).bind(newest).bind(now)
                .execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(retired.rows_affected())
        })
    }

    /// At most `limit` objects of versions that were retired before `before`, the oldest first, behind that of `after`.
    pub async fn retired_objects(
        &self,
        before: DateTime<Utc>,
        after: (DateTime<Utc>, Uuid, i64),
        limit: i64,
    ) -> Result<Vec<RetiredObject>> {
        Ok(
            reading!(self, pool => sqlx::query_as(RETIRED_OBJECTS).bind(before).bind(after.0).bind(after.1).bind(after.2)
            .bind(limit).fetch_all(pool).await)?,
        )
    }

    /// At most `limit` datasets that were deleted before `before`, by id behind `after`.
    pub async fn deleted_datasets(
        &self,
        before: DateTime<Utc>,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<Uuid>> {
        Ok(
            reading!(self, pool => sqlx::query_scalar(DELETED_DATASETS).bind(before).bind(after).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// At most `limit` objects of all versions, by dataset and version, behind those of `after`.
    pub async fn version_objects(
        &self,
        after: (Uuid, i64),
        limit: i64,
    ) -> Result<Vec<VersionObject>> {
        Ok(
            reading!(self, pool => sqlx::query_as(VERSION_OBJECTS).bind(after.0).bind(after.1).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// The name of a dataset, also of a deleted one.
    pub async fn dataset_name(&self, dataset_id: Uuid) -> Result<Option<String>> {
        Ok(
            reading!(self, pool => sqlx::query_scalar(DATASET_NAME).bind(dataset_id).fetch_optional(pool).await)?,
        )
    }

    /// At most `limit` objects of the versions of a dataset, by version behind the number `after`.
    pub async fn objects_of_dataset(
        &self,
        dataset_id: Uuid,
        after: i64,
        limit: i64,
    ) -> Result<Vec<VersionObject>> {
        Ok(
            reading!(self, pool => sqlx::query_as(OBJECTS_OF_DATASET).bind(dataset_id).bind(after).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// Forgets a version whose object is gone. The row of its job is kept as long as those of other jobs that are over.
    pub async fn forget_version(&self, object: &VersionObject, now: DateTime<Utc>) -> Result<()> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            sqlx::query(MARK_JOB_CLEANED).bind(object.dataset_id).bind(object.version).bind(now)
                .execute(&mut *transaction).await?;
            sqlx::query(FORGET_VERSION).bind(object.dataset_id).bind(object.version)
                .execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(())
        })
    }

    /// Forgets at most `limit` jobs of a dataset of which nothing is left in S3, and counts them.
    pub async fn forget_jobs_of_dataset(&self, dataset_id: Uuid, limit: i64) -> Result<u64> {
        writing!(self, pool => {
            let forgotten = sqlx::query(FORGET_JOBS_OF_DATASET).bind(dataset_id).bind(limit).execute(pool).await?;
            Ok(forgotten.rows_affected())
        })
    }

    /// Ends the grace of a dataset that was deleted before `before`; false where its deletion was undone meanwhile.
    pub async fn begin_removal(
        &self,
        dataset_id: Uuid,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        writing!(self, pool => {
            let begun = sqlx::query(BEGIN_REMOVAL).bind(dataset_id).bind(before).bind(now).execute(pool).await?;
            Ok(begun.rows_affected() == 1)
        })
    }

    /// Forgets a deleted dataset; false where a version or a job of it is left.
    pub async fn forget_dataset(&self, dataset_id: Uuid) -> Result<bool> {
        writing!(self, pool => {
            let forgotten = sqlx::query(FORGET_DATASET).bind(dataset_id).execute(pool).await?;
            Ok(forgotten.rows_affected() == 1)
        })
    }

    /// Removes at most `limit` samples of jobs that were committed before `before`, and counts them.
    pub async fn remove_samples(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        observing!(
            self,
            Write,
            match &self.database {
                Database::Sqlite { writer, .. } => {
                    let removal = sqlx::query(REMOVE_SAMPLES_SQLITE).bind(before).bind(limit);
                    Ok(self.on_disk(removal.execute(writer)).await?.rows_affected())
                }
                Database::Postgres(pool) => {
                    let removal = sqlx::query(REMOVE_SAMPLES_POSTGRES)
                        .bind(before)
                        .bind(limit);
                    let removed = self.in_time(pool, removal.execute(pool)).await?;
                    Ok(removed.rows_affected())
                }
            }
        )
    }

    /// Forgets at most `limit` jobs of which nothing has been left in S3 since before `before`, and counts them.
    pub async fn forget_jobs(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        writing!(self, pool => {
            let forgotten = sqlx::query(FORGET_JOBS).bind(before).bind(limit).execute(pool).await?;
            Ok(forgotten.rows_affected())
        })
    }
}
