//! `restow dataset share`, `unshare` and `grants`.

use anyhow::Result;
use clap::ValueEnum;
use serde_json::json;

use crate::context::Context;
use crate::printable::printable;
use crate::{list, units};
use restow_sdk::generated::types::{Grant, Role};

/// What a principal may do with a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleArgument {
    /// Read the dataset, its jobs and its versions, and download them
    Reader,
    /// Upload and commit, too
    Writer,
    /// Everything, including deletion, policies and sharing
    Owner,
}

impl From<RoleArgument> for Role {
    fn from(role: RoleArgument) -> Self {
        match role {
            RoleArgument::Reader => Self::Reader,
            RoleArgument::Writer => Self::Writer,
            RoleArgument::Owner => Self::Owner,
        }
    }
}

/// Shares a dataset, or changes the role of a principal.
pub async fn share(
    context: &Context,
    dataset: &str,
    principal: &str,
    role: RoleArgument,
) -> Result<()> {
    let dataset = context.client.find_dataset(dataset).await?;
    let client = &context.client;
    let request = || {
        let operation = client.api().put_grant();
        let operation = operation.dataset_id(dataset.id).principal(principal);
        operation
            .body_map(|body| body.role(Role::from(role)))
            .send()
    };
    let grant: Grant = client.call(request).await?;
    let text = format!(
        "{} is {} of {}",
        printable(&grant.principal),
        grant.role,
        printable(&dataset.name)
    );
    context
        .output
        .result(&grant, printable(&grant.principal), text)
}

/// Stops sharing a dataset with a principal.
pub async fn unshare(context: &Context, dataset: &str, principal: &str) -> Result<()> {
    let dataset = context.client.find_dataset(dataset).await?;
    let client = &context.client;
    let request = || {
        let operation = client.api().delete_grant();
        operation.dataset_id(dataset.id).principal(principal).send()
    };
    client.call(request).await?;
    let document = json!({ "dataset_id": dataset.id, "principal": principal, "deleted": true });
    let text = format!(
        "{} is no longer shared with {}",
        printable(&dataset.name),
        printable(principal)
    );
    context.output.result(&document, printable(principal), text)
}

/// Lists whom a dataset is shared with.
pub async fn list_all(context: &Context, dataset: &str) -> Result<()> {
    let dataset = context.client.find_dataset(dataset).await?;
    let request = context.client.api().list_grants().dataset_id(dataset.id);
    let header = format!("{:8}  {:20}  PRINCIPAL", "ROLE", "SINCE");
    let row = |grant: &Grant| {
        format!(
            "{:8}  {:20}  {}",
            grant.role.to_string(),
            units::time(grant.created_at),
            printable(&grant.principal)
        )
    };
    list::print(
        context.output,
        request.limit(list::PAGE_SIZE).stream(),
        &header,
        |grant| printable(&grant.principal).into_owned(),
        row,
    )
    .await
}
