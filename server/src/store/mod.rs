//! The database: the only place that says sqlx.
//!
//! Statements are constants in the dialect that the databases share. Each function runs on whatever database
//! is open, through the macro `on!`.

mod announcement;
mod dataset;
mod inspection;
mod instance;
mod job;
mod json;
mod leftover;
mod principal;
mod version;
mod work;

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::Connection;
use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

pub use inspection::InspectionRow;
pub use instance::KeyOwner;
pub use job::{JobRow, NewJob};
pub use leftover::DeletedObject;
pub use principal::{Principal, TokenRow};
pub use version::{NewVersion, VersionRow};
pub use work::{Claim, Work};

/// How long a statement waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long SQLite waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// SQLite has one writer; more connections only let readers run beside it.
const SQLITE_CONNECTIONS: u32 = 8;

/// Connections of one process to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 16;

/// What PostgreSQL gives up by itself: a statement, a wait for a lock, and a transaction whose client is gone, in
/// milliseconds. No statement here takes long.
const POSTGRES_LIMITS: [(&str, &str); 3] =
    [("statement_timeout", "10000"), ("lock_timeout", "5000"), ("idle_in_transaction_session_timeout", "10000")];

#[derive(Clone, Debug)]
enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The open database.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

/// Runs an expression with the pool of whatever database is open.
macro_rules! on {
    ($store:expr, $pool:ident => $run:expr) => {
        match &$store.database {
            crate::store::Database::Sqlite($pool) => $run,
            crate::store::Database::Postgres($pool) => $run,
        }
    };
}
use on;

impl Store {
    /// Opens the database at `url` without touching its schema; a SQLite file is created where there is none.
    ///
    /// # Errors
    /// If the URL names no database that is supported, or the database does not answer.
    pub async fn open(url: &str) -> Result<Self, sqlx::Error> {
        let database = match url.split(':').next() {
            Some("sqlite") => Database::Sqlite(open_sqlite(SqliteConnectOptions::from_str(url)?).await?),
            Some("postgres" | "postgresql") => Database::Postgres(open_postgres(url).await?),
            _ => {
                let msg = "the database URL should begin with sqlite: or postgres://";
                return Err(sqlx::Error::Configuration(msg.into()));
            }
        };
        Ok(Self { database })
    }

    /// Opens the SQLite database in a file, which is created for its owner alone where there is none.
    ///
    /// # Errors
    /// If it is no database, or cannot be written.
    pub async fn open_file(file: &Path) -> Result<Self, sqlx::Error> {
        OpenOptions::new().create(true).append(true).mode(0o600).open(file)?;
        let pool = open_sqlite(SqliteConnectOptions::new().filename(file)).await?;
        Ok(Self { database: Database::Sqlite(pool) })
    }

    /// Brings the schema up to date. Several processes may do so at once: one does, the others wait.
    ///
    /// # Errors
    /// If the database does not answer, or has been migrated by a newer release.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        match &self.database {
            Database::Sqlite(pool) => {
                // sqlx takes no lock of its own on SQLite, so all migrations run within one transaction that has it.
                let mut transaction = pool.begin_with("BEGIN EXCLUSIVE").await?;
                sqlx::migrate!("migrations/sqlite").run(&mut *transaction).await?;
                transaction.commit().await?;
                Ok(())
            }
            Database::Postgres(pool) => {
                let mut connection = pool.acquire().await?.detach();
                // An index of a large table may take long, and so may the wait for whoever migrates first.
                for (name, _) in POSTGRES_LIMITS {
                    sqlx::query("SELECT set_config($1, '0', false)").bind(name).execute(&mut connection).await?;
                }
                sqlx::migrate!("migrations/postgres").run(&mut connection).await?;
                connection.close().await?;
                Ok(())
            }
        }
    }

    /// Whether the database answers, and its own time, if that can differ from ours.
    pub async fn server_time(&self) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
        match &self.database {
            Database::Sqlite(pool) => sqlx::query("SELECT 1").execute(pool).await.map(|_| None),
            Database::Postgres(pool) => sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(pool).await.map(Some),
        }
    }

    /// Lets all connections go.
    pub async fn close(&self) {
        on!(self, pool => pool.close().await);
    }

    /// How a transaction that is going to write begins: SQLite would otherwise find out at its first write
    /// that another one came before, too late to wait for it.
    const fn begin(&self) -> &'static str {
        match self.database {
            Database::Sqlite(_) => "BEGIN IMMEDIATE",
            Database::Postgres(_) => "BEGIN",
        }
    }
}

async fn open_sqlite(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let options = options
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT);
    let pool = SqlitePoolOptions::new().max_connections(SQLITE_CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
    pool.connect_with(options).await
}

async fn open_postgres(url: &str) -> Result<PgPool, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?.application_name("restow-server");
    let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
    // Set once connected, since poolers in between refuse what they do not know at the start.
    let limited = pool.after_connect(|connection, _| {
        Box::pin(async move {
            for (name, milliseconds) in POSTGRES_LIMITS {
                let set = sqlx::query("SELECT set_config($1, $2, false)").bind(name).bind(milliseconds);
                set.execute(&mut *connection).await?;
            }
            Ok(())
        })
    });
    limited.connect_with(options).await
}

/// Whether a statement failed on a unique index: by the index's name, or, as SQLite says it, by its last column.
fn violates(error: &sqlx::Error, index: &str, column: &str) -> bool {
    let Some(error) = error.as_database_error().filter(|error| error.is_unique_violation()) else { return false };
    error.constraint().map_or_else(|| error.message().ends_with(column), |constraint| constraint == index)
}

/// What a counter or a size is to the database.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
