//! Datasets.

use chrono::{DateTime, Utc};
use restow_api::Policy;
use restow_api::dataset::Dataset;
use restow_row::FromRow;
use uuid::Uuid;

use super::idempotency::{ClaimKey, KeyUse};
use super::job::OpenUpload;
use super::json::JsonText;
use super::statement::statements;
use super::{Store, reading, violates, writing};
use crate::actor::Actor;
use crate::error::{Error, Result};

/// Which datasets a caller sees in lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visible {
    /// Those that the principal owns.
    Own,
    /// Those that the principal owns, and those that were shared with it.
    Shared,
    /// Those that this principal has shared with it.
    SharedBy(Uuid),
    /// Of all, those that the token is for.
    OfToken(Uuid),
}

#[derive(FromRow)]
struct DatasetRow {
    id: Uuid,
    name: String,
    owner: String,
    current_version: Option<i64>,
    policy: Option<JsonText<Policy>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<DatasetRow> for Dataset {
    fn from(row: DatasetRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            owner: row.owner,
            current_version: row.current_version.map(i64::cast_unsigned),
            policy: row.policy.map_or_else(Policy::default, |policy| policy.0),
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// The columns of a dataset.
macro_rules! columns {
    () => {
        "datasets.id, datasets.name, (SELECT p.name FROM principals p WHERE p.id = datasets.principal_id) AS owner, \
         datasets.current_version, datasets.policy, datasets.created_at, datasets.updated_at"
    };
}

/// The datasets that the condition selects.
macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM datasets WHERE ", $rest)
    };
}

/// The datasets that were shared with the principal $1, and that the condition selects.
macro_rules! select_shared {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM grants g JOIN datasets ON datasets.id = g.dataset_id \
             WHERE g.principal_id = $1 AND datasets.deleted_at IS NULL AND ",
            $rest
        )
    };
}

statements! {
    INSERT = concat!("INSERT INTO datasets (id, principal_id, name, created_at, updated_at, changed_by, changed_in) \
         VALUES ($1, $2, $3, $4, $4, $5, $6) RETURNING ", columns!());
    FIND = select!("id = $1 AND principal_id = $2 AND CASE WHEN deleted_at IS NULL THEN TRUE END");
    FIND_BY_NAME = select!("principal_id = $1 AND name = $2 AND deleted_at IS NULL");
    LIST = select!("principal_id = $1 AND deleted_at IS NULL AND id > $2 ORDER BY id LIMIT $3");
    /// Each half finds as many as are wanted by an index, whatever number of datasets others have.
    LIST_SHARED = concat!("SELECT * FROM (",
         select!("principal_id = $1 AND deleted_at IS NULL AND id > $2 ORDER BY id LIMIT $3"), ") AS own \
         UNION SELECT * FROM (", select_shared!("g.dataset_id > $2 ORDER BY g.dataset_id LIMIT $3"),
         ") AS shared ORDER BY id LIMIT $3");
    LIST_SHARED_BY_OWNER = select_shared!("datasets.principal_id = $4 AND g.dataset_id > $2 ORDER BY g.dataset_id LIMIT $3");
    LIST_OF_TOKEN = concat!("SELECT ", columns!(), " FROM token_datasets t JOIN datasets ON datasets.id = t.dataset_id \
         WHERE t.token_id = $4 AND datasets.deleted_at IS NULL AND t.dataset_id > $2 AND (datasets.principal_id = $1 OR EXISTS \
         (SELECT 1 FROM grants g WHERE g.dataset_id = datasets.id AND g.principal_id = $1)) ORDER BY t.dataset_id LIMIT $3");
    FIND_SHARED_BY_NAME = select_shared!("datasets.name = $2 ORDER BY datasets.id LIMIT $3");
    FIND_SHARED_BY_OWNER_AND_NAME = select_shared!("datasets.name = $2 AND datasets.principal_id = $3");
    UPDATE = concat!("UPDATE datasets SET name = COALESCE($3, name), policy = COALESCE($5, policy), updated_at = $4, \
         changed_by = $6, changed_in = $7 \
         WHERE id = $1 AND principal_id = $2 AND CASE WHEN deleted_at IS NULL THEN TRUE END \
         RETURNING ", columns!());
    DELETE = "UPDATE datasets SET deleted_at = $3, changed_by = $4, changed_in = $5 \
         WHERE id = $1 AND principal_id = $2 AND CASE WHEN deleted_at IS NULL THEN TRUE END";
    UNDELETE = concat!("UPDATE datasets SET deleted_at = NULL, updated_at = $4, changed_by = $5, changed_in = $6 \
         WHERE id = $1 AND principal_id = $2 AND deleted_at >= $3 AND removing_since IS NULL \
         RETURNING ", columns!());
    CANCEL_JOBS = "UPDATE jobs SET status = 'cancelled', lease_until = NULL, run_after = $2, changed_by = $3, changed_in = $4 \
         WHERE dataset_id = $1 AND status IN ('awaiting_upload', 'inspecting', 'ready', 'rejected')";
    /// The time finds those of one deletion by the index of what is to be cleaned.
    CANCELLED_UPLOADS = "SELECT id AS job_id, s3_key, upload_id FROM jobs \
         WHERE status IN ('failed', 'cancelled', 'expired') AND cleaned_at IS NULL AND run_after = $2 \
         AND dataset_id = $1 AND status = 'cancelled' AND upload_id IS NOT NULL AND etag IS NULL LIMIT $3";
}

fn name_taken(error: sqlx::Error) -> Error {
    if violates(&error, "datasets_name", "datasets.name") {
        Error::NameTaken
    } else {
        error.into()
    }
}

impl Store {
    /// Creates a dataset, or returns the one that the same request with the same key created before.
    ///
    /// # Errors
    /// [`Error::NameTaken`] where the principal has one of that name, [`Error::IdempotencyKeyReused`],
    /// [`Error::CreatedGone`].
    pub async fn create_dataset(
        &self,
        principal_id: Uuid,
        name: &str,
        key: Option<&KeyUse>,
        now: DateTime<Utc>,
    ) -> Result<Dataset> {
        let id = Uuid::now_v7();
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            if let Some(earlier) = transaction.claim_key(key, id).await? {
                let row: Option<DatasetRow> = sqlx::query_as(FIND).bind(earlier).bind(principal_id)
                    .fetch_optional(&mut *transaction).await?;
                return row.map(Dataset::from).ok_or(Error::CreatedGone);
            }
            let row: DatasetRow = sqlx::query_as(INSERT).bind(id).bind(principal_id).bind(name).bind(now)
                .bind(actor.principal()).bind(actor.request().map(JsonText)).fetch_one(&mut *transaction).await.map_err(name_taken)?;
            transaction.commit().await?;
            Ok(row.into())
        })
    }

    /// The dataset, if it exists and is the principal's.
    pub async fn find_dataset(&self, principal_id: Uuid, id: Uuid) -> Result<Option<Dataset>> {
        let row: Option<DatasetRow> = reading!(self, pool => sqlx::query_as(FIND).bind(id).bind(principal_id).fetch_optional(pool).await)?;
        Ok(row.map(Dataset::from))
    }

    /// At most `limit` datasets of that name that were shared with the principal.
    pub async fn find_shared_by_name(
        &self,
        principal_id: Uuid,
        name: &str,
        limit: i64,
    ) -> Result<Vec<Dataset>> {
        let rows: Vec<DatasetRow> = reading!(self, pool => sqlx::query_as(FIND_SHARED_BY_NAME).bind(principal_id)
            .bind(name).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(Dataset::from).collect())
    }

    /// The owner's dataset of that name, if it was shared with the principal.
    pub async fn find_shared_by_owner_and_name(
        &self,
        principal_id: Uuid,
        owner_id: Uuid,
        name: &str,
    ) -> Result<Option<Dataset>> {
        let row: Option<DatasetRow> = reading!(self, pool => sqlx::query_as(FIND_SHARED_BY_OWNER_AND_NAME)
            .bind(principal_id).bind(name).bind(owner_id).fetch_optional(pool).await)?;
        Ok(row.map(Dataset::from))
    }

    /// The principal's dataset of that name, if there is one.
    pub async fn find_dataset_by_name(
        &self,
        principal_id: Uuid,
        name: &str,
    ) -> Result<Option<Dataset>> {
        let row: Option<DatasetRow> = reading!(self, pool => sqlx::query_as(FIND_BY_NAME).bind(principal_id).bind(name).fetch_optional(pool).await)?;
        Ok(row.map(Dataset::from))
    }

    /// At most `limit` datasets that the principal sees behind the id `after`, oldest first.
    pub async fn list_datasets(
        &self,
        principal_id: Uuid,
        visible: Visible,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Dataset>> {
        let after = after.unwrap_or(Uuid::nil());
        let rows: Vec<DatasetRow> = match visible {
            Visible::Own => {
                reading!(self, pool => sqlx::query_as(LIST).bind(principal_id).bind(after).bind(limit)
                .fetch_all(pool).await)?
            }
            Visible::Shared => {
                reading!(self, pool => sqlx::query_as(LIST_SHARED).bind(principal_id).bind(after)
                .bind(limit).fetch_all(pool).await)?
            }
            Visible::SharedBy(owner_id) => {
                reading!(self, pool => sqlx::query_as(LIST_SHARED_BY_OWNER).bind(principal_id).bind(after)
                .bind(limit).bind(owner_id).fetch_all(pool).await)?
            }
            Visible::OfToken(token_id) => {
                reading!(self, pool => sqlx::query_as(LIST_OF_TOKEN).bind(principal_id)
                .bind(after).bind(limit).bind(token_id).fetch_all(pool).await)?
            }
        };
        Ok(rows.into_iter().map(Dataset::from).collect())
    }

    /// Gives a dataset another name, another policy, or both; `None` where there is no such dataset.
    ///
    /// # Errors
    /// [`Error::NameTaken`] where the principal has another one of that name.
    pub async fn update_dataset(
        &self,
        principal_id: Uuid,
        id: Uuid,
        name: Option<&str>,
        policy: Option<&Policy>,
        now: DateTime<Utc>,
    ) -> Result<Option<Dataset>> {
        let actor = Actor::current();
        let row: Option<DatasetRow> =
            writing!(self, pool => sqlx::query_as(UPDATE).bind(id).bind(principal_id).bind(name)
            .bind(now).bind(policy.map(JsonText)).bind(actor.principal()).bind(actor.request().map(JsonText))
            .fetch_optional(pool).await)
            .map_err(name_taken)?;
        Ok(row.map(Dataset::from))
    }

    /// Deletes a dataset and cancels its jobs, and returns how many those are; `None` where there is no such dataset. What it
    /// leaves in S3 is the reaper's.
    pub async fn delete_dataset(
        &self,
        principal_id: Uuid,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Option<u64>> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let deleted = sqlx::query(DELETE).bind(id).bind(principal_id).bind(now).bind(actor.principal())
                .bind(actor.request().map(JsonText)).execute(&mut *transaction).await?;
            if deleted.rows_affected() == 0 {
                return Ok(None);
            }
            let cancelled = sqlx::query(CANCEL_JOBS).bind(id).bind(now).bind(actor.principal())
                .bind(actor.request().map(JsonText)).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(Some(cancelled.rows_affected()))
        })
    }

    /// At most `limit` uploads of the jobs that were cancelled when the dataset was deleted at `deleted_at`.
    pub async fn uploads_of_deleted_dataset(
        &self,
        id: Uuid,
        deleted_at: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<OpenUpload>> {
        Ok(
            reading!(self, pool => sqlx::query_as(CANCELLED_UPLOADS).bind(id).bind(deleted_at).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// Undoes the deletion of a dataset that was deleted at `since` or later; `None` where there is none.
    ///
    /// # Errors
    /// [`Error::NameTaken`] where another dataset of the principal has its name by now.
    pub async fn undelete_dataset(
        &self,
        principal_id: Uuid,
        id: Uuid,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<Dataset>> {
        let actor = Actor::current();
        let row: Option<DatasetRow> =
            writing!(self, pool => sqlx::query_as(UNDELETE).bind(id).bind(principal_id).bind(since)
            .bind(now).bind(actor.principal()).bind(actor.request().map(JsonText)).fetch_optional(pool).await)
            .map_err(name_taken)?;
        Ok(row.map(Dataset::from))
    }
}
