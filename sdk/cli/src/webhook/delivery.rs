//! `restow webhook deliveries` and `resend`.

use anyhow::Result;
use clap::Args;
use futures::StreamExt;
use uuid::Uuid;

use crate::context::Context;
use crate::printable::printable;
use crate::{list, units};
use restow_sdk::generated::types::Delivery;

/// What the `webhook-id` of a message begins with.
const MESSAGE_PREFIX: &str = "msg_";

/// Arguments of `restow webhook deliveries`.
#[derive(Args, Debug)]
pub struct DeliveriesArguments {
    /// Name or identifier of the dataset
    #[arg(value_name = "DATASET")]
    dataset: String,
    /// Identifier of the webhook, as `restow webhook list` shows it
    #[arg(value_name = "WEBHOOK")]
    webhook: Uuid,
    /// Maximum number of deliveries
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
}

/// Lists what was sent to a webhook, newest first.
pub async fn list_all(context: &Context, arguments: &DeliveriesArguments) -> Result<()> {
    let dataset = context.client.find_dataset(&arguments.dataset).await?;
    let request = context.client.api().list_deliveries();
    let request = request.dataset_id(dataset.id).webhook_id(arguments.webhook);
    let header = format!(
        "{:36}  {:20}  {:22}  {:9}  {:>8}  RESULT",
        "ID", "TIME", "TYPE", "STATE", "ATTEMPTS"
    );
    let deliveries = request.limit(list::PAGE_SIZE).stream();
    list::print(
        context.output,
        deliveries.take(arguments.limit),
        &header,
        |delivery| delivery.id,
        row,
    )
    .await
}

fn row(delivery: &Delivery) -> String {
    format!(
        "{}  {:20}  {:22}  {:9}  {:>8}  {}",
        delivery.id,
        units::time(delivery.created_at),
        printable(&delivery.type_),
        delivery.status.to_string(),
        delivery.attempts,
        result(delivery)
    )
}

/// What the last attempt came to, and when the next one is due.
fn result(delivery: &Delivery) -> String {
    let response = delivery.response_status;
    let response = response.map(|status| format!("response {status}"));
    let error = delivery.error.as_deref();
    let error = error.map(|error| printable(error).into_owned());
    let next = delivery.next_attempt_at;
    let next = next.map(|time| format!("next attempt {}", units::time(time)));
    let parts: Vec<_> = [response, error, next].into_iter().flatten().collect();
    parts.join(", ")
}

/// Parses the identifier of a delivery, or the `webhook-id` of its message.
pub fn parse_id(text: &str) -> Result<Uuid, uuid::Error> {
    text.strip_prefix(MESSAGE_PREFIX).unwrap_or(text).parse()
}

/// Sends an event to a webhook again.
pub async fn resend(
    context: &Context,
    dataset: &str,
    webhook_id: Uuid,
    delivery_id: Uuid,
) -> Result<()> {
    let client = &context.client;
    let dataset = client.find_dataset(dataset).await?;
    let request = || {
        let operation = client.api().resend_delivery();
        let operation = operation.dataset_id(dataset.id).webhook_id(webhook_id);
        operation.delivery_id(delivery_id).send()
    };
    let delivery = client.call(request).await?;
    let text = format!(
        "{} is sent again (delivery {})",
        printable(&delivery.type_),
        delivery.id
    );
    context.output.result(&delivery, delivery.id, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn shown(members: &Value) -> String {
        let mut delivery = json!({
            "id": Uuid::nil(), "event_id": 1, "type": "job.ready", "status": "pending", "attempts": 2,
            "created_at": "2026-03-01T08:05:00Z",
        });
        let all = delivery.as_object_mut().unwrap();
        all.extend(members.as_object().unwrap().clone());
        row(&serde_json::from_value(delivery).unwrap())
    }

    #[test]
    fn row_shows_response_error_and_next_attempt() {
        let next = "2026-03-01T08:06:00Z";
        for (members, result) in [
            (
                json!({ "status": "delivered", "response_status": 204 }),
                "response 204",
            ),
            (
                json!({ "response_status": 500, "next_attempt_at": next }),
                "response 500, next attempt 2026-03-01T08:06:00Z",
            ),
            (
                json!({ "status": "dead", "error": "a\u{1b}b" }),
                "a\\u{1b}b",
            ),
        ] {
            let row = shown(&members);
            assert!(row.ends_with(&format!("         2  {result}")), "{row}");
        }
    }

    #[test]
    fn delivery_is_named_by_its_message() {
        let id = "0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d";
        let named = parse_id("msg_0199d7a26c1e7c3b9d5f2f6a8f0b1c4d").unwrap();
        assert_eq!(named, parse_id(id).unwrap());
        assert_eq!(named.to_string(), id);
        assert!(parse_id("msg_").is_err());
    }
}
