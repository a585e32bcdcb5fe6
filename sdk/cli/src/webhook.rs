//! `restow webhook`: URLs that the events of a dataset are sent to.

mod add;
mod delivery;
mod secret;

use anyhow::Result;
use clap::Subcommand;
use serde_json::json;
use uuid::Uuid;

use self::add::AddArguments;
use self::delivery::DeliveriesArguments;
use crate::context::Context;
use crate::printable::printable;
use crate::{list, units};
use restow_sdk::generated::types::Webhook;

/// Commands on webhooks.
#[derive(Debug, Subcommand)]
pub enum WebhookAction {
    /// Have events of a dataset sent to a URL, and print the secret that verifies them; it cannot be printed again
    #[command(
        after_help = "Messages are signed by the scheme of Standard Webhooks, whose libraries take the secret as it is printed. \
                      A message is sent again for a day until the receiver responds with 2xx.\n\n\
                      Examples:\n  restow webhook add weather https://hooks.example/restow --event version.committed\n  \
                      restow webhook add weather - --event job.ready --event job.rejected < url > secret"
    )]
    Add(AddArguments),
    /// List the webhooks of a dataset, oldest first, without their secrets
    #[command(
        visible_alias = "ls",
        after_help = "Example:\n  restow webhook list weather"
    )]
    List {
        /// Name or identifier of the dataset
        #[arg(value_name = "DATASET")]
        dataset: String,
    },
    /// Delete a webhook with its deliveries; those that are being sent may still arrive
    #[command(
        visible_alias = "rm",
        after_help = "Example:\n  restow webhook remove weather 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d"
    )]
    Remove {
        /// Name or identifier of the dataset
        #[arg(value_name = "DATASET")]
        dataset: String,
        /// Identifier of the webhook, as `restow webhook list` shows it
        #[arg(value_name = "WEBHOOK")]
        webhook: Uuid,
    },
    /// Replace the secret of a webhook, and print the new one; for a day, messages are signed with the earlier one, too
    #[command(
        after_help = "Example:\n  restow webhook rotate-secret weather 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d > secret"
    )]
    RotateSecret {
        /// Name or identifier of the dataset
        #[arg(value_name = "DATASET")]
        dataset: String,
        /// Identifier of the webhook, as `restow webhook list` shows it
        #[arg(value_name = "WEBHOOK")]
        webhook: Uuid,
    },
    /// List what was sent to a webhook, and what became of it, newest first
    #[command(
        after_help = "Examples:\n  restow webhook deliveries weather 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d\n  \
                      restow webhook deliveries weather 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d --json | \
                      jq '.[] | select(.status == \"dead\")'"
    )]
    Deliveries(DeliveriesArguments),
    /// Send an event to a webhook again, whatever became of it, with the same `webhook-id`
    #[command(
        after_help = "Example:\n  restow webhook resend weather 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d \
                      0199d7a5-0b3f-7e21-8c4a-5d9e7f1a2b3c"
    )]
    Resend {
        /// Name or identifier of the dataset
        #[arg(value_name = "DATASET")]
        dataset: String,
        /// Identifier of the webhook, as `restow webhook list` shows it
        #[arg(value_name = "WEBHOOK")]
        webhook: Uuid,
        /// Identifier of the delivery, as `restow webhook deliveries` shows it, or the `webhook-id` of its message
        #[arg(value_name = "DELIVERY", value_parser = delivery::parse_id)]
        delivery: Uuid,
    },
}

/// Runs a command on webhooks.
pub async fn run(context: Context, action: WebhookAction) -> Result<()> {
    match action {
        WebhookAction::Add(arguments) => add::run(&context, arguments).await,
        WebhookAction::List { dataset } => list_all(&context, &dataset).await,
        WebhookAction::Remove { dataset, webhook } => remove(&context, &dataset, webhook).await,
        WebhookAction::RotateSecret { dataset, webhook } => {
            secret::rotate(&context, &dataset, webhook).await
        }
        WebhookAction::Deliveries(arguments) => delivery::list_all(&context, &arguments).await,
        WebhookAction::Resend {
            dataset,
            webhook,
            delivery,
        } => delivery::resend(&context, &dataset, webhook, delivery).await,
    }
}

async fn list_all(context: &Context, dataset: &str) -> Result<()> {
    let dataset = context.client.find_dataset(dataset).await?;
    let request = context.client.api().list_webhooks();
    let request = request.dataset_id(dataset.id).limit(list::PAGE_SIZE);
    let header = format!("{:36}  {:20}  EVENTS", "ID", "CREATED");
    let row = |webhook: &Webhook| {
        format!(
            "{}  {:20}  {} to {}",
            webhook.id,
            units::time(webhook.created_at),
            printable(&webhook.types.join(", ")),
            printable(&webhook.url)
        )
    };
    let webhooks = request.stream();
    list::print(context.output, webhooks, &header, |webhook| webhook.id, row).await
}

async fn remove(context: &Context, dataset: &str, webhook_id: Uuid) -> Result<()> {
    let client = &context.client;
    let dataset = client.find_dataset(dataset).await?;
    let request = || {
        let operation = client.api().delete_webhook();
        operation
            .dataset_id(dataset.id)
            .webhook_id(webhook_id)
            .send()
    };
    client.call(request).await?;
    let document = json!({ "id": webhook_id, "deleted": true });
    let text = format!(
        "events of {} are no longer sent to the webhook {webhook_id}",
        printable(&dataset.name)
    );
    context.output.result(&document, webhook_id, text)
}
