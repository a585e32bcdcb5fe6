//! Operations on datasets and their versions.

use bytes::Bytes;
use restow_sdk::generated::types::{Dataset, RestoreVersionRequest, Version};
use restow_sdk::{Client, Error};

use crate::context::document;
use crate::failure::Failure;
use crate::list::{PAGE_SIZE, all};
use crate::operation::DatasetOperation;

/// Runs an operation.
///
/// # Errors
/// Those of the API.
pub async fn run(client: &Client, operation: DatasetOperation) -> Result<Bytes, Failure> {
    use DatasetOperation as Is;
    let api = client.api();
    let find = async |dataset: &str| Ok::<_, Error>(client.find_dataset(dataset).await?.id);
    match operation {
        Is::List {} => all(api.list_datasets().limit(PAGE_SIZE).stream()).await,
        Is::Get { dataset } => document(&client.find_dataset(&dataset).await?),
        Is::Create { name } => document(&create(client, &name).await?),
        Is::Delete { dataset } => {
            let id = find(&dataset).await?;
            let request = || api.delete_dataset().dataset_id(id).send();
            client.call(request).await?;
            document(&())
        }
        Is::Versions { dataset } => {
            let request = api.list_versions().dataset_id(find(&dataset).await?);
            all(request.limit(PAGE_SIZE).stream()).await
        }
        Is::Version { dataset, version } => {
            document(&find_version(client, &dataset, version).await?)
        }
        Is::Restore {
            dataset,
            version,
            replaces,
        } => {
            let id = find(&dataset).await?;
            let request = || api.restore_version().dataset_id(id).version(version);
            let body = || RestoreVersionRequest { replaces };
            document(&client.call(|| request().body(body()).send()).await?)
        }
        Is::Diff {
            dataset,
            start,
            end,
        } => {
            let id = find(&dataset).await?;
            let request = || api.diff_versions().dataset_id(id).from(start);
            let diff = match end {
                Some(end) => client.call(|| request().to(end).send()).await?,
                None => client.call(|| request().send()).await?,
            };
            document(&diff)
        }
        Is::Jobs { dataset, status } => {
            let request = api.list_jobs().dataset_id(find(&dataset).await?);
            let request = request.limit(PAGE_SIZE);
            match status {
                Some(status) => all(request.status(status).stream()).await,
                None => all(request.stream()).await,
            }
        }
    }
}

/// Creates a dataset.
///
/// # Errors
/// Those of the API.
pub async fn create(client: &Client, name: &str) -> Result<Dataset, Error> {
    let request = || {
        let operation = client.api().create_dataset();
        operation.body_map(|body| body.name(name)).send()
    };
    client.call(request).await
}

/// A version, by default the current one.
///
/// # Errors
/// Those of the API, and `NotFound` if the dataset has no version.
pub async fn find_version(
    client: &Client,
    dataset: &str,
    number: Option<i64>,
) -> Result<Version, Failure> {
    let found = client.find_dataset(dataset).await?;
    let Some(number) = number.or(found.current_version) else {
        return Err(Failure::no_version(dataset));
    };
    let request = || client.api().get_version().dataset_id(found.id);
    Ok(client.call(|| request().version(number).send()).await?)
}
