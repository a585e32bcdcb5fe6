//! Metrics: what operators see of a process, on a listener of their own if they wish, whatever the database does.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use restow_tests::postgres::POSTGRES_VARIABLE;
use restow_tests::{DatabaseProxy, Postgres, ServerOptions, WorkerProcess};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::fixture::{System, csv, eventually, executable, migrate, named};

/// An address of their own.
const LISTENER: (&str, &str) = ("--metrics-listen", "127.0.0.1:0");

/// Longest time that a scrape may take while the database does not respond: it waits for a second.
const SCRAPE_TIME: Duration = Duration::from_secs(2);

/// The metrics of a process, which are served at this URL.
async fn scrape(system: &System, url: &str) -> Result<String> {
    let response = system.http.get(url).send().await?.error_for_status()?;
    Ok(response.text().await?)
}

fn own_url(system: &System) -> Result<String> {
    let url = system.server.metrics_url();
    Ok(url.context("no address of their own")?.to_string())
}

/// The whole part of the value of a metric with its labels; 0 where it is not there.
fn value(metrics: &str, name: &str) -> Result<u64> {
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let value = line.unwrap_or("0");
    Ok(value.split('.').next().unwrap_or(value).parse()?)
}

#[tokio::test]
async fn metrics_have_a_listener_of_their_own() -> Result<()> {
    let system = System::start_with(&[LISTENER])?;
    let (api, own) = (system.server.url().to_string(), own_url(&system)?);
    system.dataset("counted").await?;
    let metrics = scrape(&system, &own).await?;
    assert!(
        metrics.contains("restow_build_info{version=\""),
        "{metrics}"
    );
    let root = own.trim_end_matches("/metrics").to_string();
    for (url, status) in [
        (format!("{api}/metrics"), 404),
        (format!("{api}/readyz"), 200),
        (format!("{root}/readyz"), 404),
        (format!("{root}/api/datasets"), 404),
    ] {
        assert_eq!(
            system.http.get(&url).send().await?.status(),
            status,
            "{url}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn worker_has_metrics_without_probes() -> Result<()> {
    let system = System::start_with(&[("--no-worker", ""), ("--inspect-inline", "0")])?;
    let mut options = ServerOptions::new(executable(), system.server.data_dir())
        .with_environment(system.environment());
    options.arguments = [LISTENER.0, LISTENER.1].map(str::to_string).to_vec();
    let worker = spawn_blocking(move || WorkerProcess::start(&options)).await??;
    assert!(worker.probes_url().is_none());
    let url = worker.metrics_url().context("no metrics")?.to_string();
    let dataset_id = system.dataset("inspected elsewhere").await?;
    system.publish(dataset_id, "rows.csv", csv(3)).await?;
    let metrics = scrape(&system, &url).await?;
    for name in [
        "restow_inspection_duration_seconds_count{status=\"ready\"}",
        "restow_dependency_up{dependency=\"database\"}",
        "restow_dependency_up{dependency=\"s3\"}",
    ] {
        assert_eq!(value(&metrics, name)?, 1, "{name}\n{metrics}");
    }
    Ok(())
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status() -> Result<()> {
    let system = System::start_with(&[LISTENER])?;
    let dataset_id = system.dataset("counted").await?;
    system.publish(dataset_id, "rows.csv", csv(3)).await?;
    let missing = system.client.api().get_dataset().dataset_id(Uuid::new_v4());
    assert!(missing.send().await.is_err());
    let metrics = scrape(&system, &own_url(&system)?).await?;
    for (method, route, status) in [
        ("POST", "/api/datasets", 201),
        ("POST", "/api/datasets/{dataset_id}/reupload/presigned", 201),
        ("GET", "/api/datasets/{dataset_id}", 404),
    ] {
        let name = format!(
            "http_server_request_duration_seconds_count{{http_request_method=\"{method}\",http_route=\"{route}\",\
             http_response_status_code=\"{status}\"}}"
        );
        assert_eq!(value(&metrics, &name)?, 1, "{name}\n{metrics}");
    }
    for name in [
        "restow_s3_request_duration_seconds_count{operation=\"CreateMultipartUpload\",outcome=\"ok\"}",
        "restow_database_operation_duration_seconds_count{access=\"write\"}",
        "process_resident_memory_bytes",
    ] {
        assert!(value(&metrics, name)? > 0, "{name}\n{metrics}");
    }
    // Neither names nor identifiers are labels.
    for unbounded in [dataset_id.to_string().as_str(), "counted", "rows.csv"] {
        assert!(!metrics.contains(unbounded), "{unbounded}\n{metrics}");
    }
    Ok(())
}

#[tokio::test]
async fn format_is_what_the_client_accepts() -> Result<()> {
    let system = System::start_with(&[LISTENER])?;
    let url = own_url(&system)?;
    for (accept, content_type, line) in [
        (
            "*/*",
            "application/openmetrics-text",
            "# TYPE restow_urls counter",
        ),
        (
            "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5",
            "application/openmetrics-text",
            "# EOF",
        ),
        (
            "text/plain",
            "text/plain",
            "# TYPE restow_urls_total counter",
        ),
    ] {
        let request = system.http.get(&url).header("accept", accept);
        let response = request.send().await?;
        let found = response.headers()["content-type"].to_str()?.to_string();
        assert!(found.starts_with(content_type), "{accept}: {found}");
        let text = response.text().await?;
        assert!(text.lines().any(|found| found == line), "{accept}\n{text}");
    }
    Ok(())
}

#[tokio::test]
async fn rounds_of_the_reaper_are_shown() -> Result<()> {
    let system = System::start_with(&[LISTENER, ("--reap-interval", "1s")])?;
    let url = own_url(&system)?;
    let dataset_id = system.dataset("cleaned").await?;
    let upload = system.begin(dataset_id, "rows.csv", csv(3)).await?;
    assert!(upload.complete(vec![named(1, "none")]).await.is_err());
    upload.cancel().await?;
    let metrics = eventually("a job is cleaned", async || {
        let metrics = scrape(&system, &url).await.ok()?;
        let cleaned = value(&metrics, "restow_reaper_items_total{what=\"cleaned\"}").ok()?;
        (cleaned > 0).then_some(metrics)
    })
    .await;
    for name in [
        "restow_reaper_duty_runs_total{duty=\"clean\",outcome=\"done\"}",
        "restow_reaper_duty_last_done_timestamp_seconds{duty=\"clean\"}",
        "restow_reaper_round_timestamp_seconds",
        "restow_bucket_generation",
    ] {
        assert!(value(&metrics, name)? > 0, "{name}\n{metrics}");
    }
    Ok(())
}

/// A server behind a proxy to PostgreSQL; `None` where there is no cluster.
fn behind_a_proxy() -> Result<Option<(System, DatabaseProxy)>> {
    let Some(socket) = std::env::var_os(POSTGRES_VARIABLE).map(PathBuf::from) else {
        return Ok(None);
    };
    let name = Uuid::new_v4().simple().to_string();
    let url = Postgres::create_database(&socket, &name)?;
    migrate(&[("RESTOW_DATABASE_URL".to_string(), url)])?;
    let proxy = DatabaseProxy::start(&socket)?;
    let environment = vec![("RESTOW_DATABASE_URL".to_string(), proxy.url(&name))];
    let options = [LISTENER, ("--no-reaper", "")];
    let system = System::start_in(tempfile::tempdir()?, environment, &options)?;
    Ok(Some((system, proxy)))
}

#[tokio::test]
async fn silent_database_delays_no_scrape() -> Result<()> {
    let Some((system, proxy)) = spawn_blocking(behind_a_proxy).await?? else {
        return Ok(());
    };
    let url = own_url(&system)?;
    let dataset_id = system.dataset("open").await?;
    system.begin(dataset_id, "rows.csv", csv(3)).await?;
    let up = "restow_dependency_up{dependency=\"database\"}";
    let before = scrape(&system, &url).await?;
    assert_eq!(value(&before, up)?, 1, "{before}");
    assert_eq!(value(&before, "restow_open_uploads")?, 1, "{before}");
    proxy.stall_all();
    let metrics = eventually("the database is reported as down", async || {
        let begun = Instant::now();
        let metrics = scrape(&system, &url).await.ok()?;
        assert!(begun.elapsed() < SCRAPE_TIME, "{:?}", begun.elapsed());
        (value(&metrics, up).ok()? == 0).then_some(metrics)
    })
    .await;
    // What was read before is still served.
    assert_eq!(value(&metrics, "restow_open_uploads")?, 1, "{metrics}");
    proxy.heal();
    eventually("the database is reported as up", async || {
        let metrics = scrape(&system, &url).await.ok()?;
        (value(&metrics, up).ok()? == 1).then_some(())
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn scrapes_cause_few_statements() -> Result<()> {
    let Some((system, proxy)) = spawn_blocking(behind_a_proxy).await?? else {
        return Ok(());
    };
    let url = own_url(&system)?;
    for _ in 0..100 {
        scrape(&system, &url).await?;
    }
    let seen = proxy.seen();
    let sums = seen.iter().filter(|sql| sql.contains("AS open_uploads"));
    let sums = sums.count();
    ensure!(
        (1..=2).contains(&sums),
        "100 scrapes read the jobs {sums} times"
    );
    Ok(())
}
