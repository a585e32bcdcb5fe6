//! The state of the server, read without the command.

use anyhow::Result;
use restow_sdk::generated::types::{Dataset, Job};
use uuid::Uuid;

use crate::fixture::System;

/// All datasets.
///
/// # Errors
/// If the request fails.
pub async fn datasets(system: &System) -> Result<Vec<Dataset>> {
    let response = system.client.api().list_datasets().send().await?;
    Ok(response.into_inner().items)
}

/// All jobs of a dataset, newest first.
///
/// # Errors
/// If the request fails.
pub async fn jobs(system: &System, dataset_id: Uuid) -> Result<Vec<Job>> {
    let request = system.client.api().list_jobs().dataset_id(dataset_id);
    Ok(request.send().await?.into_inner().items)
}
