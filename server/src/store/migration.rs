//! The schema: compared with what this release needs, and brought up to date.
//!
//! A migration only adds, so that processes of the release before go on with a schema that is one release ahead.

use std::sync::LazyLock;

use restow_row::FromRow;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::PgPool;
use sqlx::sqlite::SqlitePool;
use sqlx::{Connection, SqlSafeStr};

use super::connection::{postgres_for_migration, sqlite_for_migration};
use super::statement::statements;
use super::{Database, Store, reading};

/// The files of the migrations, as the build script lists them.
mod files {
    include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
}

/// PostgreSQL's code for a transaction that was chosen to end a deadlock.
const DEADLOCK_DETECTED: &str = "40P01";

/// How often migrations are tried that meet deadlocks.
const MAX_ATTEMPTS: u32 = 10;

static SQLITE: LazyLock<Migrator> = LazyLock::new(|| migrator(files::SQLITE));
static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| migrator(files::POSTGRES));

statements! {
    LIST_APPLIED = "SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version";
}

/// A migration that the database says was applied.
#[derive(Debug, FromRow)]
struct Applied {
    version: i64,
    checksum: Vec<u8>,
    success: bool,
}

/// Why the schema is not that of this release.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database has not all migrations of this release.
    #[error(
        "the database's schema is at version {found}, and this release needs version {needed}; run \
         `restow-server migrate` of this release with the same --database-url or --data-dir first"
    )]
    Outdated {
        /// Version of the schema; 0 for a database without one.
        found: i64,
        /// The version that this release needs.
        needed: i64,
    },
    /// A migration began and did not end.
    #[error(
        "migration {0} of the database's schema did not finish; restore the database from a backup, or finish the \
         migration by hand"
    )]
    Unfinished(i64),
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
    /// The migrations fail: the database does not respond, or rejects a statement.
    #[error(transparent)]
    Failed(MigrateError),
    /// The state of the schema cannot be read.
    #[error(transparent)]
    Unreadable(#[from] sqlx::Error),
}

impl Store {
    /// Whether this is PostgreSQL, whose schema only an explicit migration changes.
    pub fn is_shared(&self) -> bool {
        matches!(self.database, Database::Postgres(_))
    }

    /// Compares the schema with what this release needs, and changes nothing.
    ///
    /// # Errors
    /// If the schema is older or newer, or the database does not respond.
    pub async fn check_schema(&self) -> Result<(), MigrationError> {
        let applied: Result<Vec<Applied>, sqlx::Error> =
            reading!(self, pool => sqlx::query_as(LIST_APPLIED).fetch_all(pool).await);
        let applied = match applied {
            Err(error) if is_missing_table(&error) => Vec::new(),
            applied => applied?,
        };
        judge(self.migrations(), &applied)
    }

    /// Brings the schema up to date. Several processes may do so at once: one does, the others wait. A schema that is up
    /// to date is left alone, and needs no right to change it.
    ///
    /// # Errors
    /// If the database does not respond, or has been migrated by a release that is not this one.
    pub async fn migrate(&self) -> Result<(), MigrationError> {
        match self.check_schema().await {
            Err(MigrationError::Outdated { .. }) => {}
            checked => return checked,
        }
        let migrated = match &self.database {
            Database::Sqlite { writer, .. } => migrate_sqlite(writer).await,
            Database::Postgres(pool) => migrate_postgres(pool).await,
        };
        let known = latest(self.migrations());
        migrated.map_err(|error| match error {
            // Another process of another release has migrated since.
            MigrateError::VersionMissing(found) if found > known => {
                MigrationError::Newer { found, known }
            }
            MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version) => {
                MigrationError::Different(version)
            }
            error => MigrationError::Failed(error),
        })
    }

    /// The version of the schema that this release needs.
    pub fn needed_schema_version(&self) -> i64 {
        latest(self.migrations())
    }

    fn migrations(&self) -> &'static Migrator {
        match &self.database {
            Database::Sqlite { .. } => &SQLITE,
            Database::Postgres(_) => &POSTGRES,
        }
    }
}

fn migrator(files: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migration = |&(version, description, sql): &(i64, &'static str, &'static str)| {
        let kind = MigrationType::Simple;
        Migration::new(version, description.into(), kind, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(files.iter().map(migration).collect())
}

/// The latest version that a release knows.
fn latest(migrations: &Migrator) -> i64 {
    let versions = migrations.iter().map(|migration| migration.version);
    versions.max().unwrap_or_default()
}

/// Compares the migrations of this release with those of a database, which are in order.
fn judge(migrations: &Migrator, applied: &[Applied]) -> Result<(), MigrationError> {
    let needed = latest(migrations);
    let found = applied.last().map_or(0, |applied| applied.version);
    if found > needed {
        return Err(MigrationError::Newer {
            found,
            known: needed,
        });
    }
    for applied in applied {
        let known = migrations
            .iter()
            .find(|migration| migration.version == applied.version);
        if known.is_none_or(|known| known.checksum[..] != applied.checksum[..]) {
            return Err(MigrationError::Different(applied.version));
        }
        if !applied.success {
            return Err(MigrationError::Unfinished(applied.version));
        }
    }
    if applied.len() < migrations.iter().count() {
        return Err(MigrationError::Outdated { found, needed });
    }
    Ok(())
}

/// Whether a statement failed since the database has no such table: as PostgreSQL's code says, or SQLite's message.
fn is_missing_table(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| {
        error.code().as_deref() == Some("42P01") || error.message().starts_with("no such table")
    })
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
    let mut attempt = 1;
    while let Err(error) = POSTGRES.run(&mut connection).await {
        // Each migration is a transaction of its own, which the database has rolled back.
        if !is_deadlock(&error) || attempt == MAX_ATTEMPTS {
            return Err(error);
        }
        tracing::info!(
            attempt,
            "a migration met a deadlock with running processes; it is tried again"
        );
        attempt += 1;
    }
    Ok(connection.close().await?)
}

/// Whether a migration was chosen to end a deadlock: it locks tables in its own order, and requests lock rows in theirs.
fn is_deadlock(error: &MigrateError) -> bool {
    let (MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)) = error else {
        return false;
    };
    let code = source
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == DEADLOCK_DETECTED)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[tokio::test]
    async fn build_contains_all_migration_files() -> anyhow::Result<()> {
        for (directory, built) in [("sqlite", &SQLITE), ("postgres", &POSTGRES)] {
            let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("migrations")
                .join(directory);
            let files = Migrator::new(directory.as_path()).await?;
            let key = |migration: &Migration| {
                let checksum = migration.checksum.to_vec();
                let description = migration.description.to_string();
                (migration.version, description, checksum, migration.no_tx)
            };
            assert_eq!(
                built.iter().map(key).collect::<Vec<_>>(),
                files.iter().map(key).collect::<Vec<_>>()
            );
        }
        Ok(())
    }
}
