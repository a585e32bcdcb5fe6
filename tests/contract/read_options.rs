//! Read options: stated by the caller, remembered by the dataset, and stated anew without another upload.

use anyhow::{Context, Result};
use reqwest::Method;
use restow_sdk::generated::types::{ColumnType, JobStatus};
use serde_json::json;

use crate::fixture::{System, csv, refused, refused_answer};

/// Text with semicolons and decimal commas; with commas as delimiters, one row is longer than the others.
const SEMICOLONS: &str = "name;price\nA;1,50\nB;2\n";

#[tokio::test]
async fn wrong_delimiter_needs_no_second_upload() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("wrong").await?;
    let stated = json!({ "read_options": { "delimiter": "," } });
    let (upload, job) = system
        .prepare_with(dataset_id, "rows.csv", SEMICOLONS, stated)
        .await?;
    assert_eq!(job.status, JobStatus::Rejected);
    let objects = system.bucket().objects().await?;

    let options = json!({ "delimiter": ";", "decimal": "," });
    assert_eq!(upload.inspect(options).await?.status, JobStatus::Inspecting);
    let job = upload.settled().await;
    assert_eq!((job.status, job.error.is_none()), (JobStatus::Ready, true));
    let preview = upload.preview().await?;
    let types: Vec<_> = preview.columns.iter().map(|column| column.type_).collect();
    assert_eq!(types, [ColumnType::String, ColumnType::Float]);
    let dialect = preview.dialect.context("no dialect")?;
    assert_eq!(
        dialect.delimiter.map(|one| one.to_string()).as_deref(),
        Some(";")
    );
    let version = upload.commit().await?;
    assert_eq!(version.row_count, Some(2));
    assert_eq!(system.read(dataset_id).await?, SEMICOLONS);
    assert_eq!(system.bucket().objects().await?, objects);
    Ok(())
}

#[tokio::test]
async fn options_of_the_current_version_are_remembered() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("remembered").await?;
    let stated = json!({ "read_options": { "null_values": ["none"] } });
    let (first, _) = system
        .prepare_with(dataset_id, "rows.csv", "n\n1\nnone\n", stated)
        .await?;
    first.commit().await?;
    // Twice, since the second version remembers what the first one was told.
    for content in ["n\n2\nnone\n", "n\n3\n4\nnone\n"] {
        let upload = system
            .prepare(dataset_id, "rows.csv", content.into())
            .await?;
        let column = &upload.preview().await?.columns[0];
        assert_eq!((column.type_, column.nulls), (ColumnType::Integer, Some(1)));
        upload.commit().await?;
    }
    let other = system
        .prepare(dataset_id, "rows.csv", "n\n5\nnone\n".into())
        .await?;
    other.inspect(json!({})).await?;
    assert_eq!(other.settled().await.status, JobStatus::Ready);
    let column = &other.preview().await?.columns[0];
    assert_eq!((column.type_, column.nulls), (ColumnType::String, Some(0)));
    Ok(())
}

#[tokio::test]
async fn options_are_not_remembered_for_other_formats() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("formats").await?;
    let stated = json!({ "read_options": { "format": "csv", "delimiter": ";" } });
    let (first, _) = system
        .prepare_with(dataset_id, "rows.txt", SEMICOLONS, stated)
        .await?;
    assert_eq!(first.commit().await?.row_count, Some(2));
    let next = system
        .prepare(dataset_id, "rows.ndjson", "{\"name\": \"A\"}\n".into())
        .await?;
    assert_eq!(next.preview().await?.format.as_deref(), Some("ndjson"));
    Ok(())
}

#[tokio::test]
async fn uninspected_object_is_published_as_it_is() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("opaque").await?;
    let stated = json!({ "read_options": { "inspect": false }, "commit": true });
    let broken = "a,b\n1\n\"";
    let (upload, job) = system
        .prepare_with(dataset_id, "rows.csv", broken, stated)
        .await?;
    assert_eq!((job.status, job.version), (JobStatus::Committed, Some(1)));
    let preview = upload.preview().await?;
    assert!(preview.columns.is_empty() && preview.row_count.is_none());
    assert!(preview.findings.is_empty() && preview.dialect.is_none());
    assert_eq!(system.read(dataset_id).await?, broken);
    // Also the next one.
    let (_, job) = system
        .prepare_with(dataset_id, "rows.csv", "\"", json!({ "commit": true }))
        .await?;
    assert_eq!((job.status, job.version), (JobStatus::Committed, Some(2)));
    Ok(())
}

#[tokio::test]
async fn inspection_is_repeated_only_with_the_same_options() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("repeated").await?;
    let upload = system.prepare(dataset_id, "rows.csv", csv(2)).await?;
    let open = system.begin(dataset_id, "rows.csv", csv(3)).await?;
    let variable = ("RESTOW_NO_WORKER".to_string(), "true".to_string());
    let system = system.kill_and_restart_with(vec![variable]).await?;
    let (upload, open) = (upload.through(&system), open.through(&system));
    let options = json!({ "delimiter": "," });
    for _ in 0..2 {
        let job = upload.inspect(options.clone()).await?;
        assert_eq!(job.status, JobStatus::Inspecting);
    }
    let other = upload.inspect(json!({ "delimiter": ";" })).await;
    let fault = refused(other, 409, "invalid_state");
    assert_eq!(fault.ctx["status"], "inspecting");
    refused(upload.preview().await, 409, "invalid_state");
    let fault = refused(open.inspect(options).await, 409, "invalid_state");
    assert_eq!(fault.ctx["status"], "awaiting_upload");

    let path = format!("/jobs/{}/inspect", upload.job_id);
    let body = json!({ "read_options": { "delimiter": "ab", "decimal": 7 } });
    let response = system
        .request(Method::POST, &path)
        .json(&body)
        .send()
        .await?;
    let fault = refused_answer(response, 422, "string_too_long").await?;
    assert_eq!(fault["loc"], json!(["body", "read_options", "delimiter"]));
    Ok(())
}
