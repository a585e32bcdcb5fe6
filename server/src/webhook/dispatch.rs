//! Sends the deliveries that are due, from the queue in the database. Each attempt begins as soon as it may, so that slow
//! receivers delay their own messages alone.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use restow_api::event::Event;
use serde_json::json;
use tokio::time::sleep;
use uuid::Uuid;

use super::permission::Permission;
use super::sender::{Message, Sender};
use super::turns::Turns;
use crate::app::App;
use crate::error::Result;
use crate::store::{AttemptOutcome, DueDelivery, ReceiverState};
use crate::{event, service, supervision};

/// Pause between two looks at the queue while nothing is due.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// Webhooks of one look, and the pause before the next one, where more than these have deliveries that wait.
const LOOK_LIMIT: i64 = 500;
const LOOK_INTERVAL: Duration = Duration::from_millis(50);

/// How long after its beginning another process repeats an attempt: longer than an attempt takes.
const ATTEMPT_TIME: TimeDelta = TimeDelta::minutes(1);

/// Pauses after attempts that fail, in seconds. The last one is repeated.
const PAUSES: [i64; 8] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400];

/// Longest pause before another message is sent to a webhook whose last attempt failed, in seconds.
const MAX_WEBHOOK_PAUSE: i64 = 3_600;

/// Sends deliveries until the process is to stop.
pub async fn run(app: Arc<App>) {
    let sender = match Sender::new(app.settings.webhooks_allow_private) {
        Ok(sender) => sender,
        Err(error) => {
            tracing::error!(%error, "failed to set up TLS; no webhook is called");
            return app.stopping.cancelled().await;
        }
    };
    let mut dispatcher = Dispatcher {
        app: Arc::clone(&app),
        sender,
        permission: Permission::default(),
        turns: Turns::default(),
        after: Uuid::nil(),
    };
    while !app.stopping.is_cancelled() {
        let pause = dispatcher.look().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "failed to read the deliveries that are due");
            POLL_INTERVAL
        });
        tokio::select! {
            () = app.stopping.cancelled() => return,
            // Its webhook may be called again.
            () = dispatcher.turns.ended() => {}
            () = sleep(pause) => {}
        }
    }
}

/// What this process sends, and where it looks next.
struct Dispatcher {
    app: Arc<App>,
    sender: Sender,
    permission: Permission,
    turns: Turns,
    /// The webhook behind which the next look begins.
    after: Uuid,
}

impl Dispatcher {
    /// Begins to send what is due, as far as there is room, and returns the pause until the next look.
    async fn look(&mut self) -> Result<Duration> {
        if self.turns.free() == 0 || !self.permission.is_given(&self.app).await {
            return Ok(POLL_INTERVAL);
        }
        let (store, now) = (&self.app.store, self.app.now());
        let waiting = store.waiting_webhooks(now, self.after, LOOK_LIMIT).await?;
        let is_end = i64::try_from(waiting.len()) != Ok(LOOK_LIMIT);
        let last = waiting.iter().map(|webhook| webhook.webhook_id).max();
        self.after = last.filter(|_| !is_end).unwrap_or(Uuid::nil());
        let mut has_begun = false;
        for next in self.turns.next(waiting) {
            let again_at = now + ATTEMPT_TIME;
            let claimed = store
                .claim_delivery(next.webhook, next.delivery, now, again_at)
                .await?;
            if let Some(delivery) = claimed {
                self.begin(next.owner, delivery);
                has_begun = true;
            }
        }
        Ok(match (has_begun, is_end) {
            // More may be due.
            (true, _) => Duration::ZERO,
            (false, false) => LOOK_INTERVAL,
            (false, true) => POLL_INTERVAL,
        })
    }

    fn begin(&self, owner_id: Uuid, delivery: DueDelivery) {
        let turn = self.turns.begin(owner_id);
        let (app, sender) = (Arc::clone(&self.app), self.sender.clone());
        supervision::spawn(&self.app, "delivery", async move {
            let _turn = turn;
            if let Err(error) = attempt(&app, &sender, &delivery).await {
                // It is due again once the attempt would have timed out.
                tracing::warn!(delivery_id = %delivery.id, %error, "failed to record a delivery");
            }
        });
    }
}

async fn attempt(app: &App, sender: &Sender, delivery: &DueDelivery) -> Result<()> {
    let now = app.now();
    let found = app
        .store
        .find_delivery_target(delivery.webhook_id, now)
        .await?;
    let Some(target) = found else {
        return Ok(());
    };
    if !target.is_of_owner {
        let error = "the principal that created the webhook is no longer an owner of the dataset"
            .to_string();
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
            receiver: ReceiverState::Accepts,
            ..ended("delivered", None, now)
        },
        sent => {
            // A receiver may come back later than this deployment.
            let grace_end = service::grace_end(app).await?;
            let give_up_at =
                grace_end.map_or(delivery.give_up_at, |end| end.max(delivery.give_up_at));
            failed(delivery, sent, now, give_up_at)
        }
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
        receiver: ReceiverState::Unknown,
    }
}

/// What an attempt comes to that got another response, or an error instead of one.
fn failed(
    delivery: &DueDelivery,
    sent: Result<StatusCode, String>,
    now: DateTime<Utc>,
    give_up_at: DateTime<Utc>,
) -> AttemptOutcome {
    let run_after = now + pause(delivery.failures, i64::MAX);
    let is_over = run_after > give_up_at;
    AttemptOutcome {
        status: if is_over { "dead" } else { "pending" },
        run_after: if is_over { now } else { run_after },
        response: sent.as_ref().ok().map(StatusCode::as_u16),
        error: sent.err(),
        at: now,
        receiver: ReceiverState::Fails(now + pause(delivery.webhook_failures, MAX_WEBHOOK_PAUSE)),
    }
}

/// The pause after one more failure than these, in seconds at most `longest` without the jitter.
fn pause(failures: i64, longest: i64) -> TimeDelta {
    let index = usize::try_from(failures).unwrap_or(0);
    let pause = PAUSES[index.min(PAUSES.len() - 1)].min(longest);
    // Receivers that were away are not called by all deliveries at the same time.
    TimeDelta::seconds(pause + rand::random_range(0..=pause / 4))
}

/// The body of a message: the type, the time and the event (Standard Webhooks).
fn body(event: &Event) -> String {
    json!({ "type": event.event_type, "timestamp": event.time, "data": event }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(failures: i64) -> DueDelivery {
        DueDelivery {
            id: Uuid::nil(),
            webhook_id: Uuid::nil(),
            event_id: 1,
            attempts: failures + 1,
            resends: 0,
            failures,
            webhook_failures: failures,
            give_up_at: DateTime::UNIX_EPOCH + TimeDelta::days(1),
        }
    }

    fn refused(failures: i64, now: DateTime<Utc>) -> AttemptOutcome {
        let delivery = delivery(failures);
        failed(
            &delivery,
            Ok(StatusCode::BAD_GATEWAY),
            now,
            delivery.give_up_at,
        )
    }

    #[test]
    fn delivery_is_retried_for_a_day() {
        let mut now = DateTime::UNIX_EPOCH;
        let mut failures = 0;
        loop {
            let outcome = refused(failures, now);
            assert_eq!(outcome.response, Some(502));
            if outcome.status == "dead" {
                break;
            }
            assert!(outcome.run_after > now);
            now = outcome.run_after;
            failures += 1;
        }
        assert!((7..=15).contains(&failures), "{failures}");
        assert!(now > DateTime::UNIX_EPOCH + TimeDelta::hours(18));
    }

    #[test]
    fn failing_webhook_is_called_every_hour() {
        let now = DateTime::UNIX_EPOCH;
        for (failures, least) in [(0, 5), (3, 600), (5, 3_600), (100, 3_600)] {
            let ReceiverState::Fails(resume_at) = refused(failures, now).receiver else {
                panic!("it counts as accepted");
            };
            let pause = (resume_at - now).num_seconds();
            assert!(
                (least..=least * 5 / 4).contains(&pause),
                "{failures}: {pause}"
            );
        }
    }

    #[test]
    fn delivery_of_a_time_without_service_is_retried() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(3);
        assert_eq!(refused(0, now).status, "dead");
        let outcome = failed(
            &delivery(0),
            Err("away".to_string()),
            now,
            now + TimeDelta::hours(1),
        );
        assert_eq!(
            (outcome.status, outcome.error.as_deref()),
            ("pending", Some("away"))
        );
    }
}
