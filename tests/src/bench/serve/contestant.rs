//! The services that run.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::arguments::Arguments;
use super::kind::Kind;
use super::operation::{Client, Operation};
use super::peer::Peer;
use super::site::Site;
use crate::bench::connection::Connection;
use crate::bench::process_tree::ProcessTree;
use crate::{Postgres, ServerOptions, ServerProcess};

/// What ends with the contestant.
enum Running {
    Restow {
        _server: ServerProcess,
        _data: TempDir,
    },
    Peer {
        _peer: Peer,
    },
}

/// A service that runs.
pub struct Contestant {
    pub kind: Kind,
    pub tree: ProcessTree,
    address: SocketAddr,
    token: String,
    /// Path of the dataset.
    dataset: String,
    _running: Running,
}

impl Contestant {
    /// Starts it, on a database of its own and with a dataset; `executable` is the `system` program.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start(
        kind: Kind,
        executable: &Path,
        site: &Site,
        arguments: &Arguments,
    ) -> Result<Self> {
        match kind {
            Kind::Restow => Self::restow(executable, site).await,
            _ => Self::peer(kind, site, arguments).await,
        }
    }

    async fn restow(executable: &Path, site: &Site) -> Result<Self> {
        let data = TempDir::with_prefix("restow-bench-")?;
        let database = Postgres::create_database(site.postgres().socket(), "restow")?;
        let variables = [
            ("RESTOW_DATABASE_URL", database.as_str()),
            ("RESTOW_MIGRATE", "true"),
            // The peers have none either.
            ("RESTOW_NO_RATE_LIMITS", "true"),
        ];
        let variables = variables.map(|(name, value)| (name.to_string(), value.to_string()));
        let mut options = ServerOptions::new(executable, data.path())
            .with_environment(site.s3_environment())
            .with_environment(variables.to_vec());
        options.embedded_s3_listen = None;
        let server = ServerProcess::start(&options)?;
        let token = server.run(&["token", "create", "--principal", "bench"])?;
        let address: SocketAddr = server.url().trim_start_matches("http://").parse()?;
        let created = Connection::new(address, &token)
            .post("/api/datasets", &json!({"name": "bench"}))
            .await?;
        let created: Value = serde_json::from_slice(&created)?;
        let dataset = created["id"].as_str().context("no dataset")?;
        Ok(Self {
            kind: Kind::Restow,
            tree: ProcessTree(server.id()),
            address,
            dataset: format!("/api/datasets/{dataset}"),
            token,
            _running: Running::Restow {
                _server: server,
                _data: data,
            },
        })
    }

    async fn peer(kind: Kind, site: &Site, arguments: &Arguments) -> Result<Self> {
        let peer = Peer::start(kind, site, arguments).await?;
        Ok(Self {
            kind,
            tree: peer.tree()?,
            address: peer.address,
            dataset: format!("/api/datasets/{}", peer.dataset),
            token: peer.token.clone(),
            _running: Running::Peer { _peer: peer },
        })
    }

    /// So many clients, connected.
    ///
    /// # Errors
    /// If a server accepts no connection.
    pub async fn clients(
        &self,
        operation: Operation,
        site: &Site,
        number: u32,
    ) -> Result<Vec<Client>> {
        let service = (self.address, self.token.as_str());
        let s3 = site.s3_address();
        let clients = (0..number).map(|_| Client::connect(operation, service, s3, &self.dataset));
        try_join_all(clients).await
    }
}
