//! Webhooks: their secrets, their deletion beside other changes, and a takeover of the bucket.

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Executor;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::fixture::{Site, postgres_site, sites};
use crate::clock;
use crate::store::{Database, NewSecret};

impl Site {
    /// Gives a webhook another secret, with which messages are signed for a day after it was replaced.
    async fn rotate(&self, id: Uuid, secret: &[u8], now: DateTime<Utc>) -> Result<()> {
        let new = NewSecret {
            secret,
            now,
            overlap_until: now + TimeDelta::days(1),
            limit: 3,
        };
        assert!(self.store.rotate_webhook(id, new).await?);
        Ok(())
    }

    /// The secrets that messages are signed with.
    async fn secrets(&self, id: Uuid, now: DateTime<Utc>) -> Result<Vec<String>> {
        let target = self.store.find_delivery_target(id, now).await?;
        let secrets = target.context("the webhook is gone")?.secrets.into_iter();
        let mut secrets = secrets
            .map(String::from_utf8)
            .collect::<Result<Vec<_>, _>>()?;
        secrets.sort();
        Ok(secrets)
    }
}

#[tokio::test]
async fn every_secret_is_valid_until_its_time() -> Result<()> {
    for site in sites().await? {
        let dataset_id = site.dataset().await?;
        let id = site.webhook(dataset_id, b"a").await?;
        let now = clock::now();
        site.rotate(id, b"b", now).await?;
        let hour = TimeDelta::hours(1);
        // The response of the first rotation was lost, so that the receivers have the first secret.
        site.rotate(id, b"c", now + hour).await?;
        let at = |hours: i32| now + hour * hours;
        assert_eq!(site.secrets(id, at(2)).await?, ["a", "b", "c"]);
        assert_eq!(site.secrets(id, at(24)).await?, ["b", "c"]);
        assert_eq!(site.secrets(id, at(25)).await?, ["c"], "on {}", site.url);
        // They are erased, and no earlier.
        let kept = "SELECT (SELECT count(*) FROM webhooks WHERE old_secret IS NOT NULL) \
             + (SELECT count(*) FROM earlier_secrets)";
        assert_eq!(site.store.forget_secrets(at(23), 10).await?, 0);
        assert_eq!(site.count(kept).await?, 2);
        assert_eq!(site.store.forget_secrets(at(24), 10).await?, 1);
        assert_eq!(site.store.forget_secrets(at(25), 10).await?, 1);
        assert_eq!(site.count(kept).await?, 0);
        // Their number is bounded, and they go with the webhook.
        for secret in ["d", "e", "f", "g", "h"] {
            site.rotate(id, secret.as_bytes(), at(30)).await?;
        }
        assert_eq!(site.secrets(id, at(31)).await?.len(), 4);
        assert!(site.store.delete_webhook(id).await?);
        assert_eq!(site.count(kept).await?, 0);
    }
    Ok(())
}

#[tokio::test]
async fn disabled_webhooks_get_no_deliveries() -> Result<()> {
    for site in sites().await? {
        let store = &site.store;
        let dataset_id = site.dataset().await?;
        for _ in 0..3 {
            site.webhook(dataset_id, b"a").await?;
        }
        let name = |name: &'static str| async move {
            let (owner, now) = (site.principal.id, clock::now());
            store
                .update_dataset(owner, dataset_id, Some(name), None, now)
                .await
        };
        name("first").await?;
        let begin = store.event_ids().await?.settled;
        assert_eq!(store.discard_deliveries(2, "taken over").await?, 2);
        assert_eq!(store.discard_deliveries(2, "taken over").await?, 1);
        assert_eq!(store.count_pending_deliveries().await?, 0);
        let now = clock::now();
        assert_eq!(store.disable_webhooks(now, 2).await?, 2);
        assert_eq!(store.disable_webhooks(now, 2).await?, 1);
        assert_eq!(store.count_enabled_webhooks().await?, 0);
        name("second").await?;
        assert_eq!(store.count_pending_deliveries().await?, 0);
        assert_eq!(store.enable_webhooks(10).await?, 3);
        name("third").await?;
        assert_eq!(store.count_pending_deliveries().await?, 3);
        let settled = store.event_ids().await?.settled;
        let events = store.events_between(begin, settled, 100).await?;
        let count = |event_type: &str| {
            let events = events.iter();
            events
                .filter(|event| event.event_type == event_type)
                .count()
        };
        assert_eq!(count("webhook.disabled"), 3, "on {}", site.url);
        assert_eq!(count("webhook.enabled"), 3);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn deletion_of_webhook_fails_no_other_change() -> Result<()> {
    let Some(site) = postgres_site().await? else {
        return Ok(());
    };
    let Database::Postgres(pool) = &site.store.database else {
        anyhow::bail!("not PostgreSQL");
    };
    let dataset_id = site.dataset().await?;
    for is_deleted in [false, true] {
        let id = site.webhook(dataset_id, b"a").await?;
        let mut deletion = sqlx::PgPool::begin(pool).await?;
        let delete = "DELETE FROM webhooks WHERE id = $1";
        deletion.execute(sqlx::query(delete).bind(id)).await?;
        let (store, owner) = (site.store.clone(), site.principal.id);
        let name = format!("renamed {is_deleted}");
        let renamed = tokio::spawn(async move {
            store
                .update_dataset(owner, dataset_id, Some(&name), None, clock::now())
                .await
        });
        let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        let is_waiting = async {
            while site.count(waits).await? == 0 {
                sleep(Duration::from_millis(20)).await;
            }
            anyhow::Ok(())
        };
        timeout(Duration::from_secs(4), is_waiting).await??;
        let planned = if is_deleted {
            deletion.commit().await?;
            0
        } else {
            deletion.rollback().await?;
            1
        };
        renamed.await??.context("the dataset is gone")?;
        let of_webhook = "SELECT count(*) FROM deliveries WHERE status = 'pending'";
        assert_eq!(site.count(of_webhook).await?, planned);
        site.store.discard_deliveries(10, "over").await?;
        site.store.delete_webhook(id).await?;
    }
    Ok(())
}
