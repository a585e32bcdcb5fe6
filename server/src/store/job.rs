//! Jobs, as clients request and read them. What a worker does with them is in `work`.

use chrono::{DateTime, Utc};
use restow_api::ReadOptions;
use restow_api::job::{Job, JobError, JobPhase, JobProgress, JobStatus};
use restow_row::FromRow;
use uuid::Uuid;

use super::idempotency::{ClaimKey, KeyUse};
use super::json::JsonText;
use super::statement::statements;
use super::stored::{StoredStatus, StoredText};
use super::{Database, Store, reading, signed, writing};
use crate::error::Result;
use crate::plan::Plan;
use crate::quota::Quota;

/// A job that is about to begin.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// Identifier of the job.
    pub id: Uuid,
    /// Dataset whose data it replaces.
    pub dataset_id: Uuid,
    /// Owner of the dataset.
    pub principal_id: Uuid,
    /// Original filename.
    pub filename: String,
    /// MIME type from the request.
    pub content_type: String,
    /// The plan of the upload.
    pub plan: Plan,
    /// Key of the object.
    pub s3_key: String,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// Time at which the job expires.
    pub deadline: DateTime<Utc>,
}

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
    /// This commit is not flushed to disk. The later one that records the upload is, and flushes everything before it. If
    /// the database crashes in between, the upload has no job, and the sweep aborts it. The lock orders the insert and a
    /// deletion of the dataset: the dataset is gone already, or the deletion cancels the job.
    INSERT_POSTGRES = "WITH setting AS (SELECT set_config('synchronous_commit', 'off', true)), \
         dataset AS (SELECT id, principal_id, current_version FROM datasets \
         WHERE id = $2 AND principal_id = $3 AND deleted_at IS NULL FOR SHARE) \
         INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, \
         part_size, s3_key, base_version, run_after, created_at, deadline) \
         SELECT $1, id, principal_id, 'awaiting_upload', $4, $5, $6, $7, $8, current_version, $9, $9, $10 \
         FROM dataset, setting";
    INSERT = "INSERT INTO jobs (id, dataset_id, principal_id, status, filename, content_type, file_size, \
         part_size, s3_key, base_version, run_after, created_at, deadline) \
         SELECT $1, id, principal_id, 'awaiting_upload', $4, $5, $6, $7, $8, current_version, $9, $9, $10 \
         FROM datasets WHERE id = $2 AND principal_id = $3 AND deleted_at IS NULL";
    /// A deletion of the dataset comes before the job, or after it and cancels it. The dataset is locked before its
    /// principal, as by a commit.
    LOCK_DATASET = "UPDATE datasets SET last_version = last_version \
         WHERE id = $1 AND principal_id = $2 AND deleted_at IS NULL";
    /// Two requests of one principal come one after the other here, so that neither overlooks the other.
    LOCK_PRINCIPAL = "UPDATE principals SET name = name WHERE id = $1 RETURNING stored_bytes";
    OPEN_USAGE = "SELECT count(*), CAST(COALESCE(sum(file_size), 0) AS BIGINT) FROM jobs \
         WHERE principal_id = $1 AND status NOT IN ('committed', 'failed', 'cancelled', 'expired')";
    SET_UPLOAD = "UPDATE jobs SET upload_id = $2 WHERE id = $1 AND upload_id IS NULL \
         AND status = 'awaiting_upload'";
    FIND_UPLOAD = "SELECT upload_id FROM jobs WHERE id = $1 AND status = 'awaiting_upload'";
    FIND = concat!(
        "SELECT ",
        job_columns!(),
        " FROM jobs WHERE id = $1 AND principal_id = $2 \
         AND EXISTS (SELECT 1 FROM datasets d WHERE d.id = jobs.dataset_id AND d.deleted_at IS NULL)"
    );
    LIST = concat!(
        "SELECT ",
        job_columns!(),
        " FROM jobs WHERE dataset_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
    );
    LIST_OF_STATUS = concat!(
        "SELECT ",
        job_columns!(),
        " FROM jobs WHERE dataset_id = $1 AND status = $2 AND id < $3 ORDER BY id DESC LIMIT $4"
    );
    EXTEND_DEADLINE = concat!(
        "UPDATE jobs SET deadline = CASE WHEN deadline < $2 THEN $2 ELSE deadline END \
         WHERE id = $1 AND status = 'awaiting_upload' RETURNING ",
        job_columns!()
    );
    CANCEL = concat!(
        "UPDATE jobs SET status = 'cancelled', lease_until = NULL, run_after = $2 \
         WHERE id = $1 AND status IN ('awaiting_upload', 'inspecting', 'ready', 'rejected') RETURNING ",
        job_columns!()
    );
}

/// Binds the values of [`INSERT`].
macro_rules! bind_job {
    ($query:expr, $job:ident) => {
        $query
            .bind($job.id)
            .bind($job.dataset_id)
            .bind($job.principal_id)
            .bind($job.filename.as_bytes())
            .bind($job.content_type.as_bytes())
            .bind(signed($job.plan.file_size()))
            .bind(signed($job.plan.part_size()))
            .bind(&$job.s3_key)
            .bind($job.created_at)
            .bind($job.deadline)
    };
}

impl Store {
    /// Writes the row of a job that waits for its upload, on the dataset's current version, and returns its id, or that of
    /// the job that the same request with the same key created before; `None` where the dataset is gone.
    ///
    /// # Errors
    /// [`QuotaExceeded`](crate::error::Error::QuotaExceeded), [`TooManyOpenJobs`](crate::error::Error::TooManyOpenJobs):
    /// what the job takes is reserved with its row, or not at all.
    /// [`IdempotencyKeyReused`](crate::error::Error::IdempotencyKeyReused).
    pub async fn create_job(
        &self,
        job: &NewJob,
        quota: Quota,
        key: Option<&KeyUse>,
    ) -> Result<Option<Uuid>> {
        if key.is_none() && quota == Quota::default() {
            let is_inserted = self.insert_alone(job).await?;
            return Ok(is_inserted.then_some(job.id));
        }
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let locked = sqlx::query(LOCK_DATASET).bind(job.dataset_id).bind(job.principal_id)
                .execute(&mut *transaction).await?;
            if locked.rows_affected() == 0 {
                return Ok(None);
            }
            // Before the quota, against which a job of the same request counts already.
            if let Some(earlier) = transaction.claim_key(key, job.id).await? {
                return Ok(Some(earlier));
            }
            if quota != Quota::default() {
                let stored: i64 =
                    sqlx::query_scalar(LOCK_PRINCIPAL).bind(job.principal_id).fetch_one(&mut *transaction).await?;
                let (open_jobs, open_bytes): (i64, i64) =
                    sqlx::query_as(OPEN_USAGE).bind(job.principal_id).fetch_one(&mut *transaction).await?;
                let used = open_bytes.cast_unsigned().saturating_add(stored.cast_unsigned());
                quota.check(job.plan.file_size(), used, open_jobs.cast_unsigned())?;
            }
            let inserted = bind_job!(sqlx::query(INSERT), job).execute(&mut *transaction).await?;
            if inserted.rows_affected() == 0 {
                return Ok(None);
            }
            transaction.commit().await?;
            Ok(Some(job.id))
        })
    }

    /// Writes the row of a job that has neither key nor quota in one statement; false where the dataset is gone.
    async fn insert_alone(&self, job: &NewJob) -> Result<bool> {
        let inserted = match &self.database {
            // One connection alone writes, so nothing comes between.
            Database::Sqlite { writer, .. } => {
                let insert = bind_job!(sqlx::query(INSERT), job).execute(writer);
                insert.await?.rows_affected()
            }
            Database::Postgres(pool) => {
                let insert = bind_job!(sqlx::query(INSERT_POSTGRES), job).execute(pool);
                self.in_time(pool, insert).await?.rows_affected()
            }
        };
        Ok(inserted == 1)
    }

    /// Records the multipart upload of a job that has none yet; false where it has one, or waits no longer.
    pub async fn set_upload(&self, job_id: Uuid, upload_id: &str) -> Result<bool> {
        writing!(self, pool => {
            let set = sqlx::query(SET_UPLOAD).bind(job_id).bind(upload_id).execute(pool).await?;
            Ok(set.rows_affected() == 1)
        })
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

    /// At most `limit` jobs of the dataset before the id `before`, newest first; only those in the state, if
    /// one is given.
    pub async fn list_jobs(
        &self,
        dataset_id: Uuid,
        status: Option<JobStatus>,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<JobRow>> {
        let before = before.unwrap_or(Uuid::max());
        let Some(status) = status else {
            return Ok(
                reading!(self, pool => sqlx::query_as(LIST).bind(dataset_id).bind(before).bind(limit)
                .fetch_all(pool).await)?,
            );
        };
        Ok(
            reading!(self, pool => sqlx::query_as(LIST_OF_STATUS).bind(dataset_id).bind(status.as_str()).bind(before)
            .bind(limit).fetch_all(pool).await)?,
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
        Ok(
            writing!(self, pool => sqlx::query_as(CANCEL).bind(id).bind(now).fetch_optional(pool).await)?,
        )
    }
}
