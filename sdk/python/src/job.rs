//! Operations on a job.

use bytes::Bytes;
use restow_sdk::generated::types::{CommitJobRequest, InspectJobRequest, Version};
use restow_sdk::{Client, Error};

use crate::context::document;
use crate::engine::Clients;
use crate::failure::Failure;
use crate::operation::{Commit, JobOperation};

/// Runs an operation.
///
/// # Errors
/// Those of the API, and those of a job that ends without a version while it is waited for.
pub async fn run(clients: &Clients, operation: JobOperation) -> Result<Bytes, Failure> {
    let client = &clients.quick;
    let api = client.api();
    let preview = |job| move || api.get_preview().job_id(job).send();
    match operation {
        JobOperation::Get { job } => {
            document(&client.call(|| api.get_job().job_id(job).send()).await?)
        }
        JobOperation::Wait { job } => document(&clients.transfers.wait(job).await?),
        JobOperation::Preview { job } => document(&client.call(preview(job)).await?),
        JobOperation::Inspect { job, read_options } => {
            let body = InspectJobRequest { read_options };
            let request = || api.inspect_job().job_id(job).body(body.clone());
            client.call(|| request().send()).await?;
            clients.transfers.wait(job).await?;
            document(&client.call(preview(job)).await?)
        }
        JobOperation::Commit(request) => document(&commit(client, &request).await?),
        JobOperation::Cancel { job } => {
            document(&client.call(|| api.cancel_job().job_id(job).send()).await?)
        }
    }
}

async fn commit(client: &Client, request: &Commit) -> Result<Version, Error> {
    let id = request.job;
    if request.replaces == Some(0) {
        require_no_base_version(client, request).await?;
    }
    let body = || CommitJobRequest {
        accept: request.accept.clone(),
        force: request.force.then_some(true),
        replaces: request.replaces.filter(|version| *version != 0),
    };
    let request = || client.api().commit_job().job_id(id).body(body());
    client.call(|| request().send()).await
}

/// The API has no precondition for a dataset without versions. A dataset never loses its last version, so the version
/// that was current when the job began decides.
async fn require_no_base_version(client: &Client, request: &Commit) -> Result<(), Error> {
    let api = client.api();
    let job = || api.get_job().job_id(request.job).send();
    let job = client.call(job).await?;
    if job.base_version.is_none() {
        return Ok(());
    }
    let dataset = || api.get_dataset().dataset_id(job.dataset_id).send();
    Err(Error::VersionConflict {
        expected: None,
        current: client.call(dataset).await?.current_version,
    })
}
