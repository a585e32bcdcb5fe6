//! Which deployment this database is, how up to date it is, and which keys it knows.

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;
use restow_row::FromRow;
use uuid::Uuid;

use super::statement::statements;
use super::{Store, reading, writing};
use crate::error::Result;

statements! {
    ENSURE = "INSERT INTO instance (only_row, id) VALUES (1, $1) ON CONFLICT (only_row) DO NOTHING";
    FIND = "SELECT id, generation, generation_nonce, adopted_at FROM instance";
    NOTE_ADOPTION = "UPDATE instance SET adopted_at = $1";
    ADVANCE = "UPDATE instance SET generation = $2, generation_nonce = $3 WHERE generation = $1";
    FIND_KEY = "SELECT status, upload_id, status = 'committed' \
         AND NOT (is_duplicate AND cleaned_at IS NULL) AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.job_id = jobs.id), \
         cleaned_at IS NOT NULL FROM jobs WHERE s3_key = $1";
}

/// The identity of a deployment, as its database has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Instance {
    /// Identifier of the deployment, made once.
    pub id: Uuid,
    /// How often the database was confirmed to be the one that owns the bucket; 0 where it never owned one.
    pub generation: i64,
    /// Random value that was chosen with the generation: it tells two copies of one database apart.
    #[sqlx(rename = "generation_nonce")]
    pub nonce: Option<Uuid>,
    /// When an operator last took the bucket over for this database.
    pub adopted_at: Option<DateTime<Utc>>,
}

/// What a job says of its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyOwner {
    /// State of the job.
    pub status: JobStatus,
    /// The multipart upload that the job knows of.
    pub upload_id: Option<String>,
    /// Whether the object of the version that the job became has been removed.
    pub is_removed: bool,
    /// Whether nothing is to be removed at the key any more: what is there was left in place.
    pub is_cleaned: bool,
}

impl Store {
    /// The identity of this deployment, if it has one already.
    pub async fn find_instance(&self) -> Result<Option<Instance>> {
        Ok(reading!(self, pool => sqlx::query_as(FIND).fetch_optional(pool).await)?)
    }

    /// The identity of this deployment; its identifier is made at the first call.
    pub async fn instance(&self) -> Result<Instance> {
        if let Some(instance) = self.find_instance().await? {
            return Ok(instance);
        }
        writing!(self, pool => {
            sqlx::query(ENSURE).bind(Uuid::new_v4()).execute(pool).await?;
            Ok(sqlx::query_as(FIND).fetch_one(pool).await?)
        })
    }

    /// Notes that an operator takes the bucket over.
    pub async fn note_adoption(&self, now: DateTime<Utc>) -> Result<()> {
        writing!(self, pool => {
            sqlx::query(NOTE_ADOPTION).bind(now).execute(pool).await?;
            Ok(())
        })
    }

    /// Moves the database from a generation to a later one; false where another process has moved it meanwhile.
    pub async fn advance_generation(&self, from: i64, to: i64, nonce: Uuid) -> Result<bool> {
        writing!(self, pool => {
            let advanced = sqlx::query(ADVANCE).bind(from).bind(to).bind(nonce).execute(pool).await?;
            Ok(advanced.rows_affected() == 1)
        })
    }

    /// The job that a key belongs to, if there is one.
    pub async fn find_key_owner(&self, s3_key: &str) -> Result<Option<KeyOwner>> {
        let found: Option<(String, Option<String>, bool, bool)> = reading!(self, pool => sqlx::query_as(FIND_KEY).bind(s3_key).fetch_optional(pool).await)?;
        let Some((status, upload_id, is_removed, is_cleaned)) = found else {
            return Ok(None);
        };
        // A state that only a newer release knows is an error, and must not make the key look unowned.
        let status = status
            .parse()
            .map_err(|error: String| sqlx::Error::Decode(error.into()))?;
        Ok(Some(KeyOwner {
            status,
            upload_id,
            is_removed,
            is_cleaned,
        }))
    }
}
