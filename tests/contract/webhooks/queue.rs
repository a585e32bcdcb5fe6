//! The queue of messages: a receiver that does not respond delays its own messages alone.

use anyhow::Result;
use restow_sdk::generated::types::{DeliveryStatus, WebhookEventType};

use super::receiver::{Receiver, Reply};
use super::{ALLOW_PRIVATE, create, deliveries, rename, settled};
use crate::fixture::System;

/// Messages for the receiver that does not respond: more than a process sends at once.
const MESSAGES: usize = 30;

#[tokio::test]
async fn silent_receiver_delays_no_other() -> Result<()> {
    let system = System::start_with(&[ALLOW_PRIVATE])?;
    let (silent, other) = (Receiver::start().await?, Receiver::start().await?);
    silent.reply(&vec![Reply::Never; 10 * MESSAGES]);
    let types = [WebhookEventType::DatasetRenamed];
    let dataset_id = system.dataset("silent").await?;
    let unheard = create(&system.client, dataset_id, &silent.url(), &types).await?;
    for number in 0..MESSAGES {
        rename(&system.client, dataset_id, &format!("silent {number}")).await?;
    }
    silent.next().await?;
    // Of the same owner, and later than all of these.
    let dataset_id = system.dataset("other").await?;
    let created = create(&system.client, dataset_id, &other.url(), &types).await?;
    rename(&system.client, dataset_id, "another").await?;
    assert_eq!(other.next().await?.json()?["type"], "dataset.renamed");
    let delivered = settled(&system.client, &created, DeliveryStatus::Delivered).await;
    assert_eq!(delivered.attempts, 1);
    // Two messages, and one or two more if this took longer than the receiver may.
    assert!(silent.connections() <= 4, "{}", silent.connections());
    let waiting = deliveries(&system.client, &unheard).await?;
    assert_eq!(waiting.len(), MESSAGES);
    Ok(())
}
