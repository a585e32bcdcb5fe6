//! `restow dataset`.

mod delete;
mod events;
mod grant;
mod policy;

use anyhow::Result;
use clap::Subcommand;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use self::events::EventsArguments;
use self::grant::RoleArgument;
use self::policy::PolicyArguments;
use crate::context::Context;
use crate::printable::printable;
use crate::{list, table, units, version};
use restow_sdk::generated::types::{Dataset, UpdateDatasetRequest, Version};
use restow_sdk::{Client, Error};

/// Commands on datasets.
#[derive(Debug, Subcommand)]
pub enum DatasetAction {
    /// Create a dataset without versions
    #[command(after_help = "Example:\n  restow dataset create weather")]
    Create {
        /// Name of the dataset
        name: String,
    },
    /// List your datasets, oldest first
    #[command(visible_alias = "ls", after_help = "Example:\n  restow dataset list")]
    List {
        /// Only the dataset with exactly this name
        #[arg(long, value_name = "NAME")]
        name: Option<String>,
    },
    /// Show a dataset and its current version
    #[command(after_help = "Example:\n  restow dataset show weather")]
    Show {
        /// Name or identifier of the dataset
        #[arg(value_name = "NAME|ID")]
        dataset: String,
    },
    /// Rename a dataset
    #[command(after_help = "Example:\n  restow dataset rename weather climate")]
    Rename {
        /// Name or identifier of the dataset
        #[arg(value_name = "NAME|ID")]
        dataset: String,
        /// New name
        #[arg(value_name = "NEW")]
        name: String,
    },
    /// Show or change which changes may be committed to a dataset
    #[command(
        after_help = "By default, changes are refused where they break readers, and allowed where not.\n\n\
                            Examples:\n  restow dataset policy weather\n  \
                            restow dataset policy weather --refuse column_added --max-row-loss 0.1 --auto-commit\n  \
                            restow dataset policy weather --reset"
    )]
    Policy(Box<PolicyArguments>),
    /// Share a dataset with another principal, or change its role
    #[command(
        after_help = "Examples:\n  restow dataset share weather bob\n  restow dataset share weather bob --role writer"
    )]
    Share {
        /// Name or identifier of the dataset
        #[arg(value_name = "NAME|ID")]
        dataset: String,
        /// Name of the principal, as its `restow whoami` shows it
        principal: String,
        /// What the principal may do
        #[arg(long, value_name = "ROLE", default_value = "reader")]
        role: RoleArgument,
    },
    /// Stop sharing a dataset with a principal
    #[command(after_help = "Example:\n  restow dataset unshare weather bob")]
    Unshare {
        /// Name or identifier of the dataset
        #[arg(value_name = "NAME|ID")]
        dataset: String,
        /// Name of the principal
        principal: String,
    },
    /// List whom a dataset is shared with
    #[command(after_help = "Example:\n  restow dataset grants weather")]
    Grants {
        /// Name or identifier of the dataset
        #[arg(value_name = "NAME|ID")]
        dataset: String,
    },
    /// Show what happened to a dataset, newest first, and who did it
    #[command(
        after_help = "Examples:\n  restow dataset events weather\n  restow dataset events weather --type version.committed\n  \
                      restow dataset events weather --follow --json"
    )]
    Events(Box<EventsArguments>),
    /// Delete datasets and all their versions
    #[command(
        visible_alias = "rm",
        after_help = "Examples:\n  restow dataset delete weather\n  restow dataset delete weather climate --yes"
    )]
    Delete {
        /// Names or identifiers of the datasets
        #[arg(value_name = "NAME|ID", required = true)]
        datasets: Vec<String>,
        /// Skip the confirmation prompt
        #[arg(long, short)]
        yes: bool,
    },
    /// Undo the deletion of a dataset, while its versions are still kept
    #[command(
        after_help = "Example:\n  restow dataset undelete 0199d7a2-6c1e-7c3b-9d5f-2f6a8f0b1c4d"
    )]
    Undelete {
        /// Identifier of the dataset, as `restow dataset delete` printed it
        #[arg(value_name = "ID")]
        dataset: Uuid,
    },
}

/// Runs a command on datasets.
pub async fn run(context: Context, action: DatasetAction) -> Result<()> {
    match action {
        DatasetAction::Create { name } => {
            let dataset = create(&context.client, &name).await?;
            let text = format!("created {} ({})", printable(&dataset.name), dataset.id);
            context.output.result(&dataset, dataset.id, text)
        }
        DatasetAction::List { name } => list_all(&context, name).await,
        DatasetAction::Show { dataset } => show(&context, &dataset).await,
        DatasetAction::Rename { dataset, name } => rename(&context, &dataset, &name).await,
        DatasetAction::Policy(arguments) => policy::run(&context, &arguments).await,
        DatasetAction::Share {
            dataset,
            principal,
            role,
        } => grant::share(&context, &dataset, &principal, role).await,
        DatasetAction::Unshare { dataset, principal } => {
            grant::unshare(&context, &dataset, &principal).await
        }
        DatasetAction::Grants { dataset } => grant::list_all(&context, &dataset).await,
        DatasetAction::Events(arguments) => events::run(&context, &arguments).await,
        DatasetAction::Delete { datasets, yes } => delete::run(&context, &datasets, yes).await,
        DatasetAction::Undelete { dataset } => undelete(&context, dataset).await,
    }
}

/// Creates a dataset.
///
/// # Errors
/// Those of the API.
pub async fn create(client: &Client, name: &str) -> Result<Dataset, Error> {
    check_name(name)?;
    client
        .call(|| {
            let operation = client.api().create_dataset();
            operation.body_map(|body| body.name(name)).send()
        })
        .await
}

/// Whether `name_or_id` is an identifier: no dataset name has this form.
pub fn is_id(name_or_id: &str) -> bool {
    name_or_id.len() == Hyphenated::LENGTH && name_or_id.parse::<Uuid>().is_ok()
}

/// Refuses a name that the API would refuse, with a message for people.
fn check_name(name: &str) -> Result<(), Error> {
    let message = match name.chars().count() {
        0 => "the name of a dataset must not be empty",
        256.. => "the name of a dataset must have at most 255 characters",
        _ if name.chars().any(|character| character.is_ascii_control()) => {
            "the name of a dataset must not contain control characters"
        }
        _ if is_id(name) => {
            "the name of a dataset must not be a UUID, which would be read as an identifier"
        }
        _ => return Ok(()),
    };
    Err(Error::InvalidRequest(message.to_string()))
}

async fn list_all(context: &Context, name: Option<String>) -> Result<()> {
    let mut request = context.client.api().list_datasets().limit(list::PAGE_SIZE);
    if let Some(name) = name {
        request = request.name(name);
    }
    let header = format!(
        "{:36}  {:>7}  {:20}  {:12}  NAME",
        "ID", "VERSION", "UPDATED", "OWNER"
    );
    let row = |dataset: &Dataset| {
        let version = dataset
            .current_version
            .map_or_else(|| "-".to_string(), |version| version.to_string());
        let updated = units::time(dataset.updated_at);
        format!(
            "{}  {version:>7}  {updated:20}  {:12}  {}",
            dataset.id,
            printable(&dataset.owner),
            printable(&dataset.name)
        )
    };
    list::print(
        context.output,
        request.stream(),
        &header,
        |dataset| dataset.id,
        row,
    )
    .await
}

async fn show(context: &Context, name_or_id: &str) -> Result<()> {
    let dataset = context.client.find_dataset(name_or_id).await?;
    let version = match dataset.current_version {
        Some(number) if context.output.shows_notes() => {
            Some(version::get(&context.client, dataset.id, number).await?)
        }
        _ => None,
    };
    context.output.result(
        &dataset,
        dataset.id,
        description(&dataset, version.as_ref()),
    )
}

fn description(dataset: &Dataset, version: Option<&Version>) -> String {
    let mut properties = vec![
        ("id", dataset.id.to_string()),
        ("owner", dataset.owner.clone()),
        ("created", units::time(dataset.created_at)),
        ("updated", units::time(dataset.updated_at)),
        (
            "version",
            dataset
                .current_version
                .map_or_else(|| "none".to_string(), |version| version.to_string()),
        ),
    ];
    if let Some(version) = version {
        properties.extend(version::properties(version));
    }
    table::properties(&dataset.name, &properties)
}

async fn rename(context: &Context, name_or_id: &str, name: &str) -> Result<()> {
    check_name(name)?;
    let dataset = context.client.find_dataset(name_or_id).await?;
    let invalid = |error| Error::InvalidRequest(format!("name: {error}"));
    let body = UpdateDatasetRequest {
        name: Some(name.parse().map_err(invalid)?),
        policy: None,
    };
    let client = &context.client;
    let request = || client.api().update_dataset().dataset_id(dataset.id);
    let renamed = client.call(|| request().body(body.clone()).send()).await?;
    let text = format!(
        "renamed {} to {}",
        printable(&dataset.name),
        printable(&renamed.name)
    );
    context.output.result(&renamed, renamed.id, text)
}

async fn undelete(context: &Context, id: Uuid) -> Result<()> {
    let request = || {
        context
            .client
            .api()
            .undelete_dataset()
            .dataset_id(id)
            .send()
    };
    let dataset = context.client.call(request).await?;
    let text = format!("restored {} ({})", printable(&dataset.name), dataset.id);
    context.output.result(&dataset, dataset.id, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules_of_the_api() {
        let long = "ä".repeat(255);
        for name in [
            "weather",
            "d41d8cd98f00b204e9800998ecf8427e",
            "a/b c",
            "日本",
            long.as_str(),
        ] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for invalid in [
            "",
            "a\nb",
            "01a21603-f5d1-7460-bfbe-e69e9e854e75",
            &format!("{long}x"),
        ] {
            assert!(check_name(invalid).is_err(), "{invalid:?}");
        }
    }
}
