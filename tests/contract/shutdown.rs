//! Shutdown: running requests finish, inspections are released, and logs contain no secrets.

mod lease;
mod restart;

use std::future::ready;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::FutureExt;
use restow_sdk::generated::types::JobStatus;

use crate::fixture::{MIB, PART_SIZE, System, Wire, csv, eventually, noise, put};

/// Body of a request that is sent in two parts.
const BODY: &[u8] = br#"{"name": "at the last moment"}"#;

/// Begins a request, and leaves out a part of its body.
async fn begin(system: &System) -> Result<Wire> {
    let bearer = format!("Bearer {}", system.server.token());
    let length = BODY.len().to_string();
    let mut wire = Wire::to(system.server.url()).await?;
    wire.head(
        "POST /api/datasets",
        &[("authorization", &bearer), ("content-length", &length)],
    )
    .await?;
    wire.send(&BODY[..10]).await?;
    // Another request ensures that the first one has been accepted.
    system.client.api().list_datasets().send().await?;
    Ok(wire)
}

/// Waits until no connection is accepted any more.
async fn refused(url: &str) {
    eventually("new connections are refused", async || {
        Wire::to(url).await.is_err().then_some(())
    })
    .await;
}

#[tokio::test]
async fn terminated_server_exits_with_success() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("stopped").await?;
    system.publish(dataset_id, "rows.csv", csv(3)).await?;
    let (status, stopped) = system.stop().await?;
    assert_eq!(status.code(), Some(0));
    let system = stopped.restart()?;
    assert_eq!(system.read(dataset_id).await?, csv(3));
    Ok(())
}

#[tokio::test]
async fn running_request_finishes_before_exit() -> Result<()> {
    let system = System::start()?;
    let mut wire = begin(&system).await?;
    let url = system.server.url().to_string();
    let stopping = tokio::spawn(system.stop());
    // The slow request does not keep new connections waiting.
    refused(&url).await;
    wire.send(&BODY[10..]).await?;
    assert_eq!(wire.status().await?, 201);
    let (status, stopped) = stopping.await??;
    assert_eq!(status.code(), Some(0));
    let system = stopped.restart()?;
    let found = system
        .client
        .api()
        .list_datasets()
        .name("at the last moment")
        .send()
        .await?;
    assert_eq!(found.items.len(), 1);
    Ok(())
}

#[tokio::test]
async fn draining_server_is_unready_and_serves() -> Result<()> {
    let system = System::start_with(&[("--drain", "1h"), ("--shutdown-timeout", "2h")])?;
    let url = system.server.url().to_string();
    let mut kept = Wire::to(&url).await?;
    kept.head("GET /healthz", &[]).await?;
    kept.status().await?;
    system.server.signal("TERM")?;
    let body = eventually("/readyz returns 503", async || {
        let response = reqwest::get(format!("{url}/readyz")).await.ok()?;
        let unready = response.status() == 503;
        unready.then_some(response.text().await.ok()?)
    })
    .await;
    assert!(body.contains("\"status\":\"draining\""), "{body}");
    system.dataset("created during the drain").await?;
    let response = reqwest::get(format!("{url}/healthz")).await?;
    assert_eq!(response.headers()["connection"], "close");
    // A second signal ends the drain.
    let started = Instant::now();
    let (status, stopped) = system.stop().await?;
    assert_eq!(status.code(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(Wire::to(&url).await.is_err());
    let system = stopped.restart()?;
    let found = system.client.api().list_datasets().send().await?;
    assert_eq!(found.items.len(), 1);
    Ok(())
}

#[tokio::test]
async fn interrupted_server_does_not_drain() -> Result<()> {
    let mut system = System::start_with(&[("--drain", "1h"), ("--shutdown-timeout", "2h")])?;
    system.server.signal("INT")?;
    let ended = eventually("the server ends", || {
        ready(system.server.ended().ok().flatten())
    })
    .await;
    assert_eq!(ended.code(), Some(0));
    Ok(())
}

#[tokio::test]
async fn shutdown_ends_within_one_budget() -> Result<()> {
    let options = [
        ("--shutdown-timeout", "4s"),
        ("--drain", "1s"),
        ("--body-timeout", "1h"),
    ];
    let system = System::start_with(&options)?;
    let unfinished = begin(&system).await?;
    let s3 = Wire::to(&system.place.endpoint).await?;
    let started = Instant::now();
    let (status, _) = system.stop().await?;
    let took = started.elapsed();
    assert_eq!(status.code(), Some(0));
    assert!(
        (Duration::from_secs(2)..Duration::from_secs(7)).contains(&took),
        "{took:?}"
    );
    drop((unfinished, s3));
    Ok(())
}

#[tokio::test]
async fn running_inspection_is_released_and_resumed() -> Result<()> {
    // A lease that was not released would hold the job for longer than any test waits.
    let system = System::start_with(&[("--lease", "1h")])?;
    let dataset_id = system.dataset("inspected").await?;
    let rows = 64 * MIB / 20;
    let upload = system.begin(dataset_id, "rows.csv", csv(rows)).await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    assert_eq!(upload.job().await?.status, JobStatus::Inspecting);
    let (status, stopped) = system.stop().await?;
    assert_eq!(status.code(), Some(0));
    let system = stopped.restart()?;
    let job = system.client.wait(upload.job_id).await?;
    assert_eq!(job.progress.rows, Some(i64::try_from(rows)?));
    Ok(())
}

#[tokio::test]
async fn idle_connection_does_not_delay_shutdown() -> Result<()> {
    let system = System::start()?;
    let idle = [
        Wire::to(system.server.url()).await?,
        Wire::to(&system.place.endpoint).await?,
    ];
    let stopping = tokio::spawn(system.stop());
    let (status, _) =
        tokio::time::timeout(std::time::Duration::from_secs(10), stopping).await???;
    assert_eq!(status.code(), Some(0));
    drop(idle);
    Ok(())
}

/// The secrets of a run with all operations, none of which may be in the log.
async fn whole_run(system: &System) -> Result<Vec<String>> {
    let filename = "confidential figures.csv";
    let dataset_id = system.dataset("private name").await?;
    let upload = system.begin(dataset_id, filename, csv(400_000)).await?;
    put(&system.http, &upload.urls[0], noise(3, 1)).await?;
    upload.put_some([1]).await?;
    upload.complete(Vec::new()).now_or_never();
    assert!(upload.complete(Vec::new()).await.is_err());
    upload.put_all().await?;
    let fresh = upload.renew(&[1]).await?;
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    put(&system.http, &upload.urls[0], noise(PART_SIZE, 1)).await?;
    system.read(dataset_id).await?;
    let broken = system
        .begin(dataset_id, "confidential.parquet", noise(100, 1))
        .await?;
    broken.put(1).await?;
    broken.complete(Vec::new()).await?;
    assert!(broken.wait().await.is_err());
    system
        .begin(dataset_id, filename, csv(1))
        .await?
        .cancel()
        .await?;
    system.reap(&[])?;
    let wrong = "restow_wrong_token";
    assert!(
        system
            .client_with(wrong)?
            .api()
            .list_datasets()
            .send()
            .await
            .is_err()
    );
    let secrets = [
        "X-Amz-Signature",
        "X-Amz-Credential",
        "confidential",
        "private name",
        wrong,
        &fresh[0].url,
    ];
    let own = [system.server.token(), system.place.secret_key.as_str()].map(str::to_string);
    Ok(secrets.map(str::to_string).into_iter().chain(own).collect())
}

#[tokio::test]
async fn signatures_tokens_and_filenames_are_never_logged() -> Result<()> {
    for format in ["text", "json"] {
        let system = System::start_with(&[("--log-level", "trace"), ("--log-format", format)])?;
        let secrets = whole_run(&system).await?;
        let (_, stopped) = system.stop().await?;
        let log = std::fs::read_to_string(stopped.data_dir().join("server.log"))?;
        assert!(
            log.contains("reupload requested"),
            "the log lacks the request"
        );
        for secret in secrets {
            let found = log.lines().find(|line| line.contains(&secret));
            assert!(found.is_none(), "{secret:?} was logged: {found:?}");
        }
    }
    Ok(())
}
