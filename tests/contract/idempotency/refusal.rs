//! Keys that are malformed, used for another request, or whose creation is no longer what the client expects.

use anyhow::Result;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{created, dataset_count, job_id, jobs, post, reupload, rows};
use crate::fixture::{System, detail, put, refused_answer};

async fn assert_reused(system: &System, path: &str, body: &Value) -> Result<()> {
    let response = post(system, path, "key", body).await?;
    let fault = refused_answer(response, 422, "idempotency_key_reused").await?;
    assert_eq!(fault["loc"], json!(["header", "idempotency-key"]));
    Ok(())
}

#[tokio::test]
async fn other_request_with_same_key_is_refused() -> Result<()> {
    let system = System::start()?;
    let (one, other) = (system.dataset("one").await?, system.dataset("other").await?);
    let first = created(&system, &reupload(one), "key", &rows()).await?;
    let mut changed = rows();
    changed["file_size"] = json!(8);
    assert_reused(&system, &reupload(one), &changed).await?;
    assert_reused(&system, &reupload(other), &rows()).await?;
    assert_reused(&system, &reupload(Uuid::now_v7()), &rows()).await?;
    assert_reused(&system, "/datasets", &json!({ "name": "third" })).await?;
    assert_eq!(dataset_count(&system).await?, 2);
    assert_eq!(jobs(&system, one).await?.len(), 1);
    assert!(jobs(&system, other).await?.is_empty());
    let again = created(&system, &reupload(one), "key", &rows()).await?;
    assert_eq!(job_id(&again)?, job_id(&first)?);
    Ok(())
}

#[tokio::test]
async fn same_request_in_other_words_is_recognised() -> Result<()> {
    let system = System::start()?;
    let path = reupload(system.dataset("rows").await?);
    let body = json!({ "filename": "a", "file_size": 7 });
    let first = job_id(&created(&system, &path, "key", &body).await?)?;
    for (key, text) in [
        ("\"key\"", r#"{ "file_size": 7, "filename": "a" }"#),
        ("key", r#"{"filename":"\u0061","file_size":7.0}"#),
        (
            "key",
            r#"{"filename":"a","file_size":7,"content_type":"application/octet-stream","x":1}"#,
        ),
    ] {
        let request = system.request(Method::POST, &path);
        let request = request.header("idempotency-key", key).body(text);
        let response = request.send().await?;
        assert_eq!(response.status(), 201, "{text}");
        assert_eq!(job_id(&response.json().await?)?, first, "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn refused_request_does_not_use_its_key() -> Result<()> {
    let system = System::start_with(&[("--max-open-jobs", "1")])?;
    let dataset_id = system.dataset("taken").await?;
    let taken = post(&system, "/datasets", "key", &json!({ "name": "taken" })).await?;
    refused_answer(taken, 409, "name_taken").await?;
    created(&system, "/datasets", "key", &json!({ "name": "free" })).await?;

    let open = system.begin(dataset_id, "rows.csv", crate::fixture::csv(1));
    let open = open.await?;
    let path = reupload(dataset_id);
    let over = post(&system, &path, "other", &rows()).await?;
    refused_answer(over, 429, "too_many_open_jobs").await?;
    open.cancel().await?;
    created(&system, &path, "other", &rows()).await?;
    Ok(())
}

#[tokio::test]
async fn job_that_has_moved_on_is_named() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("rows").await?;
    let path = reupload(dataset_id);
    let response = created(&system, &path, "key", &rows()).await?;
    let job_id = job_id(&response)?;
    let url = response["urls"][0].as_str().unwrap_or_default();
    put(&system.http, url, "a\n1\n2\n3").await?;
    post(
        &system,
        &format!("{path}/{job_id}/complete"),
        "key",
        &json!({}),
    )
    .await?;
    system.client.wait(job_id).await?;
    let fault = refused_answer(
        post(&system, &path, "key", &rows()).await?,
        409,
        "invalid_state",
    )
    .await?;
    assert_eq!(fault["loc"], json!(["header", "idempotency-key"]));
    assert_eq!(fault["ctx"], json!({ "status": "ready", "job_id": job_id }));
    let cancel = system.client.api().cancel_job().job_id(job_id);
    cancel.send().await?;
    let fault = refused_answer(
        post(&system, &path, "key", &rows()).await?,
        409,
        "invalid_state",
    )
    .await?;
    assert_eq!(fault["ctx"]["status"], "cancelled");
    assert_eq!(jobs(&system, dataset_id).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn creation_that_is_gone_is_not_found() -> Result<()> {
    let system = System::start()?;
    let body = json!({ "name": "rows" });
    let dataset = created(&system, "/datasets", "key", &body).await?;
    let dataset_id: Uuid = dataset["id"].as_str().unwrap_or_default().parse()?;
    created(&system, &reupload(dataset_id), "other", &rows()).await?;
    let api = system.client.api();
    api.delete_dataset().dataset_id(dataset_id).send().await?;
    for (path, key, body) in [
        ("/datasets".to_string(), "key", &body),
        (reupload(dataset_id), "other", &rows()),
    ] {
        let gone = post(&system, &path, key, body).await?;
        let fault = refused_answer(gone, 404, "not_found").await?;
        assert_eq!(fault["loc"], json!(["header", "idempotency-key"]));
    }
    assert_eq!(dataset_count(&system).await?, 0);
    api.undelete_dataset().dataset_id(dataset_id).send().await?;
    let again = created(&system, "/datasets", "key", &body).await?;
    assert_eq!(again["id"], dataset["id"]);
    Ok(())
}

#[tokio::test]
async fn malformed_key_is_refused_with_other_faults() -> Result<()> {
    let system = System::start()?;
    let malformed = [
        "",
        "\"\"",
        "\"open",
        "a b",
        "a,b",
        "\"a\";b",
        &"k".repeat(256),
    ];
    for key in malformed {
        let response = post(&system, "/datasets", key, &json!({ "name": "" })).await?;
        let faults = detail(response, 422).await?;
        let locations: Vec<_> = faults.iter().map(|fault| fault["loc"].clone()).collect();
        let expected = [
            json!(["header", "idempotency-key"]),
            json!(["body", "name"]),
        ];
        assert_eq!(locations, expected, "{key:?}");

        let body = json!({ "filename": "a" });
        let response = post(&system, &reupload_of("x"), key, &body).await?;
        let faults = detail(response, 422).await?;
        let locations: Vec<_> = faults.iter().map(|fault| fault["loc"].clone()).collect();
        let expected = [
            json!(["path", "dataset_id"]),
            json!(["header", "idempotency-key"]),
            json!(["body", "file_size"]),
        ];
        assert_eq!(locations, expected, "{key:?}");
        assert_eq!(faults[1]["type"], "string_pattern_mismatch");
    }
    assert_eq!(dataset_count(&system).await?, 0);
    Ok(())
}

fn reupload_of(dataset_id: &str) -> String {
    format!("/datasets/{dataset_id}/reupload/presigned")
}
