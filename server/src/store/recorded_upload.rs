//! The multipart upload of a job, recorded once it is created.

use sqlx::Result;
use sqlx::sqlite::SqlitePool;
use uuid::Uuid;

use super::group::{GroupedRow, column};
use super::pool::PostgresPool;
use super::statement::statements;

statements! {
    SET_UPLOAD = "UPDATE jobs SET upload_id = $2 WHERE id = $1 AND upload_id IS NULL \
         AND status || '' = 'awaiting_upload'";
    RECORD_UPLOADS_POSTGRES = "SELECT unnest(record_uploads($1, $2))";
}

/// Records the multipart upload of a job that has none yet on SQLite; false where it has one, or waits no longer.
pub(super) async fn record(writer: &SqlitePool, job_id: Uuid, upload_id: &str) -> Result<bool> {
    let set = sqlx::query(SET_UPLOAD).bind(job_id).bind(upload_id);
    Ok(set.execute(writer).await?.rows_affected() == 1)
}

/// The multipart upload of a job, which is recorded alone or with others.
#[derive(Debug)]
pub(super) struct RecordedUpload {
    /// Identifier of the job.
    pub job_id: Uuid,
    /// Identifier of the upload.
    pub upload_id: String,
}

impl GroupedRow for RecordedUpload {
    /// Whether it is recorded.
    type Written = bool;

    async fn write(&self, pool: &PostgresPool) -> Result<bool> {
        let set = sqlx::query(SET_UPLOAD)
            .bind(self.job_id)
            .bind(&self.upload_id);
        Ok(set.execute(pool).await?.rows_affected() == 1)
    }

    async fn write_all(rows: &[Self], pool: &PostgresPool) -> Result<Vec<Option<bool>>> {
        let recorded: Vec<Uuid> = sqlx::query_scalar(RECORD_UPLOADS_POSTGRES)
            .bind(column(rows, |row| row.job_id))
            .bind(column(rows, |row| row.upload_id.as_str()))
            .fetch_all(pool)
            .await?;
        let written = |row: &Self| Some(recorded.contains(&row.job_id));
        Ok(rows.iter().map(written).collect())
    }
}
