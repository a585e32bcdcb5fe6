//! What inspections found.

use chrono::{DateTime, Utc};
use restow_api::job::{JobError, JobStatus};
use restow_api::{Column, Finding, ReadOptions};
use restow_inspect::Inspection;
use restow_row::FromRow;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use super::job::{JobRow, job_columns};
use super::json::JsonText;
use super::number::signed;
use super::pool::PostgresPool;
use super::statement::statements;
use super::work::{Claim, held};
use super::{Database, Store, observing, reading, writing};
use crate::actor::Actor;
use crate::error::Result;

/// What an inspection found, as it is stored.
#[derive(Clone, Debug, FromRow)]
pub struct InspectionRow {
    /// Format that was recognised.
    pub format: Option<String>,
    row_count: Option<i64>,
    /// Columns in the order of the file.
    pub columns: JsonText<Vec<Column>>,
    /// First rows.
    pub sample: JsonText<Vec<Vec<serde_json::Value>>>,
    dialect: Option<JsonText<ReadOptions>>,
    read_options: Option<JsonText<ReadOptions>>,
    /// What it has to say, most severe first.
    pub findings: JsonText<Vec<Finding>>,
    findings_total: i64,
}

impl InspectionRow {
    /// Number of rows, where the format has rows.
    pub fn row_count(&self) -> Option<u64> {
        self.row_count.map(i64::cast_unsigned)
    }

    /// How the object was read.
    pub fn dialect(&self) -> Option<&ReadOptions> {
        self.dialect.as_ref().map(|dialect| &dialect.0)
    }

    /// How the object was to be read, as far as a caller has said.
    pub fn read_options(&self) -> Option<&ReadOptions> {
        self.read_options.as_ref().map(|options| &options.0)
    }

    /// Number of all findings.
    pub fn findings_total(&self) -> u64 {
        self.findings_total.cast_unsigned()
    }
}

/// What an inspection found, to be stored under the claim of its job.
#[derive(Clone, Copy, Debug)]
pub struct Inspected<'a> {
    /// The right to say so.
    pub claim: Claim,
    /// What was found.
    pub found: &'a Inspection,
    /// How the object was to be read, as far as a caller has said.
    pub read_options: Option<&'a ReadOptions>,
    /// Until when the job waits for what its caller makes of it.
    pub deadline: DateTime<Utc>,
    /// Entity tag of the object that S3 has put together under the same claim, where the row does not say so yet: its
    /// completion and its inspection end in one write.
    pub completed_as: Option<&'a str>,
}

/// What an inspection makes of its job, unless that is committed.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The job can be committed; the reason is why it was not committed automatically.
    Ready(Option<JobError>),
    /// The object cannot be read as it stands.
    Rejected(JobError),
}

impl Ending {
    /// The state of the job.
    pub fn status(&self) -> JobStatus {
        match self {
            Self::Ready(_) => JobStatus::Ready,
            Self::Rejected(_) => JobStatus::Rejected,
        }
    }

    /// Why it is not committed.
    pub fn error(&self) -> Option<&JobError> {
        match self {
            Self::Ready(error) => error.as_ref(),
            Self::Rejected(error) => Some(error),
        }
    }
}

/// The end of an inspection, in the row of its job.
macro_rules! finish {
    () => {
        concat!(
            "UPDATE jobs SET status = $5, lease_until = NULL, bytes_done = file_size, rows_done = $3, deadline = $4, \
             error = $6, missing_since = NULL",
            held!("'inspecting'")
        )
    };
}

/// The end of a completion and of its inspection at once; `$etag` is the parameter of the object's entity tag.
macro_rules! finish_completed {
    ($etag:literal) => {
        concat!(
            "UPDATE jobs SET status = $5, lease_until = NULL, bytes_done = file_size, rows_done = $3, deadline = $4, \
             error = $6, missing_since = NULL, etag = ",
            $etag,
            ", named_parts = NULL, asked_at = NULL, first_asked_at = NULL, deaths = 0",
            held!("'completing'")
        )
    };
}

/// The columns of what an inspection found.
macro_rules! inspection_columns {
    () => {
        "(job_id, format, row_count, columns, sample, dialect, read_options, findings, findings_total)"
    };
}

/// Binds what an inspection found, behind the columns of its job and its count of rows.
macro_rules! bind_found {
    ($query:expr, $inspected:ident) => {
        $query
            .bind(JsonText(&$inspected.found.columns))
            .bind(JsonText(&$inspected.found.sample))
            .bind($inspected.found.dialect.as_ref().map(JsonText))
            .bind($inspected.read_options.map(JsonText))
            .bind(JsonText(&$inspected.found.findings))
            .bind(signed($inspected.found.findings_total))
    };
}

statements! {
    FIND = "SELECT format, row_count, columns, sample, dialect, read_options, findings, findings_total \
         FROM inspections WHERE job_id = $1";
    FINISH = finish!();
    FINISH_COMPLETED = finish_completed!("$7");
    INSERT = concat!("INSERT INTO inspections ", inspection_columns!(), " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    /// One round trip instead of those of a transaction.
    STORE_POSTGRES = concat!(
        "WITH finished AS (", finish!(), " RETURNING id) INSERT INTO inspections ", inspection_columns!(),
        " SELECT id, $7, $3, $8, $9, $10, $11, $12, $13 FROM finished"
    );
    STORE_COMPLETED_POSTGRES = concat!(
        "WITH finished AS (", finish_completed!("$14"), " RETURNING id) INSERT INTO inspections ", inspection_columns!(),
        " SELECT id, $7, $3, $8, $9, $10, $11, $12, $13 FROM finished"
    );
    /// What was read of an object before it was inspected again is of no use any more.
    REPEAT = "UPDATE jobs SET status = 'inspecting', deaths = 0, bytes_done = 0, rows_done = NULL, error = NULL, \
         run_after = $2 WHERE id = $1 AND status || '' IN ('ready', 'rejected')";
    /// The caller wants to see what the other options give: only the dataset's own policy commits that automatically.
    REPEAT_WITH = concat!(
        "UPDATE jobs SET status = 'inspecting', deaths = 0, bytes_done = 0, rows_done = NULL, error = NULL, \
         run_after = $2, read_options = $3, auto_commit = FALSE, changed_by = $4, changed_in = $5 WHERE id = $1 AND status || '' IN ('ready', 'rejected') RETURNING ",
        job_columns!()
    );
    FORGET = "DELETE FROM inspections WHERE job_id = $1";
}

/// A connection within a transaction that ends an inspection.
pub(super) trait StoreInspection {
    /// Stores what an inspection found, and gives its job the new state; false where the claim is lost.
    async fn store_inspection(&mut self, inspected: Inspected<'_>, ending: &Ending)
    -> Result<bool>;
}

macro_rules! store_inspection_on {
    ($($connection:ty),+) => {$(
        impl StoreInspection for $connection {
            async fn store_inspection(&mut self, inspected: Inspected<'_>, ending: &Ending) -> Result<bool> {
                let Inspected { claim, found, deadline, completed_as, .. } = inspected;
                let row_count = found.row_count.map(signed);
                let finished = if completed_as.is_some() { sqlx::query(FINISH_COMPLETED) } else { sqlx::query(FINISH) };
                let finished = finished.bind(claim.job_id).bind(claim.attempt).bind(row_count)
                    .bind(deadline).bind(ending.status().as_str()).bind(ending.error().map(JsonText));
                let finished = if completed_as.is_some() { finished.bind(completed_as) } else { finished };
                let finished = finished.execute(&mut *self).await?;
                if finished.rows_affected() == 0 {
                    return Ok(false);
                }
                let insert = sqlx::query(INSERT).bind(claim.job_id).bind(&found.format).bind(row_count);
                bind_found!(insert, inspected).execute(&mut *self).await?;
                Ok(true)
            }
        }
    )+};
}

store_inspection_on!(PgConnection, SqliteConnection);

async fn store_on_postgres(
    pool: &PostgresPool,
    inspected: Inspected<'_>,
    ending: &Ending,
) -> Result<bool> {
    let Inspected {
        claim,
        found,
        deadline,
        completed_as,
        ..
    } = inspected;
    let stored = if completed_as.is_some() {
        sqlx::query(STORE_COMPLETED_POSTGRES)
    } else {
        sqlx::query(STORE_POSTGRES)
    };
    let stored = stored
        .bind(claim.job_id)
        .bind(claim.attempt)
        .bind(found.row_count.map(signed))
        .bind(deadline)
        .bind(ending.status().as_str())
        .bind(ending.error().map(JsonText))
        .bind(&found.format);
    let stored = bind_found!(stored, inspected);
    let stored = if completed_as.is_some() {
        stored.bind(completed_as)
    } else {
        stored
    };
    Ok(stored.execute(pool).await?.rows_affected() == 1)
}

impl Store {
    /// What the inspection of the job's object found, if it has been inspected.
    pub async fn find_inspection(&self, job_id: Uuid) -> Result<Option<InspectionRow>> {
        Ok(reading!(self, pool => sqlx::query_as(FIND).bind(job_id).fetch_optional(pool).await)?)
    }

    /// Keeps what an inspection found and gives the job its new state; false where the claim is lost.
    pub async fn finish_inspection(
        &self,
        inspected: Inspected<'_>,
        ending: &Ending,
    ) -> Result<bool> {
        if let Database::Postgres(pool) = &self.database {
            let storing = store_on_postgres(pool, inspected, ending);
            return observing!(self, Write, self.in_time(pool, storing).await);
        }
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            if !transaction.store_inspection(inspected, ending).await? {
                return Ok(false);
            }
            transaction.commit().await?;
            Ok(true)
        })
    }

    /// Has the object of a job be inspected again as it was before; false where the job is neither ready nor rejected any
    /// more.
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

    /// Has the object of a job be inspected again with other options; `None` where the job is neither ready nor rejected
    /// any more.
    pub async fn inspect_again(
        &self,
        job_id: Uuid,
        read_options: &ReadOptions,
        now: DateTime<Utc>,
    ) -> Result<Option<JobRow>> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let repeated: Option<JobRow> = sqlx::query_as(REPEAT_WITH).bind(job_id).bind(now)
                .bind(JsonText(read_options)).bind(actor.principal()).bind(actor.request().map(JsonText))
                .fetch_optional(&mut *transaction).await?;
            if repeated.is_some() {
                sqlx::query(FORGET).bind(job_id).execute(&mut *transaction).await?;
                transaction.commit().await?;
            }
            Ok(repeated)
        })
    }
}
