//! Connections: how many there are, and how long those without requests stay.

use std::fs;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use futures::future::{try_join_all, try_join3};
use reqwest::Method;
use restow_tests::{ServerOptions, ServerProcess};
use tempfile::TempDir;
use tokio::time::{interval, timeout};

use crate::fixture::{
    System, UNBOUNDED_ADDRESS, Wire, eventually, executable, metric, refused_answer,
};

/// Body of a request that is sent in two halves.
const BODY: &[u8] = br#"{"name": "slowly sent"}"#;

/// A server whose limit of file descriptors is set by these options of the shell's `ulimit`.
fn server_within(ulimit: &str, directory: &Path) -> Result<ServerProcess> {
    let script: PathBuf = directory.join("limited.sh");
    fs::write(
        &script,
        format!("#!/bin/sh\nulimit {ulimit}\nexec {} \"$@\"\n", executable()),
    )?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700))?;
    ServerProcess::start(&ServerOptions::new(script, directory.join("data")))
}

/// Begins a request and leaves out half of its body. When this returns, the server waits for it.
async fn begin(system: &System) -> Result<Wire> {
    let mut wire = Wire::to(system.server.url()).await?;
    let bearer = format!("Bearer {}", system.server.token());
    let length = BODY.len().to_string();
    wire.head(
        "POST /api/datasets",
        &[
            ("authorization", &bearer),
            ("content-length", &length),
            ("expect", "100-continue"),
        ],
    )
    .await?;
    // RFC 9110, 10.1.1: sent once the handler asks for the body. Before that, the connection
    // counts as one without a request, which may be closed for a new one.
    assert_eq!(wire.status().await?, 100);
    wire.send(&BODY[..10]).await?;
    Ok(wire)
}

#[tokio::test]
async fn silent_connections_leave_server_ready() -> Result<()> {
    let directory = TempDir::new()?;
    let server = server_within("-n 200", directory.path())?;
    let silent = |url| try_join_all((0..250).map(move |_| Wire::to(url)));
    let silent = [silent(server.url()).await?, silent(server.s3_url()).await?];
    let ready_url = format!("{}/readyz", server.url());
    for _ in 0..3 {
        let response = timeout(Duration::from_secs(1), reqwest::get(&ready_url)).await??;
        assert_eq!(response.status(), 200);
    }
    assert!(metric(server.url(), "restow_connections").await? <= 17 + 16);
    eventually("the others were closed", async || {
        let evicted = metric(server.url(), "restow_evicted_connections_total").await;
        evicted.is_ok_and(|number| number >= 250 - 17).then_some(())
    })
    .await;
    drop(silent);
    Ok(())
}

#[tokio::test]
async fn descriptor_limit_is_raised_at_start() -> Result<()> {
    let directory = TempDir::new()?;
    let server = server_within("-S -n 100", directory.path())?;
    let limits = fs::read_to_string(format!("/proc/{}/limits", server.id()))?;
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max open files"))
        .context("no limit of open files")?;
    let fields: Vec<u64> = line
        .split_whitespace()
        .filter_map(|field| field.parse().ok())
        .collect();
    assert!(fields[0] > 100 && (fields[0] == fields[1] || fields[0] >= 65_536));
    Ok(())
}

#[tokio::test]
async fn idle_connections_are_closed() -> Result<()> {
    let system = System::start_with(&[("--idle-timeout", "1s")])?;
    let url = system.server.url();
    let silent = async { Wire::to(url).await?.closed().await };
    let between_requests = async {
        let mut wire = Wire::to(url).await?;
        wire.head("GET /healthz", &[]).await?;
        assert_eq!(wire.status().await?, 200);
        wire.closed().await
    };
    let byte_by_byte = async {
        let mut wire = Wire::to(url).await?;
        let mut ticks = interval(Duration::from_millis(100));
        for byte in b"GET /healthz HTTP/1.1\r\n".iter().cycle().take(100) {
            ticks.tick().await;
            if wire.send(&[*byte]).await.is_err() {
                return Ok(());
            }
        }
        anyhow::bail!("ten seconds of header bytes were accepted")
    };
    timeout(
        Duration::from_secs(20),
        try_join3(silent, between_requests, byte_by_byte),
    )
    .await??;
    Ok(())
}

#[tokio::test]
async fn new_connection_outlives_idle_ones() -> Result<()> {
    let system = System::start_with(&[("--max-connections", "8"), UNBOUNDED_ADDRESS])?;
    let url = system.server.url();
    let mut idle = Vec::new();
    for _ in 0..8 {
        let mut wire = Wire::to(url).await?;
        wire.head("GET /healthz", &[]).await?;
        assert_eq!(wire.status().await?, 200);
        idle.push(wire);
    }
    let mut new = Wire::to(url).await?;
    let silent = try_join_all((0..3).map(|_| Wire::to(url))).await?;
    // The four of them have taken the places of as many.
    for wire in &mut idle[..4] {
        timeout(Duration::from_secs(20), wire.closed()).await??;
    }
    new.head("GET /healthz", &[]).await?;
    assert_eq!(new.status().await?, 200);
    drop((silent, idle));
    Ok(())
}

#[tokio::test]
async fn slow_request_is_not_idle() -> Result<()> {
    let system = System::start_with(&[("--idle-timeout", "1s")])?;
    let mut slow = begin(&system).await?;
    // A connection that is silent from now on is closed before the request goes on.
    Wire::to(system.server.url()).await?.closed().await?;
    slow.send(&BODY[10..]).await?;
    assert_eq!(slow.status().await?, 201);
    Ok(())
}

#[tokio::test]
async fn connections_above_the_bound_are_refused() -> Result<()> {
    let system = System::start_with(&[("--max-connections", "2"), UNBOUNDED_ADDRESS])?;
    let mut busy = [begin(&system).await?, begin(&system).await?];
    let url = system.server.url();
    let request = |path: &str| {
        system
            .http
            .request(Method::GET, format!("{url}{path}"))
            .bearer_auth(system.server.token())
    };
    let refused = request("/api/datasets").send().await?;
    assert!(refused.headers().contains_key("retry-after"));
    refused_answer(refused, 503, "unavailable").await?;
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(request(path).send().await?.status(), 200, "{path}");
    }
    assert!(metric(url, "restow_refused_connections_total").await? >= 1);
    for wire in &mut busy {
        wire.send(&BODY[10..]).await?;
    }
    let statuses = [busy[0].status().await?, busy[1].status().await?];
    assert!(statuses == [201, 409] || statuses == [409, 201]);
    eventually("a connection is free", || async {
        let response = request("/api/datasets").send().await.ok()?;
        (response.status() == 200).then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "only Linux has further loopback addresses"
)]
async fn one_address_has_half_of_the_connections() -> Result<()> {
    let system = System::start_with(&[("--max-connections", "4")])?;
    let url = format!("{}/api/datasets", system.server.url());
    let mut busy = [begin(&system).await?, begin(&system).await?];
    let request = |http: &reqwest::Client| http.get(&url).bearer_auth(system.server.token()).send();
    refused_answer(request(&system.http).await?, 503, "unavailable").await?;
    let elsewhere = reqwest::Client::builder().local_address(IpAddr::from([127, 0, 0, 2]));
    let elsewhere = elsewhere.no_proxy().build()?;
    assert_eq!(request(&elsewhere).await?.status(), 200);
    for wire in &mut busy {
        wire.send(&BODY[10..]).await?;
    }
    eventually("the address has a connection again", || async {
        let response = request(&system.http).await.ok()?;
        (response.status() == 200).then_some(())
    })
    .await;
    Ok(())
}
