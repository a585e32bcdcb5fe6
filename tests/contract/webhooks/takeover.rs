//! Copies of a database have the webhooks of the original, and must not call them as long as their operator does not want it.

use anyhow::{Context, Result};
use restow_sdk::generated::types::{DeliveryStatus, WebhookEventType, WebhookSecret};

use super::receiver::Receiver;
use super::{ALLOW_PRIVATE, create, deliveries, rename};
use crate::fixture::{System, back_up, eventually, with_token};

/// A server on a copy of the database, with the bucket of the original.
fn start_copy(system: &System, copy: String) -> Result<System> {
    let environment = [
        system.place.environment(&system.place.endpoint),
        vec![("RESTOW_DATABASE_URL".to_string(), copy)],
    ]
    .concat();
    let options = [ALLOW_PRIVATE, ("--no-reaper", "")];
    System::start_in(with_token(&environment)?, environment, &options)
}

/// State and number of attempts of all deliveries.
async fn states(system: &System, webhook: &WebhookSecret) -> Result<Vec<(DeliveryStatus, i64)>> {
    let all = deliveries(&system.client, webhook).await?.into_iter();
    Ok(all
        .map(|delivery| (delivery.status, delivery.attempts))
        .collect())
}

async fn is_disabled(system: &System, webhook: &WebhookSecret) -> Result<bool> {
    let list = system.client.api().list_webhooks();
    let list = list.dataset_id(webhook.webhook.dataset_id).send().await?;
    let only = list.items.first().context("the webhook is gone")?;
    Ok(only.disabled_at.is_some())
}

#[tokio::test]
async fn copy_calls_webhooks_only_when_told() -> Result<()> {
    // The original sends nothing, so that its messages wait.
    let options = [ALLOW_PRIVATE, ("--no-worker", ""), ("--no-reaper", "")];
    let system = System::start_with(&options)?;
    system.reap(&[])?;
    let receiver = Receiver::start().await?;
    let dataset_id = system.dataset("weather").await?;
    let types = [WebhookEventType::DatasetRenamed];
    let webhook = create(&system.client, dataset_id, &receiver.url(), &types).await?;
    rename(&system.client, dataset_id, "waiting").await?;
    let copy = back_up(&system).await?;
    system.reap(&[])?;

    let copy = start_copy(&system, copy)?;
    rename(&copy.client, dataset_id, "copied").await?;
    eventually("the copy says that it calls no webhook", async || {
        let log = copy.server.log().ok()?;
        log.contains("no webhook is called, since").then_some(())
    })
    .await;
    let pending = (DeliveryStatus::Pending, 0);
    assert_eq!(states(&copy, &webhook).await?, [pending; 2]);
    let shown = copy.server.run(&["adopt"])?;
    assert!(
        shown.contains("1 webhooks that are enabled, with 2 messages that wait to be sent"),
        "{shown}"
    );

    let said = copy.server.run(&["adopt", "--yes"])?;
    assert!(
        said.contains("2 messages to webhooks are given up")
            && said.contains("1 webhooks are disabled"),
        "{said}"
    );
    assert!(is_disabled(&copy, &webhook).await?);
    rename(&copy.client, dataset_id, "disabled").await?;
    let dead = (DeliveryStatus::Dead, 0);
    assert_eq!(states(&copy, &webhook).await?, [dead; 2]);

    let said = copy.server.run(&["adopt", "--yes", "--keep-webhooks"])?;
    assert!(
        said.contains("1 webhooks are enabled again") && !said.contains("given up"),
        "{said}"
    );
    assert!(!is_disabled(&copy, &webhook).await?);
    rename(&copy.client, dataset_id, "enabled").await?;
    let message = receiver.next().await?.json()?;
    assert_eq!(message["data"]["after"]["name"], "enabled");
    assert_eq!(receiver.connections(), 1);
    Ok(())
}
