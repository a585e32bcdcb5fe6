//! The schema, brought up to date.

use sqlx::Connection;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;

use super::connection::{postgres_for_migration, sqlite_for_migration};
use super::{Database, Store};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database has migrations of a later release; it is left as it is.
    #[error(
        "the database has been migrated by a newer release: it is at version {found}, and this release knows only \
         version {known}; run a release that is as new"
    )]
    Newer {
        /// Version of the schema.
        found: i64,
        /// The latest version that this release knows.
        known: i64,
    },
    /// The database has a migration that this release has not, or not so; it is left as it is.
    #[error(
        "the database has been migrated by another build: its migration {0} is not that of this release"
    )]
    Different(i64),
    /// The database does not respond, or rejects a statement.
    #[error(transparent)]
    Failed(MigrateError),
}

impl Store {
    /// Brings the schema up to date. Several processes may do so at once: one does, the others wait.
    ///
    /// # Errors
    /// If the database does not respond, or has been migrated by a release that is not this one.
    pub async fn migrate(&self) -> Result<(), MigrationError> {
        let (migrated, migrations) = match &self.database {
            Database::Sqlite { writer, .. } => (migrate_sqlite(writer).await, &SQLITE),
            Database::Postgres(pool) => (migrate_postgres(pool).await, &POSTGRES),
        };
        let known = migrations
            .iter()
            .map(|migration| migration.version)
            .max()
            .unwrap_or_default();
        migrated.map_err(|error| match error {
            MigrateError::VersionMissing(found) if found > known => {
                MigrationError::Newer { found, known }
            }
            MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version) => {
                MigrationError::Different(version)
            }
            error => MigrationError::Failed(error),
        })
    }
}

/// sqlx takes no lock of its own on SQLite, so all migrations run within one transaction that has it.
async fn migrate_sqlite(writer: &SqlitePool) -> Result<(), MigrateError> {
    let mut connection = sqlite_for_migration(writer).await?;
    let mut transaction = connection.begin_with("BEGIN EXCLUSIVE").await?;
    SQLITE.run(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(connection.close().await?)
}

async fn migrate_postgres(pool: &PgPool) -> Result<(), MigrateError> {
    let mut connection = postgres_for_migration(pool).await?;
    POSTGRES.run(&mut connection).await?;
    Ok(connection.close().await?)
}
