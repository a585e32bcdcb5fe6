//! `restow webhook add`.

use std::io::{self, Read};

use anyhow::{Context as _, Result};
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::secret;
use crate::context::Context;
use crate::environment::trimmed;
use crate::once::in_doubt;
use crate::printable::printable;
use crate::shell_word::shell_word;
use restow_sdk::Error;
use restow_sdk::generated::types::{CreateWebhookRequest, Url, WebhookEventType};

/// Maximum length of a URL on standard input, in bytes; the API takes far less.
const MAX_URL_LENGTH: u64 = 64 * 1024;

/// Types of events that webhooks can be for, and when they happen.
const EVENT_TYPES: [(WebhookEventType, &str); 12] = [
    (WebhookEventType::JobReady, "A job can be committed"),
    (
        WebhookEventType::JobRejected,
        "The object of a job cannot be read as it stands",
    ),
    (WebhookEventType::JobFailed, "A job failed"),
    (WebhookEventType::JobCancelled, "A job was cancelled"),
    (WebhookEventType::JobExpired, "A job expired"),
    (
        WebhookEventType::VersionCommitted,
        "A version was committed",
    ),
    (
        WebhookEventType::VersionRestored,
        "An old version was made the current one",
    ),
    (
        WebhookEventType::VersionRetired,
        "A version can no longer be read",
    ),
    (WebhookEventType::DatasetRenamed, "The dataset was renamed"),
    (
        WebhookEventType::DatasetPolicyChanged,
        "The policy of the dataset was changed",
    ),
    (WebhookEventType::DatasetDeleted, "The dataset was deleted"),
    (
        WebhookEventType::DatasetUndeleted,
        "The deletion of the dataset was undone",
    ),
];

/// Arguments of `restow webhook add`.
#[derive(Args, Debug)]
pub struct AddArguments {
    /// Name or identifier of the dataset
    #[arg(value_name = "DATASET")]
    dataset: String,
    /// URL that events are sent to by POST, or `-` to read it from standard input: other users of the machine can read the
    /// arguments of a command
    #[arg(value_name = "URL|-")]
    url: String,
    /// Type of events that are sent; can be repeated
    #[arg(long = "event", value_name = "TYPE", value_delimiter = ',', required = true, value_parser = event_type_parser())]
    events: Vec<WebhookEventType>,
}

/// Adds a webhook to a dataset, and prints its secret.
pub async fn run(context: &Context, arguments: AddArguments) -> Result<()> {
    let body = CreateWebhookRequest {
        url: parse_url(&given_url(arguments.url).await?)?,
        types: arguments.events,
    };
    let dataset = context.client.find_dataset(&arguments.dataset).await?;
    let client = context.client.without_retries();
    let create = || client.api().create_webhook().dataset_id(dataset.id);
    let created = client
        .call(|| create().body(body.clone()).send())
        .await
        .map_err(|error| {
            let list = format!("restow webhook list {}", shell_word(&dataset.name));
            let doubt = format!("it is unknown whether the webhook was added; `{list}` shows it");
            in_doubt(error, doubt)
        })?;
    let note = format!(
        "events of {} ({}) are sent to the webhook {}; its secret is printed only this once:",
        printable(&dataset.name),
        printable(&created.webhook.types.join(", ")),
        created.webhook.id
    );
    secret::print(context.output, &created, note)
}

/// The URL, from the standard input if that is requested.
async fn given_url(argument: String) -> Result<String> {
    if argument != "-" {
        return Ok(argument);
    }
    let read = tokio::task::spawn_blocking(|| {
        let mut url = String::new();
        io::stdin()
            .take(MAX_URL_LENGTH)
            .read_to_string(&mut url)
            .map(|_| url)
    });
    let url = read
        .await?
        .context("cannot read the URL from standard input")?;
    Ok(trimmed(&url).to_string())
}

/// Refuses a URL that the API would refuse, with a message for people, and without the URL, which may contain a secret.
fn parse_url(url: &str) -> Result<Url, Error> {
    let message =
        "expected a URL that begins with https://, without blanks, of at most 2,000 characters";
    url.parse()
        .map_err(|_| Error::InvalidRequest(message.to_string()))
}

/// Parses a type of events, as the API spells it.
fn event_type_parser() -> impl TypedValueParser<Value = WebhookEventType> {
    let values = EVENT_TYPES.map(|(event, when)| PossibleValue::new(event.to_string()).help(when));
    PossibleValuesParser::new(values).try_map(|event| event.parse::<WebhookEventType>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use serde_json::json;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        add: AddArguments,
    }

    fn events(arguments: &[&str]) -> Option<Vec<WebhookEventType>> {
        let arguments = [&["add", "weather", "https://hooks.example"], arguments].concat();
        Some(Command::try_parse_from(arguments).ok()?.add.events)
    }

    #[test]
    fn event_types_are_those_of_the_api() {
        let unknown = serde_json::from_value::<WebhookEventType>(json!("x")).unwrap_err();
        // The message has the unknown type and then all known ones, each in backquotes.
        let message = unknown.to_string();
        let known: Vec<_> = message.split('`').skip(3).step_by(2).collect();
        assert_eq!(known, EVENT_TYPES.map(|(event, _)| event.to_string()));
    }

    #[test]
    fn events_are_required_and_repeatable() {
        let expected = [WebhookEventType::JobReady, WebhookEventType::JobFailed];
        for arguments in [
            &["--event", "job.ready", "--event", "job.failed"][..],
            &["--event", "job.ready,job.failed"],
        ] {
            assert_eq!(events(arguments).unwrap(), expected);
        }
        assert!(events(&[]).is_none());
        assert!(events(&["--event", "job.created"]).is_none());
    }

    #[test]
    fn invalid_url_is_refused_without_being_shown() {
        let long = format!("https://hooks.example/{}", "x".repeat(2_000));
        for url in [
            "ftp://secret.example",
            "https://a/?key=secret x",
            "secret",
            &long,
        ] {
            let message = parse_url(url).unwrap_err().to_string();
            assert!(
                !message.contains("secret") && !message.contains("xx"),
                "{message}"
            );
        }
        let url = "http://hooks.example/?key=1";
        assert_eq!(parse_url(url).unwrap().as_str(), url);
    }
}
