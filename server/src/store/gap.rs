//! A gap in service, which is added to the deadlines of open jobs and to the grace of deleted datasets.
//!
//! There may be a million of them, so that one statement would take longer than the database permits. The gap is kept in the
//! instance's row, and added in steps. Each step changes some rows and notes the last of them in one transaction, so that
//! no row gets the gap twice, and another process can take over after any of them.

use chrono::{DateTime, TimeDelta, Utc};
use restow_row::FromRow;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use super::statement::statements;
use super::{Store, writing};
use crate::error::Result;

/// Rows that get the gap in one transaction.
const STEP: i64 = 1000;

/// The gap, as the instance's row has it.
#[derive(Clone, Copy, Debug, FromRow)]
struct Gap {
    #[sqlx(rename = "gap_milliseconds")]
    milliseconds: Option<i64>,
    #[sqlx(rename = "gap_noted_at")]
    noted_at: Option<DateTime<Utc>>,
    /// Up to which job, and which dataset, it has been added.
    #[sqlx(rename = "gap_job_id")]
    job_id: Option<Uuid>,
    #[sqlx(rename = "gap_dataset_id")]
    dataset_id: Option<Uuid>,
}

/// How far the gap can move deadlines.
#[derive(Clone, Copy, Debug)]
pub struct GapLimits {
    /// Those of uploads: at most so long after their creation.
    pub uploads: TimeDelta,
    /// Those of previews: at most so long after service resumes, which is as long as a preview is kept. One that is made while
    /// the gap is being added is new, and does not get it.
    pub previews: TimeDelta,
}

/// Rows that get the gap at once, and the gap itself. Rows that were added since the middle of the gap do not need it.
#[derive(Clone, Copy, Debug)]
struct Step {
    by: TimeDelta,
    noted_at: DateTime<Utc>,
    after: Uuid,
    last: Uuid,
}

impl Step {
    /// The latest deadline of a preview.
    fn last_preview_deadline(&self, limits: GapLimits) -> DateTime<Utc> {
        // The gap was noted at its middle.
        self.noted_at + self.by / 2 + limits.previews
    }
}

/// The condition of an open job, as its index has it.
macro_rules! is_open {
    () => {
        "status NOT IN ('committed', 'failed', 'cancelled', 'expired')"
    };
}
/// The jobs of a step.
macro_rules! of_step {
    () => {
        concat!(
            " WHERE ",
            is_open!(),
            " AND id > $2 AND id <= $3 AND created_at < $4"
        )
    };
}
/// The text of a time that is moved, as sqlx binds it: whole seconds without a fraction. The text is compared.
macro_rules! moved {
    ($time:literal, $by:literal) => {
        concat!(
            "replace(strftime('%Y-%m-%dT%H:%M:%f+00:00', ",
            $time,
            ", ",
            $by,
            "), '.000+', '+')"
        )
    };
}

statements! {
    /// Serialises processes that add the gap at once.
    LOCK = "UPDATE instance SET only_row = 1 \
         RETURNING gap_milliseconds, gap_noted_at, gap_job_id, gap_dataset_id";
    JOBS = concat!(
        "SELECT id FROM jobs WHERE ",
        is_open!(),
        " AND id > $1 AND created_at < $2 ORDER BY id LIMIT $3"
    );
    NOTE_JOB = "UPDATE instance SET gap_job_id = $1";
    DATASETS = "SELECT id FROM datasets WHERE deleted_at < $2 AND id > $1 ORDER BY id LIMIT $3";
    FORGET = "UPDATE instance SET gap_milliseconds = NULL, gap_noted_at = NULL";
    NOTE_DATASET = "UPDATE instance SET gap_dataset_id = $1";
    EXTEND_JOBS_POSTGRES = concat!(
        "UPDATE jobs SET deadline = CASE WHEN status IN ('awaiting_upload', 'completing') THEN GREATEST(deadline, \
         LEAST(deadline + make_interval(secs => $1), created_at + make_interval(secs => $5))) \
         WHEN status IN ('ready', 'rejected') THEN GREATEST(deadline, LEAST(deadline + make_interval(secs => $1), $6)) \
         ELSE deadline + make_interval(secs => $1) END",
        of_step!()
    );
    EXTEND_DATASETS_POSTGRES = "UPDATE datasets SET deleted_at = deleted_at + make_interval(secs => $1) \
         WHERE deleted_at < $4 AND id > $2 AND id <= $3";
    EXTEND_JOBS_SQLITE = concat!(
        "UPDATE jobs SET deadline = CASE WHEN status IN ('awaiting_upload', 'completing') THEN max(deadline, min(",
        moved!("deadline", "$1"),
        ", ",
        moved!("created_at", "$5"),
        ")) WHEN status IN ('ready', 'rejected') THEN max(deadline, min(",
        moved!("deadline", "$1"),
        ", $6)) ELSE ",
        moved!("deadline", "$1"),
        " END",
        of_step!()
    );
    EXTEND_DATASETS_SQLITE = concat!(
        "UPDATE datasets SET deleted_at = ",
        moved!("deleted_at", "$1"),
        " WHERE deleted_at < $4 AND id > $2 AND id <= $3"
    );
}

impl Store {
    /// Adds the gap that was noted, if there is one, to everything that does not have it yet, within `limits`.
    pub(super) async fn add_gap(&self, limits: GapLimits) -> Result<()> {
        while self.add_gap_to_some(limits, STEP).await? {}
        Ok(())
    }

    /// Adds it to at most `limit` rows; false where no gap is left to add.
    pub(super) async fn add_gap_to_some(&self, limits: GapLimits, limit: i64) -> Result<bool> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let gap: Gap = sqlx::query_as(LOCK).fetch_one(&mut *transaction).await?;
            let (Some(milliseconds), Some(noted_at)) = (gap.milliseconds, gap.noted_at) else {
                return Ok(false);
            };
            let by = TimeDelta::milliseconds(milliseconds);
            let after = gap.job_id.unwrap_or(Uuid::nil());
            let jobs: Vec<Uuid> = sqlx::query_scalar(JOBS).bind(after).bind(noted_at).bind(limit)
                .fetch_all(&mut *transaction).await?;
            if let Some(&last) = jobs.last() {
                transaction.extend_jobs(Step { by, noted_at, after, last }, limits).await?;
                sqlx::query(NOTE_JOB).bind(last).execute(&mut *transaction).await?;
                transaction.commit().await?;
                return Ok(true);
            }
            let after = gap.dataset_id.unwrap_or(Uuid::nil());
            let datasets: Vec<Uuid> = sqlx::query_scalar(DATASETS).bind(after).bind(noted_at).bind(limit)
                .fetch_all(&mut *transaction).await?;
            if let Some(&last) = datasets.last() {
                transaction.extend_datasets(Step { by, noted_at, after, last }).await?;
                sqlx::query(NOTE_DATASET).bind(last).execute(&mut *transaction).await?;
            } else {
                sqlx::query(FORGET).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(!datasets.is_empty())
        })
    }
}

/// Adds a gap to the rows of a step, in the words that a database has for it.
trait Extend {
    async fn extend_jobs(&mut self, step: Step, limits: GapLimits) -> sqlx::Result<()>;
    async fn extend_datasets(&mut self, step: Step) -> sqlx::Result<()>;
}

impl Extend for PgConnection {
    async fn extend_jobs(&mut self, step: Step, limits: GapLimits) -> sqlx::Result<()> {
        sqlx::query(EXTEND_JOBS_POSTGRES)
            .bind(step.by.as_seconds_f64())
            .bind(step.after)
            .bind(step.last)
            .bind(step.noted_at)
            .bind(limits.uploads.as_seconds_f64())
            .bind(step.last_preview_deadline(limits))
            .execute(self)
            .await
            .map(drop)
    }

    async fn extend_datasets(&mut self, step: Step) -> sqlx::Result<()> {
        sqlx::query(EXTEND_DATASETS_POSTGRES)
            .bind(step.by.as_seconds_f64())
            .bind(step.after)
            .bind(step.last)
            .bind(step.noted_at)
            .execute(self)
            .await
            .map(drop)
    }
}

impl Extend for SqliteConnection {
    async fn extend_jobs(&mut self, step: Step, limits: GapLimits) -> sqlx::Result<()> {
        sqlx::query(EXTEND_JOBS_SQLITE)
            .bind(modifier(step.by))
            .bind(step.after)
            .bind(step.last)
            .bind(step.noted_at)
            .bind(modifier(limits.uploads))
            .bind(step.last_preview_deadline(limits))
            .execute(self)
            .await
            .map(drop)
    }

    async fn extend_datasets(&mut self, step: Step) -> sqlx::Result<()> {
        sqlx::query(EXTEND_DATASETS_SQLITE)
            .bind(modifier(step.by))
            .bind(step.after)
            .bind(step.last)
            .bind(step.noted_at)
            .execute(self)
            .await
            .map(drop)
    }
}

/// What SQLite takes to move a time, such as '+5.000 seconds'.
fn modifier(delta: TimeDelta) -> String {
    format!("{:+.3} seconds", delta.as_seconds_f64())
}
