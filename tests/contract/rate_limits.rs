//! Rate limits: of principals, of addresses, and of URLs.

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use reqwest::{Method, Response};
use restow_sdk::Client;
use serde_json::json;
use uuid::Uuid;

use crate::fixture::{Operation, System, csv, metric, operations, refused_answer};

/// A field of a response.
fn field<'a>(response: &'a Response, name: &str) -> Result<&'a str> {
    let value = response.headers().get(name);
    Ok(value.with_context(|| format!("no {name}"))?.to_str()?)
}

#[tokio::test]
async fn principal_above_its_rate_is_refused_alone() -> Result<()> {
    let system = System::start_with(&[("--principal-rate", "3/1h")])?;
    let bob = system.token_of("bob")?;
    for left in [2, 1, 0] {
        let response = system.request(Method::GET, "/datasets").send().await?;
        assert_eq!(response.status(), 200);
        assert_eq!(
            field(&response, "ratelimit-policy")?,
            "\"principal\";q=3;w=3600"
        );
        let limit = field(&response, "ratelimit")?;
        let used = (3 - left) * 1200;
        assert_eq!(limit, format!("\"principal\";r={left};t={used}"));
    }
    // The other one has no principal.
    let operations = operations();
    let limited = operations
        .iter()
        .filter(|operation| operation.id != "exchange_token");
    try_join_all(limited.map(|operation| is_refused(&system, operation))).await?;
    let other = system.anonymous(Method::GET, "/api/datasets");
    assert_eq!(other.bearer_auth(&bob).send().await?.status(), 200);
    Ok(())
}

/// Sends an operation whose principal has sent as many requests as it may.
async fn is_refused(system: &System, operation: &Operation) -> Result<()> {
    let path = operation.path.replace(['{', '}'], "");
    let request = system.request(operation.method.clone(), &path);
    let response = request.send().await?;
    let wait: u32 = field(&response, "retry-after")?.parse()?;
    ensure!((1..=1201).contains(&wait), "{wait}");
    ensure!(field(&response, "ratelimit")?.starts_with("\"principal\";r=0;t="));
    let fault = refused_answer(response, 429, "rate_limited").await;
    let fault = fault.context(operation.id.clone())?;
    assert_eq!(fault["ctx"], json!({ "limit": 3, "window": 3600 }));
    Ok(())
}

#[tokio::test]
async fn address_above_its_rate_is_refused_before_authentication() -> Result<()> {
    let proxies = [
        ("--address-rate", "2/1h"),
        ("--trusted-proxies", "127.0.0.0/8,::1/128"),
    ];
    for options in [&proxies[..1], &proxies[..]] {
        let system = System::start_with(options)?;
        let is_trusted = options.len() == 2;
        let send = |client: &str, token: &str| {
            let request = system.anonymous(Method::GET, "/api/datasets");
            let request = request.header("x-forwarded-for", format!("198.51.100.9, {client}"));
            request.bearer_auth(token).send()
        };
        for _ in 0..2 {
            let unknown = send("203.0.113.1", "restow_unknown").await?;
            refused_answer(unknown, 401, "invalid_token").await?;
        }
        let refused = send("203.0.113.1", system.server.token()).await?;
        refused_answer(refused, 429, "rate_limited").await?;
        let exchange = system.anonymous(Method::POST, "/api/token-exchange");
        let exchange = exchange.header("x-forwarded-for", "203.0.113.1");
        let exchange = exchange.json(&json!({ "token": "a", "dataset_id": Uuid::now_v7() }));
        refused_answer(exchange.send().await?, 429, "rate_limited").await?;
        // Paths that the router reads as the same one.
        for path in ["//api/datasets", "/%61pi/datasets"] {
            let request = system.anonymous(Method::GET, path);
            let request = request.header("x-forwarded-for", "203.0.113.1");
            let response = request.bearer_auth(system.server.token()).send().await?;
            assert_eq!(response.status(), 429, "{path}");
        }
        let refused = metric(system.server.url(), "restow_refused_requests_total").await?;
        assert_eq!(refused, 4);
        let other = send("203.0.113.2", system.server.token()).await?;
        let expected = if is_trusted { 200 } else { 429 };
        assert_eq!(other.status(), expected, "{options:?}");
        let health = system.anonymous(Method::GET, "/healthz").send().await?;
        assert_eq!(health.status(), 200, "probes are not limited");
    }
    Ok(())
}

#[tokio::test]
async fn urls_are_limited_however_they_are_requested() -> Result<()> {
    let system = System::start_with(&[("--url-rate", "10/1h")])?;
    let dataset_id = system.dataset("urls").await?;
    let path = format!("/datasets/{dataset_id}/reupload/presigned");
    let request = |size: u64| {
        let body = json!({ "filename": "a.csv", "file_size": size });
        system.request(Method::POST, &path).json(&body).send()
    };
    let five_mib = 5 * 1024 * 1024;
    // Eleven parts are never admitted, and nothing is created for them.
    refused_answer(request(11 * five_mib).await?, 429, "rate_limited").await?;
    let jobs = system
        .client
        .api()
        .list_jobs()
        .dataset_id(dataset_id)
        .send();
    assert!(jobs.await?.items.is_empty());
    let begun = request(8 * five_mib).await?;
    assert_eq!(begun.status(), 201);
    let begun: serde_json::Value = begun.json().await?;
    let job = begun["job_id"].as_str().context("a job")?;
    let urls = |count: u32| {
        let numbers: Vec<u32> = (1..=count).collect();
        let request = system.request(Method::POST, &format!("/jobs/{job}/urls"));
        request.json(&json!({ "part_numbers": numbers })).send()
    };
    refused_answer(urls(3).await?, 429, "rate_limited").await?;
    assert_eq!(urls(2).await?.status(), 200);
    refused_answer(urls(1).await?, 429, "rate_limited").await?;
    Ok(())
}

#[tokio::test]
async fn sdk_waits_and_uploads_below_the_rate() -> Result<()> {
    let system = System::start_with(&[("--principal-rate", "4/1s")])?;
    let client: Client = system.client_builder().build()?;
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), csv(100))?;
    let created = client.call(|| {
        let operation = client.api().create_dataset();
        operation.body_map(|body| body.name("slow")).send()
    });
    let dataset_id = created.await?.id;
    for number in 1..=3 {
        std::fs::write(file.path(), csv(100 + number))?;
        let outcome = client.reupload(dataset_id).file(file.path()).send().await?;
        assert!(outcome.version.is_some());
    }
    let metrics = system
        .anonymous(Method::GET, "/metrics")
        .send()
        .await?
        .text()
        .await?;
    ensure!(metrics.contains("\"429\""), "the limit was never reached");
    Ok(())
}
