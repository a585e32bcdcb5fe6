//! A client that reads a dataset.

use std::fmt;
use std::net::SocketAddr;

use anyhow::Result;

use crate::bench::connection::Connection;
use crate::bench::load::Work;
use crate::bench::restow::Principal;

/// How a client connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connecting {
    /// Once, before anything else happens.
    Once,
    /// For each request.
    EachTime,
}

impl Connecting {
    pub const ALL: [Self; 2] = [Self::Once, Self::EachTime];
}

impl fmt::Display for Connecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Once => "one connection, opened before",
            Self::EachTime => "a new connection for each request",
        })
    }
}

/// A client.
pub struct Reader {
    connection: Connection,
    connecting: Connecting,
    dataset: String,
}

impl Reader {
    /// One that has connected.
    ///
    /// # Errors
    /// If the server accepts no connection.
    pub async fn connect(
        address: SocketAddr,
        principal: &Principal,
        connecting: Connecting,
    ) -> Result<Self> {
        let mut connection = Connection::new(address, &principal.token);
        connection.open().await?;
        Ok(Self {
            connection,
            connecting,
            dataset: principal.dataset.clone(),
        })
    }
}

impl Work for Reader {
    async fn once(&mut self) -> Result<()> {
        if self.connecting == Connecting::EachTime {
            self.connection.close();
        }
        self.connection.get(&self.dataset).await.map(drop)
    }
}
