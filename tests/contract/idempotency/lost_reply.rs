//! The reply to a request that creates something is lost, and the client sends it again.

use std::time::Duration;

use anyhow::Result;
use restow_sdk::generated::types::DatasetNameRequest;
use restow_sdk::{Client, RetryPolicy};

use super::{dataset_count, jobs};
use crate::fixture::{System, assert_invariants, csv};

/// A client that loses no time between its attempts.
fn client(system: &System) -> Result<Client> {
    let delay = Duration::from_millis(10);
    let policy = RetryPolicy {
        retries: 5,
        initial_delay: delay,
        max_delay: delay,
    };
    Ok(system.client_builder().retry(policy).build()?)
}

#[tokio::test]
async fn lost_reply_creates_one_dataset() -> Result<()> {
    let system = System::start()?;
    let client = client(&system)?;
    for _ in 0..3 {
        system.witness().lose_reply("/datasets");
    }
    let body = DatasetNameRequest::builder().name("rows");
    let operation = || client.api().create_dataset().body(body.clone()).send();
    let dataset = client.call(operation).await?;
    assert_eq!(system.witness().losses_to_come(), 0);
    let found = system.client.find_dataset("rows").await?;
    assert_eq!(found.id, dataset.id);
    assert_eq!(dataset_count(&system).await?, 1);
    Ok(())
}

#[tokio::test]
async fn lost_reply_creates_one_job_within_quota() -> Result<()> {
    let content = csv(1000);
    let size = content.len().to_string();
    let system = System::start_with(&[("--quota", &size), ("--max-open-jobs", "1")])?;
    let dataset_id = system.dataset("rows").await?;
    let client = client(&system)?;
    for _ in 0..3 {
        system.witness().lose_reply("/reupload/presigned");
    }
    let upload = client
        .reupload(dataset_id)
        .bytes("rows.csv", content.clone())
        .send()
        .await?;
    assert_eq!(system.witness().losses_to_come(), 0);
    let jobs = jobs(&system, dataset_id).await?;
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    assert_eq!(jobs[0].id, upload.job.id);
    assert_eq!(system.read(dataset_id).await?, content);
    assert_invariants(&system, &system.bucket()).await
}
