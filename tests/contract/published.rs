//! The published examples of requests and responses, run against the real server.

use anyhow::{Result, ensure};
use reqwest::{Method, Response};
use restow_conformance::{Case, published_cases};
use serde_json::Value;
use uuid::Uuid;

use crate::fixture::System;

#[tokio::test]
async fn published_examples_get_the_published_responses() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("published").await?;
    let mut failures = Vec::new();
    let mut ran = 0;
    for case in published_cases()? {
        let response = send(&system, dataset_id, &case).await?;
        if let Err(failure) = check(response, &case).await {
            failures.push(format!("{}: {failure:#}", case.id));
        }
        ran += 1;
    }
    assert_eq!(ran, 33, "the cases are not those that were published");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

async fn send(system: &System, dataset_id: Uuid, case: &Case) -> Result<Response> {
    let request = case.request_with(dataset_id, system.server.token());
    let method = Method::from_bytes(request.method.as_bytes())?;
    let mut sent = system
        .anonymous(method, &format!("/api{}", request.path))
        .body(request.body);
    for (name, value) in request.headers {
        sent = sent.header(name, value);
    }
    Ok(sent.send().await?)
}

async fn check(response: Response, case: &Case) -> Result<()> {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = response.text().await?;
    let expected = &case.answer;
    ensure!(
        status == expected.status,
        "expected {}: {status} {body}",
        expected.status
    );
    for (name, value) in &expected.headers {
        let found = headers.get(name).and_then(|found| found.to_str().ok());
        ensure!(found == Some(value), "{name}: expected {value}: {found:?}");
    }
    let found: Value = serde_json::from_str(&body)?;
    if expected.body.is_none() {
        return check_success(&found);
    }
    let different = case.different_errors(&found);
    ensure!(different.is_empty(), "expected and found: {different:?}");
    Ok(())
}

fn check_success(found: &Value) -> Result<()> {
    let members: Vec<_> = found
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    ensure!(
        members == ["job_id", "urls", "s3_key", "upload_id", "part_size"],
        "members: {members:?}"
    );
    ensure!(
        found["job_id"]
            .as_str()
            .is_some_and(|id| Uuid::try_parse(id).is_ok()),
        "job_id: {found}"
    );
    ensure!(
        found["urls"].as_array().is_some_and(|urls| urls.len() == 1),
        "urls: {found}"
    );
    ensure!(found["s3_key"].is_string(), "s3_key: {found}");
    ensure!(
        found["upload_id"].is_null() && found["part_size"].is_null(),
        "not a single part: {found}"
    );
    Ok(())
}
