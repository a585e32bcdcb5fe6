//! `restow dataset events`.

use anyhow::Result;
use clap::Args;
use futures::StreamExt;

use crate::context::Context;
use crate::printable::printable;
use crate::{list, output, units};
use restow_sdk::generated::types::{Event, EventOutcome};

/// Arguments of `restow dataset events`.
#[derive(Args, Debug)]
pub struct EventsArguments {
    /// Name or identifier of the dataset
    #[arg(value_name = "NAME|ID")]
    dataset: String,
    /// Print changes as they happen, from now on, until the command is interrupted
    #[arg(long, short, conflicts_with_all = ["event_type", "principal", "limit"])]
    follow: bool,
    /// Only events of this type, such as version.committed
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<String>,
    /// Only events of the principal with this name
    #[arg(long, value_name = "NAME")]
    principal: Option<String>,
    /// Maximum number of events
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
}

/// Lists what happened to a dataset, newest first, or prints what happens.
pub async fn run(context: &Context, arguments: &EventsArguments) -> Result<()> {
    let dataset = context.client.find_dataset(&arguments.dataset).await?;
    if arguments.follow {
        let mut events = context.client.dataset_events(dataset.id);
        while let Some(event) = events.next().await? {
            print(context, &event)?;
        }
        return Ok(());
    }
    let mut request = context.client.api().list_dataset_events();
    request = request.dataset_id(dataset.id).limit(list::PAGE_SIZE);
    if let Some(event_type) = &arguments.event_type {
        request = request.type_(event_type);
    }
    if let Some(principal) = &arguments.principal {
        request = request.principal(principal);
    }
    let header = format!(
        "{:10}  {:20}  {:22}  {:16}  DETAILS",
        "ID", "TIME", "TYPE", "BY"
    );
    let events = request.stream().take(arguments.limit);
    list::print(context.output, events, &header, |event| event.id, row).await
}

/// Prints an event at once; as JSON, one event is one line.
fn print(context: &Context, event: &Event) -> Result<()> {
    if context.output.json {
        output::write(&format!("{}\n", serde_json::to_string(event)?))
    } else if context.output.quiet {
        output::print(&event.id.to_string())
    } else {
        output::print(row(event).trim_end())
    }
}

fn row(event: &Event) -> String {
    let by = event.actor.as_ref();
    let by = by.and_then(|actor| actor.principal.as_deref().or(actor.token.as_deref()));
    let by = by.unwrap_or("-");
    format!(
        "{:<10}  {:20}  {:22}  {:16}  {}",
        event.id,
        units::time(event.time),
        printable(&event.type_),
        printable(by),
        printable(&details(event))
    )
}

/// The version, why it was refused, and what has changed to what.
fn details(event: &Event) -> String {
    let mut details = Vec::new();
    details.extend(event.version.map(|version| format!("version {version}")));
    if event.outcome == EventOutcome::Refused {
        let reason = event.reason.as_deref().unwrap_or_default();
        details.push(format!("refused: {reason}"));
    }
    for (name, value) in event.after.iter().flatten() {
        if value.is_null() || value.is_object() {
            continue;
        }
        let before = event.before.as_ref().and_then(|before| before.get(name));
        details.push(match before.filter(|before| !before.is_null()) {
            Some(before) => format!("{name} {before} -> {value}"),
            None => format!("{name} {value}"),
        });
    }
    details.join(", ")
}
