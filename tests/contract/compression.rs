//! Compression of large responses, where the client accepts it.

use std::process::Command;

use anyhow::{Result, ensure};
use reqwest::header::HeaderMap;
use reqwest::{Method, Response, StatusCode};
use restow_tests::SharedS3Server;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::fixture::{System, gunzip};

/// Parts of the large plan, whose URLs are far more than 16 KiB.
const PARTS: usize = 200;

/// Jobs of the dataset, whose list is more than 16 KiB.
const JOBS: usize = 60;

/// A server that plans parts of 1 KiB, and a dataset; `None` on an S3 server that refuses such parts.
async fn start() -> Result<Option<(System, Uuid)>> {
    if SharedS3Server::from_environment()?.is_some() {
        return Ok(None);
    }
    let system = System::start_with(&[
        ("--part-size", "1KiB"),
        ("--min-part-size", "1KiB"),
        ("--single-part-limit", "1KiB"),
    ])?;
    let dataset_id = system.dataset("compressed").await?;
    Ok(Some((system, dataset_id)))
}

async fn plan(system: &System, dataset_id: Uuid, parts: usize, accepted: &str) -> Result<Response> {
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let body = json!({ "filename": "a.bin", "file_size": parts * 1024 });
    let request = system.request(Method::POST, &path).json(&body);
    let response = request.header("accept-encoding", accepted).send().await?;
    ensure!(response.status() == StatusCode::CREATED);
    Ok(response)
}

fn is_gzip(headers: &HeaderMap) -> bool {
    headers
        .get("content-encoding")
        .is_some_and(|coding| coding == "gzip")
}

/// Whether caches are told that the response depends on the accepted codings.
fn varies(headers: &HeaderMap) -> bool {
    let values = headers.get_all("vary").iter();
    values
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.eq_ignore_ascii_case("accept-encoding"))
}

#[tokio::test]
async fn large_plan_is_compressed_where_accepted() -> Result<()> {
    let Some((system, dataset_id)) = start().await? else {
        return Ok(());
    };
    for (accepted, compressed) in [
        ("gzip", true),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", true),
        ("identity", false),
        ("gzip;q=0", false),
        ("", false),
    ] {
        let response = plan(&system, dataset_id, PARTS, accepted).await?;
        assert_eq!(is_gzip(response.headers()), compressed, "{accepted}");
        assert!(varies(response.headers()), "{accepted}");
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let sent = response.bytes().await?;
        let body = if compressed {
            gunzip(&sent)?
        } else {
            sent.clone()
        };
        let response: Value = serde_json::from_slice(&body)?;
        assert_eq!(response["urls"].as_array().map(Vec::len), Some(PARTS));
        if compressed {
            assert!(
                sent.len() < body.len() / 5,
                "{} of {} bytes are left",
                sent.len(),
                body.len()
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn small_response_is_not_compressed() -> Result<()> {
    let Some((system, dataset_id)) = start().await? else {
        return Ok(());
    };
    let response = plan(&system, dataset_id, 1, "gzip").await?;
    assert!(!is_gzip(response.headers()) && !varies(response.headers()));
    let response: Value = response.json().await?;
    assert_eq!(response["urls"].as_array().map(Vec::len), Some(1));
    Ok(())
}

#[tokio::test]
async fn codings_of_a_read_have_one_entity_tag() -> Result<()> {
    let Some((system, dataset_id)) = start().await? else {
        return Ok(());
    };
    for _ in 0..JOBS {
        plan(&system, dataset_id, 1, "").await?;
    }
    let path = format!("/datasets/{dataset_id}/jobs");
    let read = |method: Method, accepted: &str| {
        let request = system.request(method, &path);
        request.header("accept-encoding", accepted)
    };
    let plain = read(Method::GET, "identity").send().await?;
    let packed = read(Method::GET, "gzip").send().await?;
    let tag = plain.headers()["etag"].clone();
    assert!(tag.to_str()?.starts_with("W/"), "{tag:?}");
    assert_eq!(packed.headers()["etag"], tag);
    assert!(!is_gzip(plain.headers()) && is_gzip(packed.headers()));
    assert!(varies(plain.headers()) && varies(packed.headers()));

    let head = read(Method::HEAD, "gzip").send().await?;
    assert!(is_gzip(head.headers()) && varies(head.headers()));
    assert_eq!(
        head.headers()["content-length"],
        packed.headers()["content-length"]
    );
    assert!(head.bytes().await?.is_empty());

    let plain = plain.bytes().await?;
    assert_eq!(gunzip(&packed.bytes().await?)?, plain);

    for accepted in ["identity", "gzip"] {
        let request = read(Method::GET, accepted).header("if-none-match", &tag);
        let unchanged = request.send().await?;
        assert_eq!(unchanged.status(), StatusCode::NOT_MODIFIED, "{accepted}");
        assert!(varies(unchanged.headers()) && !is_gzip(unchanged.headers()));
        assert!(unchanged.bytes().await?.is_empty());
    }

    let mut curl = Command::new("curl");
    curl.args([
        "--silent",
        "--show-error",
        "--fail",
        "--compressed",
        "--header",
    ])
    .arg(format!("Authorization: Bearer {}", system.server.token()))
    .arg(format!("{}/api{path}", system.server.url()));
    let shown = spawn_blocking(move || curl.output()).await??;
    ensure!(
        shown.status.success(),
        "{}",
        String::from_utf8_lossy(&shown.stderr)
    );
    assert_eq!(shown.stdout, plain, "curl --compressed shows other bytes");
    Ok(())
}
