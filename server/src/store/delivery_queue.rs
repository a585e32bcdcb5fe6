//! The queue of deliveries. Webhooks take turns: of each, a claim takes one delivery at most, and few are sent at the same
//! time. Where the last attempt failed, it is one, and only after a pause, so that a receiver that is away costs little.

use chrono::{DateTime, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::statement::{is_owner, statements};
use super::{Store, reading, writing};
use crate::error::Result;

/// A webhook with deliveries that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct WaitingWebhook {
    /// Identifier of the webhook.
    pub webhook_id: Uuid,
    /// Owner of its dataset.
    pub owner_id: Uuid,
    /// When it was last called.
    pub called_at: Option<DateTime<Utc>>,
    /// The delivery that has been due for longest; none where none may be sent now.
    pub delivery_id: Option<Uuid>,
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
    /// How often it was sent again on request.
    pub resends: i64,
    /// Attempts that have failed since it was made, or sent again on request.
    pub failures: i64,
    /// Attempts to call the webhook that have failed since one succeeded.
    pub webhook_failures: i64,
    /// From when on it is not tried any more.
    pub give_up_at: DateTime<Utc>,
}

/// Where a delivery is sent, and how it is signed.
#[derive(Clone)]
pub struct DeliveryTarget {
    /// Where it is sent.
    pub url: String,
    /// Whether the principal that created the webhook is still an owner of the dataset.
    pub is_of_owner: bool,
    /// Keys that it is signed with, the present one first.
    pub secrets: Vec<Vec<u8>>,
}

/// What an attempt says of the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiverState {
    /// It accepts messages.
    Accepts,
    /// It did not accept this one, and is not called again before this time.
    Fails(DateTime<Utc>),
    /// It was not called.
    Unknown,
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
    /// What it says of the receiver.
    pub receiver: ReceiverState,
}

/// At most `$limit` webhooks `w` with deliveries that wait, by id behind `$after`, to be joined by `w.id = waiting.webhook_id`: a step
/// of the index for each, however many deliveries it has. SQLite keeps the order of a cross join, and reads no other webhooks.
macro_rules! waiting {
    ($after:literal, $limit:literal) => {
        concat!(
            "(WITH RECURSIVE step (webhook_id, number) AS (\
                 SELECT webhook_id, CAST(1 AS BIGINT) FROM (SELECT webhook_id FROM deliveries \
                     WHERE status = 'pending' AND webhook_id > ",
            $after,
            " ORDER BY webhook_id LIMIT 1) AS lowest \
                 UNION ALL \
                 SELECT (SELECT p.webhook_id FROM deliveries p WHERE p.status = 'pending' AND p.webhook_id > step.webhook_id \
                     ORDER BY p.webhook_id LIMIT 1), step.number + 1 \
                 FROM step WHERE step.webhook_id IS NOT NULL AND step.number < ",
            $limit,
            ") SELECT webhook_id FROM step WHERE webhook_id IS NOT NULL) AS waiting \
             CROSS JOIN webhooks w"
        )
    };
}
pub(super) use waiting;

/// How many deliveries of the webhook `$webhook` are being sent.
macro_rules! sending {
    ($webhook:literal) => {
        concat!(
            "(SELECT count(*) FROM deliveries l WHERE l.webhook_id = ",
            $webhook,
            " AND l.lease_until > $1)"
        )
    };
}
pub(super) use sending;

/// How many deliveries of the webhook `w` may be sent at the same time.
macro_rules! room {
    () => {
        "CASE WHEN w.failures = 0 THEN 2 ELSE 1 END"
    };
}

/// Whether the webhook may be called: it is not disabled, and no pause is left.
macro_rules! may_be_called {
    () => {
        "disabled_at IS NULL AND COALESCE(resume_at, $1) <= $1"
    };
}

statements! {
    WAITING = concat!(
        "SELECT w.id AS webhook_id, d.principal_id AS owner_id, w.called_at, CASE WHEN w.", may_be_called!(),
        " AND ", sending!("w.id"), " < ", room!(),
        " THEN (SELECT n.id FROM deliveries n WHERE n.webhook_id = w.id AND n.status = 'pending' AND n.run_after <= $1 \
             ORDER BY n.run_after LIMIT 1) END AS delivery_id FROM ",
        waiting!("$2", "$3"),
        " CROSS JOIN datasets d WHERE w.id = waiting.webhook_id AND d.id = w.dataset_id"
    );
    /// Two claims of deliveries of one webhook wait for each other here.
    TAKE_TURN = concat!("UPDATE webhooks SET called_at = $1 WHERE id = $2 AND ", may_be_called!());
    CLAIM = concat!(
        "UPDATE deliveries SET attempts = attempts + 1, run_after = $4, lease_until = $4 \
         WHERE id = $3 AND webhook_id = $2 AND status || '' = 'pending' AND run_after <= $1 AND ", sending!("$2"),
        " < (SELECT ", room!(), " FROM webhooks w WHERE w.id = $2) \
         RETURNING id, webhook_id, event_id, attempts, resends, failures, \
         (SELECT w.failures FROM webhooks w WHERE w.id = $2) AS webhook_failures, give_up_at"
    );
    TARGET = concat!("SELECT url, ", is_owner!("webhooks.created_by", "webhooks.dataset_id"),
         " AS is_of_owner FROM webhooks WHERE id = $1");
    SECRETS = "SELECT secret FROM webhooks WHERE id = $1 \
         UNION ALL SELECT old_secret FROM webhooks WHERE id = $1 AND old_secret_until > $2 \
         UNION ALL SELECT secret FROM earlier_secrets WHERE webhook_id = $1 AND valid_until > $2";
    NOTE_ACCEPTANCE = "UPDATE webhooks SET failures = 0, resume_at = NULL WHERE id = $1 AND failures > 0";
    /// Of two attempts at once that fail, the second does not count. Nor does one before another message was accepted, or
    /// before its delivery was to be sent again at once.
    NOTE_FAILURE = "UPDATE webhooks SET failures = $2, resume_at = $3 WHERE id = $1 AND failures >= $2 - 1 \
         AND EXISTS (SELECT 1 FROM deliveries WHERE id = $4 AND resends = $5)";
    /// A later attempt has its own outcome, and a delivery that is to be sent again is.
    FINISH = "UPDATE deliveries SET status = $4, run_after = $5, response = $6, error = $7, lease_until = NULL, \
         failures = CASE WHEN $4 = 'delivered' THEN failures ELSE failures + 1 END, \
         delivered_at = CASE WHEN $4 = 'delivered' THEN $8 ELSE delivered_at END \
         WHERE id = $1 AND attempts = $2 AND resends = $3 AND status || '' = 'pending'";
    GIVE_UP = "UPDATE deliveries SET status = 'dead', lease_until = NULL, \
         error = CASE WHEN attempts = 0 THEN $3 ELSE error END WHERE status = 'pending' AND give_up_at <= $1 AND id IN \
         (SELECT id FROM deliveries WHERE status = 'pending' AND give_up_at <= $1 AND COALESCE(lease_until, $1) <= $1 \
         ORDER BY give_up_at LIMIT $2)";
    COUNT_PENDING = "SELECT count(*) FROM deliveries WHERE status = 'pending' AND give_up_at > $1";
}

impl Store {
    /// At most `limit` webhooks with deliveries that wait, by id behind `after`, each with the one that may be sent now.
    pub async fn waiting_webhooks(
        &self,
        now: DateTime<Utc>,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<WaitingWebhook>> {
        Ok(
            reading!(self, pool => sqlx::query_as(WAITING).bind(now).bind(after).bind(limit).fetch_all(pool).await)?,
        )
    }

    /// Takes a delivery; it is due again at `again_at` where this process dies. `None` where another process was first, or
    /// the webhook may not be called now.
    pub async fn claim_delivery(
        &self,
        webhook_id: Uuid,
        delivery_id: Uuid,
        now: DateTime<Utc>,
        again_at: DateTime<Utc>,
    ) -> Result<Option<DueDelivery>> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let turn = sqlx::query(TAKE_TURN).bind(now).bind(webhook_id).execute(&mut *transaction).await?;
            if turn.rows_affected() == 0 {
                return Ok(None);
            }
            let claimed: Option<DueDelivery> = sqlx::query_as(CLAIM).bind(now).bind(webhook_id).bind(delivery_id)
                .bind(again_at).fetch_optional(&mut *transaction).await?;
            if claimed.is_some() {
                transaction.commit().await?;
            }
            Ok(claimed)
        })
    }

    /// Where deliveries of a webhook are sent, and the keys that are valid at `now`; `None` where it is gone.
    pub async fn find_delivery_target(
        &self,
        webhook_id: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Option<DeliveryTarget>> {
        let found: Option<(String, bool)> = reading!(self, pool => sqlx::query_as(TARGET).bind(webhook_id).fetch_optional(pool).await)?;
        let Some((url, is_of_owner)) = found else {
            return Ok(None);
        };
        let secrets = reading!(self, pool => sqlx::query_scalar(SECRETS).bind(webhook_id).bind(now).fetch_all(pool).await)?;
        Ok(Some(DeliveryTarget {
            url,
            is_of_owner,
            secrets,
        }))
    }

    /// Notes what an attempt came to, unless another one has begun since, or the delivery is to be sent again.
    pub async fn finish_delivery(
        &self,
        delivery: &DueDelivery,
        outcome: &AttemptOutcome,
    ) -> Result<()> {
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            // The webhook first, as its deletion does.
            match outcome.receiver {
                ReceiverState::Accepts => {
                    sqlx::query(NOTE_ACCEPTANCE).bind(delivery.webhook_id).execute(&mut *transaction).await?;
                }
                ReceiverState::Fails(resume_at) => {
                    sqlx::query(NOTE_FAILURE).bind(delivery.webhook_id).bind(delivery.webhook_failures + 1).bind(resume_at)
                        .bind(delivery.id).bind(delivery.resends).execute(&mut *transaction).await?;
                }
                ReceiverState::Unknown => {}
            }
            sqlx::query(FINISH).bind(delivery.id).bind(delivery.attempts).bind(delivery.resends).bind(outcome.status)
                .bind(outcome.run_after).bind(outcome.response.map(i64::from)).bind(outcome.error.as_deref())
                .bind(outcome.at).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(())
        })
    }

    /// Gives up at most `limit` deliveries whose time is over at `now` and that no process sends, and counts them; `reason`
    /// is kept with those that were never sent.
    pub async fn give_up_deliveries(
        &self,
        now: DateTime<Utc>,
        limit: i64,
        reason: &str,
    ) -> Result<u64> {
        writing!(self, pool => {
            let given_up = sqlx::query(GIVE_UP).bind(now).bind(limit).bind(reason).execute(pool).await?;
            Ok(given_up.rows_affected())
        })
    }

    /// Deliveries that wait.
    pub async fn count_pending_deliveries(&self) -> Result<i64> {
        let begin = DateTime::<Utc>::UNIX_EPOCH;
        Ok(
            reading!(self, pool => sqlx::query_scalar(COUNT_PENDING).bind(begin).fetch_one(pool).await)?,
        )
    }
}
