//! Secrets of webhooks: `restow webhook rotate-secret`, and how a secret is printed.

use std::fmt::Display;

use anyhow::Result;
use uuid::Uuid;

use crate::context::Context;
use crate::once::in_doubt;
use crate::output::Output;
use restow_sdk::generated::types::WebhookSecret;

/// Prints a secret. It is the only output on standard output, so that it can be redirected into a file.
pub fn print(output: Output, created: &WebhookSecret, note: impl Display) -> Result<()> {
    output.note(note);
    output.result(created, &created.secret, &created.secret)
}

/// Replaces the secret of a webhook, and prints the new one.
pub async fn rotate(context: &Context, dataset: &str, webhook_id: Uuid) -> Result<()> {
    let dataset = context.client.find_dataset(dataset).await?;
    let client = context.client.without_retries();
    let request = || {
        let operation = client.api().rotate_webhook_secret();
        operation
            .dataset_id(dataset.id)
            .webhook_id(webhook_id)
            .send()
    };
    let rotated = client.call(request).await.map_err(|error| {
        let doubt =
            "it is unknown whether the secret was replaced; rotate it again to get a secret";
        in_doubt(error, doubt.to_string())
    })?;
    let note = format!(
        "for a day, messages of the webhook {webhook_id} are signed with its earlier secret, too; the new one is printed \
         only this once:"
    );
    print(context.output, &rotated, note)
}
