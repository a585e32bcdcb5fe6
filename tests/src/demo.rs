//! The demo: a real server, three uploads, three versions, each step shown as it happens.

mod files;
mod show;

use std::path::Path;

use anyhow::{Context, Result};
use clap::Parser;
use restow_sdk::generated::types::{Dataset, Job, Preview, Version};
use restow_sdk::{Client, CommitPolicy};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{ServerOptions, ServerProcess};

/// Size in bytes of the generated file: 200 MB, more than one part.
const LARGE_FILE: u64 = 200_000_000;

/// Uploads three versions of a dataset to a server of its own, and serves on until Ctrl-C
#[derive(Debug, Parser)]
#[command(bin_name = "cargo demo")]
pub struct Arguments {
    /// Leave when all is done
    #[arg(long)]
    exit: bool,
}

/// Runs the demo; `executable` is the `system` program.
///
/// # Errors
/// If anything does not go as it should.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    let directory = TempDir::with_prefix("restow-demo-")?;
    show::step(1, "Start the server, with its embedded database and S3");
    let server = ServerProcess::start(&ServerOptions::new(
        executable,
        directory.path().join("server"),
    ))?;
    show::line(&format!(
        "API at {}/api, S3 at {}, data in {}",
        server.url(),
        server.s3_url(),
        directory.path().display()
    ));
    let client = server.client()?;

    show::step(2, "Create a dataset");
    let dataset = create_dataset(&client).await?;

    show::step(
        3,
        "Upload real data by hand: request URLs, PUT, complete, preview, commit",
    );
    let weather = files::weather(directory.path())?;
    by_hand(&client, dataset.id, &weather).await?;

    show::step(4, "Reupload it with one more column, by the SDK's uploader");
    let with_range = files::weather_with_range(directory.path())?;
    by_uploader(&client, dataset.id, &with_range).await?;

    show::step(5, "Reupload 200 MB in parallel parts");
    let large = files::large(directory.path(), LARGE_FILE)?;
    by_uploader(&client, dataset.id, &large).await?;

    finish(&client, dataset.id, server, arguments.exit).await
}

async fn create_dataset(client: &Client) -> Result<Dataset> {
    let name = "seattle-weather";
    show::request("POST", "/datasets", &serde_json::json!({ "name": name }));
    let body = restow_sdk::generated::types::DatasetNameRequest {
        name: name.parse()?,
    };
    let dataset = client
        .api()
        .create_dataset()
        .body(body)
        .send()
        .await?
        .into_inner();
    show::response(&dataset);
    Ok(dataset)
}

/// What a program without the SDK would do.
async fn by_hand(client: &Client, dataset_id: Uuid, file: &Path) -> Result<()> {
    let api = client.api();
    let bytes = std::fs::read(file)?;
    let request = serde_json::json!({ "filename": "seattle-weather.csv", "file_size": bytes.len(), "content_type": "text/csv" });
    show::request(
        "POST",
        &format!("/datasets/{dataset_id}/reupload/presigned"),
        &request,
    );
    let body: restow_sdk::generated::types::PresignedUploadRequest =
        serde_json::from_value(request)?;
    let begun = api
        .request_presigned_reupload()
        .dataset_id(dataset_id)
        .body(body)
        .send()
        .await?
        .into_inner();
    show::response(&show::without_signatures(&begun));

    let url = begun.urls.first().context("no URL was signed")?;
    show::line(&format!("PUT {} bytes straight to S3", bytes.len()));
    let response = reqwest::Client::new()
        .put(url)
        .body(bytes)
        .send()
        .await
        .map_err(reqwest::Error::without_url)?;
    let etag = response
        .headers()
        .get("etag")
        .and_then(|etag| etag.to_str().ok())
        .unwrap_or_default()
        .to_string();
    show::line(&format!("{} with ETag {etag}", response.status()));

    let parts = serde_json::json!({ "parts": [{ "part_number": 1, "etag": etag }] });
    show::request(
        "POST",
        &format!(
            "/datasets/{dataset_id}/reupload/presigned/{}/complete",
            begun.job_id
        ),
        &parts,
    );
    let body: restow_sdk::generated::types::CompleteUploadRequest = serde_json::from_value(parts)?;
    let complete = api
        .complete_presigned_reupload()
        .dataset_id(dataset_id)
        .job_id(begun.job_id)
        .body(body);
    show::response(&complete.send().await?.into_inner());

    let job: Job = client.wait(begun.job_id).await?;
    show::line(&format!("the job is {}", job.status));
    let preview: Preview = api.get_preview().job_id(job.id).send().await?.into_inner();
    show::preview(&preview);
    show::request(
        "POST",
        &format!("/jobs/{}/commit", job.id),
        &serde_json::json!({}),
    );
    let version: Version = api
        .commit_job()
        .job_id(job.id)
        .body_map(|body| body)
        .send()
        .await?
        .into_inner();
    show::committed(&version);
    Ok(())
}

/// What a program with the SDK would do.
async fn by_uploader(client: &Client, dataset_id: Uuid, file: &Path) -> Result<()> {
    let bar = show::progress(file.metadata()?.len());
    let reupload = client
        .reupload(dataset_id)
        .file(file)
        .commit(CommitPolicy::Always)
        .on_progress(|progress| bar.update(progress))
        .send()
        .await?;
    drop(bar);
    show::preview(&reupload.preview);
    show::committed(&reupload.version.context("the job was not committed")?);
    Ok(())
}

async fn finish(
    client: &Client,
    dataset_id: Uuid,
    server: ServerProcess,
    exit: bool,
) -> Result<()> {
    let versions = client
        .api()
        .list_versions()
        .dataset_id(dataset_id)
        .send()
        .await?
        .into_inner()
        .items;
    show::step(6, "Look around");
    show::line(&format!("API docs   {}/docs", server.url()));
    let token = server.data_dir().join("token");
    let url = format!("{}/api/datasets/{dataset_id}/versions", server.url());
    show::line(&format!(
        "Versions   curl -H \"Authorization: Bearer $(cat {})\" {url}",
        token.display()
    ));
    if !exit {
        show::line("Ctrl-C ends the demo and removes its data.");
    }
    show::versions(&versions);
    if !exit {
        tokio::signal::ctrl_c().await?;
    }
    server.stop()?;
    Ok(())
}
