//! HTTP edge cases: media types, sizes, order of errors, and paths outside of `/api`.

use anyhow::Result;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::fixture::{System, Wire, csv, detail, refused_answer};

#[tokio::test]
async fn json_media_types_are_accepted() -> Result<()> {
    let system = System::start()?;
    let types = [
        None,
        Some("application/json"),
        Some("APPLICATION/JSON; charset=utf-8"),
        Some("application/merge-patch+json"),
        Some("application/vnd.restow+json;v=1"),
    ];
    for (number, content_type) in types.into_iter().enumerate() {
        let body = json!({ "name": format!("dataset {number}") }).to_string();
        let mut request = system.request(Method::POST, "/datasets").body(body);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        assert_eq!(request.send().await?.status(), 201, "{content_type:?}");
    }
    Ok(())
}

#[tokio::test]
async fn other_media_types_are_refused_before_validation() -> Result<()> {
    let system = System::start()?;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "text/json",
        "json",
        "",
    ] {
        let request = system
            .request(Method::POST, "/datasets")
            .header("content-type", content_type)
            .body("{");
        let fault = refused_answer(request.send().await?, 415, "unsupported_media_type").await?;
        assert_eq!(
            fault["loc"],
            json!(["header", "content-type"]),
            "{content_type:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn oversized_body_is_refused() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("bodies").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    let complete = format!(
        "/datasets/{dataset_id}/reupload/presigned/{}/complete",
        upload.job_id
    );
    for (path, limit) in [("/datasets", 64 * 1024), (&complete, 2 * 1024 * 1024)] {
        let body = json!({ "name": "a".repeat(limit) }).to_string();
        let fault = refused_answer(
            system
                .request(Method::POST, path)
                .header("content-type", "application/json")
                .body(body)
                .send()
                .await?,
            413,
            "body_too_large",
        )
        .await?;
        assert_eq!(
            (&fault["loc"], &fault["ctx"]),
            (&json!(["body"]), &json!({ "limit": limit }))
        );
    }
    // Ten thousand parts, each named twice, are accepted.
    let parts: Vec<Value> = (0..20_000)
        .map(|number| json!({ "etag": format!("{number:032x}"), "part_number": number % 10_000 + 1 }))
        .collect();
    let response = system
        .request(Method::POST, &complete)
        .json(&json!({ "parts": parts }))
        .send()
        .await?;
    refused_answer(response, 409, "parts_mismatch").await?;
    Ok(())
}

#[tokio::test]
async fn empty_object_body_uses_defaults() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("defaults").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(1)).await?;
    upload.put(1).await?;
    let complete = format!(
        "/datasets/{dataset_id}/reupload/presigned/{}/complete",
        upload.job_id
    );
    let commit = format!("/jobs/{}/commit", upload.job_id);
    let restore = format!("/datasets/{dataset_id}/versions/1/restore");
    for path in [complete, commit, restore] {
        let missing = system
            .request(Method::POST, &path)
            .header("content-type", "application/json")
            .send()
            .await?;
        let fault = refused_answer(missing, 422, "missing").await?;
        assert_eq!(fault["loc"], json!(["body"]), "{path}");
        let response = system
            .request(Method::POST, &path)
            .json(&json!({}))
            .send()
            .await?;
        assert_eq!(response.status(), 200, "{path}");
        upload.wait().await?;
    }
    Ok(())
}

#[tokio::test]
async fn authentication_precedes_reading_the_body() -> Result<()> {
    let system = System::start()?;
    let mut wire = Wire::to(system.server.url()).await?;
    let path = format!("/api/datasets/{}/reupload/presigned", Uuid::now_v7());
    // The headers announce a body that is never sent.
    wire.head(
        &format!("POST {path}"),
        &[("content-length", "1000"), ("content-type", "text/plain")],
    )
    .await?;
    assert_eq!(wire.status().await?, 401);
    let response = system
        .anonymous(Method::POST, &path)
        .body(vec![b'x'; 1_000_000])
        .send()
        .await?;
    assert_eq!(response.status(), 401);
    Ok(())
}

#[tokio::test]
async fn malformed_json_is_detected() -> Result<()> {
    let system = System::start()?;
    let nested = format!(
        "{{\"name\": {}1{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let bodies: [(&[u8], &str); 8] = [
        (b"\xef\xbb\xbf{\"name\": \"bom\"}", "json_invalid"),
        (b"{\"name\": \"\xff\"}", "json_invalid"),
        (b"{\"name\": NaN}", "json_invalid"),
        (b"{\"name\": \"\\ud800\"}", "json_invalid"),
        (b"{\"name\": \"a\"} x", "json_invalid"),
        (nested.as_bytes(), "json_invalid"),
        (b"[]", "model_attributes_type"),
        (b"{\"name\": true}", "string_type"),
    ];
    for (body, error_type) in bodies {
        let request = system
            .request(Method::POST, "/datasets")
            .header("content-type", "application/json");
        refused_answer(request.body(body.to_vec()).send().await?, 422, error_type).await?;
    }
    let request = system
        .request(Method::POST, "/datasets")
        .header("content-type", "application/json");
    let response = request
        .body(r#"{"name": "first", "name": "last", "more": [1]}"#)
        .send()
        .await?;
    let created: Value = response.error_for_status()?.json().await?;
    assert_eq!(created["name"], "last");
    Ok(())
}

#[tokio::test]
async fn every_error_has_loc_msg_and_type() -> Result<()> {
    let system = System::start_with(&[("--max-file-size", "1KiB")])?;
    let dataset_id = system.dataset("taken").await?;
    let json = |path: &str, body: Value| system.request(Method::POST, path).json(&body);
    let presigned = format!("/datasets/{dataset_id}/reupload/presigned");
    let responses = [
        (401, system.anonymous(Method::GET, "/api/datasets")),
        (
            404,
            system.request(Method::GET, &format!("/jobs/{}", Uuid::now_v7())),
        ),
        (409, json("/datasets", json!({ "name": "taken" }))),
        (
            413,
            json(&presigned, json!({ "filename": "a", "file_size": 2_000 })),
        ),
        (
            415,
            system
                .request(Method::POST, "/datasets")
                .header("content-type", "text/plain")
                .body("x"),
        ),
        (422, json(&presigned, json!({}))),
        (422, system.request(Method::GET, "/jobs/1")),
    ];
    for (status, request) in responses {
        for fault in detail(request.send().await?, status).await? {
            assert!(
                fault["loc"].as_array().is_some_and(|loc| !loc.is_empty()),
                "{fault}"
            );
            assert!(
                fault["msg"].as_str().is_some_and(|msg| !msg.is_empty()),
                "{fault}"
            );
            assert!(
                fault["type"].as_str().is_some_and(|code| !code.is_empty()),
                "{fault}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn incomplete_body_times_out() -> Result<()> {
    if std::env::var_os("RESTOW_TEST_FULL").is_none() {
        println!("skipped: takes half a minute; set RESTOW_TEST_FULL to run it");
        return Ok(());
    }
    let system = System::start()?;
    let bearer = format!("Bearer {}", system.server.token());
    let mut wire = Wire::to(system.server.url()).await?;
    wire.head(
        "POST /api/datasets",
        &[("authorization", &bearer), ("content-length", "100")],
    )
    .await?;
    wire.send(b"{").await?;
    assert_eq!(wire.status().await?, 408);
    Ok(())
}

#[tokio::test]
async fn probes_and_docs_need_no_token() -> Result<()> {
    let system = System::start()?;
    for (path, content_type, part) in [
        ("/healthz", "application/json", "\"ok\""),
        (
            "/readyz",
            "application/json",
            "\"storage\":{\"status\":\"ok\"",
        ),
        ("/metrics", "application/openmetrics-text", "# EOF"),
        ("/openapi.json", "application/json", "\"openapi\""),
        ("/docs", "text/html", "/docs/scalar.js"),
        ("/docs/scalar.js", "text/javascript", "function"),
    ] {
        let response = system.anonymous(Method::GET, path).send().await?;
        assert_eq!(response.status(), 200, "{path}");
        assert!(
            response.headers()["content-type"]
                .to_str()?
                .starts_with(content_type),
            "{path}"
        );
        assert!(response.text().await?.contains(part), "{path}");
    }
    let served: Value = system
        .anonymous(Method::GET, "/openapi.json")
        .send()
        .await?
        .json()
        .await?;
    let published: Value = serde_json::from_str(include_str!("../../openapi.json"))?;
    assert!(served == published, "the served document differs");
    Ok(())
}

#[tokio::test]
async fn metrics_count_requests_and_jobs() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("counted").await?;
    system.publish(dataset_id, "rows.csv", csv(1)).await?;
    let text = system
        .anonymous(Method::GET, "/metrics")
        .send()
        .await?
        .text()
        .await?;
    for line in [
        "http_server_request_duration_seconds_count{http_request_method=\"POST\",http_route=\"/api/datasets\",http_response_status_code=\"201\"} 1",
        "restow_jobs_total{status=\"committed\"} 1",
        "restow_urls_total 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    Ok(())
}

#[tokio::test]
async fn router_errors_match_the_document() -> Result<()> {
    let system = System::start()?;
    for (method, path, status) in [
        ("GET", "/nothing", 404),
        ("GET", "/api/nothing", 404),
        ("POST", "/api/datasets/a/b/c/d/e/f", 404),
        ("GET", "/api/datasets/%ff", 400),
        ("PROPFIND", "/api/datasets", 405),
    ] {
        // Not through the proxy, which knows only operations.
        let url = format!("{}{path}", system.server.url());
        let response = system
            .http
            .request(method.parse()?, url)
            .bearer_auth(system.server.token())
            .send()
            .await?;
        assert_eq!(response.status(), status, "{method} {path}");
        let body: Value = response.json().await?;
        let told = |name: &str| body[name].as_str().is_some_and(|text| !text.is_empty());
        assert!(
            told("request_id") && told("message"),
            "{method} {path}: {body}"
        );
        let known = ["request_id", "message", "error_code"];
        assert!(
            body.as_object()
                .is_some_and(|members| members.keys().all(|name| known.contains(&name.as_str())))
        );
    }
    Ok(())
}

#[tokio::test]
async fn only_short_input_is_echoed() -> Result<()> {
    let system = System::start()?;
    for (length, repeated) in [(256, true), (257, false), (300, false)] {
        let name = "😀".repeat(length);
        let request = system
            .request(Method::POST, "/datasets")
            .json(&json!({ "name": name }));
        let fault = refused_answer(request.send().await?, 422, "string_too_long").await?;
        assert_eq!(
            fault.get("input") == Some(&json!(name)),
            repeated,
            "{length}"
        );
        assert_eq!(fault.get("input").is_some(), repeated, "{length}");
    }
    let wrong = system
        .anonymous(Method::GET, "/api/datasets")
        .bearer_auth("restow_secret")
        .send()
        .await?;
    assert!(!wrong.text().await?.contains("restow_secret"));
    Ok(())
}

#[tokio::test]
async fn sdk_distinguishes_router_errors() -> Result<()> {
    let system = System::start()?;
    let elsewhere = restow_sdk::Client::new(
        &format!("{}/elsewhere", system.server.url()),
        system.server.token(),
    )?;
    let error = restow_sdk::Error::from(
        elsewhere
            .api()
            .list_datasets()
            .send()
            .await
            .expect_err("nothing listens there"),
    );
    assert!(
        matches!(error, restow_sdk::Error::UnexpectedResponse { .. }),
        "{error:?}"
    );
    assert!(!error.is_not_found());
    Ok(())
}
