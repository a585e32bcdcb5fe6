//! The dataset that a file goes to: found or created, compared with the file, and removed again if it stays unused.

use anyhow::Result;

use super::arguments::PushArguments;
use super::target::Target;
use crate::replaces::Replaces;
use crate::{dataset, version};
use restow_sdk::generated::types::{Dataset, Version};
use restow_sdk::{Client, Error};

/// The dataset of a file, created if `--create` was given, and whether it was.
///
/// # Errors
/// Those of the API.
pub async fn find_or_create(
    client: &Client,
    arguments: &PushArguments,
    target: &Target,
) -> Result<(Dataset, bool)> {
    let name_or_id = target.dataset.as_str();
    match client.find_dataset(name_or_id).await {
        Err(Error::DatasetNotFound(_)) if arguments.create && !dataset::is_id(name_or_id) => {
            match dataset::create(client, name_or_id).await {
                // Another process created it in between.
                Err(error) if error.error_type() == Some("name_taken") => {
                    Ok((client.find_dataset(name_or_id).await?, false))
                }
                created => Ok((created?, true)),
            }
        }
        found => Ok((found?, false)),
    }
}

/// The current version of the dataset, if the file has its bytes, and it is the one to be replaced.
///
/// # Errors
/// Those of the API, and if the file cannot be read.
pub async fn unchanged(
    client: &Client,
    arguments: &PushArguments,
    target: &Target,
    dataset: &Dataset,
) -> Result<Option<Version>> {
    let Some(number) = dataset.current_version else {
        return Ok(None);
    };
    let demanded = arguments.replaces.map(Replaces::version);
    if demanded.is_some_and(|demanded| demanded != Some(number)) {
        return Ok(None);
    }
    let version = version::get(client, dataset.id, number).await?;
    let is_same = client.has_same_bytes(&version, &target.content).await?;
    Ok(is_same.then_some(version))
}
