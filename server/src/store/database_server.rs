//! What the database is: its version, and how many connections it admits.

use restow_row::FromRow;

use super::statement::statements;
use super::{Database, Store};
use crate::error::Result;

statements! {
    VERSION_SQLITE = "SELECT sqlite_version()";
    SERVER_POSTGRES = "SELECT current_setting('server_version') AS version, \
         current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint \
         AS connections, (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used";
}

/// A database server, or the library in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseServer {
    /// `SQLite` or `PostgreSQL`.
    pub name: &'static str,
    /// Its version, as it reports it.
    pub version: String,
    /// Connections that it admits for all of its users, and that are in use; `None` where nothing limits them.
    pub connections: Option<(i64, i64)>,
}

#[derive(FromRow)]
struct Postgres {
    version: String,
    connections: i64,
    used: i64,
}

impl Store {
    /// What the database is.
    ///
    /// # Errors
    /// If it does not respond.
    pub async fn server(&self) -> Result<DatabaseServer> {
        match &self.database {
            Database::Sqlite { readers, .. } => Ok(DatabaseServer {
                name: "SQLite",
                version: sqlx::query_scalar(VERSION_SQLITE)
                    .fetch_one(readers)
                    .await?,
                connections: None,
            }),
            Database::Postgres(pool) => {
                let row = sqlx::query_as(SERVER_POSTGRES).fetch_one(pool);
                let row: Postgres = self.in_time(pool, row).await?;
                Ok(DatabaseServer {
                    name: "PostgreSQL",
                    version: row.version,
                    connections: Some((row.connections, row.used)),
                })
            }
        }
    }
}
