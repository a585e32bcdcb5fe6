//! What a server on the embedded default needs, and what it writes, when it starts.

use std::fs;
use std::os::unix::fs::MetadataExt;

use anyhow::Result;
use reqwest::header::AUTHORIZATION;
use restow_tests::{ServerOptions, ServerProcess};
use serde_json::json;

use crate::fixture::executable;

/// Asks for URLs of a new dataset, for which the server sends the embedded S3 a request; returns the response's status.
async fn request_urls(server: &ServerProcess) -> Result<u16> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let post = |path: &str, body: serde_json::Value| {
        let token = format!("Bearer {}", server.token());
        let url = format!("{}/api{path}", server.url());
        http.post(url).header(AUTHORIZATION, token).json(&body)
    };
    let dataset = post("/datasets", json!({ "name": "weather" })).send();
    let dataset: serde_json::Value = dataset.await?.json().await?;
    let path = format!(
        "/datasets/{}/reupload/presigned",
        dataset["id"].as_str().unwrap_or_default()
    );
    let file = json!({ "filename": "a.csv", "content_type": "text/csv", "file_size": 3 });
    Ok(post(&path, file).send().await?.status().as_u16())
}

#[tokio::test]
async fn embedded_s3_needs_no_certificates_or_proxy() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let certificates = directory.path().join("certificates");
    fs::create_dir(&certificates)?;
    let certificates = certificates.display().to_string();
    // No certificates, and proxies on a port where nothing listens.
    let environment = [
        ("SSL_CERT_DIR", certificates.as_str()),
        ("SSL_CERT_FILE", "/dev/null"),
        ("HTTP_PROXY", "http://127.0.0.1:1"),
        ("http_proxy", "http://127.0.0.1:1"),
        ("NO_PROXY", ""),
        ("no_proxy", ""),
    ];
    let environment = environment.map(|(name, value)| (name.to_string(), value.to_string()));
    let options = ServerOptions::new(executable(), directory.path().join("data"))
        .with_environment(environment.to_vec());
    let server = ServerProcess::start(&options)?;
    assert_eq!(request_urls(&server).await?, 201, "{}", server.log()?);
    let log = server.log()?;
    assert!(!log.contains("certificate"), "{log}");
    Ok(())
}

#[test]
fn restart_leaves_remembered_endpoint_alone() -> Result<()> {
    let directory = tempfile::tempdir()?;
    let server = ServerProcess::start(&ServerOptions::new(executable(), directory.path()))?;
    let remembered = directory.path().join("embedded-s3.json");
    // What is written anew is another file.
    let file = || fs::metadata(&remembered).map(|file| (file.ino(), file.mtime_nsec()));
    let (before, address) = (file()?, server.s3_url().to_string());
    let server = server.kill_and_restart()?;
    assert_eq!(server.s3_url(), address);
    assert_eq!(file()?, before);
    Ok(())
}
