//! Processes that die at a point, and what is to come of it.

use std::fmt::Debug;
use std::future::ready;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use restow_server::crash::{self, Point};
use restow_tests::{ServerOptions, WorkerProcess};
use uuid::Uuid;

use crate::fixture::{System, Upload, assert_invariants, csv, eventually, executable};

/// How soon a process that gives no sign of life is taken for dead.
pub const LEASE: (&str, &str) = ("--lease", "2s");

/// Leaves what goes on beside requests to other processes.
pub const ALONE: [(&str, &str); 3] = [LEASE, ("--no-worker", ""), ("--no-reaper", "")];

/// The signal by which a process ends itself at once.
const SIGABRT: i32 = 6;

/// Rows of the files: enough for two parts, and for an inspection to have a middle.
const ROWS: usize = 300_000;

/// A file of two parts.
pub fn content() -> Bytes {
    csv(ROWS)
}

/// What has a process die at a point.
pub fn dying_at(point: Point) -> (String, String) {
    (crash::VARIABLE.to_string(), point.name().to_string())
}

/// Has a server die at a point while it is asked for something, starts it again, and says what it answered.
pub async fn server_dies<T: Debug>(
    system: System,
    point: Point,
    ask: impl AsyncFnOnce(&System) -> T,
) -> Result<(System, T)> {
    let logged_before = system.server.log()?.len();
    let mut system = system.kill_and_restart_with(vec![dying_at(point)]).await?;
    let answer = ask(&system).await;
    let death = format!(
        "the server dies at {}, whose client heard {answer:?}",
        point.name()
    );
    let ended = eventually(&death, || ready(system.server.ended().ok().flatten())).await;
    assert_died(ended, &system.server.log()?[logged_before..], point)?;
    Ok((system.kill_and_restart().await?, answer))
}

/// Has a worker beside the server die at a point.
pub async fn worker_dies(system: &System, point: Point) -> Result<()> {
    let mut worker = WorkerProcess::start(&beside(system, vec![dying_at(point)]))?;
    let death = format!("the worker dies at {}", point.name());
    let ended = eventually(&death, || ready(worker.ended().ok().flatten())).await;
    assert_died(ended, &worker.log()?, point)
}

/// A worker beside the server.
pub fn worker(system: &System) -> Result<WorkerProcess> {
    WorkerProcess::start(&beside(system, Vec::new()))
}

/// How another process beside the server is started, with further variables.
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
        "it ended with {ended}: {log}"
    );
    ensure!(
        log.lines().any(|line| line == last_words),
        "it died elsewhere: {log}"
    );
    Ok(())
}

/// A reupload whose parts are all sent.
pub async fn sent(system: &System) -> Result<Upload> {
    let upload = system
        .begin(system.dataset("survivor").await?, "rows.csv", content())
        .await?;
    ensure!(upload.urls.len() == 2, "one part is too little to go wrong");
    upload.put_all().await?;
    Ok(upload)
}

/// What a client does that tries again, from the completion on; and what has to hold at the end.
pub async fn finish(system: &System, upload: &Upload) -> Result<()> {
    let upload = upload.through(system);
    upload.complete(Vec::new()).await?;
    upload.wait().await?;
    upload.commit().await?;
    assert_published(system, upload.dataset_id, &upload.content).await
}

/// Checks that the dataset has one version of this content, and that nothing else is left.
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
    ensure!(numbers == [1], "there should be one version: {numbers:?}");
    ensure!(
        system.read(dataset_id).await? == content,
        "other bytes came back"
    );
    assert_invariants(system, &system.bucket())
        .await
        .context("at the end")
}
