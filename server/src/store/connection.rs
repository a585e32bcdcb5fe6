//! Connections to the database: how many there are, and how long they wait.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Error, Result, Row};
use tokio::time::{Instant, sleep};

use super::clock_reading::Reading;
use super::diagnosis::{self, Diagnosis};
use super::group::Group;
use super::group_sync::GroupSync;
use super::instruments::Instruments;
use super::pool::{ACQUIRE_TIMEOUT, PostgresPool};
use super::response_timeout::{POSTGRES_TIMEOUT, in_time};
use super::statement::statements;
use super::{Database, Store, sqlite_file};

/// How long SQLite waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pause before a SQLite file is opened again that was busy.
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// How long SQLite waits for another process that migrates.
const MIGRATION_TIMEOUT: Duration = Duration::from_hours(1);

/// Connections of one process that read SQLite, beside the one that writes.
const SQLITE_READERS: u32 = 8;

/// Connections of one process to PostgreSQL.
pub const POSTGRES_CONNECTIONS: u32 = 16;

/// Those of them that run statements: one listens for work, and counts as one of sqlx's pool.
pub(super) const STATEMENT_CONNECTIONS: u32 = POSTGRES_CONNECTIONS - 1;

/// Prepared statements of a connection to PostgreSQL: more than there are statements, so that none is prepared twice.
const PREPARED_STATEMENTS: usize = 500;

/// What PostgreSQL gives up by itself: a statement, a wait for a lock, and a transaction whose client is gone, in
/// milliseconds. No statement here takes long.
const POSTGRES_LIMITS: [&str; 3] = ["10000", "5000", "10000"];

/// The same, where it gives up nothing.
const NO_LIMITS: [&str; 3] = ["0"; 3];

statements! {
    SET_LIMITS_POSTGRES = "SELECT set_config('statement_timeout', $1, false), \
         set_config('lock_timeout', $2, false), set_config('idle_in_transaction_session_timeout', $3, false)";
    IS_IDLE_POSTGRES = "SELECT now() = statement_timestamp()";
}

impl Store {
    /// Opens the database at `url` without touching its schema; a SQLite file is created, for its owner alone, where there
    /// is none.
    ///
    /// # Errors
    /// If the URL names no database that is supported, or the database does not respond.
    pub async fn open(url: &str) -> Result<Self> {
        match url.split(':').next() {
            Some("sqlite") => {
                let file = Self::file_of(url)?;
                if let Some(file) = &file {
                    sqlite_file::prepare(file)?;
                }
                open_sqlite(SqliteConnectOptions::from_str(url)?, file.as_deref())
                    .await
                    .map(Self::new)
            }
            Some("postgres" | "postgresql") => {
                let store = open_postgres(PgConnectOptions::from_str(url)?)
                    .await
                    .map(Self::new)?;
                store.server_time().await?;
                Ok(store)
            }
            _ => Err(Error::Configuration(
                "the database URL must begin with sqlite: or postgres://".into(),
            )),
        }
    }

    /// Opens the SQLite database in a file, which is created for its owner alone where there is none.
    ///
    /// # Errors
    /// If it is no database, or cannot be written.
    pub async fn open_file(file: &Path) -> Result<Self> {
        sqlite_file::prepare(file)?;
        open_sqlite(SqliteConnectOptions::new().filename(file), Some(file))
            .await
            .map(Self::new)
    }

    /// The file of the SQLite database at `url`; `None` where it is no SQLite database, or has no file.
    ///
    /// # Errors
    /// If the URL names no database that is supported.
    pub fn file_of(url: &str) -> Result<Option<PathBuf>> {
        if !url.starts_with("sqlite:") {
            return Ok(None);
        }
        let options = SqliteConnectOptions::from_str(url)?;
        let is_in_memory = url.contains(":memory:") || url.contains("mode=memory");
        Ok((!is_in_memory).then(|| options.get_filename().to_path_buf()))
    }

    fn new(database: Database) -> Self {
        Self {
            database,
            diagnosis: Diagnosis::default(),
            response_timeout: POSTGRES_TIMEOUT,
            reading: Reading::default(),
            instruments: Instruments::default(),
            created_jobs: Group::default(),
            recorded_uploads: Group::default(),
        }
    }

    /// Lets all connections go.
    pub async fn close(&self) {
        match &self.database {
            Database::Sqlite {
                readers, writer, ..
            } => {
                // The last one to go tidies the file up, which is a write.
                readers.close().await;
                writer.close().await;
            }
            Database::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(options: SqliteConnectOptions, file: Option<&Path>) -> Result<Database> {
    let writer = options
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // What a commit wrote is synced by `GroupSync`.
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY_TIMEOUT);
    let reader = writer.clone().pragma("query_only", "true");
    // The writer creates the file.
    let writer = sqlite_pool(1, writer).await?;
    let readers = sqlite_pool(SQLITE_READERS, reader).await?;
    Ok(Database::Sqlite {
        readers,
        writer,
        group_sync: file.map(|file| Arc::new(GroupSync::of_file(file))),
    })
}

async fn sqlite_pool(connections: u32, options: SqliteConnectOptions) -> Result<SqlitePool> {
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        // A file does not break off.
        .test_before_acquire(false)
        .acquire_timeout(ACQUIRE_TIMEOUT);
    let given_up = Instant::now() + BUSY_TIMEOUT;
    loop {
        match pool.clone().connect_with(options.clone()).await {
            // Of several that give a new file its journal at once, SQLite has but one wait.
            Err(error) if is_busy(&error) && Instant::now() < given_up => sleep(BUSY_PAUSE).await,
            opened => return opened,
        }
    }
}

/// Whether SQLite refuses because another connection is at work.
fn is_busy(error: &Error) -> bool {
    // The lowest byte of the code is SQLITE_BUSY; the others only say why.
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| code.parse::<i32>().is_ok_and(|code| code & 0xff == 5))
}

async fn open_postgres(options: PgConnectOptions) -> Result<Database> {
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT);
    // Set once connected, since poolers in between refuse what they do not know at the start.
    let limited =
        pool.after_connect(|connection, _| Box::pin(set_limits(connection, POSTGRES_LIMITS)));
    // What is returned to the pool may be in a transaction whose BEGIN was given up before the reply to it: the next user
    // of the connection would write into that, and lose it. And the pool itself would wait without an end for a
    // connection that is silent, and keep its place meanwhile.
    let tested = limited.after_release(|connection, _| {
        Box::pin(async { in_time(ACQUIRE_TIMEOUT, is_idle(connection)).await })
    });
    let options = options
        .application_name("restow-server")
        .statement_cache_capacity(PREPARED_STATEMENTS);
    match tested.connect_with(options.clone()).await {
        Ok(pool) => Ok(Database::Postgres(PostgresPool::new(
            pool,
            STATEMENT_CONNECTIONS,
        ))),
        Err(error) => Err(Box::pin(diagnosis::explain(&options, error)).await),
    }
}

/// Whether a connection is in no transaction: one that was begun before has an older time than the statement.
async fn is_idle(connection: &mut PgConnection) -> Result<bool> {
    // As one message, since a prepared statement would begin at its preparation.
    sqlx::raw_sql(IS_IDLE_POSTGRES)
        .fetch_one(connection)
        .await?
        .try_get(0)
}

/// Sets what PostgreSQL gives up by itself on a connection.
async fn set_limits(connection: &mut PgConnection, limits: [&str; 3]) -> Result<()> {
    let [statement, lock, transaction] = limits;
    sqlx::query(SET_LIMITS_POSTGRES)
        .bind(statement)
        .bind(lock)
        .bind(transaction)
        .execute(connection)
        .await
        .map(drop)
}

/// A connection to PostgreSQL that gives nothing up: an index of a large table may take long, and so may the wait
/// for another process that migrates.
pub(super) async fn postgres_for_migration(pool: &PgPool) -> Result<PgConnection> {
    let mut connection = pool.acquire().await?.detach();
    set_limits(&mut connection, NO_LIMITS).await?;
    Ok(connection)
}

/// A connection to SQLite that waits for another process that migrates.
pub(super) async fn sqlite_for_migration(writer: &SqlitePool) -> Result<SqliteConnection> {
    SqliteConnectOptions::clone(&writer.connect_options())
        .busy_timeout(MIGRATION_TIMEOUT)
        .connect()
        .await
}
