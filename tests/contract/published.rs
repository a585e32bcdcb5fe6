//! The published examples of requests and responses, run against the real server.

use anyhow::{Result, ensure};
use reqwest::{Method, Response};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::fixture::System;

const CASES: &str = include_str!("../published/validation_cases.json");

/// Maximum length of an input that a response must repeat.
const MAX_INPUT: usize = 256;

fn cases() -> Vec<Value> {
    let mut document: Value = serde_json::from_str(CASES).expect("the published cases are JSON");
    serde_json::from_value(document["cases"].take()).expect("the published cases are a list")
}

#[tokio::test]
async fn published_examples_get_the_published_responses() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("published").await?;
    let mut failures = Vec::new();
    let mut ran = 0;
    for case in cases() {
        let response = send(&system, dataset_id, &case["request"]).await?;
        if let Err(failure) = check(response, &case["answer"]).await {
            failures.push(format!("{}: {failure:#}", case["id"]));
        }
        ran += 1;
    }
    assert_eq!(ran, 33, "the cases are not those that were published");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

#[test]
fn published_example_ids_are_unique() {
    let mut ids: Vec<String> = cases()
        .iter()
        .map(|case| case["id"].as_str().unwrap_or_default().to_string())
        .collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
    assert!(ids.iter().all(|id| !id.is_empty()));
}

async fn send(system: &System, dataset_id: Uuid, request: &Value) -> Result<Response> {
    let text = |name: &str| request[name].as_str().unwrap_or_default().to_string();
    let fill = |text: &str| {
        text.replace("{dataset_id}", &dataset_id.to_string())
            .replace("{dataset_id_upper}", &dataset_id.to_string().to_uppercase())
            .replace("{token}", system.server.token())
    };
    let method = Method::from_bytes(text("method").as_bytes())?;
    let mut sent = system
        .anonymous(method, &format!("/api{}", fill(&text("path"))))
        .body(text("body"));
    for (name, value) in request["headers"].as_object().into_iter().flatten() {
        sent = sent.header(name, fill(value.as_str().unwrap_or_default()));
    }
    Ok(sent.send().await?)
}

async fn check(response: Response, expected: &Value) -> Result<()> {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = response.text().await?;
    ensure!(
        status == expected["status"],
        "expected {}: {status} {body}",
        expected["status"]
    );
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        let found = headers.get(name).and_then(|found| found.to_str().ok());
        ensure!(
            found == value.as_str(),
            "{name}: expected {value}: {found:?}"
        );
    }
    let found: Value = serde_json::from_str(&body)?;
    match expected.get("body") {
        Some(expected) => check_faults(&found, expected),
        None => check_success(&found),
    }
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

fn check_faults(found: &Value, expected: &Value) -> Result<()> {
    let faults = |body: &Value| body["detail"].as_array().cloned().unwrap_or_default();
    let (found_faults, expected_faults) = (faults(found), faults(expected));
    ensure!(
        found_faults.len() == expected_faults.len(),
        "expected {} errors: {found}",
        expected_faults.len()
    );
    for (found, expected) in found_faults.iter().zip(&expected_faults) {
        let (comparable, wanted) = (comparable(found, expected), comparable(expected, expected));
        ensure!(comparable == wanted, "expected {expected}: {found}");
    }
    Ok(())
}

/// The error without those members that the published rules leave open.
fn comparable(fault: &Value, expected: &Value) -> Map<String, Value> {
    let mut fault = fault.as_object().cloned().unwrap_or_default();
    let is = |error_type: &str| expected["type"] == error_type;
    if is("json_invalid") {
        fault.remove("ctx");
        fault.remove("msg");
        if let Some(offset) = fault
            .get_mut("loc")
            .and_then(|loc| loc.get_mut(1))
            .filter(|offset| offset.is_u64())
        {
            *offset = Value::Null;
        }
    }
    if is("uuid_parsing")
        && fault["msg"]
            .as_str()
            .is_some_and(|msg| msg.starts_with("Input should be a valid UUID"))
    {
        fault.remove("msg");
    }
    if expected["msg"] == "…" && fault["msg"].as_str().is_some_and(|msg| !msg.is_empty()) {
        fault.remove("msg");
    }
    if expected["input"]
        .as_str()
        .is_some_and(|input| input.chars().count() > MAX_INPUT)
    {
        fault.remove("input");
    }
    fault
}
