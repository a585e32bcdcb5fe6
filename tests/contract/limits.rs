//! Limits: oversized files are refused before anything is created, and parts grow with the file.

use anyhow::{Context, Result};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{PART_SIZE, System, refused_answer};

/// Largest object of S3: 10,000 parts of 5 GiB.
const MAX_OBJECT_SIZE: u64 = 10_000 * 5 * 1024 * 1024 * 1024;

/// Requests URLs with the size as literal JSON, since some sizes fit no integer type.
async fn request_urls(
    system: &System,
    dataset_id: Uuid,
    filename: &str,
    size: &str,
) -> Result<Response> {
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let body = format!("{{\"filename\": \"{filename}\", \"file_size\": {size}}}");
    Ok(system
        .request(Method::POST, &path)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await?)
}

async fn plan(system: &System, dataset_id: Uuid, size: u64) -> Result<(usize, u64)> {
    let response: Value = request_urls(system, dataset_id, "a.bin", &size.to_string())
        .await?
        .error_for_status()?
        .json()
        .await?;
    let urls = response["urls"].as_array().context("no URLs")?.len();
    Ok((
        urls,
        response["part_size"].as_u64().context("no part size")?,
    ))
}

async fn assert_nothing_created(system: &System, dataset_id: Uuid) -> Result<()> {
    let jobs = system
        .client
        .api()
        .list_jobs()
        .dataset_id(dataset_id)
        .send()
        .await?;
    assert!(jobs.items.is_empty());
    assert!(system.bucket().uploads().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn file_beyond_s3_limits_is_refused() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("huge").await?;
    let thirty_zeros = format!("1{}", "0".repeat(30));
    let above = (MAX_OBJECT_SIZE + 1).to_string();
    for size in [
        above.as_str(),
        "18446744073709551615",
        "18446744073709551616",
        &thirty_zeros,
        "1e30",
        "1e300",
    ] {
        let fault = refused_answer(
            request_urls(&system, dataset_id, "a.bin", size).await?,
            413,
            "file_too_large",
        )
        .await?;
        assert_eq!(fault["loc"], json!(["body", "file_size"]));
        assert_eq!(fault["ctx"]["limit"], MAX_OBJECT_SIZE);
    }
    for (size, error_type) in [
        ("1e400", "json_invalid"),
        ("-1e30", "greater_than_equal"),
        ("1.5", "int_from_float"),
    ] {
        refused_answer(
            request_urls(&system, dataset_id, "a.bin", size).await?,
            422,
            error_type,
        )
        .await?;
    }
    assert_nothing_created(&system, dataset_id).await?;
    assert_eq!(
        plan(&system, dataset_id, MAX_OBJECT_SIZE).await?,
        (10_000, 5 * 1024 * 1024 * 1024)
    );
    Ok(())
}

#[tokio::test]
async fn file_beyond_configured_size_is_refused() -> Result<()> {
    let system = System::start_with(&[("--max-file-size", "1MiB")])?;
    let dataset_id = system.dataset("limited").await?;
    let fault = refused_answer(
        request_urls(&system, dataset_id, "a.bin", "1048577").await?,
        413,
        "file_too_large",
    )
    .await?;
    assert_eq!(
        fault["ctx"],
        json!({ "limit": 1_048_576, "asked": 1_048_577 })
    );
    assert_nothing_created(&system, dataset_id).await?;
    assert_eq!(
        request_urls(&system, dataset_id, "a.bin", "1048576")
            .await?
            .status(),
        201
    );
    // Integers in any JSON notation are accepted.
    assert_eq!(
        request_urls(&system, dataset_id, "a.bin", "1048576.0")
            .await?
            .status(),
        201
    );
    Ok(())
}

#[tokio::test]
async fn part_size_doubles_beyond_10000_parts() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("parts").await?;
    let part_size = PART_SIZE as u64;
    assert_eq!(
        plan(&system, dataset_id, 10_000 * part_size).await?,
        (10_000, part_size)
    );
    assert_eq!(
        plan(&system, dataset_id, 10_000 * part_size + 1).await?,
        (5_001, 2 * part_size)
    );
    Ok(())
}

#[tokio::test]
async fn maximum_part_count_is_configurable() -> Result<()> {
    let system = System::start_with(&[("--max-parts", "4")])?;
    let dataset_id = system.dataset("parts").await?;
    let part_size = PART_SIZE as u64;
    assert_eq!(
        plan(&system, dataset_id, 4 * part_size).await?,
        (4, part_size)
    );
    assert_eq!(
        plan(&system, dataset_id, 4 * part_size + 1).await?,
        (3, 2 * part_size)
    );
    Ok(())
}

#[tokio::test]
async fn disallowed_extensions_are_refused() -> Result<()> {
    let system = System::start_with(&[("--allowed-extensions", "csv,.TSV")])?;
    let dataset_id = system.dataset("extensions").await?;
    for filename in ["a.exe", "csv", "a.csv.gz", "a", ".csv"] {
        let fault = refused_answer(
            request_urls(&system, dataset_id, filename, "1").await?,
            422,
            "extension_not_allowed",
        )
        .await?;
        assert_eq!(fault["loc"], json!(["body", "filename"]));
        assert_eq!(
            (&fault["input"], &fault["ctx"]),
            (&json!(filename), &json!({ "allowed": ["csv", "tsv"] }))
        );
    }
    assert_nothing_created(&system, dataset_id).await?;
    for filename in ["a.csv", "a.CSV", "a.tsv"] {
        assert_eq!(
            request_urls(&system, dataset_id, filename, "1")
                .await?
                .status(),
            201
        );
    }
    Ok(())
}

#[tokio::test]
async fn errors_follow_the_documented_order() -> Result<()> {
    let system = System::start_with(&[("--max-file-size", "1MiB")])?;
    let missing = Uuid::now_v7();
    // For a dataset that does not exist, the schema is validated before the lookup, the size after it.
    refused_answer(
        request_urls(&system, missing, "a.bin", "0").await?,
        422,
        "greater_than_equal",
    )
    .await?;
    refused_answer(
        request_urls(&system, missing, "a.bin", "99999999").await?,
        404,
        "not_found",
    )
    .await?;
    let dataset_id = system.dataset("order").await?;
    refused_answer(
        request_urls(&system, dataset_id, "a.bin", "99999999").await?,
        413,
        "file_too_large",
    )
    .await?;
    Ok(())
}
