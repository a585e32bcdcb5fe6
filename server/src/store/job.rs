//! Jobs, as clients request and read them. What a worker does with them is in `work`.

use chrono::{DateTime, Utc};
use restow_api::ReadOptions;
use restow_api::job::{Job, JobError, JobPhase, JobProgress, JobStatus};
use restow_row::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::recorded_upload::{self, RecordedUpload};
use super::statement::{of_dataset, statements};
use super::stored::{StoredStatus, StoredText};
use super::{Database, Store, observing, reading, writing};
use crate::actor::Actor;
use crate::error::Result;
use crate::plan::Plan;

/// A job as it is stored.
#[derive(Clone, Debug, FromRow)]
pub struct JobRow {
    /// Identifier of the job.
    pub id: Uuid,
    /// Dataset whose data it replaces.
    pub dataset_id: Uuid,
    #[sqlx(try_from = "String")]
    status: StoredStatus,
    /// Original filename.
    #[sqlx(try_from = "Vec<u8>")]
    pub filename: StoredText,
    /// MIME type from the request.
    #[sqlx(try_from = "Vec<u8>")]
    pub content_type: StoredText,
    file_size: i64,
    part_size: i64,
    /// Key of the object.
    pub s3_key: String,
    /// Identifier of the multipart upload, once S3 has given one.
    pub upload_id: Option<String>,
    /// Entity tag of the object, once there is one.
    pub etag: Option<String>,
    base_version: Option<i64>,
    version: Option<i64>,
    bytes_done: i64,
    rows_done: Option<i64>,
    /// Why the job failed or was rejected, why its last completion was refused, or why it was not committed automatically.
    pub error: Option<JsonText<JobError>>,
    /// Number of the last attempt, which tells two inspections apart.
    pub attempt: i64,
    read_options: Option<JsonText<ReadOptions>>,
    /// Whether the caller wants it committed as soon as it is inspected.
    pub auto_commit: bool,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// Time at which the job expires.
    pub deadline: DateTime<Utc>,
}

impl JobRow {
    /// State of the job.
    pub fn status(&self) -> JobStatus {
        self.status.0
    }

    /// The plan of the upload.
    pub fn plan(&self) -> Plan {
        Plan::stored(
            self.file_size.cast_unsigned(),
            self.part_size.cast_unsigned(),
        )
    }

    /// Current version of the dataset when the job began.
    pub fn base_version(&self) -> Option<u64> {
        self.base_version.map(i64::cast_unsigned)
    }

    /// Version that the job became.
    pub fn version(&self) -> Option<u64> {
        self.version.map(i64::cast_unsigned)
    }

    /// How the caller said that the object is to be read; none where it said nothing.
    pub fn read_options(&self) -> Option<&ReadOptions> {
        self.read_options.as_ref().map(|options| &options.0)
    }

    /// Bytes that the inspection has read.
    pub fn bytes_done(&self) -> u64 {
        self.bytes_done.cast_unsigned()
    }

    /// The multipart upload, if it is not known to be completed.
    pub fn open_upload(&self) -> Option<OpenUpload> {
        if self.etag.is_some() {
            return None;
        }
        Some(OpenUpload {
            job_id: self.id,
            s3_key: self.s3_key.clone(),
            upload_id: self.upload_id.clone()?,
        })
    }

    /// Rows that the inspection has found.
    pub fn rows_done(&self) -> Option<u64> {
        self.rows_done.map(i64::cast_unsigned)
    }
}

/// A multipart upload that is not known to be completed.
#[derive(Clone, Debug, FromRow)]
pub struct OpenUpload {
    /// Identifier of its job.
    pub job_id: Uuid,
    /// Key of the object.
    pub s3_key: String,
    /// Identifier of the upload.
    pub upload_id: String,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        let plan = row.plan();
        let status = row.status();
        Self {
            id: row.id,
            dataset_id: row.dataset_id,
            status,
            file_size: plan.file_size(),
            part_size: (!plan.is_single()).then(|| plan.part_size()),
            base_version: row.base_version(),
            version: row.version(),
            progress: JobProgress {
                phase: JobPhase::from(status),
                bytes_done: row.bytes_done(),
                bytes_total: plan.file_size(),
                rows: row.rows_done(),
            },
            filename: row.filename.0,
            content_type: row.content_type.0,
            error: row.error.map(|error| error.0),
            created_at: row.created_at,
            deadline: row.deadline,
        }
    }
}

/// The columns of [`JobRow`], which every statement that reads jobs names.
macro_rules! job_columns {
    () => {
        "id, dataset_id, status, filename, content_type, file_size, part_size, s3_key, upload_id, etag, \
         base_version, version, bytes_done, rows_done, error, attempt, read_options, auto_commit, created_at, deadline"
    };
}
pub(super) use job_columns;

statements! {
    FIND_UPLOAD = "SELECT upload_id FROM jobs WHERE id = $1 AND status || '' = 'awaiting_upload'";
    FIND = concat!(
        "SELECT ",
        job_columns!(),
        " FROM jobs WHERE id = $1 AND principal_id = $2 \
         AND EXISTS (SELECT 1 FROM datasets d WHERE d.id = jobs.dataset_id AND CASE WHEN d.deleted_at IS NULL THEN TRUE END)"
    );
    LIST = concat!(
        "SELECT ",
        job_columns!(),
        " FROM jobs WHERE dataset_id = $1 AND id < $2 AND ",
        of_dataset!("jobs", "$4"),
        " ORDER BY id DESC LIMIT $3"
    );
    LIST_OF_STATUS = concat!(
        "SELECT ",
        job_columns!(),
        " FROM jobs WHERE dataset_id = $1 AND status = $2 AND id < $3 AND ",
        of_dataset!("jobs", "$5"),
        " ORDER BY id DESC LIMIT $4"
    );
    EXTEND_DEADLINE = concat!(
        "UPDATE jobs SET deadline = CASE WHEN deadline < $2 THEN $2 ELSE deadline END \
         WHERE id = $1 AND status || '' = 'awaiting_upload' RETURNING ",
        job_columns!()
    );
    CANCEL = concat!(
        "UPDATE jobs SET status = 'cancelled', lease_until = NULL, run_after = $2, changed_by = $3, changed_in = $4 \
         WHERE id = $1 AND status || '' IN ('awaiting_upload', 'inspecting', 'ready', 'rejected') RETURNING ",
        job_columns!()
    );
}

impl Store {
    /// Records the multipart upload of a job that has none yet; false where it has one, or waits no longer.
    pub async fn set_upload(&self, job_id: Uuid, upload_id: &str) -> Result<bool> {
        observing!(
            self,
            Write,
            match &self.database {
                Database::Sqlite { writer, .. } => {
                    let recorded = recorded_upload::record(writer, job_id, upload_id);
                    Ok(self.on_disk(recorded).await?)
                }
                Database::Postgres(pool) => {
                    let upload_id = upload_id.to_string();
                    let upload = RecordedUpload { job_id, upload_id };
                    let recorded = self.recorded_uploads.write(self.bounded(pool), upload);
                    Ok(recorded.await?)
                }
            }
        )
    }

    /// The multipart upload of a job that waits for it, if it has one.
    pub async fn find_upload(&self, job_id: Uuid) -> Result<Option<String>> {
        let found: Option<Option<String>> = reading!(self, pool => sqlx::query_scalar(FIND_UPLOAD).bind(job_id).fetch_optional(pool).await)?;
        Ok(found.flatten())
    }

    /// The job, if it exists and is the principal's.
    pub async fn find_job(&self, principal_id: Uuid, id: Uuid) -> Result<Option<JobRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND).bind(id).bind(principal_id).fetch_optional(pool).await)?,
        )
    }

    /// At most `limit` jobs of the principal's dataset before the id `before`, newest first; only those in the state, if
    /// one is given.
    pub async fn list_jobs(
        &self,
        principal_id: Uuid,
        dataset_id: Uuid,
        status: Option<JobStatus>,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<JobRow>> {
        let before = before.unwrap_or(Uuid::max());
        let Some(status) = status else {
            return Ok(
                reading!(self, pool => sqlx::query_as(LIST).bind(dataset_id).bind(before).bind(limit)
                .bind(principal_id).fetch_all(pool).await)?,
            );
        };
        Ok(
            reading!(self, pool => sqlx::query_as(LIST_OF_STATUS).bind(dataset_id).bind(status.as_str()).bind(before)
            .bind(limit).bind(principal_id).fetch_all(pool).await)?,
        )
    }

    /// Extends the deadline of a job that waits for its upload; `None` where it no longer does.
    pub async fn extend_deadline(
        &self,
        id: Uuid,
        deadline: DateTime<Utc>,
    ) -> Result<Option<JobRow>> {
        Ok(
            writing!(self, pool => sqlx::query_as(EXTEND_DEADLINE).bind(id).bind(deadline).fetch_optional(pool).await)?,
        )
    }

    /// Cancels a job; `None` where its state does not allow it.
    pub async fn cancel_job(&self, id: Uuid, now: DateTime<Utc>) -> Result<Option<JobRow>> {
        let actor = Actor::current();
        Ok(
            writing!(self, pool => sqlx::query_as(CANCEL).bind(id).bind(now).bind(actor.principal())
            .bind(actor.request().map(JsonText)).fetch_optional(pool).await)?,
        )
    }
}
