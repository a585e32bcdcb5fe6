//! Webhooks: events are sent to URLs, signed, until the receiver accepts them.

mod queue;
pub mod receiver;
mod takeover;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use restow_sdk::Client;
use restow_sdk::generated::types::{
    CreateWebhookRequest, Delivery, DeliveryStatus, UpdateDatasetRequest, WebhookEventType,
    WebhookSecret,
};
use standardwebhooks::Webhook as Verifier;
use uuid::Uuid;

use self::receiver::{Receiver, Reply};
use crate::fixture::{Clock, System, csv, eventually, refused};

const ALLOW_PRIVATE: (&str, &str) = ("--webhook-allow-private", "");

async fn create(
    client: &Client,
    dataset_id: Uuid,
    url: &str,
    types: &[WebhookEventType],
) -> Result<WebhookSecret, restow_sdk::Error> {
    let body = CreateWebhookRequest {
        url: url.parse().expect("a URL of the document"),
        types: types.to_vec(),
    };
    let create = client.api().create_webhook().dataset_id(dataset_id);
    Ok(create.body(body).send().await?.into_inner())
}

async fn rename(client: &Client, dataset_id: Uuid, name: &str) -> Result<()> {
    let body = UpdateDatasetRequest {
        name: Some(name.parse()?),
        policy: None,
    };
    let update = client.api().update_dataset().dataset_id(dataset_id);
    update.body(body).send().await?;
    Ok(())
}

/// The deliveries of a webhook, newest first.
async fn deliveries(client: &Client, created: &WebhookSecret) -> Result<Vec<Delivery>> {
    let list = client.api().list_deliveries();
    let list = list.dataset_id(created.webhook.dataset_id);
    let page = list.webhook_id(created.webhook.id).send().await?;
    Ok(page.into_inner().items)
}

/// The newest delivery once it has this state.
async fn settled(client: &Client, created: &WebhookSecret, status: DeliveryStatus) -> Delivery {
    eventually(&format!("the delivery is {status}"), async || {
        let newest = deliveries(client, created).await.ok()?.into_iter().next()?;
        (newest.status == status).then_some(newest)
    })
    .await
}

#[tokio::test]
async fn committed_version_is_sent_and_signed() -> Result<()> {
    let system = System::start_with(&[ALLOW_PRIVATE])?;
    let receiver = Receiver::start().await?;
    let dataset_id = system.dataset("weather").await?;
    let types = [
        WebhookEventType::VersionCommitted,
        WebhookEventType::DatasetDeleted,
    ];
    let created = create(&system.client, dataset_id, &receiver.url(), &types).await?;
    assert!(created.secret.starts_with("whsec_"));
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    let message = receiver.next().await?;
    Verifier::new(&created.secret)?.verify(&message.body, &message.headers)?;
    let told = message.json()?;
    assert_eq!(told["type"], "version.committed");
    assert_eq!(told["data"]["version"], 1);
    assert_eq!(told["data"]["actor"]["principal"], "default");
    assert_eq!(told["data"]["actor"]["address"], serde_json::Value::Null);
    let delivered = settled(&system.client, &created, DeliveryStatus::Delivered).await;
    assert_eq!(
        (delivered.attempts, delivered.response_status),
        (1, Some(200))
    );
    assert_eq!(message.id()?, format!("msg_{}", delivered.id.simple()));
    // Nothing but the types that were chosen.
    let delete = system.client.api().delete_dataset().dataset_id(dataset_id);
    delete.send().await?;
    assert_eq!(receiver.next().await?.json()?["type"], "dataset.deleted");
    let other = Verifier::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
    assert!(other.verify(&message.body, &message.headers).is_err());
    Ok(())
}

#[tokio::test]
async fn refused_message_is_sent_again() -> Result<()> {
    let system = System::start_with(&[ALLOW_PRIVATE])?;
    let receiver = Receiver::start().await?;
    let dataset_id = system.dataset("weather").await?;
    let types = [WebhookEventType::JobCancelled];
    let created = create(&system.client, dataset_id, &receiver.url(), &types).await?;
    receiver.reply(&[Reply::Status(500), Reply::Redirect(receiver.url())]);
    let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    upload.cancel().await?;
    let first = receiver.next().await?;
    let failed = eventually("the first attempt has failed", async || {
        let newest = deliveries(&system.client, &created)
            .await
            .ok()?
            .into_iter()
            .next()?;
        newest.response_status.is_some().then_some(newest)
    })
    .await;
    assert_eq!(
        (failed.status, failed.response_status),
        (DeliveryStatus::Pending, Some(500))
    );
    assert!(failed.next_attempt_at.context("it is not tried again")? > failed.created_at);
    // A redirect is not followed, and no success.
    resend(&system.client, &created, failed.id).await?;
    let second = receiver.next().await?;
    assert_eq!(first.id()?, second.id()?);
    assert_eq!(first.json()?, second.json()?);
    let redirected = eventually("the redirect is seen", async || {
        let newest = deliveries(&system.client, &created)
            .await
            .ok()?
            .into_iter()
            .next()?;
        (newest.response_status == Some(307)).then_some(newest)
    })
    .await;
    assert_eq!(redirected.status, DeliveryStatus::Pending);
    assert_eq!(receiver.waiting(), 0);
    resend(&system.client, &created, failed.id).await?;
    receiver.next().await?;
    let delivered = settled(&system.client, &created, DeliveryStatus::Delivered).await;
    assert_eq!(delivered.attempts, 3);
    // Also what was delivered can be sent again.
    resend(&system.client, &created, failed.id).await?;
    Verifier::new(&created.secret)?.verify(&second.body, &second.headers)?;
    receiver.next().await?;
    let exported = system.server.run(&["events", "export"])?;
    assert_eq!(exported.matches("webhook.resent").count(), 3);
    Ok(())
}

async fn rotate(client: &Client, created: &WebhookSecret) -> Result<WebhookSecret> {
    let rotate = client.api().rotate_webhook_secret();
    let rotate = rotate.dataset_id(created.webhook.dataset_id);
    let rotated = rotate.webhook_id(created.webhook.id).send().await?;
    Ok(rotated.into_inner())
}

async fn resend(client: &Client, created: &WebhookSecret, id: Uuid) -> Result<Delivery> {
    let resend = client.api().resend_delivery();
    let resend = resend.dataset_id(created.webhook.dataset_id);
    let resend = resend.webhook_id(created.webhook.id).delivery_id(id);
    Ok(resend.send().await?.into_inner())
}

#[tokio::test]
async fn message_is_sent_after_a_crash() -> Result<()> {
    let system = System::start_with(&[ALLOW_PRIVATE])?;
    let receiver = Receiver::start().await?;
    let dataset_id = system.dataset("weather").await?;
    let types = [WebhookEventType::DatasetRenamed];
    let created = create(&system.client, dataset_id, &receiver.url(), &types).await?;
    // The process dies while the receiver has not responded.
    receiver.reply(&[Reply::Never]);
    rename(&system.client, dataset_id, "climate").await?;
    let first = receiver.next().await?;
    // Another process repeats an attempt a minute after its beginning.
    let clock = Clock::of(&system);
    clock.set(TimeDelta::minutes(2))?;
    let system = system.kill_and_restart_with(clock.passing()).await?;
    let second = receiver.next().await?;
    assert_eq!(first.id()?, second.id()?);
    let delivered = settled(&system.client, &created, DeliveryStatus::Delivered).await;
    assert_eq!(delivered.attempts, 2);
    Ok(())
}

#[tokio::test]
async fn rotated_secret_overlaps_the_earlier_ones() -> Result<()> {
    let system = System::start_with(&[ALLOW_PRIVATE])?;
    let receiver = Receiver::start().await?;
    let dataset_id = system.dataset("weather").await?;
    let types = [WebhookEventType::JobCancelled];
    let created = create(&system.client, dataset_id, &receiver.url(), &types).await?;
    // The response of the first rotation could have been lost, so that the receiver has the secret before it.
    let (first, second) = (
        rotate(&system.client, &created).await?,
        rotate(&system.client, &created).await?,
    );
    assert_ne!(first.secret, created.secret);
    assert_ne!(second.secret, first.secret);
    let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    upload.cancel().await?;
    let message = receiver.next().await?;
    for secret in [&created.secret, &first.secret, &second.secret] {
        Verifier::new(secret)?.verify(&message.body, &message.headers)?;
    }
    Ok(())
}

#[tokio::test]
async fn webhooks_connect_to_public_addresses_alone() -> Result<()> {
    let system = System::start()?;
    let receiver = Receiver::start().await?;
    let dataset_id = system.dataset("weather").await?;
    let types = [WebhookEventType::DatasetRenamed];
    for url in [
        receiver.url().as_str(),
        "http://hooks.example/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://user:password@hooks.example/",
    ] {
        let fault = refused(
            create(&system.client, dataset_id, url, &types).await,
            422,
            "webhook_url_not_allowed",
        );
        assert!(!fault.msg.contains("password"), "{}", fault.msg);
    }
    // A name says nothing of its address before it is connected to.
    let port = receiver
        .url()
        .rsplit(':')
        .next()
        .context("no port")?
        .trim_end_matches('/')
        .to_string();
    let url = format!("https://localhost:{port}/");
    let created = create(&system.client, dataset_id, &url, &types).await?;
    rename(&system.client, dataset_id, "climate").await?;
    let failed = eventually("the attempt has failed", async || {
        let newest = deliveries(&system.client, &created)
            .await
            .ok()?
            .into_iter()
            .next()?;
        newest.error.is_some().then_some(newest)
    })
    .await;
    assert_eq!(
        failed.error.as_deref(),
        Some("the host has no public address")
    );
    assert_eq!(failed.status, DeliveryStatus::Pending);
    assert_eq!(receiver.connections(), 0);
    Ok(())
}

#[tokio::test]
async fn webhooks_of_a_dataset_are_bounded_and_listed() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let types = [WebhookEventType::VersionCommitted];
    let mut ids = Vec::new();
    for number in 0..20 {
        let url = format!("https://hooks.example/{number}?key=hidden");
        let created = create(&system.client, dataset_id, &url, &types).await?;
        ids.push(created.webhook.id);
    }
    refused(
        create(&system.client, dataset_id, "https://hooks.example/", &types).await,
        409,
        "too_many_webhooks",
    );
    let delete = system.client.api().delete_webhook().dataset_id(dataset_id);
    delete.webhook_id(ids[0]).send().await?;
    let list = system.client.api().list_webhooks().dataset_id(dataset_id);
    let listed: Vec<_> = list
        .send()
        .await?
        .items
        .iter()
        .map(|webhook| webhook.id)
        .collect();
    assert_eq!(listed, ids[1..]);
    let gone = system.client.api().list_deliveries().dataset_id(dataset_id);
    refused(gone.webhook_id(ids[0]).send().await, 404, "not_found");
    // Neither secrets are in the log, nor what of a URL may be one.
    let exported = system.server.run(&["events", "export"])?;
    assert_eq!(exported.matches("webhook.created").count(), 20);
    assert_eq!(exported.matches("webhook.deleted").count(), 1);
    let origin = "\"origin\":\"https://hooks.example\"";
    assert_eq!(exported.matches(origin).count(), 21, "{exported}");
    for hidden in ["hooks.example/", "hidden", "whsec_"] {
        assert!(!exported.contains(hidden), "{hidden}\n{exported}");
    }
    Ok(())
}
