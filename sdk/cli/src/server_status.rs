//! `restow status`: the state of the server, or of datasets and their newest jobs.

use anyhow::Result;
use clap::Args;
use futures::TryStreamExt;
use serde_json::{Value, json};

use crate::context::{self, Context};
use crate::credentials::{self, Credentials};
use crate::exit;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::output::Output;
use crate::progress::Status;
use crate::{server_document, table, units};
use restow_sdk::generated::types::{Dataset, Job};
use restow_sdk::{Client, Error};

/// Arguments of `restow status`.
#[derive(Args, Debug)]
pub struct StatusArguments {
    /// Names or identifiers of datasets; without any, the state of the server is shown
    #[arg(value_name = "NAME|ID")]
    pub datasets: Vec<String>,
}

/// Shows the state of the server: whether it reaches its database and S3, and accepts the token.
///
/// # Errors
/// If it is not reached, or is not ready.
pub async fn of_server(global: &GlobalArguments, output: Output) -> Result<()> {
    let found = Credentials::find(global)?.credentials;
    let server = credentials::server_url(&found.endpoint)?;
    let ready = server_document::read(&server, found.ca_file.as_deref(), "readyz").await?;
    let state = ready["status"].as_str().unwrap_or("unknown").to_string();
    let client = context::quick_client(&found)?;
    let accepted = client.api().list_datasets().limit(1_u64).send().await;
    let token = match accepted.map_err(Error::from) {
        Ok(_) => "accepted".to_string(),
        Err(error) => error.to_string(),
    };
    let properties = [
        ("state", state.clone()),
        ("database", dependency(&ready["database"])),
        ("S3", dependency(&ready["storage"])),
        ("token", token.clone()),
    ];
    let document = json!({ "endpoint": server, "ready": ready, "token": token });
    output.result(&document, &state, table::properties(&server, &properties))?;
    match (state.as_str(), token.as_str()) {
        ("ok", "accepted") => Ok(()),
        ("ok", _) => Err(Failure::Reported(exit::LOGIN).into()),
        _ => Err(Failure::Reported(exit::UNREACHABLE).into()),
    }
}

/// The state of a dependency, and its reason.
fn dependency(state: &Value) -> String {
    let status = state["status"].as_str().unwrap_or("unknown");
    match state["reason"].as_str() {
        Some(reason) => format!("{status}: {reason}"),
        None => status.to_string(),
    }
}

/// Shows the current version of datasets, and their newest jobs.
///
/// # Errors
/// If there is no such dataset, or a request fails.
pub async fn of_datasets(context: Context, names: &[String]) -> Result<()> {
    let mut documents = Vec::new();
    let mut texts = Vec::new();
    for name in names {
        let dataset = context.client.find_dataset(name).await?;
        let job = newest_job(&context.client, &dataset).await?;
        texts.push(text(&dataset, job.as_ref()));
        documents.push(json!({ "dataset": dataset, "job": job }));
    }
    let states = documents.iter().map(|document| {
        let state = document["job"]["status"].as_str();
        state.unwrap_or("none").to_string()
    });
    let states: Vec<_> = states.collect();
    context
        .output
        .result(&documents, states.join("\n"), texts.join("\n"))
}

async fn newest_job(client: &Client, dataset: &Dataset) -> Result<Option<Job>, Error> {
    let request = client.api().list_jobs().dataset_id(dataset.id);
    let newest = request.limit(1_u64).stream().try_next().await;
    newest.map_err(Error::from)
}

fn text(dataset: &Dataset, job: Option<&Job>) -> String {
    let version = dataset.current_version;
    let version = version.map_or_else(|| "none".to_string(), |version| version.to_string());
    let mut properties = vec![
        ("version", version),
        ("updated", units::time(dataset.updated_at)),
    ];
    if let Some(job) = job {
        properties.push(("newest job", format!("{} ({})", job.id, job.status)));
        properties.push(("file", job.filename.clone()));
        let progress = Status::of_job(job);
        properties.extend(progress.map(|status| ("progress", status.line(&job.filename))));
    }
    table::properties(&dataset.name, &properties)
}
