//! When the deployment was served, and which reaper is at work.
//!
//! Time in which no process served does not count against deadlines: it is added to them when service resumes.

use chrono::{DateTime, TimeDelta, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::gap::GapLimits;
use super::statement::statements;
use super::{Store, reading, writing};
use crate::error::Result;

/// When the deployment was served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Service {
    /// When a process last confirmed that it serves.
    pub served_at: Option<DateTime<Utc>>,
    /// Since when the deployment has been served without a gap.
    pub serving_since: Option<DateTime<Utc>>,
    /// Since when an operator has paused the reaper, if it is paused.
    pub reaping_paused_at: Option<DateTime<Utc>>,
    gap_milliseconds: Option<i64>,
}

impl Service {
    /// Whether a gap in service is still being added to the deadlines.
    pub fn is_adding_gap(&self) -> bool {
        self.gap_milliseconds.is_some()
    }
}

statements! {
    FIND = "SELECT served_at, serving_since, reaping_paused_at, gap_milliseconds FROM instance";
    CONFIRM = "UPDATE instance SET served_at = $1 \
         WHERE served_at >= $2 AND serving_since IS NOT NULL AND gap_milliseconds IS NULL";
    /// Serialises processes that confirm their service at once.
    LOCK = "UPDATE instance SET only_row = 1 RETURNING served_at, serving_since, reaping_paused_at, gap_milliseconds";
    SET_SERVED = "UPDATE instance SET served_at = $1, serving_since = $2";
    NOTE_GAP = "UPDATE instance SET gap_milliseconds = $1, gap_noted_at = $2, gap_job_id = NULL, gap_dataset_id = NULL";
    TAKE_REAPER_LEASE = "UPDATE instance SET reaper_id = $1, reaper_until = $3 \
         WHERE reaping_paused_at IS NULL AND (reaper_id = $1 OR reaper_until IS NULL OR reaper_until < $2 OR reaper_until > $3)";
    RELEASE_REAPER_LEASE = "UPDATE instance SET reaper_id = NULL, reaper_until = NULL WHERE reaper_id = $1";
    PAUSE_REAPING = "UPDATE instance SET reaping_paused_at = $1";
}

impl Store {
    /// When the deployment was served; all `None` where it never was.
    pub async fn service(&self) -> Result<Service> {
        let found: Option<Service> =
            reading!(self, pool => sqlx::query_as(FIND).fetch_optional(pool).await)?;
        Ok(found.unwrap_or_default())
    }

    /// Notes that the deployment is served at `now`, and returns the gap since it last was, where that is longer than
    /// `tolerance`. The gap is added to the deadlines of all open jobs, within `limits`, and to the grace of deleted datasets. What another process has begun to add is added first.
    pub async fn note_served(
        &self,
        now: DateTime<Utc>,
        tolerance: TimeDelta,
        limits: GapLimits,
    ) -> Result<Option<TimeDelta>> {
        // Makes the row where there is none.
        self.instance().await?;
        if self.confirm_service(now, tolerance).await? {
            return Ok(None);
        }
        self.add_gap(limits).await?;
        let gap = self.begin_service(now, tolerance).await?;
        if gap.is_some() {
            self.add_gap(limits).await?;
        }
        Ok(gap)
    }

    /// Notes that the deployment is served at `now`; false where it was not served before, or with a gap.
    async fn confirm_service(&self, now: DateTime<Utc>, tolerance: TimeDelta) -> Result<bool> {
        writing!(self, pool => {
            let confirmed = sqlx::query(CONFIRM).bind(now).bind(now - tolerance).execute(pool).await?;
            Ok(confirmed.rows_affected() == 1)
        })
    }

    /// Notes that service begins or resumes at `now`, and the gap before, which is to be added.
    pub(super) async fn begin_service(
        &self,
        now: DateTime<Utc>,
        tolerance: TimeDelta,
    ) -> Result<Option<TimeDelta>> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let service: Service = sqlx::query_as(LOCK).fetch_one(&mut *transaction).await?;
            if service.is_adding_gap() {
                // Another process has noted it meanwhile, and adds it.
                return Ok(None);
            }
            let gap = service.served_at.map(|at| now - at).filter(|gap| *gap > tolerance);
            // A time in the future is left by a clock that was wrong.
            let resumed = gap.is_some() || service.serving_since.is_none_or(|since| since > now);
            let since = service.serving_since.filter(|_| !resumed).unwrap_or(now);
            sqlx::query(SET_SERVED).bind(now).bind(since).execute(&mut *transaction).await?;
            if let Some(gap) = gap {
                // Processes that have just started may have created jobs already, which did not wait through the gap.
                let middle = now - gap / 2;
                sqlx::query(NOTE_GAP).bind(gap.num_milliseconds()).bind(middle).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(gap)
        })
    }

    /// Takes or renews the right to reap until `until`; false where another reaper has it, or reaping is paused.
    pub async fn take_reaper_lease(
        &self,
        reaper_id: Uuid,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool> {
        writing!(self, pool => {
            let taken = sqlx::query(TAKE_REAPER_LEASE).bind(reaper_id).bind(now).bind(until).execute(pool).await?;
            Ok(taken.rows_affected() == 1)
        })
    }

    /// Gives the right to reap back.
    pub async fn release_reaper_lease(&self, reaper_id: Uuid) -> Result<()> {
        writing!(self, pool => {
            sqlx::query(RELEASE_REAPER_LEASE).bind(reaper_id).execute(pool).await?;
            Ok(())
        })
    }

    /// Pauses all reapers since `since`, or resumes them with `None`.
    pub async fn pause_reaping(&self, since: Option<DateTime<Utc>>) -> Result<()> {
        self.instance().await?;
        writing!(self, pool => {
            sqlx::query(PAUSE_REAPING).bind(since).execute(pool).await?;
            Ok(())
        })
    }
}
