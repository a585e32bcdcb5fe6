//! When the deployment was served, and which reaper is at work.
//!
//! Time in which no process served does not count against deadlines: it is added to them when service resumes.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

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
}

statements! {
    FIND = "SELECT served_at, serving_since, reaping_paused_at FROM instance";
    CONFIRM = "UPDATE instance SET served_at = $1 WHERE served_at >= $2 AND serving_since IS NOT NULL";
    /// Serialises processes that confirm their service at once.
    LOCK = "UPDATE instance SET only_row = 1 RETURNING served_at, serving_since, reaping_paused_at";
    SET_SERVED = "UPDATE instance SET served_at = $1, serving_since = $2";
    EXTEND_UPLOADS_POSTGRES = "UPDATE jobs SET deadline = GREATEST(deadline, \
         LEAST(deadline + make_interval(secs => $1), created_at + make_interval(secs => $2))) \
         WHERE status IN ('awaiting_upload', 'completing')";
    EXTEND_PREVIEWS_POSTGRES = "UPDATE jobs SET deadline = deadline + make_interval(secs => $1) WHERE status = 'ready'";
    EXTEND_DELETIONS_POSTGRES = "UPDATE datasets SET deleted_at = deleted_at + make_interval(secs => $1) \
         WHERE deleted_at IS NOT NULL";
    /// Whole seconds are written without a fraction, as sqlx binds them: the text is compared.
    EXTEND_UPLOADS_SQLITE = "UPDATE jobs SET deadline = max(deadline, \
         min(replace(strftime('%Y-%m-%dT%H:%M:%f+00:00', deadline, $1), '.000+', '+'), \
             replace(strftime('%Y-%m-%dT%H:%M:%f+00:00', created_at, $2), '.000+', '+'))) \
         WHERE status IN ('awaiting_upload', 'completing')";
    EXTEND_PREVIEWS_SQLITE = "UPDATE jobs SET \
         deadline = replace(strftime('%Y-%m-%dT%H:%M:%f+00:00', deadline, $1), '.000+', '+') \
         WHERE status = 'ready'";
    EXTEND_DELETIONS_SQLITE = "UPDATE datasets SET \
         deleted_at = replace(strftime('%Y-%m-%dT%H:%M:%f+00:00', deleted_at, $1), '.000+', '+') \
         WHERE deleted_at IS NOT NULL";
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
    /// `tolerance`. The gap is added to the deadlines of all open jobs, and to the grace of deleted datasets, in the same transaction, to those of uploads at
    /// most until `hard_limit` after their creation.
    pub async fn note_served(
        &self,
        now: DateTime<Utc>,
        tolerance: TimeDelta,
        hard_limit: TimeDelta,
    ) -> Result<Option<TimeDelta>> {
        // Makes the row where there is none.
        self.instance().await?;
        writing!(self, pool => {
            let confirmed = sqlx::query(CONFIRM).bind(now).bind(now - tolerance).execute(pool).await?;
            if confirmed.rows_affected() == 1 {
                return Ok(None);
            }
            let mut transaction = pool.begin_with(self.begin()).await?;
            let service: Service = sqlx::query_as(LOCK).fetch_one(&mut *transaction).await?;
            let gap = service.served_at.map(|at| now - at).filter(|gap| *gap > tolerance);
            // A time in the future is left by a clock that was wrong.
            let resumed = gap.is_some() || service.serving_since.is_none_or(|since| since > now);
            let since = service.serving_since.filter(|_| !resumed).unwrap_or(now);
            sqlx::query(SET_SERVED).bind(now).bind(since).execute(&mut *transaction).await?;
            if let Some(gap) = gap {
                transaction.extend_deadlines(gap, hard_limit).await?;
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

/// Adds time to the deadlines of all open jobs, in the words that a database has for it.
trait ExtendDeadlines {
    async fn extend_deadlines(&mut self, by: TimeDelta, hard_limit: TimeDelta) -> sqlx::Result<()>;
}

impl ExtendDeadlines for PgConnection {
    async fn extend_deadlines(&mut self, by: TimeDelta, hard_limit: TimeDelta) -> sqlx::Result<()> {
        let (by, limit) = (by.as_seconds_f64(), hard_limit.as_seconds_f64());
        sqlx::query(EXTEND_UPLOADS_POSTGRES)
            .bind(by)
            .bind(limit)
            .execute(&mut *self)
            .await?;
        sqlx::query(EXTEND_PREVIEWS_POSTGRES)
            .bind(by)
            .execute(&mut *self)
            .await?;
        sqlx::query(EXTEND_DELETIONS_POSTGRES)
            .bind(by)
            .execute(self)
            .await
            .map(drop)
    }
}

impl ExtendDeadlines for SqliteConnection {
    async fn extend_deadlines(&mut self, by: TimeDelta, hard_limit: TimeDelta) -> sqlx::Result<()> {
        // SQLite takes a modifier as text, such as '+5.000 seconds'.
        let seconds = |delta: TimeDelta| format!("{:+.3} seconds", delta.as_seconds_f64());
        let (by, limit) = (seconds(by), seconds(hard_limit));
        sqlx::query(EXTEND_UPLOADS_SQLITE)
            .bind(&by)
            .bind(limit)
            .execute(&mut *self)
            .await?;
        sqlx::query(EXTEND_PREVIEWS_SQLITE)
            .bind(&by)
            .execute(&mut *self)
            .await?;
        sqlx::query(EXTEND_DELETIONS_SQLITE)
            .bind(by)
            .execute(self)
            .await
            .map(drop)
    }
}
