//! A server over a database of a size.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use restow_server::clock;
use restow_server::store::Store;
use sqlx::{AssertSqlSafe, Connection as _, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;

use super::database::Database;
use super::fill::Rows;
use crate::bench::connection::Connection;
use crate::bench::process_tree::ProcessTree;
use crate::s3_server::Kind;
use crate::{Postgres, S3Server, ServerOptions, ServerProcess};

/// PostgreSQL keeps what it has read in this memory.
const OPTIONS: &str = "-c shared_buffers=512MB -c max_wal_size=256MB";

/// A principal that datasets are shared with.
pub const COLLEAGUE: &str = "colleague";

/// What the servers stand on.
pub struct Stores {
    pub postgres: Postgres,
    pub s3: S3Server,
}

impl Stores {
    /// Starts both.
    pub fn start() -> Result<Self> {
        Ok(Self {
            postgres: Postgres::start_with(OPTIONS)?,
            s3: S3Server::start(Kind::SeaweedFs)?,
        })
    }

    /// Names and versions of both.
    pub fn versions(&self) -> Result<Vec<String>> {
        Ok(vec![
            format!("{} with fsync", self.postgres.version()?),
            self.s3.to_string(),
        ])
    }
}

/// A server, and its database.
pub struct Site<'a> {
    stores: &'a Stores,
    database: Database,
    url: String,
    token: String,
    server: Option<ServerProcess>,
    _data: TempDir,
}

impl<'a> Site<'a> {
    /// Starts a server over a new, empty database. Nothing is done in the background but inspections.
    pub fn start(
        executable: &Path,
        stores: &'a Stores,
        database: Database,
        rows: u64,
    ) -> Result<Self> {
        let data = TempDir::with_prefix("restow-bench-")?;
        let url = match database {
            Database::Postgres => {
                Postgres::create_database(stores.postgres.socket(), &format!("rows{rows}"))?
            }
            Database::Sqlite => {
                format!("sqlite:{}", data.path().join("restow.sqlite").display())
            }
        };
        let variables = [
            ("RESTOW_DATABASE_URL", url.as_str()),
            ("RESTOW_MIGRATE", "true"),
            ("RESTOW_NO_REAPER", "true"),
            // What is measured comes as fast as it can.
            ("RESTOW_NO_RATE_LIMITS", "true"),
        ];
        let variables = variables.map(|(name, value)| (name.to_string(), value.to_string()));
        let prefix = format!("{database}-{rows}/").to_lowercase();
        let mut options = ServerOptions::new(executable, data.path())
            .with_environment(stores.s3.environment())
            .with_environment(variables.to_vec())
            .with("--s3-prefix", &prefix);
        options.embedded_s3_listen = None;
        // Commands of the server need it, too.
        options
            .environment
            .push(("RESTOW_S3_PREFIX".to_string(), prefix));
        let server = ServerProcess::start(&options)?;
        let token = server.run(&["token", "create", "--principal", "bench"])?;
        server.run(&["token", "create", "--principal", COLLEAGUE])?;
        Ok(Self {
            stores,
            database,
            url,
            token,
            server: Some(server),
            _data: data,
        })
    }

    /// Ends the server.
    pub fn stop(&mut self) -> Result<()> {
        if let Some(server) = self.server.take() {
            server.stop()?;
        }
        Ok(())
    }

    fn server(&self) -> Result<&ServerProcess> {
        self.server.as_ref().context("the server has been stopped")
    }

    /// Where the server is.
    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.server()?.url().trim_start_matches("http://").parse()?)
    }

    /// Where S3 is.
    pub fn s3_address(&self) -> SocketAddr {
        self.stores.s3.address()
    }

    /// The token of the principal that owns everything.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A connection of that principal.
    pub fn connect(&self) -> Result<Connection> {
        Ok(Connection::new(self.address()?, &self.token))
    }

    /// MiB of the server and of PostgreSQL.
    pub fn memory(&self) -> Result<[f64; 2]> {
        let server = ProcessTree(self.server()?.id());
        let postgres = ProcessTree(self.stores.postgres.process()?);
        Ok([server.memory(), postgres.memory()])
    }

    /// The database, as the server opens it.
    pub async fn store(&self) -> Result<Store> {
        Ok(Store::open(&self.url).await?)
    }

    /// Inserts so many jobs, versions and datasets.
    pub async fn fill(&self, rows: u64) -> Result<()> {
        let rows = self.rows(rows).await?;
        self.execute(&rows.all()).await
    }

    /// Inserts what duties find to do.
    pub async fn fill_with_work(&self, rows: u64) -> Result<()> {
        let rows = self.rows(rows).await?;
        self.execute(&rows.work()).await
    }

    async fn rows(&self, rows: u64) -> Result<Rows> {
        let store = self.store().await?;
        let principal = store.ensure_principal("bench", clock::now()).await?;
        store.close().await;
        Ok(Rows::new(self.database, principal.id, rows))
    }

    /// Runs statements without triggers and foreign keys, and tells the database how much there is now.
    async fn execute(&self, statements: &[String]) -> Result<()> {
        match self.database {
            Database::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await?;
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
                let mut connection = SqliteConnection::connect(&self.url).await?;
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
