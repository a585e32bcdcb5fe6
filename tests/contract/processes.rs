//! Several processes with one PostgreSQL database and one bucket. They need a cluster; see `system with-postgres`.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::TimeDelta;
use futures::future::try_join_all;
use reqwest::{Method, StatusCode};
use restow_sdk::generated::types::JobStatus;
use restow_tests::fault_proxy::Operation;
use restow_tests::postgres::POSTGRES_VARIABLE;
use restow_tests::{FaultProxy, Postgres, ServerOptions, WorkerProcess};
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

use crate::fixture::{
    Clock, System, Upload, assert_invariants, csv, eventually, executable, with_token,
};

/// Two API servers with one database and one bucket, without workers.
struct Site {
    servers: [System; 2],
    store: System,
    database: (String, String),
    /// Data directories of the workers.
    directory: TempDir,
}

impl Site {
    /// Servers with a new database in the cluster whose socket is in this directory.
    fn start(socket: &Path) -> Result<Self> {
        let url = Postgres::create_database(socket, &Uuid::new_v4().simple().to_string())?;
        let database = ("RESTOW_DATABASE_URL".to_string(), url);
        let alone = [("--no-worker", ""), ("--no-reaper", "")];
        let store = System::start_with(&alone)?;
        let mut variables = store.place.environment(&store.place.endpoint);
        variables.push(database.clone());
        let start = || System::start_in(with_token(&variables)?, variables.clone(), &alone);
        Ok(Self {
            servers: [start()?, start()?],
            store,
            database,
            directory: tempfile::tempdir()?,
        })
    }

    /// A worker that reaches S3 by this URL, inspects one object at a time, and has a short lease.
    fn worker(&self, name: &str, s3_url: &str) -> Result<WorkerProcess> {
        self.worker_with(name, s3_url, Vec::new())
    }

    /// The same, with further variables in its environment.
    fn worker_with(
        &self,
        name: &str,
        s3_url: &str,
        mut variables: Vec<(String, String)>,
    ) -> Result<WorkerProcess> {
        variables.extend(self.store.place.environment(s3_url));
        variables.push(self.database.clone());
        let options = ServerOptions::new(executable(), self.directory.path().join(name));
        let options = options
            .with("--lease", "2s")
            .with("--worker-concurrency", "1");
        WorkerProcess::start(&options.with_environment(variables))
    }

    fn s3_url(&self) -> &str {
        &self.store.place.endpoint
    }

    /// Requests URLs from one server and completes at the other.
    async fn send(&self, number: usize) -> Result<Upload> {
        let (one, other) = (&self.servers[number % 2], &self.servers[(number + 1) % 2]);
        let dataset_id = one.dataset(&format!("dataset {number}")).await?;
        let upload = one.begin(dataset_id, "rows.csv", csv(number + 1)).await?;
        upload.put_all().await?;
        upload.through(other).complete(Vec::new()).await?;
        Ok(upload)
    }

    /// Commits at one server and reads at both.
    async fn finish(&self, upload: &Upload) -> Result<()> {
        upload.through(&self.servers[1]).wait().await?;
        upload.through(&self.servers[0]).commit().await?;
        for server in &self.servers {
            assert_eq!(server.read(upload.dataset_id).await?, upload.content);
        }
        Ok(())
    }

    /// How often the job was claimed, and how many of its workers are thought to have died.
    async fn attempts(&self, upload: &Upload) -> Result<(i64, i64)> {
        let mut connection = PgConnection::connect(&self.database.1).await?;
        let attempts: (i64, i64) = sqlx::query_as("SELECT attempt, deaths FROM jobs WHERE id = $1")
            .bind(upload.job_id)
            .fetch_one(&mut connection)
            .await?;
        connection.close().await?;
        Ok(attempts)
    }

    async fn assert_invariants(&self) -> Result<()> {
        for server in &self.servers {
            assert_invariants(server, &self.store.bucket()).await?;
        }
        Ok(())
    }
}

/// The PostgreSQL cluster for the tests, if there is one.
fn socket() -> Option<std::ffi::OsString> {
    std::env::var_os(POSTGRES_VARIABLE)
}

/// Number of inspections of the job that the workers have finished.
fn inspections(workers: &[&WorkerProcess], upload: &Upload) -> Result<usize> {
    let mut found = 0;
    for worker in workers {
        let job_id = upload.job_id.to_string();
        found += worker
            .log()?
            .lines()
            .filter(|line| line.contains("object inspected") && line.contains(&job_id))
            .count();
    }
    Ok(found)
}

#[tokio::test]
async fn each_job_is_inspected_by_one_worker() -> Result<()> {
    let Some(socket) = socket() else {
        return Ok(());
    };
    let site = Site::start(socket.as_ref())?;
    let (one, other) = (
        site.worker("one", site.s3_url())?,
        site.worker("other", site.s3_url())?,
    );
    let uploads = try_join_all((0..20).map(|number| site.send(number))).await?;
    try_join_all(uploads.iter().map(|upload| site.finish(upload))).await?;
    for upload in &uploads {
        assert_eq!(inspections(&[&one, &other], upload)?, 1);
    }
    site.assert_invariants().await
}

#[tokio::test]
async fn inspection_continues_after_worker_dies() -> Result<()> {
    let Some(socket) = socket() else {
        return Ok(());
    };
    let site = Site::start(socket.as_ref())?;
    let proxy = FaultProxy::start(site.s3_url())?;
    let held = proxy.hold(Operation::GetObject);
    let mut first = site.worker("first", &proxy.url())?;
    let upload = site.send(0).await?;
    eventually("the first worker reads the object", async || {
        held.is_reached().then_some(())
    })
    .await;
    first.kill()?;
    let second = site.worker("second", site.s3_url())?;
    site.finish(&upload).await?;
    assert_eq!(
        (
            inspections(&[&first], &upload)?,
            inspections(&[&second], &upload)?
        ),
        (0, 1)
    );
    site.assert_invariants().await
}

#[tokio::test]
async fn stale_worker_cannot_overwrite_its_successor() -> Result<()> {
    let Some(socket) = socket() else {
        return Ok(());
    };
    let site = Site::start(socket.as_ref())?;
    let proxy = FaultProxy::start(site.s3_url())?;
    let held = proxy.hold(Operation::GetObject);
    let first = site.worker("first", &proxy.url())?;
    let upload = site.send(0).await?;
    eventually("the first worker reads the object", async || {
        held.is_reached().then_some(())
    })
    .await;
    first.suspend()?;
    let mut second = site.worker("second", site.s3_url())?;
    site.finish(&upload).await?;
    second.kill()?;
    held.release();
    first.resume()?;
    // It inspects one job at a time, so after a second job it has abandoned the first.
    let next = site.send(1).await?;
    site.finish(&next).await?;
    assert_eq!(
        (
            inspections(&[&first], &upload)?,
            inspections(&[&second], &upload)?
        ),
        (0, 1)
    );
    assert_eq!(inspections(&[&first], &next)?, 1);
    assert_eq!(upload.job().await?.status, JobStatus::Committed);
    site.assert_invariants().await
}

#[tokio::test]
async fn worker_with_fast_clock_respects_leases() -> Result<()> {
    let Some(socket) = socket() else {
        return Ok(());
    };
    let site = Site::start(socket.as_ref())?;
    let proxy = FaultProxy::start(site.s3_url())?;
    let held = proxy.hold(Operation::GetObject);
    let first = site.worker("first", &proxy.url())?;
    let upload = site.send(0).await?;
    eventually("the first worker reads the object", async || {
        held.is_reached().then_some(())
    })
    .await;
    let claimed = site.attempts(&upload).await?;
    assert_eq!(claimed.1, 0, "a death of a live worker");
    let clock = Clock::of(&site.store);
    clock.set(TimeDelta::seconds(40))?;
    let ahead = site.worker_with("ahead", site.s3_url(), vec![clock.variable()])?;
    // The live job is due before this one, and its lease would be over by the clock of the second worker.
    let next = site.send(1).await?;
    site.finish(&next).await?;
    assert_eq!(site.attempts(&upload).await?, claimed);
    held.release();
    site.finish(&upload).await?;
    assert_eq!(
        (
            inspections(&[&first], &upload)?,
            inspections(&[&ahead], &upload)?,
            inspections(&[&ahead], &next)?
        ),
        (1, 0, 1)
    );
    site.assert_invariants().await
}

#[tokio::test]
async fn processes_recover_after_database_outage() -> Result<()> {
    let Some(_) = socket() else { return Ok(()) };
    let cluster = Postgres::start()?;
    let site = Site::start(cluster.socket())?;
    let proxy = FaultProxy::start(site.s3_url())?;
    let held = proxy.hold(Operation::GetObject);
    let worker = site.worker("worker", &proxy.url())?;
    let inspected = site.send(0).await?;
    eventually("the worker reads the object", async || {
        held.is_reached().then_some(())
    })
    .await;
    let waiting = site.servers[0]
        .begin(inspected.dataset_id, "rows.csv", csv(7))
        .await?;
    waiting.put_all().await?;
    cluster.stop()?;
    for server in &site.servers {
        let response = server.request(Method::GET, "/datasets").send().await?;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(response.headers().contains_key("retry-after"));
    }
    let refused = waiting
        .complete(Vec::new())
        .await
        .err()
        .context("completed without the database")?;
    assert!(refused.is_transient(), "{refused}");
    held.release();
    cluster.restart()?;
    eventually("the servers respond", async || {
        let responses = try_join_all(
            site.servers
                .iter()
                .map(|server| server.request(Method::GET, "/datasets").send()),
        );
        responses
            .await
            .ok()?
            .iter()
            .all(|response| response.status().is_success())
            .then_some(())
    })
    .await;
    site.finish(&inspected).await?;
    assert_eq!(inspections(&[&worker], &inspected)?, 1);
    waiting.complete(Vec::new()).await?;
    waiting.wait().await?;
    site.assert_invariants().await
}
