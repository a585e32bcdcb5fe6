//! A poison job crashes every worker that inspects it. The job fails, and other jobs are inspected meanwhile.

use std::future::ready;

use anyhow::{Result, bail, ensure};
use chrono::TimeDelta;
use restow_sdk::generated::types::JobStatus;
use restow_server::crash::{self, Point};
use restow_tests::fault_proxy::Operation;
use restow_tests::{ServerOptions, WorkerProcess};
use uuid::Uuid;

use crate::fixture::{
    Clock, Proxied, System, Upload, assert_invariants, csv, eventually, executable,
};

/// Number of workers that die before the job fails.
const DEATHS: usize = 5;

/// Rows of the poison. Inspections of smaller objects do not reach the crash point.
const ROWS: usize = 300_000;

/// Workers that die during the inspection of a large object; each one is replaced immediately.
struct MortalWorkers {
    options: ServerOptions,
    alive: WorkerProcess,
}

impl MortalWorkers {
    fn start(system: &System, lease: &str) -> Result<Self> {
        let die = (
            crash::VARIABLE.to_string(),
            Point::InspectReading.name().to_string(),
        );
        let options =
            ServerOptions::new(executable(), system.server.data_dir()).with("--lease", lease);
        let variables = [
            system.environment(),
            [vec![die], Clock::of(system).passing()].concat(),
        ]
        .concat();
        let options = options.with_environment(variables);
        Ok(Self {
            alive: WorkerProcess::start(&options)?,
            options,
        })
    }

    /// Waits until the current worker is dead.
    async fn dies(&mut self) {
        eventually("the worker dies", || {
            ready(self.alive.ended().ok().flatten())
        })
        .await;
    }

    fn next(&mut self) -> Result<()> {
        self.alive = WorkerProcess::start(&self.options)?;
        Ok(())
    }

    /// Replaces workers forever, unless one fails to start.
    async fn follow_each_other(&mut self) -> Result<()> {
        loop {
            self.dies().await;
            self.next()?;
        }
    }

    fn deaths(&self) -> Result<usize> {
        let last_words = format!("died at {}", Point::InspectReading.name());
        Ok(self
            .alive
            .log()?
            .lines()
            .filter(|line| *line == last_words)
            .count())
    }
}

/// Publishes versions in sequence, and counts those that existed before the poison job failed.
async fn publish_meanwhile(system: &System, poison: &Upload, others: Uuid) -> Result<usize> {
    let mut published = 0;
    loop {
        system
            .publish(others, "rows.csv", csv(published + 1))
            .await?;
        match poison.job().await?.status {
            JobStatus::Inspecting => published += 1,
            JobStatus::Failed => return Ok(published),
            status => bail!("the poison job is {status}"),
        }
    }
}

/// A completed reupload with this number of rows.
async fn complete(system: &System, dataset_id: Uuid, rows: usize) -> Result<Upload> {
    let upload = system.begin(dataset_id, "rows.csv", csv(rows)).await?;
    upload.put_all().await?;
    upload.complete(Vec::new()).await?;
    Ok(upload)
}

#[tokio::test]
async fn poison_job_fails_and_others_are_inspected() -> Result<()> {
    let system = System::start_with(&[("--no-worker", ""), ("--no-reaper", "")])?;
    let mut workers = MortalWorkers::start(&system, "1s")?;
    let dataset_id = system.dataset("poisoned").await?;
    system.publish(dataset_id, "rows.csv", csv(7)).await?;
    let others = system.dataset("others").await?;
    let poison = complete(&system, dataset_id, ROWS).await?;
    let published = tokio::select! {
        failed = workers.follow_each_other() => return failed,
        published = publish_meanwhile(&system, &poison, others) => published?,
    };
    ensure!(published > 0, "the other jobs were delayed");
    assert_eq!(workers.deaths()?, DEATHS);
    let error = poison.job().await?.error.map(|error| error.type_);
    assert_eq!(error.as_deref(), Some("inspection_crashed"));
    assert_eq!(system.current_version(dataset_id).await?, Some(1));
    assert_eq!(system.read(dataset_id).await?, csv(7));

    let bucket = system.bucket();
    assert!(bucket.objects().await?.contains(&poison.key));
    system.reap(&[])?;
    assert!(!bucket.objects().await?.contains(&poison.key));
    assert_invariants(&system, &bucket).await
}

#[tokio::test]
async fn job_survives_sharing_a_poisoned_worker() -> Result<()> {
    let it = Proxied::start_with(&[("--no-worker", "")])?;
    let innocent = complete(&it.system, it.system.dataset("innocent").await?, 7).await?;
    let held = it.proxy.hold(Operation::GetObject);
    let mut workers = MortalWorkers::start(&it.system, "30s")?;
    eventually("the innocent job is read", async || {
        held.is_reached().then_some(())
    })
    .await;
    let poison = complete(&it.system, it.system.dataset("poisoned").await?, ROWS).await?;
    workers.dies().await;
    // Both leases expire together, and the innocent job comes first since it is older.
    Clock::of(&it.system).set(TimeDelta::minutes(1))?;
    let held = it.proxy.hold(Operation::GetObject);
    workers.next()?;
    eventually("the innocent job is read again", async || {
        held.is_reached().then_some(())
    })
    .await;
    held.release();
    workers.dies().await;
    assert_eq!(innocent.job().await?.status, JobStatus::Ready);
    assert_eq!(workers.deaths()?, 2);
    innocent.commit().await?;
    poison.cancel().await?;
    assert_invariants(&it.system, &it.bucket()).await
}
