//! Death during a request for URLs.

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use reqwest::Method;
use restow_sdk::generated::types::{
    CommitJobRequest, CompleteUploadRequest, JobStatus, PartUrlsRequest, PresignedUploadResponse,
};
use restow_server::crash::Point;
use serde_json::json;

use super::process::{LEASE, assert_published, beside, content, server_dies};
use crate::fixture::{Clock, System, csv, put};

/// The client requests again; the job of the lost response expires.
pub async fn survives(point: Point) -> Result<()> {
    let system = System::start_with(&[LEASE])?;
    let dataset_id = system.dataset("survivor").await?;
    let call = async |system: &System| system.begin(dataset_id, "rows.csv", content()).await;
    let (system, response) = server_dies(system, point, call).await?;
    ensure!(response.is_err(), "it died only after its response");
    let upload = system.prepare(dataset_id, "rows.csv", content()).await?;
    upload.commit().await?;
    let clock = Clock::of(&system);
    clock.set(TimeDelta::hours(26))?;
    let said = beside(&system, clock.passing()).run(&["reap"])?;
    ensure!(
        said.contains("1 jobs expired") && said.contains("1 jobs cleaned"),
        "{said}"
    );
    assert_published(&system, dataset_id, &content()).await
}

/// A client that lists its jobs finds the one of the lost response, and resumes it.
async fn can_be_gone_on_with(point: Point) -> Result<()> {
    let system = System::start_with(&[LEASE])?;
    let dataset_id = system.dataset("survivor").await?;
    let call = async |system: &System| system.begin(dataset_id, "rows.csv", csv(7)).await;
    let (system, _) = server_dies(system, point, call).await?;
    let api = system.client.api();
    let jobs = api
        .list_jobs()
        .dataset_id(dataset_id)
        .status(JobStatus::AwaitingUpload)
        .send()
        .await?
        .into_inner();
    let job = jobs.items.first().context("there is no job")?;
    let body = PartUrlsRequest {
        part_numbers: vec![1.try_into()?],
    };
    let urls = api
        .request_part_urls()
        .job_id(job.id)
        .body(body)
        .send()
        .await?
        .into_inner();
    put(&system.http, &urls.items[0].url, csv(7))
        .await?
        .error_for_status()?;
    let completion = api
        .complete_presigned_reupload()
        .dataset_id(dataset_id)
        .job_id(job.id);
    completion
        .body(CompleteUploadRequest::default())
        .send()
        .await?;
    system.client.wait(job.id).await?;
    api.commit_job()
        .job_id(job.id)
        .body(CommitJobRequest::default())
        .send()
        .await?;
    assert_published(&system, dataset_id, &csv(7)).await
}

/// A client that sends its request again with the same idempotency key gets the job of the lost response.
async fn retry_with_key_gets_job(point: Point) -> Result<()> {
    let system = System::start_with(&[LEASE, ("--max-open-jobs", "1")])?;
    let dataset_id = system.dataset("survivor").await?;
    let call = async |system: &System| {
        let path = format!("/datasets/{dataset_id}/reupload/presigned");
        let request = system
            .request(Method::POST, &path)
            .header("idempotency-key", "key");
        let body = json!({ "filename": "rows.csv", "file_size": csv(7).len() });
        Ok::<_, anyhow::Error>(request.json(&body).send().await?.error_for_status()?)
    };
    let (system, response) = server_dies(system, point, call).await?;
    ensure!(response.is_err(), "it died only after its response");
    let created: PresignedUploadResponse = call(&system).await?.json().await?;
    put(&system.http, &created.urls[0], csv(7))
        .await?
        .error_for_status()?;
    let completion = system.client.api().complete_presigned_reupload();
    completion
        .dataset_id(dataset_id)
        .job_id(created.job_id)
        .body(CompleteUploadRequest::default())
        .send()
        .await?;
    system.client.wait(created.job_id).await?;
    let commit = system.client.api().commit_job().job_id(created.job_id);
    commit.body(CommitJobRequest::default()).send().await?;
    let jobs = system.client.api().list_jobs().dataset_id(dataset_id);
    ensure!(
        jobs.send().await?.items.len() == 1,
        "there are several jobs"
    );
    assert_published(&system, dataset_id, &csv(7)).await
}

#[tokio::test]
async fn retry_with_key_finishes_unacknowledged_job() -> Result<()> {
    for point in [
        Point::RequestRowWritten,
        Point::RequestUploadCreated,
        Point::RequestUploadRecorded,
    ] {
        retry_with_key_gets_job(point)
            .await
            .with_context(|| point.name())?;
    }
    Ok(())
}

#[tokio::test]
async fn unacknowledged_job_is_listed_and_resumed() -> Result<()> {
    for point in [
        Point::RequestRowWritten,
        Point::RequestUploadCreated,
        Point::RequestUploadRecorded,
    ] {
        can_be_gone_on_with(point)
            .await
            .with_context(|| point.name())?;
    }
    Ok(())
}
