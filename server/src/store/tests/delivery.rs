//! Deliveries: whose turn it is, what an attempt comes to, and how long they are kept.

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::fixture::{Site, sites};
use crate::clock;
use crate::store::{AttemptOutcome, DueDelivery, NewWebhook, ReceiverState, WaitingWebhook};

const RENAMED: &str = "dataset.renamed";

impl Site {
    /// A webhook for names of the dataset.
    pub(super) async fn webhook(&self, dataset_id: Uuid, secret: &[u8]) -> Result<Uuid> {
        let id = Uuid::now_v7();
        let new = NewWebhook {
            id,
            dataset_id,
            url: "https://hooks.example/path?key=secret",
            origin: "https://hooks.example",
            types: &[RENAMED.to_string()],
            secret,
            limit: 20,
            creator_id: self.principal.id,
            created_at: clock::now(),
        };
        assert!(self.store.insert_webhook(&new).await?);
        Ok(id)
    }

    /// Gives the dataset so many other names, each of which is an event.
    async fn rename(&self, dataset_id: Uuid, times: usize) -> Result<()> {
        for _ in 0..times {
            let name = Uuid::new_v4().simple().to_string();
            let (owner, now) = (self.principal.id, clock::now());
            let renamed = self
                .store
                .update_dataset(owner, dataset_id, Some(&name), None, now)
                .await?;
            renamed.context("the dataset is gone")?;
        }
        Ok(())
    }

    /// All webhooks with deliveries that wait.
    async fn waiting(&self, now: DateTime<Utc>) -> Result<Vec<WaitingWebhook>> {
        Ok(self.store.waiting_webhooks(now, Uuid::nil(), 100).await?)
    }

    /// The next delivery of the only webhook with deliveries that wait, claimed for a minute; none where it may not be called.
    async fn claim_due(&self, now: DateTime<Utc>) -> Result<Option<DueDelivery>> {
        let waiting = self.waiting(now).await?;
        let [webhook] = waiting[..] else {
            anyhow::bail!("{waiting:?}");
        };
        let Some(id) = webhook.delivery_id else {
            return Ok(None);
        };
        let again_at = now + TimeDelta::minutes(1);
        let claimed = self
            .store
            .claim_delivery(webhook.webhook_id, id, now, again_at)
            .await?;
        Ok(Some(claimed.context("another process was first")?))
    }
}

/// A time at which everything that was planned is due.
fn soon() -> DateTime<Utc> {
    clock::now() + TimeDelta::minutes(1)
}

fn delivered(now: DateTime<Utc>) -> AttemptOutcome {
    AttemptOutcome {
        status: "delivered",
        run_after: now,
        response: Some(200),
        error: None,
        at: now,
        receiver: ReceiverState::Accepts,
    }
}

fn failed(now: DateTime<Utc>, pause: TimeDelta) -> AttemptOutcome {
    AttemptOutcome {
        status: "pending",
        run_after: now + pause,
        response: None,
        error: Some("away".to_string()),
        at: now,
        receiver: ReceiverState::Fails(now + pause),
    }
}

#[tokio::test]
async fn webhook_has_few_deliveries_at_once() -> Result<()> {
    for site in sites().await? {
        let (slow, other) = (site.dataset().await?, site.dataset().await?);
        let webhook_id = site.webhook(slow, b"secret").await?;
        site.rename(slow, 5).await?;
        let now = soon();
        let first = site.claim_due(now).await?.context("nothing is due")?;
        let second = site.claim_due(now).await?.context("only one is sent")?;
        assert!(first.event_id < second.event_id, "on {}", site.url);
        assert_eq!(site.claim_due(now).await?.map(|due| due.id), None);
        // Nor does a claim that has looked before get a third one.
        let third = "SELECT count(*) FROM deliveries WHERE lease_until IS NULL";
        assert_eq!(site.count(third).await?, 3);
        let rest = site.store.list_deliveries(webhook_id, None, 1).await?;
        let claim = site
            .store
            .claim_delivery(webhook_id, rest[0].id, now, now + TimeDelta::minutes(1))
            .await?;
        assert!(claim.is_none());
        // A webhook with one event is called although five older ones wait.
        let quick = site.webhook(other, b"secret").await?;
        site.rename(other, 1).await?;
        let waiting = site.waiting(soon()).await?;
        let ready: Vec<_> = waiting
            .iter()
            .filter(|webhook| webhook.delivery_id.is_some())
            .map(|webhook| webhook.webhook_id)
            .collect();
        assert_eq!(ready, [quick]);
        site.store.delete_webhook(quick).await?;
        site.store.finish_delivery(&first, &delivered(now)).await?;
        assert!(site.claim_due(now).await?.is_some());
        // A process that died holds its delivery for a minute.
        let later = now + TimeDelta::minutes(2);
        assert!(site.claim_due(later).await?.is_some());
    }
    Ok(())
}

#[tokio::test]
async fn failing_webhook_costs_one_attempt_at_once() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        site.webhook(dataset_id, b"secret").await?;
        site.rename(dataset_id, 4).await?;
        let (now, pause) = (soon(), TimeDelta::seconds(30));
        let first = site.claim_due(now).await?.context("nothing is due")?;
        let outcome = failed(now, pause);
        site.store.finish_delivery(&first, &outcome).await?;
        // The other three wait for the same pause.
        let early = now + pause - TimeDelta::seconds(1);
        assert!(site.claim_due(early).await?.is_none(), "on {}", site.url);
        let later = now + pause;
        let second = site.claim_due(later).await?.context("the pause is over")?;
        assert_eq!((second.failures, second.webhook_failures), (0, 1));
        assert_ne!(second.id, first.id);
        assert!(site.claim_due(later).await?.is_none());
        let outcome = failed(later, pause);
        site.store.finish_delivery(&second, &outcome).await?;
        let later = later + pause;
        let third = site.claim_due(later).await?.context("the pause is over")?;
        assert_eq!(third.webhook_failures, 2);
        site.store
            .finish_delivery(&third, &delivered(later))
            .await?;
        // It is back: two at once again.
        assert!(site.claim_due(later).await?.is_some());
        assert!(site.claim_due(later).await?.is_some());
    }
    Ok(())
}

#[tokio::test]
async fn waiting_webhooks_are_read_in_parts() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let mut expected = Vec::new();
        for _ in 0..5 {
            expected.push(site.webhook(dataset_id, b"secret").await?);
        }
        site.rename(dataset_id, 3).await?;
        expected.sort();
        let (mut seen, mut after) = (Vec::new(), Uuid::nil());
        loop {
            let part = site.store.waiting_webhooks(soon(), after, 2).await?;
            let Some(last) = part.iter().map(|webhook| webhook.webhook_id).max() else {
                break;
            };
            assert!(part.len() <= 2);
            after = last;
            seen.extend(part.iter().map(|webhook| webhook.webhook_id));
        }
        seen.sort();
        assert_eq!(seen, expected, "on {}", site.url);
    }
    Ok(())
}

#[tokio::test]
async fn resend_is_not_undone_by_an_earlier_attempt() -> Result<()> {
    for site in sites().await? {
        let store = &site.store;
        let dataset_id = site.dataset().await?;
        let webhook_id = site.webhook(dataset_id, b"secret").await?;
        site.rename(dataset_id, 1).await?;
        let now = soon();
        for is_accepted in [false, true] {
            let attempt = site.claim_due(now).await?.context("nothing is due")?;
            let give_up_at = now + TimeDelta::days(1);
            let resent = store
                .resend_delivery(webhook_id, attempt.id, now, give_up_at)
                .await?;
            assert_eq!(resent.context("it is gone")?.status, "pending");
            let outcome = if is_accepted {
                delivered(now)
            } else {
                failed(now, TimeDelta::hours(4))
            };
            store.finish_delivery(&attempt, &outcome).await?;
            let row = &store.list_deliveries(webhook_id, None, 1).await?[0];
            assert_eq!(
                (row.status.as_str(), row.run_after),
                ("pending", now),
                "on {}",
                site.url
            );
        }
        assert_eq!(
            site.count("SELECT count(*) FROM events WHERE type = 'webhook.resent'")
                .await?,
            2
        );
        let missing = store
            .resend_delivery(webhook_id, Uuid::new_v4(), now, now)
            .await?;
        assert!(missing.is_none());
    }
    Ok(())
}

#[tokio::test]
async fn resend_begins_with_short_pauses() -> Result<()> {
    for site in sites().await? {
        let store = &site.store;
        let dataset_id = site.dataset().await?;
        let webhook_id = site.webhook(dataset_id, b"secret").await?;
        site.rename(dataset_id, 1).await?;
        let mut now = soon();
        for failures in 0..3 {
            let due = site.claim_due(now).await?.context("nothing is due")?;
            assert_eq!((due.failures, due.webhook_failures), (failures, failures));
            let outcome = failed(now, TimeDelta::hours(1));
            store.finish_delivery(&due, &outcome).await?;
            now += TimeDelta::hours(1);
        }
        now -= TimeDelta::minutes(30);
        assert!(site.claim_due(now).await?.is_none());
        let id = store.list_deliveries(webhook_id, None, 1).await?[0].id;
        store.resend_delivery(webhook_id, id, now, now).await?;
        let due = site.claim_due(now).await?.context("it is not sent")?;
        assert_eq!((due.failures, due.webhook_failures), (0, 0));
        assert_eq!((due.attempts, due.resends), (4, 1), "on {}", site.url);
    }
    Ok(())
}

#[tokio::test]
async fn deliveries_are_given_up_and_kept_while_they_wait() -> Result<()> {
    for site in sites().await? {
        let store = &site.store;
        let dataset_id = site.dataset().await?;
        let webhook_id = site.webhook(dataset_id, b"secret").await?;
        site.rename(dataset_id, 3).await?;
        let now = soon();
        let backlog = store.backlog(now, now).await?;
        assert!(backlog.oldest_delivery.is_some_and(|since| since < now));
        let sent = site.claim_due(now).await?.context("nothing is due")?;
        assert_eq!(store.backlog(now, now).await?.oldest_delivery, None);
        assert_eq!(store.give_up_deliveries(now, 10, "late").await?, 0);
        let later = now + TimeDelta::days(1);
        // Nothing of what waits is forgotten, however old it is.
        assert_eq!(store.forget_deliveries(later, 10).await?, 0);
        store.finish_delivery(&sent, &delivered(now)).await?;
        assert_eq!(store.give_up_deliveries(later, 1, "late").await?, 1);
        assert_eq!(store.give_up_deliveries(later, 10, "late").await?, 1);
        let rows = store.list_deliveries(webhook_id, None, 10).await?;
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (row.status.as_str(), row.error.as_deref()))
            .collect();
        let dead = ("dead", Some("late"));
        assert_eq!(seen, [dead, dead, ("delivered", None)], "on {}", site.url);
        let backlog = store.backlog(later, later).await?;
        assert_eq!(
            (backlog.dead_deliveries, backlog.oldest_delivery),
            (2, None)
        );
        assert_eq!(store.forget_deliveries(later, 10).await?, 3);
    }
    Ok(())
}
