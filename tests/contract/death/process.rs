//! Processes that die at a crash point, and checks of the outcome.

use std::fmt::Debug;
use std::future::ready;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use restow_sdk::generated::types::CompletedPart;
use restow_server::crash::{self, Point};
use restow_tests::{ServerOptions, WorkerProcess};
use uuid::Uuid;

use crate::fixture::{System, Upload, assert_invariants, csv, eventually, executable};

/// Lease of each process.
pub const LEASE: (&str, &str) = ("--lease", "2s");

/// Options of a server that leaves every inspection to its worker.
pub const QUEUED: [(&str, &str); 2] = [LEASE, ("--inspect-inline", "0")];

/// Options of a server without background work.
pub const ALONE: [(&str, &str); 3] = [LEASE, ("--no-worker", ""), ("--no-reaper", "")];

/// The signal by which a process aborts.
const SIGABRT: i32 = 6;

/// Rows of the files: enough for two parts, and for a point within the inspection.
const ROWS: usize = 300_000;

/// A file of two parts.
pub fn content() -> Bytes {
    csv(ROWS)
}

/// The variable that makes a process die at a point.
pub fn dying_at(point: Point) -> (String, String) {
    (crash::VARIABLE.to_string(), point.name().to_string())
}

/// Makes a server die at a point during a request, restarts it, and returns the response.
pub async fn server_dies<T: Debug>(
    system: System,
    point: Point,
    call: impl AsyncFnOnce(&System) -> T,
) -> Result<(System, T)> {
    let (system, response) = dies(system, point, call).await?;
    Ok((system.kill_and_restart().await?, response))
}

/// Makes a server die at a point during a request, and returns the response. The server is not restarted, so that nothing
/// resumes its work yet.
pub async fn dies<T: Debug>(
    system: System,
    point: Point,
    call: impl AsyncFnOnce(&System) -> T,
) -> Result<(System, T)> {
    let logged_before = system.server.log()?.len();
    let mut system = system.kill_and_restart_with(vec![dying_at(point)]).await?;
    let response = call(&system).await;
    let death = format!(
        "the server dies at {}; response: {response:?}",
        point.name()
    );
    let ended = eventually(&death, || ready(system.server.ended().ok().flatten())).await;
    assert_died(ended, &system.server.log()?[logged_before..], point)?;
    Ok((system, response))
}

/// Makes a separate worker die at a point.
pub async fn worker_dies(system: &System, point: Point) -> Result<()> {
    let mut worker = WorkerProcess::start(&beside(system, vec![dying_at(point)]))?;
    let death = format!("the worker dies at {}", point.name());
    let ended = eventually(&death, || ready(worker.ended().ok().flatten())).await;
    assert_died(ended, &worker.log()?, point)
}

/// A separate worker.
pub fn worker(system: &System) -> Result<WorkerProcess> {
    WorkerProcess::start(&beside(system, Vec::new()))
}

/// Options of another process on the server's data, with further variables.
pub fn beside(system: &System, variables: Vec<(String, String)>) -> ServerOptions {
    let options = ServerOptions::new(executable(), system.server.data_dir()).with(LEASE.0, LEASE.1);
    options
        .with_environment(system.environment())
        .with_environment(variables)
}

fn assert_died(ended: ExitStatus, log: &str, point: Point) -> Result<()> {
    let last_words = format!("died at {}", point.name());
    ensure!(
        ended.signal() == Some(SIGABRT),
        "unexpected exit status {ended}: {log}"
    );
    ensure!(
        log.lines().any(|line| line == last_words),
        "it died at another point: {log}"
    );
    Ok(())
}

/// A reupload with all parts sent.
pub async fn sent(system: &System) -> Result<Upload> {
    Ok(sent_parts(system).await?.0)
}

/// The same, with its parts as S3 named them.
pub async fn sent_parts(system: &System) -> Result<(Upload, Vec<CompletedPart>)> {
    let upload = system
        .begin(system.dataset("survivor").await?, "rows.csv", content())
        .await?;
    ensure!(upload.urls.len() == 2, "the test needs several parts");
    let parts = upload.put_all().await?;
    Ok((upload, parts))
}

/// Completes, waits and commits like a client that retries, and checks the result.
pub async fn finish(system: &System, upload: &Upload) -> Result<()> {
    let upload = upload.through(system);
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    assert_published(system, upload.dataset_id, &upload.content).await
}

/// Checks that the dataset has one version with this content, and that nothing else remains.
pub async fn assert_published(system: &System, dataset_id: Uuid, content: &Bytes) -> Result<()> {
    let versions = system
        .client
        .api()
        .list_versions()
        .dataset_id(dataset_id)
        .send()
        .await?;
    let numbers: Vec<_> = versions
        .items
        .iter()
        .map(|version| version.version)
        .collect();
    ensure!(numbers == [1], "expected one version: {numbers:?}");
    ensure!(
        system.read(dataset_id).await? == content,
        "the downloaded bytes differ"
    );
    assert_invariants(system, &system.bucket())
        .await
        .context("at the end")
}
