//! Responses that all operations have in common. A proxy in front of the server compares every response, in these tests
//! and in all others, with the document.

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use reqwest::{Method, RequestBuilder};
use restow_tests::Postgres;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{Operation, System, detail, operations, refused_answer, with_token};

/// The path of an operation whose variables all have this value.
/// An issuer that a server may be configured for, and that is never reached.
const ISSUER: &str = "http://127.0.0.1:9";

fn path(operation: &Operation, id: &str, version: &str) -> String {
    let path = operation
        .path
        .replace("{dataset_id}", id)
        .replace("{job_id}", id)
        .replace("{webhook_id}", id)
        .replace("{delivery_id}", id)
        .replace("{token_id}", id)
        .replace("{rule_id}", id)
        .replace("{principal}", "alice");
    let path = path.replace("{version}", version);
    match operation.id.as_str() {
        "diff_versions" => format!("{path}?from=1"),
        _ => path,
    }
}

/// A valid request for resources that do not exist.
fn request(system: &System, operation: &Operation) -> RequestBuilder {
    let request = system.request(
        operation.method.clone(),
        &path(operation, &Uuid::now_v7().to_string(), "1"),
    );
    if operation.has_body {
        request.json(&body(operation))
    } else {
        request
    }
}

fn body(operation: &Operation) -> Value {
    match operation.id.as_str() {
        "create_dataset" | "update_dataset" => json!({ "name": "a name" }),
        "request_presigned_reupload" => json!({ "filename": "a.csv", "file_size": 1 }),
        "create_webhook" => {
            json!({ "url": "https://hooks.example/", "types": ["version.committed"] })
        }
        "put_grant" => json!({ "role": "reader" }),
        "create_trust_rule" => json!({ "issuer": ISSUER, "repository": "octo/weather" }),
        "create_token" => json!({ "name": "a name", "scopes": ["read"], "expires_in": 60 }),
        "request_part_urls" => json!({ "part_numbers": [1] }),
        _ => json!({}),
    }
}

/// The operations that need a bearer token.
fn authenticated() -> impl Iterator<Item = &'static Operation> {
    operations()
        .iter()
        .filter(|operation| operation.id != "exchange_token")
}

fn with_body() -> impl Iterator<Item = &'static Operation> {
    operations().iter().filter(|operation| operation.has_body)
}

#[tokio::test]
async fn every_operation_refuses_missing_or_unknown_token() -> Result<()> {
    let system = System::start()?;
    for operation in authenticated() {
        let anonymous = system.anonymous(
            operation.method.clone(),
            &format!("/api{}", path(operation, "x", "0")),
        );
        refused_answer(anonymous.send().await?, 401, "not_authenticated")
            .await
            .context(&*operation.id)?;
        let unknown = system.anonymous(
            operation.method.clone(),
            &format!("/api{}", path(operation, "x", "0")),
        );
        let unknown = unknown.bearer_auth("restow_unknown").send().await?;
        refused_answer(unknown, 401, "invalid_token")
            .await
            .context(&*operation.id)?;
    }
    Ok(())
}

#[tokio::test]
async fn every_operation_returns_404_for_unknown_resources() -> Result<()> {
    let issuers =
        json!([{ "name": "ci", "url": ISSUER, "audiences": ["restow"], "trust-rules": "github" }]);
    let system = System::start_with(&[("--oidc-issuers", &issuers.to_string())])?;
    for operation in operations()
        .iter()
        .filter(|operation| operation.path.contains('{'))
    {
        refused_answer(request(&system, operation).send().await?, 404, "not_found")
            .await
            .context(&*operation.id)?;
    }
    Ok(())
}

#[tokio::test]
async fn every_operation_reports_all_validation_errors() -> Result<()> {
    let system = System::start()?;
    // Any text may be the name of a principal, and nothing is sent to read who the caller is.
    for operation in operations()
        .iter()
        .filter(|operation| operation.id != "get_caller")
    {
        let request = system
            .request(operation.method.clone(), &path(operation, "x", "0"))
            .query(&[("limit", "0")]);
        let request = if operation.has_body {
            request.json(&json!([]))
        } else {
            request
        };
        let faults = detail(request.send().await?, 422)
            .await
            .context(&*operation.id)?;
        let named = operation.path.matches("_id}").count()
            + operation.path.matches("{version}").count()
            + usize::from(operation.has_body);
        ensure!(faults.len() >= named.max(1), "{}: {faults:?}", operation.id);
    }
    Ok(())
}

#[tokio::test]
async fn every_body_is_json_of_limited_size() -> Result<()> {
    let system = System::start()?;
    for operation in with_body() {
        let typed = |content_type: &str| {
            let path = path(operation, &Uuid::now_v7().to_string(), "1");
            system
                .request(operation.method.clone(), &path)
                .header("content-type", content_type)
        };
        let text = typed("text/plain").body("{}").send().await?;
        refused_answer(text, 415, "unsupported_media_type")
            .await
            .context(&*operation.id)?;
        let large = typed("application/json")
            .body(vec![b' '; 3 * 1024 * 1024])
            .send()
            .await?;
        refused_answer(large, 413, "body_too_large")
            .await
            .context(&*operation.id)?;
    }
    Ok(())
}

#[tokio::test]
async fn slow_body_times_out_on_every_operation() -> Result<()> {
    let system = System::start_with(&[("--body-timeout", "300ms")])?;
    try_join_all(with_body().map(|operation| async {
        let never =
            reqwest::Body::wrap_stream(futures::stream::pending::<std::io::Result<Vec<u8>>>());
        let path = path(operation, &Uuid::now_v7().to_string(), "1");
        let late = system
            .request(operation.method.clone(), &path)
            .body(never)
            .send()
            .await?;
        refused_answer(late, 408, "request_timeout")
            .await
            .context(&*operation.id)
    }))
    .await?;
    Ok(())
}

#[tokio::test]
async fn every_operation_returns_503_without_database() -> Result<()> {
    if !Postgres::is_installed() {
        return Ok(());
    }
    let cluster = Postgres::start()?;
    let url = Postgres::create_database(cluster.socket(), "restow")?;
    let environment = vec![("RESTOW_DATABASE_URL".to_string(), url)];
    let system = System::start_in(with_token(&environment)?, environment, &[])?;
    cluster.stop()?;
    let socket = format!("PostgreSQL at the socket {}", cluster.socket().display());
    try_join_all(authenticated().map(|operation| async {
        let fault = refused_answer(
            request(&system, operation).send().await?,
            503,
            "unavailable",
        )
        .await;
        let fault = fault.context(&*operation.id)?;
        ensure!(
            fault["ctx"] == json!({ "dependency": "database" }),
            "{}: {fault}",
            operation.id
        );
        Ok(())
    }))
    .await?;
    let log = system.server.log()?;
    ensure!(
        log.contains(&socket),
        "the log does not name the server: {log}"
    );
    ensure!(!log.contains("pool timed out"), "{log}");
    Ok(())
}

#[tokio::test]
async fn unsupported_method_returns_405_with_allow() -> Result<()> {
    let system = System::start()?;
    for operation in operations() {
        let path = format!("/api{}", path(operation, "x", "0"));
        let same_path: Vec<_> = operations()
            .iter()
            .filter(|other| other.path == operation.path)
            .collect();
        let mut allowed: Vec<_> = same_path
            .iter()
            .map(|other| other.method.as_str())
            .collect();
        allowed.extend(allowed.contains(&"GET").then_some("HEAD"));
        allowed.push("OPTIONS");
        for method in [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY",
        ] {
            if allowed.contains(&method) {
                continue;
            }
            let response = system.anonymous(method.parse()?, &path).send().await?;
            assert_eq!(response.status(), 405, "{method} {path}");
            let mut told: Vec<_> = response.headers()["allow"].to_str()?.split(", ").collect();
            told.sort_unstable();
            allowed.sort_unstable();
            assert_eq!(told, allowed, "{method} {path}");
            if method != "HEAD" {
                refused_answer(response, 405, "method_not_allowed").await?;
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn head_matches_get_without_body() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("head").await?;
    for path in [
        "/datasets".to_string(),
        format!("/datasets/{dataset_id}"),
        format!("/datasets/{}", Uuid::now_v7()),
    ] {
        let get = system.request(Method::GET, &path).send().await?;
        let head = system.request(Method::HEAD, &path).send().await?;
        assert_eq!(head.status(), get.status(), "{path}");
        assert_eq!(
            head.headers()["content-type"],
            get.headers()["content-type"]
        );
        assert_eq!(
            head.headers()["content-length"],
            get.headers()["content-length"]
        );
        assert!(head.bytes().await?.is_empty());
    }
    assert_eq!(
        system
            .anonymous(Method::HEAD, "/api/datasets")
            .send()
            .await?
            .status(),
        401
    );
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"] {
        assert_eq!(
            system.anonymous(Method::HEAD, path).send().await?.status(),
            200,
            "{path}"
        );
    }
    Ok(())
}
