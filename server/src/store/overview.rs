//! The deployment in numbers, for its operator. Every number is counted by an index.

use chrono::{DateTime, Utc};
use restow_api::job::JobStatus;
use restow_row::FromRow;
use serde::Serialize;

use super::statement::statements;
use super::{Store, reading};
use crate::error::Result;

/// What the reaper does at the moment, and how often it has confirmed that the database owns the bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Reaping {
    /// Until when the reaper that is at work holds its lease, if one is.
    #[sqlx(rename = "reaper_until")]
    pub leased_until: Option<DateTime<Utc>>,
    /// Since when an operator has paused the reaper, if it is paused.
    #[sqlx(rename = "reaping_paused_at")]
    pub paused_at: Option<DateTime<Utc>>,
    /// Number of its rounds, more or less: each begins with another generation.
    pub generation: i64,
}

statements! {
    COUNT_JOBS = "SELECT count(*) FROM jobs WHERE status = $1";
    FIND_REAPING = "SELECT reaper_until, reaping_paused_at, generation FROM instance";
}

impl Store {
    /// How many jobs are in a state.
    pub async fn count_jobs(&self, status: JobStatus) -> Result<i64> {
        Ok(
            reading!(self, pool => sqlx::query_scalar(COUNT_JOBS).bind(status.as_str()).fetch_one(pool).await)?,
        )
    }

    /// What the reaper does; `None` where no process has served yet.
    pub async fn reaping(&self) -> Result<Option<Reaping>> {
        Ok(reading!(self, pool => sqlx::query_as(FIND_REAPING).fetch_optional(pool).await)?)
    }
}
