//! `restow versions` and `restow restore`.

use anyhow::Result;
use clap::Args;
use uuid::Uuid;

use crate::app::App;
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
    /// Only if this version is the current one [default: whichever is]
    #[arg(long, value_name = "VERSION", value_parser = clap::value_parser!(i64).range(1..))]
    pub replaces: Option<i64>,
}

/// Lists the versions of a dataset; a star marks the current one.
pub async fn list(app: App, arguments: VersionsArguments) -> Result<()> {
    let dataset = app.client.find_dataset(&arguments.dataset).await?;
    let versions = app
        .client
        .api()
        .list_versions()
        .dataset_id(dataset.id)
        .limit(list::PAGE)
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
        app.output,
        versions,
        &header,
        |version| version.version,
        row,
    )
    .await
}

/// Makes an old version the current one.
pub async fn restore(app: App, arguments: RestoreArguments) -> Result<()> {
    let dataset = app.client.find_dataset(&arguments.dataset).await?;
    let body = || RestoreVersionRequest {
        replaces: arguments.replaces,
    };
    let restore = || {
        let request = app
            .client
            .api()
            .restore_version()
            .dataset_id(dataset.id)
            .version(arguments.version);
        request.body(body()).send()
    };
    let version = app.client.call(restore).await?;
    let text = format!(
        "{} is at version {} again",
        printable(&dataset.name),
        version.version
    );
    app.output.result(&version, version.version, text)
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

/// What there is to know of a version, beside its number.
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

/// Number of rows of a version, or a dash where its format has none.
fn rows(version: &Version) -> String {
    version.row_count.map_or_else(
        || "-".to_string(),
        |rows| units::count(units::unsigned(rows)),
    )
}

fn size(version: &Version) -> String {
    units::bytes(units::unsigned(version.file_size))
}
