//! Quotas: stored bytes and open jobs of a principal, reserved with a job and released when it ends.

use anyhow::Result;
use futures::future::try_join_all;
use reqwest::{Method, Response, StatusCode};
use restow_sdk::Error;
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{MIB, System, assert_invariants, csv, eventually, noise, refused_answer};

const QUOTA: (&str, &str) = ("--quota", "12MiB");

/// Option of a server whose reaper runs only when a test runs it.
const NO_REAPER: (&str, &str) = ("--no-reaper", "");

async fn request_urls(system: &System, dataset_id: Uuid, size: usize) -> Result<Response> {
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let body = json!({ "filename": "a.bin", "file_size": size });
    Ok(system
        .request(Method::POST, &path)
        .json(&body)
        .send()
        .await?)
}

async fn assert_exceeded(
    system: &System,
    dataset_id: Uuid,
    requested: usize,
    used: usize,
) -> Result<()> {
    let fault = refused_answer(
        request_urls(system, dataset_id, requested).await?,
        413,
        "quota_exceeded",
    )
    .await?;
    assert_eq!(fault["loc"], json!(["body", "file_size"]));
    assert_eq!(
        fault["ctx"],
        json!({ "limit": 12 * MIB, "asked": requested, "used": used })
    );
    Ok(())
}

async fn assert_admitted(system: &System, dataset_id: Uuid, size: usize) -> Result<()> {
    assert_eq!(
        request_urls(system, dataset_id, size).await?.status(),
        StatusCode::CREATED
    );
    Ok(())
}

#[tokio::test]
async fn file_beyond_quota_is_refused() -> Result<()> {
    let system = System::start_with(&[QUOTA])?;
    let dataset_id = system.dataset("mine").await?;
    assert_exceeded(&system, dataset_id, 12 * MIB + 1, 0).await?;
    assert_admitted(&system, dataset_id, 8 * MIB).await?;
    assert_exceeded(&system, dataset_id, 4 * MIB + 1, 8 * MIB).await?;
    assert_admitted(&system, dataset_id, 4 * MIB).await?;
    assert_exceeded(&system, dataset_id, 1, 12 * MIB).await?;
    let jobs = system
        .client
        .api()
        .list_jobs()
        .dataset_id(dataset_id)
        .send()
        .await?;
    assert_eq!(jobs.items.len(), 2, "a refused request created a job");
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn quota_is_per_principal() -> Result<()> {
    let system = System::start_with(&[QUOTA])?;
    let dataset_id = system.dataset("mine").await?;
    assert_admitted(&system, dataset_id, 12 * MIB).await?;
    let other = system.client_with(&system.token_of("other")?)?;
    let body = restow_sdk::generated::types::DatasetNameRequest {
        name: "theirs".parse()?,
    };
    let theirs = other.api().create_dataset().body(body).send().await?.id;
    let requested = restow_sdk::generated::types::PresignedUploadRequest {
        filename: "a.bin".parse()?,
        file_size: (12 * MIB as u64).try_into()?,
        content_type: "text/csv".parse()?,
    };
    other
        .api()
        .request_presigned_reupload()
        .dataset_id(theirs)
        .body(requested)
        .send()
        .await?;
    assert_exceeded(&system, dataset_id, 1, 12 * MIB).await
}

#[tokio::test]
async fn cancel_releases_quota() -> Result<()> {
    let system = System::start_with(&[QUOTA, NO_REAPER])?;
    let dataset_id = system.dataset("cancelled").await?;
    let upload = system
        .begin(dataset_id, "a.bin", noise(12 * MIB, 1))
        .await?;
    assert_exceeded(&system, dataset_id, 1, 12 * MIB).await?;
    upload.cancel().await?;
    assert_admitted(&system, dataset_id, 12 * MIB).await?;
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn expiry_releases_quota() -> Result<()> {
    let times = [
        ("--job-deadline", "1s"),
        ("--job-grace", "1s"),
        ("--reap-interval", "200ms"),
    ];
    let system = System::start_with(&[&times[..], &[QUOTA]].concat())?;
    let dataset_id = system.dataset("expired").await?;
    system
        .begin(dataset_id, "a.bin", noise(12 * MIB, 1))
        .await?;
    assert_exceeded(&system, dataset_id, 1, 12 * MIB).await?;
    eventually("the job expires", async || {
        let status = request_urls(&system, dataset_id, 12 * MIB)
            .await
            .ok()?
            .status();
        (status == StatusCode::CREATED).then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn rejected_job_counts_until_it_ends() -> Result<()> {
    let system = System::start_with(&[QUOTA, NO_REAPER])?;
    let dataset_id = system.dataset("rejected").await?;
    let upload = system
        .begin(dataset_id, "broken.parquet", noise(4 * MIB, 1))
        .await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    let outcome = upload.wait().await;
    assert!(matches!(outcome, Err(Error::JobRejected { .. })));
    assert_exceeded(&system, dataset_id, 8 * MIB + 1, 4 * MIB).await?;
    upload.cancel().await?;
    assert_admitted(&system, dataset_id, 12 * MIB).await?;
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn versions_count_until_objects_are_removed() -> Result<()> {
    let system = System::start_with(&[QUOTA, NO_REAPER])?;
    let (kept, deleted) = (
        system.dataset("kept").await?,
        system.dataset("deleted").await?,
    );
    for dataset_id in [kept, deleted] {
        system
            .publish(dataset_id, "a.bin", noise(5 * MIB, 1))
            .await?;
    }
    assert_exceeded(&system, kept, 2 * MIB + 1, 10 * MIB).await?;
    system
        .client
        .api()
        .delete_dataset()
        .dataset_id(deleted)
        .send()
        .await?;
    assert_exceeded(&system, kept, 2 * MIB + 1, 10 * MIB).await?;
    system.reap_until(&[], "1 deleted datasets and").await;
    assert_exceeded(&system, kept, 7 * MIB + 1, 5 * MIB).await?;
    assert_admitted(&system, kept, 7 * MIB).await?;
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn concurrent_requests_never_exceed_the_quota() -> Result<()> {
    let system = System::start_with(&[QUOTA])?;
    let dataset_id = system.dataset("rush").await?;
    let responses = try_join_all((0..20).map(|_| request_urls(&system, dataset_id, MIB))).await?;
    let admitted = responses
        .iter()
        .filter(|response| response.status() == StatusCode::CREATED)
        .count();
    assert_eq!(admitted, 12);
    for refused in responses
        .into_iter()
        .filter(|response| response.status() != StatusCode::CREATED)
    {
        refused_answer(refused, 413, "quota_exceeded").await?;
    }
    assert_exceeded(&system, dataset_id, 1, 12 * MIB).await?;
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn open_jobs_are_limited() -> Result<()> {
    let system = System::start_with(&[("--max-open-jobs", "2")])?;
    let dataset_id = system.dataset("busy").await?;
    let first = system.prepare(dataset_id, "a.csv", csv(1)).await?;
    let second = system.begin(dataset_id, "a.csv", csv(2)).await?;
    let response = request_urls(&system, dataset_id, 1).await?;
    assert!(response.headers().contains_key("retry-after"));
    let fault = refused_answer(response, 429, "too_many_open_jobs").await?;
    assert_eq!(fault["ctx"], json!({ "limit": 2 }));
    first.commit().await?;
    assert_admitted(&system, dataset_id, 1).await?;
    refused_answer(
        request_urls(&system, dataset_id, 1).await?,
        429,
        "too_many_open_jobs",
    )
    .await?;
    second.cancel().await?;
    assert_admitted(&system, dataset_id, 1).await?;
    assert_invariants(&system, &system.bucket()).await
}

#[tokio::test]
async fn concurrent_requests_never_exceed_the_job_limit() -> Result<()> {
    let system = System::start_with(&[("--max-open-jobs", "2")])?;
    let dataset_id = system.dataset("rush").await?;
    let responses = try_join_all((0..20).map(|_| request_urls(&system, dataset_id, 1))).await?;
    assert_eq!(
        responses
            .iter()
            .filter(|response| response.status() == StatusCode::CREATED)
            .count(),
        2
    );
    assert_invariants(&system, &system.bucket()).await
}
