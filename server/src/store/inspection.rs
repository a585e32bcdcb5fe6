//! What inspections found.

use restow_api::Column;
use sqlx::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::statement::statements;
use super::{Store, reading};
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
}

impl Store {
    /// What the inspection of the job's object found, if it has been inspected.
    pub async fn find_inspection(&self, job_id: Uuid) -> Result<Option<InspectionRow>> {
        Ok(reading!(self, pool => sqlx::query_as(FIND).bind(job_id).fetch_optional(pool).await)?)
    }
}
