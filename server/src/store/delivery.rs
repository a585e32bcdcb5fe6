//! Deliveries of events to webhooks, which a trigger writes with the event. The table is the queue: a process that sends
//! some puts them off first, so that another one takes them up if it dies.

use chrono::{DateTime, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::statement::{is_owner, statements};
use super::{Database, Store, reading, writing};
use crate::error::Result;

/// A delivery, as the owner of its webhook sees it.
#[derive(Clone, Debug, FromRow)]
pub struct DeliveryRow {
    /// Identifier of the delivery.
    pub id: Uuid,
    /// Number of the event.
    pub event_id: i64,
    /// Type of the event.
    #[sqlx(rename = "type")]
    pub event_type: String,
    /// `pending`, `delivered` or `dead`.
    pub status: String,
    /// How often it was sent.
    pub attempts: i64,
    /// When it is due.
    pub run_after: DateTime<Utc>,
    /// Status of the last response.
    pub response: Option<i64>,
    /// Why the last attempt got none.
    pub error: Option<String>,
    /// Time of the event.
    pub created_at: DateTime<Utc>,
    /// Time of the response that accepted it.
    pub delivered_at: Option<DateTime<Utc>>,
}

/// A delivery that this process is to send.
#[derive(Clone, Debug, FromRow)]
pub struct DueDelivery {
    /// Identifier of the delivery.
    pub id: Uuid,
    /// Webhook that it is for.
    pub webhook_id: Uuid,
    /// Number of the event.
    pub event_id: i64,
    /// Number of this attempt, from 1.
    pub attempts: i64,
    /// From when on it is not tried any more.
    pub give_up_at: DateTime<Utc>,
}

/// Where a delivery is sent, and how it is signed.
#[derive(Clone, FromRow)]
pub struct DeliveryTarget {
    /// Where it is sent.
    pub url: String,
    /// Key that it is signed with.
    pub secret: Vec<u8>,
    /// Earlier key.
    pub old_secret: Option<Vec<u8>>,
    /// Until when it is signed with the earlier key, too.
    pub old_secret_until: Option<DateTime<Utc>>,
    /// Whether the principal that created the webhook is still an owner of the dataset.
    pub is_of_owner: bool,
}

/// What an attempt came to.
#[derive(Clone, Debug)]
pub struct AttemptOutcome {
    /// State of the delivery: `pending` where it is tried again.
    pub status: &'static str,
    /// When it is tried again.
    pub run_after: DateTime<Utc>,
    /// Status of the response.
    pub response: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
    /// Time of the attempt.
    pub at: DateTime<Utc>,
}

/// The claim of deliveries that are due, the ones that wait longest first; `$lock` keeps two claims from the same ones.
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE deliveries SET attempts = attempts + 1, run_after = $2 WHERE status = 'pending' AND id IN \
             (SELECT id FROM deliveries WHERE status = 'pending' AND run_after <= $1 ORDER BY run_after LIMIT $3",
            $lock,
            ") RETURNING id, webhook_id, event_id, attempts, give_up_at"
        )
    };
}

statements! {
    CLAIM_SQLITE = claim!("");
    CLAIM_POSTGRES = claim!(" FOR UPDATE SKIP LOCKED");
    TARGET = concat!("SELECT url, secret, old_secret, old_secret_until, ",
         is_owner!("webhooks.created_by", "webhooks.dataset_id"), " AS is_of_owner FROM webhooks WHERE id = $1");
    /// A later attempt has its own outcome.
    FINISH = "UPDATE deliveries SET status = $3, run_after = $4, response = $5, error = $6, \
         delivered_at = CASE WHEN $3 = 'delivered' THEN $7 ELSE delivered_at END \
         WHERE id = $1 AND attempts = $2 AND status = 'pending'";
    LIST = "SELECT id, event_id, type, status, attempts, run_after, response, error, created_at, delivered_at FROM deliveries \
         WHERE webhook_id = $1 AND (event_id, id) < ($2, $3) ORDER BY event_id DESC, id DESC LIMIT $4";
    RESEND = "UPDATE deliveries SET status = 'pending', run_after = $3, give_up_at = $4 \
         WHERE webhook_id = $1 AND id = $2 RETURNING id, event_id, type, status, attempts, run_after, response, error, \
         created_at, delivered_at";
    FORGET = "DELETE FROM deliveries WHERE id IN \
         (SELECT id FROM deliveries WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
}

impl Store {
    /// Takes at most `limit` deliveries that are due; they are due again at `again_at` where this process dies.
    pub async fn claim_deliveries(
        &self,
        now: DateTime<Utc>,
        again_at: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<DueDelivery>> {
        let claimed = match &self.database {
            Database::Sqlite { writer, .. } => {
                let claim = sqlx::query_as(CLAIM_SQLITE)
                    .bind(now)
                    .bind(again_at)
                    .bind(limit);
                claim.fetch_all(writer).await
            }
            Database::Postgres(pool) => {
                let claim = sqlx::query_as(CLAIM_POSTGRES)
                    .bind(now)
                    .bind(again_at)
                    .bind(limit);
                self.in_time(pool, claim.fetch_all(pool)).await
            }
        };
        Ok(claimed?)
    }

    /// Where deliveries of a webhook are sent; `None` where it is gone.
    pub async fn find_delivery_target(&self, webhook_id: Uuid) -> Result<Option<DeliveryTarget>> {
        Ok(
            reading!(self, pool => sqlx::query_as(TARGET).bind(webhook_id).fetch_optional(pool).await)?,
        )
    }

    /// Notes what an attempt came to, unless another one has begun since.
    pub async fn finish_delivery(
        &self,
        delivery: &DueDelivery,
        outcome: &AttemptOutcome,
    ) -> Result<()> {
        writing!(self, pool => {
            sqlx::query(FINISH).bind(delivery.id).bind(delivery.attempts).bind(outcome.status).bind(outcome.run_after)
                .bind(outcome.response.map(i64::from)).bind(outcome.error.as_deref()).bind(outcome.at)
                .execute(pool).await?;
            Ok(())
        })
    }

    /// At most `limit` deliveries of a webhook before that of `before`, newest first.
    pub async fn list_deliveries(
        &self,
        webhook_id: Uuid,
        before: Option<(i64, Uuid)>,
        limit: i64,
    ) -> Result<Vec<DeliveryRow>> {
        let (event_id, id) = before.unwrap_or((i64::MAX, Uuid::max()));
        Ok(
            reading!(self, pool => sqlx::query_as(LIST).bind(webhook_id).bind(event_id).bind(id).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// Makes a delivery due again, whatever became of it, until `give_up_at`; `None` where there is none.
    pub async fn resend_delivery(
        &self,
        webhook_id: Uuid,
        id: Uuid,
        now: DateTime<Utc>,
        give_up_at: DateTime<Utc>,
    ) -> Result<Option<DeliveryRow>> {
        Ok(
            writing!(self, pool => sqlx::query_as(RESEND).bind(webhook_id).bind(id).bind(now).bind(give_up_at)
            .fetch_optional(pool).await)?,
        )
    }

    /// Forgets at most `limit` deliveries of events before `before`, and counts them.
    pub async fn forget_deliveries(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        writing!(self, pool => {
            let forgotten = sqlx::query(FORGET).bind(before).bind(limit).execute(pool).await?;
            Ok(forgotten.rows_affected())
        })
    }
}
