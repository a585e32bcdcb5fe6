//! `restow versions` and `restow restore`.

use anyhow::Result;
use clap::Args;
use uuid::Uuid;

use crate::context::Context;
use crate::printable::printable;
use crate::{list, units};
use restow_sdk::generated::types::{RestoreVersionRequest, Version};
use restow_sdk::{Client, Error};

/// Arguments of `restow versions`.
#[derive(Args, Debug)]
pub struct VersionsArguments {
    /// Name or identifier of the dataset
    #[arg(value_name = "DATASET")]
    pub dataset: String,
}

/// Arguments of `restow restore`.
#[derive(Args, Debug)]
pub struct RestoreArguments {
    /// Name or identifier of the dataset
    #[arg(value_name = "DATASET")]
    pub dataset: String,
    /// Number of the version to make the current one
    #[arg(value_name = "VERSION", value_parser = clap::value_parser!(i64).range(1..))]
    pub version: i64,
    /// Restore only if this version is current [default: any]
    #[arg(long, value_name = "VERSION", value_parser = clap::value_parser!(i64).range(1..))]
    pub replaces: Option<i64>,
}

/// Lists the versions of a dataset; a star marks the current one.
pub async fn list(context: Context, arguments: VersionsArguments) -> Result<()> {
    let dataset = context.client.find_dataset(&arguments.dataset).await?;
    let versions = context
        .client
        .api()
        .list_versions()
        .dataset_id(dataset.id)
        .limit(list::PAGE_SIZE)
        .stream();
    let header = format!(
        "{:>7}   {:20}  {:>15}  {:>11}  FILENAME",
        "VERSION", "CREATED", "ROWS", "SIZE"
    );
    let row = |version: &Version| {
        let mark = if Some(version.version) == dataset.current_version {
            '*'
        } else {
            ' '
        };
        let (created, rows, size) = (
            units::time(version.created_at),
            rows(version),
            size(version),
        );
        let filename = printable(&version.filename);
        format!(
            "{:>7}{mark}  {created:20}  {rows:>15}  {size:>11}  {filename}",
            version.version
        )
    };
    list::print(
        context.output,
        versions,
        &header,
        |version| version.version,
        row,
    )
    .await
}

/// Makes an earlier version the current one.
pub async fn restore(context: Context, arguments: RestoreArguments) -> Result<()> {
    let dataset = context.client.find_dataset(&arguments.dataset).await?;
    let body = || RestoreVersionRequest {
        replaces: arguments.replaces,
    };
    let restore = || {
        let request = context
            .client
            .api()
            .restore_version()
            .dataset_id(dataset.id)
            .version(arguments.version);
        request.body(body()).send()
    };
    let version = context.client.call(restore).await?;
    let text = format!(
        "{} is at version {} again",
        printable(&dataset.name),
        version.version
    );
    context.output.result(&version, version.version, text)
}

/// Reads one version.
pub async fn get(client: &Client, dataset_id: Uuid, number: i64) -> Result<Version, Error> {
    client
        .call(|| {
            client
                .api()
                .get_version()
                .dataset_id(dataset_id)
                .version(number)
                .send()
        })
        .await
}

/// The properties of a version except its number.
pub fn properties(version: &Version) -> Vec<(&'static str, String)> {
    vec![
        ("file", version.filename.clone()),
        ("size", size(version)),
        ("type", version.content_type.clone()),
        ("rows", rows(version)),
        ("columns", units::count(version.columns.len() as u64)),
        ("committed", units::time(version.created_at)),
    ]
}

/// The number of rows of a version; a dash where its format has none.
fn rows(version: &Version) -> String {
    version.row_count.map_or_else(
        || "-".to_string(),
        |rows| units::count(units::unsigned(rows)),
    )
}

fn size(version: &Version) -> String {
    units::bytes(units::unsigned(version.file_size))
}
