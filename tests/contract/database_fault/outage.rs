//! A database that is unreachable or unresponsive: requests are refused, and the server recovers afterwards.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use reqwest::{Method, StatusCode};
use restow_tests::database_proxy::Fault;
use restow_tests::fault_proxy::Operation;
use restow_tests::{DatabaseProxy, FaultProxy, Held, WorkerProcess};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::site::{Site, unavailable};
use super::socket;
use crate::fixture::{Upload, assert_invariants, csv, eventually};

/// Number of connections of one process.
const CONNECTIONS: usize = 16;

/// Time after which a request counts as never answered.
const FOR_EVER: Duration = Duration::from_mins(1);

/// Checks that all of more requests than connections are refused.
async fn all_are_refused(site: &Site, method: &Method, path: &str) -> Result<()> {
    let requests = (0..3 * CONNECTIONS).map(|_| async {
        unavailable(
            site.system
                .request(method.clone(), path)
                .json(&json!({}))
                .send()
                .await?,
        )
        .await
    });
    timeout(FOR_EVER, try_join_all(requests))
        .await
        .with_context(|| format!("{path}: no response"))??;
    Ok(())
}

async fn assert_probes(site: &Site, database: &str, ready: StatusCode) -> Result<()> {
    let response = site
        .system
        .anonymous(Method::GET, "/healthz")
        .send()
        .await?;
    ensure!(
        response.status().is_success(),
        "/healthz fails: {}",
        response.status()
    );
    let response = site.system.anonymous(Method::GET, "/readyz").send().await?;
    ensure!(
        response.status() == ready,
        "expected {ready}: {}",
        response.status()
    );
    let said: Value = response.json().await?;
    ensure!(
        said["database"]["status"] == database,
        "unexpected text: {said}"
    );
    Ok(())
}

async fn is_waited_for(begin: fn(&DatabaseProxy)) -> Result<()> {
    let Some(socket) = socket() else {
        return Ok(());
    };
    let site = Site::start(&socket, &[]).await?;
    let dataset_id = site.system.dataset("rows").await?;
    let upload = site.system.prepare(dataset_id, "rows.csv", csv(1)).await?;
    let commit = format!("/jobs/{}/commit", upload.job_id);
    begin(&site.proxy);
    all_are_refused(&site, &Method::GET, "/datasets").await?;
    all_are_refused(&site, &Method::POST, &commit).await?;
    assert_probes(&site, "unavailable", StatusCode::SERVICE_UNAVAILABLE).await?;
    site.proxy.heal();
    let version = site.obtain(200, Method::POST, &commit, &json!({})).await?;
    assert_eq!(
        (
            &version["version"],
            site.system.current_version(dataset_id).await?
        ),
        (&json!(1), Some(1))
    );
    eventually("the server is ready", async || {
        assert_probes(&site, "ok", StatusCode::OK).await.ok()
    })
    .await;
    // The worker recovers as well.
    site.system.publish(dataset_id, "rows.csv", csv(2)).await?;
    assert_eq!(site.system.read(dataset_id).await?, csv(2));
    assert_invariants(&site.system, &site.system.bucket()).await
}

#[tokio::test]
async fn server_recovers_after_refused_connections() -> Result<()> {
    is_waited_for(DatabaseProxy::cut_all).await
}

#[tokio::test]
async fn server_recovers_after_unresponsive_database() -> Result<()> {
    is_waited_for(DatabaseProxy::stall_all).await
}

#[tokio::test]
async fn silent_connections_are_replaced() -> Result<()> {
    let Some(socket) = socket() else {
        return Ok(());
    };
    let site = Site::start(&socket, &[]).await?;
    let dataset_id = site.system.dataset("rows").await?;
    site.proxy.inject("FROM datasets", .., Fault::Hang);
    all_are_refused(&site, &Method::GET, "/datasets").await?;
    // The silent connections stay silent.
    assert!(site.proxy.heal() > CONNECTIONS / 2);
    let path = format!("/datasets/{dataset_id}");
    try_join_all((0..3 * CONNECTIONS).map(|_| site.obtain(200, Method::GET, &path, &Value::Null)))
        .await?;
    site.system.publish(dataset_id, "rows.csv", csv(1)).await?;
    assert_invariants(&site.system, &site.system.bucket()).await
}

/// A worker during an inspection, with all its connections cut.
struct Interrupted {
    site: Site,
    s3: FaultProxy,
    worker: WorkerProcess,
    upload: Upload,
}

impl Interrupted {
    /// Starts an inspection, and holds the response of S3 that the worker waits for.
    async fn start(socket: &Path, lease: &str) -> Result<(Self, Held)> {
        let site = Site::start(socket, &[("--no-worker", "")]).await?;
        let s3 = FaultProxy::start(&site.system.place.endpoint)?;
        let worker = site.worker(&s3.url(), lease).await?;
        let held = s3.hold(Operation::GetObject);
        let upload = send(&site, "cut").await?;
        eventually("the worker reads the object", async || {
            held.is_reached().then_some(())
        })
        .await;
        site.proxy.cut_all();
        let interrupted = Self {
            site,
            s3,
            worker,
            upload,
        };
        interrupted.says("failed to renew the lease").await;
        Ok((interrupted, held))
    }

    /// Waits until the worker logs this text.
    async fn says(&self, words: &str) {
        eventually(words, async || {
            self.worker.log().ok()?.contains(words).then_some(())
        })
        .await;
    }

    /// Checks that the result is written once, and returns how often the object was read.
    async fn finish(&self) -> Result<usize> {
        self.publish(&self.upload).await?;
        let undisturbed = send(&self.site, "undisturbed").await?;
        self.publish(&undisturbed).await?;
        assert_invariants(&self.site.system, &self.site.system.bucket()).await?;
        let reads = |upload: &Upload| self.s3.reached(Operation::GetObject, &upload.key);
        Ok(reads(&self.upload) / reads(&undisturbed))
    }

    async fn publish(&self, upload: &Upload) -> Result<()> {
        upload.wait().await?;
        let (log, job_id) = (self.worker.log()?, upload.job_id.to_string());
        let written = log
            .lines()
            .filter(|line| line.contains("object inspected") && line.contains(&job_id))
            .count();
        ensure!(written == 1, "the inspection was written {written} times");
        ensure!(upload.commit().await?.version == 1, "another version");
        ensure!(
            self.site.system.read(upload.dataset_id).await? == upload.content,
            "the downloaded bytes differ"
        );
        Ok(())
    }
}

async fn send(site: &Site, name: &str) -> Result<Upload> {
    let dataset_id = site.system.dataset(name).await?;
    let upload = site.system.begin(dataset_id, "rows.csv", csv(1)).await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    Ok(upload)
}

#[tokio::test]
async fn inspection_result_is_written_after_outage() -> Result<()> {
    let Some(socket) = socket() else {
        return Ok(());
    };
    let (it, held) = Interrupted::start(&socket, "30s").await?;
    it.site.proxy.heal();
    // The first attempts to write fail as well.
    it.site.proxy.inject("WITH finished AS", 1..=2, Fault::Cut);
    held.release();
    assert_eq!(it.finish().await?, 1);
    assert_eq!(it.site.proxy.heal(), 2);
    Ok(())
}

#[tokio::test]
async fn inspection_after_lost_lease_is_written_once() -> Result<()> {
    let Some(socket) = socket() else {
        return Ok(());
    };
    let (it, held) = Interrupted::start(&socket, "2s").await?;
    // The first failed heartbeat takes the pool's timeout of two seconds, which is as long as the lease.
    held.release();
    it.site.proxy.heal();
    // From the same read, or from a second one if another process took over the job.
    it.finish().await?;
    Ok(())
}
