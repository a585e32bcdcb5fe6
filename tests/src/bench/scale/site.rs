//! A server over a database of a size.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;
use restow_server::clock;
use restow_server::store::Store;
use sqlx::{AssertSqlSafe, Connection as _, Executor, PgConnection, SqliteConnection};

use super::fill::Rows;
use crate::bench::connection::Connection;
use crate::bench::database::Database;
use crate::bench::process_tree::ProcessTree;
use crate::bench::restow::Restow;
use crate::bench::stores::Stores;

/// A principal that datasets are shared with.
pub const COLLEAGUE: &str = "colleague";

/// Connections to the API beside those that are idle.
const BUSY_CONNECTIONS: u32 = 1_024;

/// A server, and its database.
pub struct Site<'a> {
    stores: &'a Stores,
    pub database: Database,
    /// Number of jobs, of versions and of datasets.
    pub rows: u64,
    restow: Restow,
    token: String,
    administrator_token: String,
}

impl<'a> Site<'a> {
    /// Starts a server over a new, empty database, which keeps so many idle connections open. Nothing is done in the background
    /// but inspections.
    pub fn start(
        executable: &Path,
        stores: &'a Stores,
        (database, rows): (Database, u64),
        idle_connections: u32,
    ) -> Result<Self> {
        let max_connections = (idle_connections + BUSY_CONNECTIONS).to_string();
        let variables = [
            ("RESTOW_NO_REAPER", "true"),
            // What is measured comes as fast as it can.
            ("RESTOW_NO_RATE_LIMITS", "true"),
            ("RESTOW_MAX_CONNECTIONS", max_connections.as_str()),
            // All come from one address, which would have half of them.
            ("RESTOW_TRUSTED_PROXIES", "127.0.0.0/8"),
        ];
        let name = format!("rows{rows}");
        let restow = Restow::start(executable, stores, (database, &name), &variables)?;
        let token = restow.create_token("bench")?;
        restow.create_token(COLLEAGUE)?;
        let administrator_token = restow.create_administrator_token("administrator")?;
        Ok(Self {
            stores,
            database,
            rows,
            restow,
            token,
            administrator_token,
        })
    }

    /// Ends the server.
    pub fn stop(&mut self) -> Result<()> {
        self.restow.stop()
    }

    /// Where the server is.
    pub fn address(&self) -> SocketAddr {
        self.restow.address
    }

    /// Where S3 is.
    pub fn s3_address(&self) -> SocketAddr {
        self.stores.s3_address()
    }

    /// The token of the principal that owns everything.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A connection of that principal.
    pub fn connect(&self) -> Connection {
        Connection::new(self.address(), &self.token)
    }

    /// A connection of an administrator of the deployment.
    pub fn connect_administrator(&self) -> Connection {
        Connection::new(self.address(), &self.administrator_token)
    }

    /// Connections that are open at the server.
    pub async fn open_connections(&self) -> Result<u32> {
        self.restow.metric("restow_connections").await
    }

    /// MiB of the server and of PostgreSQL.
    pub fn memory(&self) -> Result<[f64; 2]> {
        let postgres = ProcessTree(self.stores.postgres().process()?);
        Ok([self.restow.tree.memory(), postgres.memory()])
    }

    /// The database, as the server opens it.
    pub async fn store(&self) -> Result<Store> {
        Ok(Store::open(&self.restow.database_url).await?)
    }

    /// Inserts jobs, versions and datasets.
    pub async fn fill(&self) -> Result<()> {
        let rows = self.statements().await?;
        self.execute(&rows.all()).await
    }

    /// Inserts what duties find to do.
    pub async fn fill_with_work(&self) -> Result<()> {
        let rows = self.statements().await?;
        self.execute(&rows.work()).await
    }

    async fn statements(&self) -> Result<Rows> {
        let store = self.store().await?;
        let principal = store.ensure_principal("bench", clock::now()).await?;
        store.close().await;
        Ok(Rows::new(self.database, principal.id, self.rows))
    }

    /// Runs statements without triggers and foreign keys, and tells the database how much there is now.
    async fn execute(&self, statements: &[String]) -> Result<()> {
        match self.database {
            Database::Postgres => {
                let mut connection = PgConnection::connect(&self.restow.database_url).await?;
                connection
                    .execute("SET session_replication_role = replica")
                    .await?;
                for statement in statements {
                    connection.execute(AssertSqlSafe(statement.clone())).await?;
                }
                connection.execute("VACUUM ANALYZE").await?;
                connection.execute("CHECKPOINT").await?;
                connection.close().await?;
            }
            Database::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.restow.database_url).await?;
                connection.execute("PRAGMA foreign_keys = off").await?;
                for statement in statements {
                    connection.execute(AssertSqlSafe(statement.clone())).await?;
                }
                connection.execute("PRAGMA optimize").await?;
                connection.close().await?;
            }
        }
        Ok(())
    }
}
