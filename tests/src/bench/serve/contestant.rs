//! The services that run.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;
use futures::future::try_join_all;

use super::arguments::Arguments;
use super::kind::Kind;
use super::operation::{Client, Operation};
use super::peer::Peer;
use crate::bench::database::Database;
use crate::bench::process_tree::ProcessTree;
use crate::bench::restow::Restow;
use crate::bench::stores::Stores;

/// What ends with the contestant.
enum Running {
    Restow { _server: Box<Restow> },
    Peer { _peer: Peer },
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
        stores: &Stores,
        arguments: &Arguments,
    ) -> Result<Self> {
        match kind {
            Kind::Restow => Self::restow(executable, stores).await,
            _ => Self::peer(kind, stores, arguments).await,
        }
    }

    async fn restow(executable: &Path, stores: &Stores) -> Result<Self> {
        // The peers have none either.
        let variables = [("RESTOW_NO_RATE_LIMITS", "true")];
        let place = (Database::Postgres, "restow");
        let restow = Restow::start(executable, stores, place, &variables)?;
        let principal = restow.create_principal("bench").await?;
        Ok(Self {
            kind: Kind::Restow,
            tree: restow.tree,
            address: restow.address,
            token: principal.token,
            dataset: principal.dataset,
            _running: Running::Restow {
                _server: Box::new(restow),
            },
        })
    }

    async fn peer(kind: Kind, stores: &Stores, arguments: &Arguments) -> Result<Self> {
        let peer = Peer::start(kind, stores, arguments).await?;
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
        stores: &Stores,
        number: u32,
    ) -> Result<Vec<Client>> {
        let service = (self.address, self.token.as_str());
        let s3 = stores.s3_address();
        let clients = (0..number).map(|_| Client::connect(operation, service, s3, &self.dataset));
        try_join_all(clients).await
    }
}
