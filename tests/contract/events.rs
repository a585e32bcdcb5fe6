//! Events: what happened, who did it, and what was refused; as pages, as streams, and as an export.

mod audit;
mod late;
mod refusal;
mod restored;
mod stream;
mod streams_end;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::System;

/// A page of events; the path is one below `/api`.
async fn listed(system: &System, path: &str) -> Result<Vec<Value>> {
    let response = system.request(Method::GET, path).send().await?;
    let page: Value = response.error_for_status()?.json().await?;
    let items = page["items"].as_array().context("no items")?;
    Ok(items.clone())
}

/// The types of events.
fn types(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .filter_map(|event| event["type"].as_str())
        .collect()
}

/// All events, oldest first, as an operator exports them.
fn exported(system: &System, after: &str) -> Result<Vec<Value>> {
    let lines = system.server.run(&["events", "export", "--after", after])?;
    lines
        .lines()
        .map(|line| serde_json::from_str(line).context("no JSON"))
        .collect()
}

/// Renames a dataset.
async fn rename(system: &System, dataset_id: Uuid, name: &str) -> Result<()> {
    let path = format!("/datasets/{dataset_id}");
    let request = system.request(Method::PATCH, &path);
    let response = request.json(&json!({ "name": name })).send().await?;
    response.error_for_status()?;
    Ok(())
}
