//! Requests that no client sends by mistake: smuggling, forged headers, paths that try to leave the API, and text that would forge
//! lines of a log. The table of findings is in the threat model.

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::fixture::{System, refused_answer};

/// What the server sends to these bytes, until it closes the connection or has nothing to send for a while.
async fn exchange(system: &System, bytes: &[u8]) -> Result<String> {
    let url: reqwest::Url = system.server.url().parse()?;
    let address = (
        url.host_str().context("a host")?,
        url.port().context("a port")?,
    );
    let mut stream = TcpStream::connect(address).await?;
    // The server may refuse the head and close before everything is written.
    let _ = stream.write_all(bytes).await;
    stream.shutdown().await.ok();
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response).await;
    Ok(String::from_utf8_lossy(&response).into_owned())
}

/// The statuses of the responses in a stream.
fn statuses(responses: &str) -> Vec<u16> {
    let heads = responses.split("HTTP/1.1 ").skip(1);
    heads
        .filter_map(|head| head.get(..3)?.parse().ok())
        .collect()
}

#[tokio::test]
async fn smuggled_requests_are_not_executed() -> Result<()> {
    let system = System::start()?;
    let token = system.server.token();
    let smuggled = format!(
        "POST /api/datasets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\ncontent-length: 19\r\n\r\n{{\"name\":\"smuggled\"}}"
    );
    // The length of a body is stated twice, or not as it should be: what follows is a body to one reader, and a request to another.
    for framing in [
        format!("content-length: 0\r\ncontent-length: {}", smuggled.len()),
        format!("content-length: 0, {}", smuggled.len()),
        "content-length: +0".to_string(),
        "content-length: 0x0".to_string(),
        "content-length: 0\r\ntransfer-encoding: chunked".to_string(),
        "transfer-encoding: chunked, identity".to_string(),
        "transfer-encoding: xchunked".to_string(),
        "transfer-encoding : chunked".to_string(),
        "transfer-encoding:\u{b}chunked".to_string(),
        "content-length : 0".to_string(),
    ] {
        let first = format!(
            "POST /api/datasets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer restow_unknown\r\n{framing}\r\n\r\n"
        );
        let responses = exchange(&system, format!("{first}{smuggled}").as_bytes()).await?;
        let found = statuses(&responses);
        ensure!(!found.contains(&201), "{framing}: {responses}");
    }
    let page = system.request(Method::GET, "/datasets").send().await?;
    let page: Value = page.json().await?;
    assert_eq!(page["items"], json!([]), "a request was smuggled");
    Ok(())
}

#[tokio::test]
async fn odd_heads_are_refused_and_nothing_else_ends() -> Result<()> {
    let system = System::start()?;
    let token = system.server.token();
    let authorized = format!("host: x\r\nauthorization: Bearer {token}\r\nconnection: close\r\n");
    let many = "x: y\r\n".repeat(5_000);
    let long = "x".repeat(1024 * 1024);
    for (name, head) in [
        (
            "lines end in LF alone",
            format!(
                "GET /api/datasets HTTP/1.1\n{}\n",
                authorized.replace("\r\n", "\n")
            ),
        ),
        (
            "a NUL in a value",
            format!("GET /api/datasets HTTP/1.1\r\n{authorized}x: a\0b\r\n\r\n"),
        ),
        (
            "a folded line",
            format!("GET /api/datasets HTTP/1.1\r\n{authorized}x: a\r\n b\r\n\r\n"),
        ),
        (
            "5,000 fields",
            format!("GET /api/datasets HTTP/1.1\r\n{authorized}{many}\r\n"),
        ),
        (
            "a field of 1 MiB",
            format!("GET /api/datasets HTTP/1.1\r\n{authorized}x: {long}\r\n\r\n"),
        ),
        (
            "a path of 1 MiB",
            format!("GET /api/{long} HTTP/1.1\r\n{authorized}\r\n"),
        ),
        (
            "no version",
            format!("GET /api/datasets\r\n{authorized}\r\n"),
        ),
        (
            "HTTP/2 without an agreement",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_string(),
        ),
        ("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}".to_string()),
        (
            "two tokens",
            format!(
                "GET /api/datasets HTTP/1.1\r\nauthorization: Bearer restow_unknown\r\n{authorized}\r\n"
            ),
        ),
    ] {
        let responses = exchange(&system, head.as_bytes()).await?;
        let found = statuses(&responses);
        let is_served = found.contains(&200);
        // Without a meaning of its own, a lone LF may be taken for the end of a line (RFC 9112, section 2.2).
        let may_be_served = name == "lines end in LF alone";
        ensure!(!is_served || may_be_served, "{name}: {found:?}");
        let health = system.anonymous(Method::GET, "/healthz").send().await?;
        ensure!(health.status() == 200, "after {name}");
    }
    Ok(())
}

#[tokio::test]
async fn paths_do_not_lead_out_of_the_api() -> Result<()> {
    let system = System::start()?;
    let token = system.server.token();
    let data = system.server.data_dir().join("token");
    ensure!(data.exists());
    for path in [
        "/api/../token",
        "/api/%2e%2e/token",
        "//api/datasets",
        "/api//datasets",
        "/api/datasets/",
        "/api/datasets/..%2f..%2ftoken",
        "/docs/../../token",
        "/docs/%2e%2e/%2e%2e/etc/passwd",
        "/api/datasets%00",
        "http://evil.example/api/datasets",
        "*",
    ] {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: evil.example\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
        );
        let responses = exchange(&system, head.as_bytes()).await?;
        ensure!(
            !responses.contains(token),
            "{path} shows the token: {responses}"
        );
        ensure!(!responses.contains("root:"), "{path}: {responses}");
        let found = statuses(&responses);
        ensure!(found.len() <= 1, "{path}: {found:?}");
        ensure!(
            !found.iter().any(|status| *status >= 500),
            "{path}: {responses}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn internal_headers_of_clients_have_no_effect() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("headers").await?;
    for (name, value) in [
        ("restow-body-read", "1"),
        ("restow-client-address", "203.0.113.7"),
        ("x-forwarded-for", "203.0.113.7"),
        ("forwarded", "for=203.0.113.7"),
        ("x-http-method-override", "DELETE"),
        ("x-original-url", "/metrics"),
        (
            "connection",
            "authorization, restow-client-address, content-length",
        ),
        ("content-length", "0"),
    ] {
        let path = format!("/datasets/{dataset_id}");
        let request = system.request(Method::GET, &path).header(name, value);
        let response = request.send().await?;
        ensure!(response.status() == 200, "{name}: {}", response.status());
        ensure!(
            response
                .headers()
                .keys()
                .all(|header| !header.as_str().starts_with("restow-")),
            "an internal header leaves the process"
        );
    }
    let log = system.server.log()?;
    ensure!(
        !log.contains("203.0.113.7"),
        "a forged address is logged: {log}"
    );
    Ok(())
}

#[tokio::test]
async fn text_of_clients_forges_no_line_of_the_log() -> Result<()> {
    let system = System::start_with(&[("--log-level", "debug"), ("--log-format", "json")])?;
    let dataset_id = system.dataset("log").await?;
    let forged = "x\n{\"level\":\"ERROR\",\"message\":\"forged\"}\r\u{1b}[31mred\u{2028}";
    let reupload = json!({ "filename": forged, "file_size": 5, "content_type": forged });
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let begun = system
        .request(Method::POST, &path)
        .json(&reupload)
        .send()
        .await?;
    ensure!(begun.status() == 201, "{}", begun.text().await?);
    system
        .request(Method::POST, "/datasets")
        .json(&json!({ "name": forged }))
        .send()
        .await?;
    let query = [("name", forged), ("page_token", forged)];
    system
        .request(Method::GET, "/datasets")
        .query(&query)
        .send()
        .await?;
    let key = [
        ("idempotency-key", "x y\u{e9}"),
        ("user-agent", "\u{e9}forged"),
    ];
    for (name, value) in key {
        let request = system
            .request(Method::GET, "/datasets")
            .header(name, value.as_bytes());
        request.send().await?;
    }
    let log = system.server.log()?;
    for line in log.lines().filter(|line| !line.is_empty()) {
        let value: Value =
            serde_json::from_str(line).with_context(|| format!("no JSON: {line}"))?;
        ensure!(value["message"] != "forged", "{line}");
        ensure!(!line.contains('\u{1b}'), "{line}");
    }
    Ok(())
}

/// PostgreSQL stores no NUL, and refuses even to compare with it.
#[tokio::test]
async fn control_characters_are_refused_where_they_are_read() -> Result<()> {
    let system = System::start()?;
    let dataset = format!("/datasets/{}", system.dataset("weather").await?);
    let grant = format!("{dataset}/grants/%00");
    let role = json!({ "role": "reader" });
    for request in [
        system.request(Method::PUT, &grant).json(&role),
        system.request(Method::DELETE, &grant),
        system.request(Method::GET, "/tokens?principal=%00"),
    ] {
        assert_eq!(request.send().await?.status(), 404);
    }
    let webhooks = format!("{dataset}/webhooks");
    for (path, body) in [
        ("/tokens", json!({ "name": "a\u{0}b", "scopes": ["read"] })),
        (
            webhooks.as_str(),
            json!({ "url": "https://a.example/\u{0}", "types": ["job.ready"] }),
        ),
    ] {
        let response = system
            .request(Method::POST, path)
            .json(&body)
            .send()
            .await?;
        let error = refused_answer(response, 422, "string_pattern_mismatch").await?;
        assert_eq!(error["loc"][0], "body", "{error}");
    }
    Ok(())
}
