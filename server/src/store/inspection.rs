//! What inspections found.

use chrono::{DateTime, Utc};
use restow_api::Column;
use sqlx::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::statement::statements;
use super::{Store, reading, writing};
use crate::error::Result;

/// What an inspection found.
#[derive(Clone, Debug, FromRow)]
pub struct InspectionRow {
    /// Format that was recognised.
    pub format: Option<String>,
    row_count: Option<i64>,
    /// Columns in the order of the file.
    pub columns: JsonText<Vec<Column>>,
    /// First rows.
    pub sample: JsonText<Vec<Vec<serde_json::Value>>>,
}

impl InspectionRow {
    /// Number of rows, where the format has rows.
    pub fn row_count(&self) -> Option<u64> {
        self.row_count.map(i64::cast_unsigned)
    }
}

statements! {
    FIND = "SELECT format, row_count, columns, sample FROM inspections WHERE job_id = $1";
    REPEAT = "UPDATE jobs SET status = 'inspecting', deaths = 0, bytes_done = 0, rows_done = NULL, run_after = $2 \
         WHERE id = $1 AND status = 'ready'";
    FORGET = "DELETE FROM inspections WHERE job_id = $1";
}

impl Store {
    /// What the inspection of the job's object found, if it has been inspected.
    pub async fn find_inspection(&self, job_id: Uuid) -> Result<Option<InspectionRow>> {
        Ok(reading!(self, pool => sqlx::query_as(FIND).bind(job_id).fetch_optional(pool).await)?)
    }

    /// Has the object of a ready job be inspected again; false where the job is not ready any more.
    pub async fn repeat_inspection(&self, job_id: Uuid, now: DateTime<Utc>) -> Result<bool> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let repeated = sqlx::query(REPEAT).bind(job_id).bind(now).execute(&mut *transaction).await?;
            if repeated.rows_affected() == 0 {
                return Ok(false);
            }
            sqlx::query(FORGET).bind(job_id).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(true)
        })
    }
}
