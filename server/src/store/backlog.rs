//! What waits in the database, for metrics. Each statement reads a bounded number of rows by an index, however many there are.

use chrono::{DateTime, TimeDelta, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::delivery_queue::{sending, waiting};
use super::statement::statements;
use super::{Database, Store, observing, reading};
use crate::error::Result;

/// The jobs that are due and that no process works on, the oldest of each kind. `$completing`, `$inspecting` and `$leftover`
/// name the indexes that SQLite does not choose by itself.
macro_rules! oldest_due {
    ($completing:literal, $inspecting:literal, $leftover:literal) => {
        concat!(
            "SELECT (SELECT run_after FROM jobs ",
            $completing,
            " WHERE status = 'completing' AND run_after <= $1 AND (lease_until IS NULL OR lease_until < $1) \
             ORDER BY run_after LIMIT 1) AS completing, \
             (SELECT run_after FROM jobs ",
            $inspecting,
            " WHERE status = 'inspecting' AND run_after <= $1 AND (lease_until IS NULL OR lease_until < $1) \
             ORDER BY run_after LIMIT 1) AS inspecting, \
             (SELECT run_after FROM jobs ",
            $leftover,
            " WHERE status IN ('failed', 'cancelled', 'expired') AND cleaned_at IS NULL AND run_after <= $1 \
             ORDER BY run_after LIMIT 1) AS cleaning"
        )
    };
}

/// The uploads that are open, those of them whose deadline lies before `$2`, and those whose jobs have ended: at most ten
/// thousand of each kind. `$3` lies before every deadline, so that the index is sought and not read from end to end.
/// `$awaiting` and `$leftover` name the indexes that SQLite does not choose by itself.
macro_rules! uploads {
    ($awaiting:literal, $leftover:literal) => {
        concat!(
            "SELECT open_uploads, open_bytes, silent_uploads, silent_bytes, ended_uploads, ended_bytes FROM \
             (SELECT count(*) AS open_uploads, CAST(COALESCE(sum(file_size), 0) AS BIGINT) AS open_bytes, \
                 count(*) FILTER (WHERE deadline < $2) AS silent_uploads, \
                 CAST(COALESCE(sum(file_size) FILTER (WHERE deadline < $2), 0) AS BIGINT) AS silent_bytes \
              FROM (SELECT file_size, deadline FROM jobs ",
            $awaiting,
            " WHERE status = 'awaiting_upload' AND deadline > $3 ORDER BY deadline LIMIT 10000) AS first_jobs) AS open_jobs \
             CROSS JOIN \
             (SELECT count(*) AS ended_uploads, CAST(COALESCE(sum(file_size), 0) AS BIGINT) AS ended_bytes \
              FROM (SELECT file_size FROM jobs ",
            $leftover,
            " WHERE status IN ('failed', 'cancelled', 'expired') AND cleaned_at IS NULL AND run_after <= $1 \
              AND upload_id IS NOT NULL ORDER BY run_after LIMIT 10000) AS first_jobs) AS ended_jobs"
        )
    };
}

statements! {
    OLDEST_DUE_SQLITE =
        oldest_due!("INDEXED BY jobs_completing", "INDEXED BY jobs_inspecting", "INDEXED BY jobs_leftover");
    OLDEST_DUE_POSTGRES = oldest_due!("", "", "");
    UPLOADS_SQLITE = uploads!("INDEXED BY jobs_awaiting", "INDEXED BY jobs_leftover");
    UPLOADS_POSTGRES = uploads!("", "");
    /// Since when the oldest delivery is due of those that could be sent: their webhooks are enabled, no pause of theirs is
    /// left, and none of their deliveries is being sent. Of at most ten thousand webhooks.
    OLDEST_DELIVERY = concat!(
        "SELECT min(due_since) FROM (SELECT (SELECT CASE WHEN w.resume_at > n.run_after THEN w.resume_at ELSE n.run_after END \
             FROM deliveries n WHERE n.webhook_id = w.id AND n.status = 'pending' AND n.run_after <= $1 \
             ORDER BY n.run_after LIMIT 1) AS due_since FROM ",
        waiting!("$2", "10000"),
        " WHERE w.id = waiting.webhook_id AND w.disabled_at IS NULL AND ", sending!("w.id"), " = 0) AS due \
         WHERE due_since <= $1"
    );
    DEAD_DELIVERIES = "SELECT count(*) FROM (SELECT id FROM deliveries WHERE status = 'dead' AND give_up_at > $1 \
         ORDER BY give_up_at LIMIT 10000) AS dead_deliveries";
}

/// For how long a delivery counts as dead after its time was over.
const DEAD_TIME: TimeDelta = TimeDelta::days(1);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
struct OldestDue {
    completing: Option<DateTime<Utc>>,
    inspecting: Option<DateTime<Utc>>,
    cleaning: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
struct Sums {
    open_uploads: i64,
    open_bytes: i64,
    silent_uploads: i64,
    silent_bytes: i64,
    ended_uploads: i64,
    ended_bytes: i64,
}

/// What waits in the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    oldest: OldestDue,
    /// Jobs that wait for their upload, at most ten thousand.
    pub open_uploads: i64,
    /// Bytes of their files.
    pub open_bytes: i64,
    /// Since when the oldest delivery to a webhook is due that could be sent.
    pub oldest_delivery: Option<DateTime<Utc>>,
    /// Deliveries that were given up within about a day, at most ten thousand.
    pub dead_deliveries: i64,
    sums: Sums,
}

impl Backlog {
    /// Since when the oldest job is due of each kind that no process works on.
    pub fn oldest_due(&self) -> [(&'static str, Option<DateTime<Utc>>); 3] {
        [
            ("completing", self.oldest.completing),
            ("inspecting", self.oldest.inspecting),
            ("cleaning", self.oldest.cleaning),
        ]
    }

    /// Uploads that may be abandoned: no URL of theirs is valid any more, or their jobs have ended.
    pub fn uploads_at_risk(&self) -> i64 {
        self.sums.silent_uploads + self.sums.ended_uploads
    }

    /// Bytes that their parts have at most.
    pub fn bytes_at_risk(&self) -> i64 {
        self.sums.silent_bytes.saturating_add(self.sums.ended_bytes)
    }
}

impl Store {
    /// What waits in the database at `now`. A job whose deadline lies before `no_more_urls` has no URL that is still valid.
    pub async fn backlog(
        &self,
        now: DateTime<Utc>,
        no_more_urls: DateTime<Utc>,
    ) -> Result<Backlog> {
        let oldest = self.oldest_due(now).await?;
        let sums = self.sums(now, no_more_urls).await?;
        Ok(Backlog {
            oldest,
            open_uploads: sums.open_uploads,
            open_bytes: sums.open_bytes,
            oldest_delivery: self.oldest_delivery(now).await?,
            dead_deliveries: self.dead_deliveries(now).await?,
            sums,
        })
    }

    async fn oldest_delivery(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
        let first = Uuid::nil();
        Ok(
            reading!(self, pool => sqlx::query_scalar(OLDEST_DELIVERY).bind(now).bind(first).fetch_one(pool).await)?,
        )
    }

    async fn dead_deliveries(&self, now: DateTime<Utc>) -> Result<i64> {
        let since = now - DEAD_TIME;
        Ok(
            reading!(self, pool => sqlx::query_scalar(DEAD_DELIVERIES).bind(since).fetch_one(pool).await)?,
        )
    }

    async fn oldest_due(&self, now: DateTime<Utc>) -> Result<OldestDue> {
        observing!(
            self,
            Read,
            match &self.database {
                Database::Sqlite { readers, .. } => {
                    Ok(sqlx::query_as(OLDEST_DUE_SQLITE)
                        .bind(now)
                        .fetch_one(readers)
                        .await?)
                }
                Database::Postgres(pool) => {
                    let oldest = sqlx::query_as(OLDEST_DUE_POSTGRES).bind(now);
                    Ok(self.in_time(pool, oldest.fetch_one(pool)).await?)
                }
            }
        )
    }

    async fn sums(&self, now: DateTime<Utc>, no_more_urls: DateTime<Utc>) -> Result<Sums> {
        observing!(
            self,
            Read,
            match &self.database {
                Database::Sqlite { readers, .. } => {
                    let uploads = sqlx::query_as(UPLOADS_SQLITE)
                        .bind(now)
                        .bind(no_more_urls)
                        .bind(DateTime::<Utc>::UNIX_EPOCH);
                    Ok(uploads.fetch_one(readers).await?)
                }
                Database::Postgres(pool) => {
                    let uploads = sqlx::query_as(UPLOADS_POSTGRES)
                        .bind(now)
                        .bind(no_more_urls)
                        .bind(DateTime::<Utc>::UNIX_EPOCH);
                    Ok(self.in_time(pool, uploads.fetch_one(pool)).await?)
                }
            }
        )
    }
}
