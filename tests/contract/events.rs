//! Events: what happened, who did it, and what was refused; as pages, as streams, and as an export.

mod audit;
mod refusal;
mod stream;
mod streams_end;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::Value;

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
