//! Probes and metrics: they say when a process has to be restarted or avoided, and cost little.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::future::try_join_all;
use reqwest::{Method, StatusCode};
use restow_server::crash::PANIC_VARIABLE;
use restow_tests::fault_proxy::Operation;
use restow_tests::{ServerOptions, WorkerProcess};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::fixture::{Proxied, System, csv, eventually, executable, metric, named};

/// How often a probe may cause a request to S3.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);

/// How often a process looks at S3 by itself, at most.
const OWN_INTERVAL: Duration = Duration::from_secs(10);

async fn probe(system: &System, path: &str) -> Result<(StatusCode, String)> {
    let response = system.anonymous(Method::GET, path).send().await?;
    Ok((response.status(), response.text().await?))
}

/// A server one of whose background tasks panics: each time that it starts, or the first times, after a colon.
async fn panicking_in(task: &str, options: &[(&str, &str)]) -> Result<System> {
    let variable = (PANIC_VARIABLE.to_string(), task.to_string());
    let system = System::start_with(options)?;
    system.kill_and_restart_with(vec![variable]).await
}

#[tokio::test]
async fn probes_cause_few_requests_to_s3() -> Result<()> {
    let proxied = Proxied::start_with(&[("--no-worker", "")])?;
    let looks = || {
        let seen = proxied.proxy.seen();
        seen.iter()
            .filter(|seen| seen.operation == Operation::Other)
            .count()
    };
    let (before, started) = (looks(), Instant::now());
    for _ in 0..10 {
        let probes = (0..50).map(|_| probe(&proxied.system, "/readyz"));
        for (status, body) in try_join_all(probes).await? {
            assert_eq!(status, 200, "{body}");
        }
    }
    let elapsed = started.elapsed();
    let intervals = |interval: Duration| elapsed.as_nanos() / interval.as_nanos() + 1;
    let allowed = intervals(PROBE_INTERVAL) + intervals(OWN_INTERVAL);
    let caused = looks() - before;
    assert!(
        caused as u128 <= allowed,
        "500 probes caused {caused} requests in {elapsed:?}"
    );
    Ok(())
}

#[tokio::test]
async fn worker_serves_probes_and_metrics() -> Result<()> {
    let system = System::start_with(&[("--no-worker", "")])?;
    let mut options = ServerOptions::new(executable(), system.server.data_dir())
        .with_environment(system.environment());
    options.arguments = ["--listen", "127.0.0.1:0"].map(str::to_string).to_vec();
    let worker = spawn_blocking(move || WorkerProcess::start(&options)).await??;
    let url = worker.probes_url().context("no probes")?.to_string();
    let dataset_id = system.dataset("inspected elsewhere").await?;
    system.publish(dataset_id, "rows.csv", csv(3)).await?;
    for (path, status, part) in [
        ("/healthz", 200, "\"ok\""),
        ("/readyz", 200, "\"storage\":{\"status\":\"ok\""),
        ("/metrics", 200, "restow_jobs_total{status=\"ready\"} 1"),
        ("/api/datasets", 404, ""),
        ("/docs", 404, ""),
    ] {
        let response = system.http.get(format!("{url}{path}")).send().await?;
        assert_eq!(response.status(), status, "{path}");
        let body = response.text().await?;
        assert!(body.contains(part), "{path}: {body}");
    }
    let head = system.http.head(format!("{url}/readyz")).send().await?;
    assert_eq!(head.status(), 200);
    Ok(())
}

#[tokio::test]
async fn failing_task_makes_process_unhealthy() -> Result<()> {
    let system = panicking_in("reaper", &[]).await?;
    eventually("an unhealthy process", async || {
        let (status, body) = probe(&system, "/healthz").await.ok()?;
        (status == 503).then_some(body)
    })
    .await;
    let (_, body) = probe(&system, "/healthz").await?;
    let body: Value = serde_json::from_str(&body)?;
    assert_eq!(body, json!({ "status": "failing", "tasks": ["reaper"] }));
    assert_eq!(probe(&system, "/readyz").await?.0, 200);
    let failures = metric(
        system.server.url(),
        "restow_task_failures_total{task=\"reaper\"}",
    )
    .await?;
    assert!(failures >= 5, "{failures}");
    let log = system.server.log()?;
    assert!(log.contains("a background task failed"), "{log}");
    Ok(())
}

#[tokio::test]
async fn panicked_tasks_are_started_again() -> Result<()> {
    for task in ["worker", "listener", "service", "reaper"] {
        let system = panicking_in(&format!("{task}:2"), &[]).await?;
        let dataset_id = system.dataset("inspected at last").await?;
        system.publish(dataset_id, "rows.csv", csv(3)).await?;
        let name = format!("restow_task_failures_total{{task=\"{task}\"}}");
        eventually("two failures", async || {
            (metric(system.server.url(), &name).await.ok()? == 2).then_some(())
        })
        .await;
        assert_eq!(probe(&system, "/healthz").await?.0, 200, "{task}");
    }
    Ok(())
}

#[tokio::test]
async fn panicked_completion_is_counted_and_resumed() -> Result<()> {
    for task in ["completion", "job"] {
        let options = [("--lease", "1s"), ("--inspect-inline", "0")];
        let system = panicking_in(&format!("{task}:1"), &options).await?;
        let dataset_id = system.dataset("resumed").await?;
        system.publish(dataset_id, "rows.csv", csv(3)).await?;
        assert_eq!(system.read(dataset_id).await?, csv(3));
        let name = format!("restow_task_failures_total{{task=\"{task}\"}}");
        assert_eq!(metric(system.server.url(), &name).await?, 1);
    }
    Ok(())
}

#[tokio::test]
async fn every_change_of_state_is_counted() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("deleted").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(3)).await?;
    let refused = upload.complete(vec![named(1, "none")]).await;
    assert!(refused.is_err(), "a completion without parts");
    system.begin(dataset_id, "more.csv", csv(3)).await?;
    system
        .client
        .api()
        .delete_dataset()
        .dataset_id(dataset_id)
        .send()
        .await?;
    for (status, count) in [("awaiting_upload", 3), ("completing", 1), ("cancelled", 2)] {
        let name = format!("restow_jobs_total{{status=\"{status}\"}}");
        assert_eq!(metric(system.server.url(), &name).await?, count, "{status}");
    }
    Ok(())
}
