//! A client that creates, changes and deletes datasets.

use anyhow::{Result, ensure};
use restow_sdk::Client;
use restow_sdk::generated::types::{JobStatus, PresignedUploadRequest, UpdateDatasetRequest};
use serde_json::json;
use uuid::Uuid;

use super::access::Access;
use super::push::create_dataset;
use super::work::Work;

/// A client that makes a new dataset each time.
#[derive(Debug)]
pub struct Change {
    access: Access,
    number: u32,
    changes: u64,
}

impl Change {
    /// A client with a number, from 1.
    pub fn new(access: &Access, number: u32) -> Self {
        Self {
            access: access.clone(),
            number,
            changes: 0,
        }
    }
}

impl Work for Change {
    fn name(&self) -> String {
        format!("change {} of client {}", self.changes, self.number)
    }

    async fn once(&mut self) -> Result<()> {
        self.changes += 1;
        let client = self.access.client()?;
        let name = format!("changed {}-{}", self.number, self.changes);
        let dataset_id = create_dataset(&client, &name).await?;
        rename(&client, dataset_id, &format!("{name} renamed")).await?;
        begin_and_cancel(&client, dataset_id).await?;
        let api = client.api();
        client
            .call(|| api.delete_dataset().dataset_id(dataset_id).send())
            .await?;
        client
            .call(|| api.undelete_dataset().dataset_id(dataset_id).send())
            .await?;
        client
            .call(|| api.delete_dataset().dataset_id(dataset_id).send())
            .await?;
        self.access.record().change();
        Ok(())
    }
}

async fn rename(client: &Client, dataset_id: Uuid, name: &str) -> Result<()> {
    let body = UpdateDatasetRequest {
        name: Some(name.parse()?),
        policy: None,
    };
    let update = || {
        let update = client.api().update_dataset().dataset_id(dataset_id);
        update.body(body.clone()).send()
    };
    let renamed = client.call(update).await?;
    ensure!(renamed.name == name, "the dataset is not renamed");
    Ok(())
}

/// Begins a job, which is listed, and cancels it.
async fn begin_and_cancel(client: &Client, dataset_id: Uuid) -> Result<()> {
    let api = client.api();
    let request = json!({ "filename": "abandoned.csv", "file_size": 1_000 });
    let body: PresignedUploadRequest = serde_json::from_value(request)?;
    let begin = || {
        let begin = api.request_presigned_reupload().dataset_id(dataset_id);
        begin.body(body.clone()).send()
    };
    let job_id = client.call(begin).await?.job_id;
    let jobs = client
        .call(|| api.list_jobs().dataset_id(dataset_id).send())
        .await?;
    ensure!(
        jobs.items.iter().any(|job| job.id == job_id),
        "the job is not listed"
    );
    let job = client
        .call(|| api.cancel_job().job_id(job_id).send())
        .await?;
    ensure!(
        job.status == JobStatus::Cancelled,
        "the cancelled job is {}",
        job.status
    );
    Ok(())
}
