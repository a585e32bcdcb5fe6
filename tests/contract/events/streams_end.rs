//! How streams of events end.

use anyhow::{Context, Result};
use serde_json::Value;

use super::stream::{open, rest};
use crate::fixture::{System, UNBOUNDED_ADDRESS, detail, eventually};

#[tokio::test]
async fn stream_ends_when_its_token_is_revoked() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let token = system.token_of("default")?;
    let path = format!("/api/datasets/{dataset_id}/events");
    let request = system.anonymous(reqwest::Method::GET, &path);
    let request = request.header("accept", "text/event-stream");
    let response = request.bearer_auth(token.trim()).send().await?;
    assert_eq!(response.status(), 200);
    let tokens: Vec<Value> =
        serde_json::from_str(&system.server.run(&["token", "list", "--json"])?)?;
    let newest = tokens.last().context("no token")?;
    system
        .server
        .run(&["token", "revoke", newest["id"].as_str().context("no id")?])?;
    rest(response).await?;
    Ok(())
}

#[tokio::test]
async fn stream_ends_with_its_dataset() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let response = open(&system, &format!("/datasets/{dataset_id}/events"), Some(0)).await?;
    let delete = system.client.api().delete_dataset().dataset_id(dataset_id);
    delete.send().await?;
    let stream = rest(response).await?;
    assert!(stream.contains("event: dataset.deleted"), "{stream}");
    Ok(())
}

#[tokio::test]
async fn stream_ends_when_the_server_stops() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let response = open(&system, &format!("/datasets/{dataset_id}/events"), None).await?;
    let ended = tokio::spawn(rest(response));
    let started = tokio::time::Instant::now();
    let (status, _stopped) = system.stop().await?;
    assert!(status.success());
    ended.await??;
    // It was not waited for until the shutdown timed out.
    assert!(started.elapsed() < std::time::Duration::from_secs(15));
    Ok(())
}

#[tokio::test]
async fn streams_of_a_principal_are_bounded() -> Result<()> {
    let system = System::start_with(&[("--max-event-streams", "2")])?;
    let dataset_id = system.dataset("weather").await?;
    let path = format!("/datasets/{dataset_id}/events");
    let first = open(&system, &path, None).await?;
    let _second = open(&system, &path, None).await?;
    let refused = detail(open(&system, &path, None).await?, 429).await?;
    assert_eq!(refused[0]["type"], "too_many_streams");
    assert_eq!(refused[0]["ctx"]["limit"], 2);
    drop(first);
    eventually("the place of the first one is free", async || {
        let response = open(&system, &path, None).await.ok()?;
        (response.status() == 200).then_some(())
    })
    .await;
    let job = system
        .begin(dataset_id, "rows.csv", crate::fixture::csv(1))
        .await?;
    let job = format!("/jobs/{}/events", job.job_id);
    let _third = eventually("a second one is open", async || {
        let response = open(&system, &path, None).await.ok()?;
        (response.status() == 200).then_some(response)
    })
    .await;
    let refused = detail(open(&system, &job, None).await?, 429).await?;
    assert_eq!(refused[0]["type"], "too_many_streams");
    Ok(())
}

#[tokio::test]
async fn streams_leave_connections_to_requests() -> Result<()> {
    let system = System::start_with(&[("--max-connections", "4"), UNBOUNDED_ADDRESS])?;
    let dataset_id = system.dataset("weather").await?;
    let path = format!("/datasets/{dataset_id}/events");
    let first = open(&system, &path, None).await?;
    let second = open(&system, &path, None).await?;
    assert!(first.status().is_success() && second.status().is_success());
    let refused = open(&system, &path, None).await?;
    assert!(refused.headers().contains_key("retry-after"));
    let refused = detail(refused, 503).await?;
    assert_eq!(refused[0]["type"], "unavailable");
    assert_eq!(refused[0]["ctx"]["reason"], "event_streams");
    // A page is no stream.
    assert_eq!(super::listed(&system, &path).await?.len(), 1);
    drop(first);
    eventually("the place of the first one is free", async || {
        let response = open(&system, &path, None).await.ok()?;
        (response.status() == 200).then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn silent_stream_has_heartbeats() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let mut response = open(&system, &format!("/datasets/{dataset_id}/events"), None).await?;
    let mut stream = String::new();
    while !stream.contains("\n:\n\n") {
        let chunk = response.chunk().await?.context("the stream has ended")?;
        stream.push_str(std::str::from_utf8(&chunk)?);
    }
    Ok(())
}
