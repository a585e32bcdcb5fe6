//! A server that reaches its database through a proxy, and a client that retries.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use chrono::TimeDelta;
use reqwest::header::RETRY_AFTER;
use reqwest::{Method, Response, StatusCode};
use restow_server::clock::{DEPENDENCY_OFFSET_FILE_VARIABLE, OFFSET_FILE_VARIABLE};
use restow_tests::{DatabaseProxy, Postgres, ServerOptions, WorkerProcess};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::fixture::{System, eventually, executable, migrate};

/// Long enough that many servers on a busy machine renew it in time: each lease that expires counts as an attempt.
pub(super) const LEASE: &str = "6s";

/// Leases are short, and the reaper runs only when a test runs it.
const OPTIONS: [(&str, &str); 2] = [("--no-reaper", ""), ("--lease", LEASE)];

/// A server, and the proxy between it and its database.
pub(super) struct Site {
    pub(super) system: System,
    pub(super) proxy: DatabaseProxy,
    /// Data directory of the worker, and the clock.
    directory: TempDir,
}

impl Site {
    /// A server with a new database in the cluster whose socket is in this directory. Its start blocks no other task,
    /// or they would run out of time meanwhile.
    pub(super) async fn start(
        socket: &Path,
        options: &'static [(&'static str, &'static str)],
    ) -> Result<Self> {
        let socket = socket.to_path_buf();
        spawn_blocking(move || Self::start_blocking(&socket, options)).await?
    }

    fn start_blocking(socket: &Path, options: &[(&str, &str)]) -> Result<Self> {
        let name = Uuid::new_v4().simple().to_string();
        let url = Postgres::create_database(socket, &name)?;
        migrate(&[("RESTOW_DATABASE_URL".to_string(), url)])?;
        let proxy = DatabaseProxy::start(socket)?;
        let directory = tempfile::tempdir()?;
        let environment = vec![
            ("RESTOW_DATABASE_URL".to_string(), proxy.url(&name)),
            (
                OFFSET_FILE_VARIABLE.to_string(),
                clock(&directory).display().to_string(),
            ),
            (
                DEPENDENCY_OFFSET_FILE_VARIABLE.to_string(),
                clock(&directory).display().to_string(),
            ),
            // The deployment is served all the while.
            ("RESTOW_DOWNTIME_TOLERANCE".to_string(), "3650d".to_string()),
        ];
        let system = System::start_in(
            tempfile::tempdir()?,
            environment,
            &[&OPTIONS, options].concat(),
        )?;
        Ok(Self {
            system,
            proxy,
            directory,
        })
    }

    /// A worker that reaches the database through the proxy, and S3 by this URL.
    pub(super) async fn worker(&self, s3_url: &str, lease: &str) -> Result<WorkerProcess> {
        let options = ServerOptions::new(executable(), self.directory.path().join("worker"))
            .with("--lease", lease);
        let variables = [
            self.system.environment(),
            self.system.place.environment(s3_url),
        ]
        .concat();
        let options = options.with_environment(variables);
        spawn_blocking(move || WorkerProcess::start(&options)).await?
    }

    /// Sets the clock ahead by this time.
    pub(super) fn set_clock_ahead(&self, by: TimeDelta) -> Result<()> {
        Ok(std::fs::write(
            clock(&self.directory),
            by.num_seconds().to_string(),
        )?)
    }

    /// Runs the reaper once with further options, without blocking other tasks.
    pub(super) async fn reap(&self, options: &'static [&'static str]) -> Result<String> {
        let program = ServerOptions::new(executable(), self.system.server.data_dir());
        let program = program.with_environment(self.system.environment());
        spawn_blocking(move || program.run(&[&["reap"], options].concat())).await?
    }

    /// The response to a request that is retried, with the same idempotency key, as long as it is refused as expected.
    pub(super) async fn insist(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Response> {
        let key = Uuid::new_v4().to_string();
        let response = eventually("a response", async || {
            let response = self
                .system
                .request(method.clone(), path)
                .header("idempotency-key", &key)
                .json(body)
                .send()
                .await;
            match response {
                Ok(response) if response.status() == StatusCode::SERVICE_UNAVAILABLE => {
                    unavailable(response).await.err().map(Err)
                }
                response => Some(response.context("no response")),
            }
        });
        response.await
    }

    /// The body of such a response, if it has this status.
    pub(super) async fn obtain(
        &self,
        status: u16,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<Value> {
        let response = self.insist(method, path, body).await?;
        let found = response.status();
        let text = response.text().await?;
        ensure!(found == status, "expected {status}: {found} {text}");
        Ok(if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text)?
        })
    }
}

fn clock(directory: &TempDir) -> PathBuf {
    directory.path().join("clock")
}

/// Checks that a response is 503 because of the database, has `Retry-After`, and reveals no detail.
pub(super) async fn unavailable(response: Response) -> Result<()> {
    let status = response.status();
    let retry_after = response.headers().get(RETRY_AFTER).cloned();
    let text = response.text().await?;
    ensure!(
        status == StatusCode::SERVICE_UNAVAILABLE,
        "503 was expected: {status} {text}"
    );
    let seconds: u64 = retry_after.context("no Retry-After")?.to_str()?.parse()?;
    ensure!(seconds > 0, "Retry-After is zero");
    let expected = json!({ "detail": [{
        "loc": ["server"],
        "msg": "The database is unavailable at the moment; try again later",
        "type": "unavailable",
        "ctx": { "dependency": "database" },
    }] });
    ensure!(
        serde_json::from_str::<Value>(&text)? == expected,
        "unexpected text: {text}"
    );
    Ok(())
}
