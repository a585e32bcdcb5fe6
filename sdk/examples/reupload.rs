//! Replaces the data of a dataset with a file, and creates the dataset if it does not exist.
//!
//! ```console
//! $ RESTOW_ENDPOINT=https://restow.example RESTOW_TOKEN=… cargo run --example reupload -- measurements file.csv
//! ```

use anyhow::{Context, Result};
use restow_sdk::Client;
use restow_sdk::generated::types::DatasetNameRequest;
use uuid::Uuid;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (name, file) = arguments
        .next()
        .zip(arguments.next())
        .context("usage: reupload DATASET FILE")?;
    let endpoint = std::env::var("RESTOW_ENDPOINT").context("RESTOW_ENDPOINT")?;
    let token = std::env::var("RESTOW_TOKEN").context("RESTOW_TOKEN")?;
    let client = Client::new(&endpoint, &token)?;

    let outcome = client
        .reupload(dataset(&client, &name).await?)
        .file(file)
        .on_progress(|progress| {
            eprintln!(
                "{:?}: {} of {} bytes",
                progress.phase, progress.bytes_done, progress.bytes_total
            );
        })
        .send()
        .await?;

    for column in &outcome.preview.columns {
        println!("{}: {}", column.name, column.type_);
    }
    if let Some(version) = outcome.version {
        println!("{name} is at version {}", version.version);
    }
    Ok(())
}

/// Identifier of the dataset with a name.
async fn dataset(client: &Client, name: &str) -> Result<Uuid> {
    let found = client
        .call(|| client.api().list_datasets().name(name).send())
        .await?;
    if let Some(dataset) = found.items.first() {
        return Ok(dataset.id);
    }
    let request = DatasetNameRequest::builder().name(name);
    let created = client.call(|| client.api().create_dataset().body(request.clone()).send());
    Ok(created.await?.id)
}
