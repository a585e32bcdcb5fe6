//! Which deployment this database is, and which keys it knows.

use restow_api::job::JobStatus;
use uuid::Uuid;

use super::statement::statements;
use super::{Store, reading, writing};
use crate::error::Result;

statements! {
    ENSURE = "INSERT INTO instance (only_row, id) VALUES (1, $1) ON CONFLICT (only_row) DO NOTHING";
    FIND = "SELECT id FROM instance";
    FIND_KEY = "SELECT status, upload_id, status = 'committed' \
         AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.job_id = jobs.id) FROM jobs WHERE s3_key = $1";
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
}

impl Store {
    /// The identifier of this deployment, made at the first call.
    pub async fn instance_id(&self) -> Result<Uuid> {
        writing!(self, pool => {
            sqlx::query(ENSURE).bind(Uuid::new_v4()).execute(pool).await?;
            Ok(sqlx::query_scalar(FIND).fetch_one(pool).await?)
        })
    }

    /// The job that a key belongs to, if there is one.
    pub async fn find_key_owner(&self, s3_key: &str) -> Result<Option<KeyOwner>> {
        let found: Option<(String, Option<String>, bool)> = reading!(self, pool => sqlx::query_as(FIND_KEY).bind(s3_key).fetch_optional(pool).await)?;
        let Some((status, upload_id, is_removed)) = found else {
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
        }))
    }
}
