//! Jobs as people name them: by identifier, by the beginning of one, or by their dataset.

use anyhow::Result;
use futures::{StreamExt, TryStreamExt};
use uuid::Uuid;

use crate::failure::Failure;
use crate::list;
use restow_sdk::generated::types::Dataset;
use restow_sdk::{Client, Error};

/// Shortest beginning of an identifier that is searched for, in characters.
const MIN_LENGTH: usize = 4;

/// Maximum number of datasets whose jobs are searched.
const MAX_DATASETS: usize = 1000;

/// Number of datasets that are searched at the same time.
const CONCURRENCY: usize = 8;

/// Finds the job that is meant: of a dataset the newest.
///
/// # Errors
/// Those of the API, [`Failure::NoJob`], and [`Failure::Usage`] if several jobs begin like that.
pub async fn find(client: &Client, text: &str) -> Result<Uuid> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    match client.find_dataset(text).await {
        Ok(dataset) => newest(client, &dataset).await,
        Err(Error::DatasetNotFound(_)) if is_beginning(text) => {
            starting_with(client, &text.to_ascii_lowercase()).await
        }
        Err(Error::DatasetNotFound(_)) => Err(Failure::NoJob(text.to_string()).into()),
        Err(error) => Err(error.into()),
    }
}

async fn newest(client: &Client, dataset: &Dataset) -> Result<Uuid> {
    let jobs = || {
        let operation = client.api().list_jobs().dataset_id(dataset.id);
        operation.limit(1_u64).send()
    };
    let jobs = client.call(jobs).await?;
    let none = || Failure::NoJob(dataset.name.clone()).into();
    jobs.items.first().map(|job| job.id).ok_or_else(none)
}

/// Whether the text can be the beginning of an identifier.
fn is_beginning(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    text.len() >= MIN_LENGTH && text.bytes().all(is_part)
}

/// The only job whose identifier starts with the text.
async fn starting_with(client: &Client, start: &str) -> Result<Uuid> {
    let datasets = client.api().list_datasets().limit(list::PAGE_SIZE).stream();
    let datasets: Vec<Dataset> = datasets
        .take(MAX_DATASETS + 1)
        .map_err(Error::from)
        .try_collect()
        .await?;
    if datasets.len() > MAX_DATASETS {
        let message = format!(
            "there are more than {MAX_DATASETS} datasets to search for a job that begins with {start}; pass its whole identifier"
        );
        return Err(Failure::Usage(message).into());
    }
    let searches = datasets
        .iter()
        .map(|dataset| of_dataset(client, dataset.id, start));
    let found: Vec<Vec<Uuid>> = futures::stream::iter(searches)
        .buffer_unordered(CONCURRENCY)
        .try_collect()
        .await?;
    match found.concat()[..] {
        [] => Err(Failure::NoJob(start.to_string()).into()),
        [only] => Ok(only),
        [one, other, ..] => {
            let message = format!("several jobs begin with {start}, such as {one} and {other}");
            Err(Failure::Usage(message).into())
        }
    }
}

/// The jobs of a dataset whose identifiers start with the text. Jobs are listed newest first, which is the descending
/// order of their identifiers.
async fn of_dataset(client: &Client, dataset_id: Uuid, start: &str) -> Result<Vec<Uuid>, Error> {
    let request = client.api().list_jobs().dataset_id(dataset_id);
    let mut jobs = request.limit(list::PAGE_SIZE).stream();
    let mut found = Vec::new();
    while let Some(job) = jobs.try_next().await? {
        let id = job.id.to_string();
        if id.starts_with(start) {
            found.push(job.id);
        } else if id.as_str() < start {
            break;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_are_hexadecimal() {
        for text in ["01a2", "0199D7A2-6c1e", "feed"] {
            assert!(is_beginning(text), "{text}");
        }
        for text in ["", "01a", "weather", "01a2 "] {
            assert!(!is_beginning(text), "{text}");
        }
    }
}
