//! Sends the deliveries that are due, from the queue in the database.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use restow_api::event::Event;
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::sender::{Message, Sender};
use crate::app::App;
use crate::error::Result;
use crate::event;
use crate::store::{AttemptOutcome, DueDelivery};

/// Pause between two looks at the queue.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Deliveries that a process sends at once.
const CONCURRENCY: i64 = 20;

/// How long after its beginning another process repeats an attempt: longer than an attempt takes.
const ATTEMPT_TIME: TimeDelta = TimeDelta::minutes(1);

/// Pauses before the attempts after the first, in seconds. The last one is repeated.
const PAUSES: [i64; 8] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400];

/// Sends deliveries until the process is to stop.
pub async fn run(app: Arc<App>) {
    let sender = match Sender::new(app.settings.webhooks_allow_private) {
        Ok(sender) => sender,
        Err(error) => {
            tracing::error!(%error, "failed to set up TLS; no webhook is called");
            return app.stopping.cancelled().await;
        }
    };
    while !app.stopping.is_cancelled() {
        match round(&app, &sender).await {
            // Perhaps more are due.
            Ok(sent) if i64::try_from(sent) == Ok(CONCURRENCY) => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "failed to read the deliveries that are due"),
        }
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = sleep(POLL_INTERVAL) => {}
        }
    }
}

/// Sends what is due, and counts it.
async fn round(app: &Arc<App>, sender: &Sender) -> Result<usize> {
    let now = app.now();
    let due = app
        .store
        .claim_deliveries(now, now + ATTEMPT_TIME, CONCURRENCY)
        .await?;
    let count = due.len();
    let mut attempts = JoinSet::new();
    for delivery in due {
        let (app, sender) = (Arc::clone(app), sender.clone());
        attempts.spawn(async move {
            if let Err(error) = attempt(&app, &sender, &delivery).await {
                // It is due again once the attempt would have timed out.
                tracing::warn!(delivery_id = %delivery.id, %error, "failed to record a delivery");
            }
        });
    }
    while attempts.join_next().await.is_some() {}
    Ok(count)
}

async fn attempt(app: &App, sender: &Sender, delivery: &DueDelivery) -> Result<()> {
    let Some(target) = app.store.find_delivery_target(delivery.webhook_id).await? else {
        return Ok(());
    };
    let now = app.now();
    if !target.is_of_owner {
        let error = "who created the webhook is no owner of the dataset any more".to_string();
        let outcome = ended("dead", Some(error), now);
        return app.store.finish_delivery(delivery, &outcome).await;
    }
    let found = app
        .store
        .events_between(delivery.event_id - 1, delivery.event_id, 1)
        .await?;
    let Some(event) = found.into_iter().next().map(event::for_readers) else {
        let outcome = ended("dead", Some("the event is no longer kept".to_string()), now);
        return app.store.finish_delivery(delivery, &outcome).await;
    };
    let body = body(&event);
    let message = Message {
        id: delivery.id,
        at: now,
        body: &body,
    };
    let sent = sender.send(&target, &message).await;
    let now = app.now();
    let outcome = match sent {
        Ok(status) if status.is_success() => AttemptOutcome {
            response: Some(status.as_u16()),
            ..ended("delivered", None, now)
        },
        Ok(status) => AttemptOutcome {
            response: Some(status.as_u16()),
            ..retried(delivery, None, now)
        },
        Err(error) => retried(delivery, Some(error), now),
    };
    tracing::debug!(delivery_id = %delivery.id, status = outcome.status, response = outcome.response, "webhook called");
    app.store.finish_delivery(delivery, &outcome).await
}

fn ended(status: &'static str, error: Option<String>, now: DateTime<Utc>) -> AttemptOutcome {
    AttemptOutcome {
        status,
        run_after: now,
        response: None,
        error,
        at: now,
    }
}

/// What an attempt without success comes to.
fn retried(delivery: &DueDelivery, error: Option<String>, now: DateTime<Utc>) -> AttemptOutcome {
    let index = usize::try_from(delivery.attempts - 1).unwrap_or(0);
    let pause = PAUSES[index.min(PAUSES.len() - 1)];
    // Receivers that were away are not called by all deliveries at the same time.
    let jitter = rand::random_range(0..=pause / 4);
    let run_after = now + TimeDelta::seconds(pause + jitter);
    if run_after > delivery.give_up_at {
        return ended("dead", error, now);
    }
    AttemptOutcome {
        run_after,
        ..ended("pending", error, now)
    }
}

/// The body of a message: the type, the time and the event (Standard Webhooks).
fn body(event: &Event) -> String {
    json!({ "type": event.event_type, "timestamp": event.time, "data": event }).to_string()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn delivery(attempts: i64) -> DueDelivery {
        DueDelivery {
            id: Uuid::nil(),
            webhook_id: Uuid::nil(),
            event_id: 1,
            attempts,
            give_up_at: DateTime::UNIX_EPOCH + TimeDelta::days(1),
        }
    }

    #[test]
    fn delivery_is_retried_for_a_day() {
        let mut now = DateTime::UNIX_EPOCH;
        let mut attempts = 1;
        loop {
            let outcome = retried(&delivery(attempts), None, now);
            if outcome.status == "dead" {
                break;
            }
            assert!(outcome.run_after > now);
            now = outcome.run_after;
            attempts += 1;
        }
        assert!((8..=16).contains(&attempts), "{attempts}");
        assert!(now > DateTime::UNIX_EPOCH + TimeDelta::hours(18));
    }
}
