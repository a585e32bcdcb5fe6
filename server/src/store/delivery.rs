//! Deliveries of events to webhooks, which a trigger writes with the event, as the owners of the webhooks see them.

use chrono::{DateTime, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::statement::statements;
use super::{Store, reading, writing};
use crate::actor::Actor;
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

/// What is read of a delivery.
macro_rules! delivery_columns {
    () => {
        "id, event_id, type, status, attempts, run_after, response, error, created_at, delivered_at"
    };
}

statements! {
    LIST = concat!(
        "SELECT ", delivery_columns!(),
        " FROM deliveries WHERE webhook_id = $1 AND (event_id, id) < ($2, $3) ORDER BY event_id DESC, id DESC LIMIT $4"
    );
    /// What is sent again on request is sent without a pause. The trigger that logs it reads here who sends it.
    WAKE = "UPDATE webhooks SET failures = 0, resume_at = NULL, changed_by = $2, changed_in = $3 WHERE id = $1";
    /// The number of resends keeps an attempt that is under way from ending this one.
    RESEND = concat!(
        "UPDATE deliveries SET status = 'pending', run_after = $3, give_up_at = $4, lease_until = NULL, failures = 0, \
         resends = resends + 1 WHERE webhook_id = $1 AND id = $2 RETURNING ",
        delivery_columns!()
    );
    /// Those that wait are kept, however old their events are.
    FORGET = "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries \
         WHERE created_at < $1 AND status <> 'pending' ORDER BY created_at LIMIT $2)";
    DISCARD = "UPDATE deliveries SET status = 'dead', lease_until = NULL, error = $3 WHERE status = 'pending' AND id IN \
         (SELECT id FROM deliveries WHERE status = 'pending' AND give_up_at > $1 ORDER BY give_up_at LIMIT $2)";
}

impl Store {
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

    /// Makes a delivery due at once, whatever became of it, until `give_up_at`; `None` where there is none.
    pub async fn resend_delivery(
        &self,
        webhook_id: Uuid,
        id: Uuid,
        now: DateTime<Utc>,
        give_up_at: DateTime<Utc>,
    ) -> Result<Option<DeliveryRow>> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            sqlx::query(WAKE).bind(webhook_id).bind(actor.principal()).bind(actor.request().map(JsonText))
                .execute(&mut *transaction).await?;
            let resent: Option<DeliveryRow> = sqlx::query_as(RESEND).bind(webhook_id).bind(id).bind(now).bind(give_up_at)
                .fetch_optional(&mut *transaction).await?;
            if resent.is_some() {
                transaction.commit().await?;
            }
            Ok(resent)
        })
    }

    /// Gives up at most `limit` deliveries that wait, for this reason, and counts them.
    pub async fn discard_deliveries(&self, limit: i64, reason: &str) -> Result<u64> {
        let begin = DateTime::<Utc>::UNIX_EPOCH;
        writing!(self, pool => {
            let discarded = sqlx::query(DISCARD).bind(begin).bind(limit).bind(reason).execute(pool).await?;
            Ok(discarded.rows_affected())
        })
    }

    /// Forgets at most `limit` deliveries of events before `before` that do not wait, and counts them.
    pub async fn forget_deliveries(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        writing!(self, pool => {
            let forgotten = sqlx::query(FORGET).bind(before).bind(limit).execute(pool).await?;
            Ok(forgotten.rows_affected())
        })
    }
}
