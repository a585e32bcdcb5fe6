//! Idempotency keys: a request that is sent again with its key creates nothing again.

mod concurrency;
mod lost_reply;
mod outage;
mod refusal;

use anyhow::{Context, Result};
use reqwest::{Method, Response, StatusCode};
use restow_sdk::generated::types::Job;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{Clock, System};

use chrono::TimeDelta;

/// Sends a request with a key.
async fn post(system: &System, path: &str, key: &str, body: &Value) -> Result<Response> {
    let request = system.request(Method::POST, path);
    Ok(request
        .header("idempotency-key", key)
        .json(body)
        .send()
        .await?)
}

/// The body of the 201 response to such a request.
async fn created(system: &System, path: &str, key: &str, body: &Value) -> Result<Value> {
    let response = post(system, path, key, body).await?;
    let status = response.status();
    let text = response.text().await?;
    anyhow::ensure!(
        status == StatusCode::CREATED,
        "201 was expected: {status} {text}"
    );
    Ok(serde_json::from_str(&text)?)
}

/// The path of a request for URLs.
fn reupload(dataset_id: Uuid) -> String {
    format!("/datasets/{dataset_id}/reupload/presigned")
}

/// A file of one part.
fn rows() -> Value {
    json!({ "filename": "rows.csv", "file_size": 7, "content_type": "text/csv" })
}

/// The id of the job in a response.
fn job_id(response: &Value) -> Result<Uuid> {
    Ok(response["job_id"].as_str().context("no job")?.parse()?)
}

/// The jobs of a dataset, newest first.
async fn jobs(system: &System, dataset_id: Uuid) -> Result<Vec<Job>> {
    let list = system.client.api().list_jobs().dataset_id(dataset_id);
    Ok(list.send().await?.into_inner().items)
}

/// How many datasets the first principal has.
async fn dataset_count(system: &System) -> Result<usize> {
    let list = system.client.api().list_datasets().limit(100);
    Ok(list.send().await?.items.len())
}

#[tokio::test]
async fn keys_of_principals_are_independent() -> Result<()> {
    let system = System::start()?;
    let other = system.token_of("other")?;
    let body = json!({ "name": "rows" });
    let mine = created(&system, "/datasets", "key", &body).await?;
    let theirs = async || -> Result<Value> {
        let request = system.anonymous(Method::POST, "/api/datasets");
        let request = request.bearer_auth(&other).header("idempotency-key", "key");
        let response = request.json(&body).send().await?;
        assert_eq!(response.status(), StatusCode::CREATED);
        Ok(response.json().await?)
    };
    let first = theirs().await?;
    assert_ne!(first["id"], mine["id"]);
    assert_eq!(theirs().await?, first);
    assert_eq!(created(&system, "/datasets", "key", &body).await?, mine);
    Ok(())
}

#[tokio::test]
async fn key_is_forgotten_after_a_day() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let clock = Clock::of(&system);
    clock.set(TimeDelta::zero())?;
    let system = system.kill_and_restart_with(clock.passing()).await?;
    let dataset_id = system.dataset("rows").await?;
    let first = job_id(&created(&system, &reupload(dataset_id), "key", &rows()).await?)?;
    let other = json!({ "filename": "other.csv", "file_size": 8 });
    clock.set(TimeDelta::hours(24) - TimeDelta::minutes(1))?;
    // A round of the reaper forgets no key that still counts, nor does it matter whether there was one.
    for reaped in [false, true] {
        if reaped {
            system.reap(&[])?;
        }
        let again = created(&system, &reupload(dataset_id), "key", &rows()).await?;
        assert_eq!(job_id(&again)?, first);
    }
    clock.set(TimeDelta::hours(24) + TimeDelta::minutes(1))?;
    let second = job_id(&created(&system, &reupload(dataset_id), "key", &other).await?)?;
    assert_ne!(second, first);
    system.reap(&[])?;
    let again = created(&system, &reupload(dataset_id), "key", &other).await?;
    assert_eq!(job_id(&again)?, second);
    assert_eq!(jobs(&system, dataset_id).await?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn repetition_signs_fresh_urls() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let clock = Clock::of(&system);
    clock.set(-TimeDelta::hours(2))?;
    let system = system.kill_and_restart_with(clock.passing()).await?;
    let dataset_id = system.dataset("rows").await?;
    let body = json!({ "filename": "noise.bin", "file_size": 6 * 1024 * 1024 });
    let first = created(&system, &reupload(dataset_id), "key", &body).await?;
    let deadline = jobs(&system, dataset_id).await?[0].deadline;
    clock.set(TimeDelta::zero())?;
    let mut second = created(&system, &reupload(dataset_id), "key", &body).await?;
    let urls = second["urls"].take();
    assert_eq!(urls.as_array().context("no URLs")?.len(), 2);
    for url in urls.as_array().into_iter().flatten() {
        let old = first["urls"]
            .as_array()
            .is_some_and(|old| old.contains(url));
        assert!(!old, "the URL has expired: {url}");
    }
    second["urls"] = first["urls"].clone();
    assert_eq!(second, first, "only the URLs may differ");
    let extended = jobs(&system, dataset_id).await?[0].deadline - deadline;
    assert!(extended > TimeDelta::minutes(119), "{extended}");
    Ok(())
}
