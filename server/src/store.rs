//! The database: the only module that uses sqlx.
//!
//! Statements are constants in the dialect that the databases share, named by the macro `statements!`. Each function
//! runs on whatever database is open, through the macro `reading!` or `writing!`.

mod announcement;
mod backlog;
mod claim;
mod clock_reading;
mod commit;
mod connection;
mod connection_count;
mod consistency;
mod created_job;
mod creation;
mod database_server;
mod dataset;
mod delivery;
mod delivery_queue;
mod diagnosis;
mod erasure;
mod event;
mod event_id;
mod gap;
mod grant;
mod group;
mod group_sync;
mod idempotency;
mod inspection;
mod instance;
mod instruments;
mod job;
mod json;
mod leftover;
mod migration;
mod new_job;
mod number;
mod operator;
mod overview;
mod pool;
mod principal;
mod recorded_upload;
mod response_timeout;
mod retention;
mod service;
mod sqlite_file;
mod statement;
mod stored;
#[cfg(test)]
mod tests;
mod time;
mod token;
mod trust;
mod version;
mod webhook;
mod work;

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;

use self::clock_reading::Reading;
use self::created_job::CreatedJob;
use self::diagnosis::{Diagnosis, Failure};
use self::group::{Bounded, Group};
use self::group_sync::GroupSync;
use self::instruments::{Instruments, observing};
use self::pool::PostgresPool;
use self::recorded_upload::RecordedUpload;

pub use backlog::Backlog;
pub use commit::{AutoCommit, NewVersion};
pub use connection::POSTGRES_CONNECTIONS;
pub use consistency::{CountedDataset, CountedPrincipal, ExpectedObject};
pub use database_server::DatabaseServer;
pub use dataset::Visible;
pub use delivery::DeliveryRow;
pub use delivery_queue::{
    AttemptOutcome, DeliveryTarget, DueDelivery, ReceiverState, WaitingWebhook,
};
pub use event::{EventFilter, EventRow, EventScope, Refusal};
pub use event_id::EventIds;
pub use gap::GapLimits;
pub use grant::{AccessRow, GrantRow};
pub use idempotency::KeyUse;
pub use inspection::{Ending, Inspected, InspectionRow};
pub use instance::{Instance, KeyOwner};
pub use job::{JobRow, OpenUpload};
pub use leftover::VersionObject;
pub use migration::MigrationError;
pub use new_job::NewJob;
pub use operator::{OperatorJob, StuckSince};
pub use overview::Reaping;
pub use principal::{Principal, PrincipalLimits, PrincipalRow, SubjectRow};
pub use retention::RetiredObject;
pub use service::Service;
pub use stored::StoredScopes;
pub use token::{NewTokenRow, TokenRow, ValidTokenRow};
pub use trust::{Candidate, CiToken, CiTokenUse, Exchange};
pub use version::{ComparedRow, RememberedOptions, VersionRow};
pub use webhook::{NewSecret, NewWebhook, WebhookRow};
pub use work::{Claim, Terms, Work};

#[derive(Clone, Debug)]
enum Database {
    /// SQLite lets one connection write at a time, and has the others try again and again, the unlucky ones for
    /// seconds. Here they wait in order for the only one that may.
    Sqlite {
        readers: SqlitePool,
        writer: SqlitePool,
        /// `None` where the database has no file.
        group_sync: Option<Arc<GroupSync>>,
    },
    Postgres(PostgresPool),
}

/// The open database.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    /// How long PostgreSQL may take to respond.
    response_timeout: Duration,
    reading: Reading,
    /// Why PostgreSQL could not be reached lately.
    diagnosis: Diagnosis,
    instruments: Instruments,
    created_jobs: Group<CreatedJob>,
    recorded_uploads: Group<RecordedUpload>,
}

/// Runs an expression that writes nothing, with the pool of whatever database is open.
macro_rules! reading {
    ($store:expr, $pool:ident => $run:expr) => {
        crate::store::observing!(
            $store,
            Read,
            match &$store.database {
                crate::store::Database::Sqlite { readers: $pool, .. } => $run,
                crate::store::Database::Postgres($pool) => {
                    $store.in_time($pool, async { $run }).await
                }
            }
        )
    };
}
use reading;

/// Runs an expression that writes, with the pool of whatever database is open, and waits until what it wrote is on the
/// disk.
macro_rules! writing {
    ($store:expr, $pool:ident => $run:expr) => {
        crate::store::observing!(
            $store,
            Write,
            match &$store.database {
                crate::store::Database::Sqlite { writer: $pool, .. } => {
                    $store.on_disk(async { $run }).await
                }
                crate::store::Database::Postgres($pool) => {
                    $store.in_time($pool, async { $run }).await
                }
            }
        )
    };
}
use writing;

impl Store {
    /// Waits for a response of PostgreSQL for as long as it may take, and names the server where there is no connection.
    fn in_time<T, E: Failure>(
        &self,
        pool: &PgPool,
        response: impl Future<Output = Result<T, E>>,
    ) -> impl Future<Output = Result<T, E>> {
        // On the heap, so that the callers' futures stay small.
        let response = Box::pin(response);
        self.diagnosis
            .in_time(self.response_timeout, pool, response)
    }

    /// The pool, with how long a response is waited for.
    fn bounded(&self, pool: &PostgresPool) -> Bounded {
        Bounded {
            pool: pool.clone(),
            diagnosis: self.diagnosis.clone(),
            response_timeout: self.response_timeout,
        }
    }

    /// Waits until what was written to SQLite is on the disk. PostgreSQL sees to that itself.
    async fn on_disk<T, E: From<sqlx::Error>>(
        &self,
        written: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let written = Box::pin(written).await?;
        if let Database::Sqlite {
            group_sync: Some(group_sync),
            ..
        } = &self.database
        {
            group_sync.wait().await.map_err(sqlx::Error::Io)?;
        }
        Ok(written)
    }

    /// How a transaction that is going to write begins: SQLite would otherwise find out at its first write
    /// that another process came before, too late to wait for it.
    const fn begin(&self) -> &'static str {
        match self.database {
            Database::Sqlite { .. } => "BEGIN IMMEDIATE",
            Database::Postgres(_) => "BEGIN",
        }
    }
}

/// Whether a statement failed on a unique index: by the index's name, or, as SQLite says it, by its last column.
fn violates(error: &sqlx::Error, index: &str, column: &str) -> bool {
    let Some(error) = error
        .as_database_error()
        .filter(|error| error.is_unique_violation())
    else {
        return false;
    };
    error.constraint().map_or_else(
        || error.message().ends_with(column),
        |constraint| constraint == index,
    )
}
