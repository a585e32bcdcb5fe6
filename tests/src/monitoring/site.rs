//! A server and a worker on one database, and the server whose S3 they use.

use std::path::Path;

use anyhow::Result;
use restow_sdk::Client;
use tokio::task::spawn_blocking;

use crate::postgres::POSTGRES_VARIABLE;
use crate::{BucketPlace, Postgres, ServerOptions, ServerProcess, WorkerProcess};

/// An address on a port that is free.
const ANY: &str = "127.0.0.1:0";

/// Short times, so that much happens in a few seconds, and S3 is looked at several times a second.
const OPTIONS: [(&str, &str); 3] = [
    ("--metrics-listen", ANY),
    ("--reap-interval", "1s"),
    ("--downtime-tolerance", "1s"),
];

/// Name of the database.
const DATABASE: &str = "monitoring";

/// A deployment.
pub(super) struct Site {
    server: ServerProcess,
    worker: WorkerProcess,
    /// The server whose S3 it is.
    store: Option<ServerProcess>,
    token: String,
}

impl Site {
    /// Starts it in a directory.
    pub(super) async fn start(executable: &Path, directory: &Path) -> Result<Self> {
        let (executable, directory) = (executable.to_path_buf(), directory.to_path_buf());
        spawn_blocking(move || Self::start_blocking(&executable, &directory)).await?
    }

    /// Starts it on a new database of the PostgreSQL cluster that the environment names, or on SQLite.
    fn start_blocking(executable: &Path, directory: &Path) -> Result<Self> {
        let mut of_store = ServerOptions::new(executable, directory.join("store"));
        of_store.arguments = ["--no-worker", "--no-reaper"].map(str::to_string).to_vec();
        let store = ServerProcess::start(&of_store)?;
        let place = BucketPlace::embedded(store.data_dir(), store.s3_url())?;
        let mut environment = place.environment(&place.endpoint);
        if let Some(socket) = std::env::var_os(POSTGRES_VARIABLE) {
            let url = Postgres::create_database(Path::new(&socket), DATABASE)?;
            environment.push(("RESTOW_DATABASE_URL".to_string(), url));
        }
        let mut options =
            ServerOptions::new(executable, directory.join("restow")).with_environment(environment);
        options.embedded_s3_listen = None;
        options.run(&["migrate"])?;
        let token = options.run(&["token", "create", "--principal", "load"])?;
        let worker_options = options.clone();
        for (name, value) in OPTIONS {
            options = options.with(name, value);
        }
        options.arguments.push("--no-worker".to_string());
        Ok(Self {
            server: ServerProcess::start(&options)?,
            worker: WorkerProcess::start(&worker_options.with("--metrics-listen", ANY))?,
            store: Some(store),
            token,
        })
    }

    /// A client of the server.
    pub(super) fn client(&self) -> Result<Client> {
        self.server.client_with(&self.token)
    }

    /// URL of the server, without `/api`.
    pub(super) fn url(&self) -> &str {
        self.server.url()
    }

    /// The URLs of the metrics, by process.
    pub(super) fn metrics(&self) -> Vec<(&'static str, String)> {
        let server = self.server.metrics_url().map(|url| ("server", url));
        let worker = self.worker.metrics_url().map(|url| ("worker", url));
        let found = server.into_iter().chain(worker);
        found.map(|(name, url)| (name, url.to_string())).collect()
    }

    /// What Prometheus is to scrape, as HOST:PORT.
    pub(super) fn targets(&self) -> Vec<String> {
        let address = |url: &str| {
            let address = url.trim_start_matches("http://");
            address.trim_end_matches("/metrics").to_string()
        };
        let metrics = self.metrics();
        metrics.iter().map(|(_, url)| address(url)).collect()
    }

    /// Kills the server whose S3 it is.
    pub(super) fn stop_s3(&mut self) {
        self.store = None;
    }
}
