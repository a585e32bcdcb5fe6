//! Migrations: the first process migrates, and a database with an unknown schema is refused.

use std::path::Path;

use anyhow::{Context, Result};
use restow_tests::postgres::POSTGRES_VARIABLE;
use restow_tests::{Postgres, ServerOptions};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tempfile::TempDir;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::fixture::executable;

/// Number of processes that start at the same time.
const PROCESSES: usize = 8;

/// Location of a database.
enum Database {
    /// A SQLite file in the data directory.
    Sqlite,
    /// A PostgreSQL database, by URL.
    Postgres(String),
}

/// An empty database, and a data directory for the processes that use it.
struct Site {
    database: Database,
    options: ServerOptions,
    directory: TempDir,
}

/// An empty database of each kind: SQLite and, if there is a cluster for the tests, PostgreSQL.
fn sites() -> Result<Vec<Site>> {
    let mut sites = vec![Site::new(Database::Sqlite)?];
    if let Some(socket) = std::env::var_os(POSTGRES_VARIABLE) {
        let url =
            Postgres::create_database(Path::new(&socket), &Uuid::new_v4().simple().to_string())?;
        sites.push(Site::new(Database::Postgres(url))?);
    }
    Ok(sites)
}

impl Site {
    fn new(database: Database) -> Result<Self> {
        let directory = tempfile::tempdir()?;
        let mut options = ServerOptions::new(executable(), directory.path());
        if let Database::Postgres(url) = &database {
            options =
                options.with_environment(vec![("RESTOW_DATABASE_URL".to_string(), url.clone())]);
        }
        Ok(Self {
            database,
            options,
            directory,
        })
    }

    /// The name of the database system, which is also that of the directory of its migrations.
    fn name(&self) -> &'static str {
        match self.database {
            Database::Sqlite => "sqlite",
            Database::Postgres(_) => "postgres",
        }
    }

    /// The output of a command of the server.
    async fn run(&self, arguments: &'static [&'static str]) -> Result<String> {
        let options = self.options.clone();
        spawn_blocking(move || options.run(arguments)).await?
    }

    /// The error message of a command that fails.
    async fn failure(&self, arguments: &'static [&'static str]) -> Result<String> {
        let failed = self.run(arguments).await.err();
        failed
            .map(|error| error.to_string())
            .with_context(|| format!("{arguments:?} succeeded on {}", self.name()))
    }

    /// The strings that a statement selects.
    async fn select(&self, statement: &str) -> Result<Vec<String>> {
        let statement = AssertSqlSafe(statement);
        Ok(match &self.database {
            Database::Sqlite => {
                let file = SqliteConnectOptions::new()
                    .filename(self.directory.path().join("restow.sqlite"));
                sqlx::query_scalar(statement)
                    .fetch_all(&mut file.connect().await?)
                    .await?
            }
            Database::Postgres(url) => {
                sqlx::query_scalar(statement)
                    .fetch_all(&mut PgConnection::connect(url).await?)
                    .await?
            }
        })
    }

    /// The whole schema, and the recorded migrations.
    async fn schema(&self) -> Result<Vec<String>> {
        let statements = match self.database {
            Database::Sqlite => [
                "SELECT name || COALESCE(sql, '') FROM sqlite_schema ORDER BY 1",
                "SELECT version || ' ' || installed_on || ' ' || hex(checksum) FROM _sqlx_migrations ORDER BY 1",
            ],
            Database::Postgres(_) => [
                "SELECT concat(table_name, '.', column_name, ' ', data_type) FROM information_schema.columns \
                 WHERE table_schema = 'public' \
                 UNION SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
                "SELECT concat(version, ' ', installed_on, ' ', checksum) FROM _sqlx_migrations ORDER BY 1",
            ],
        };
        let mut schema = Vec::new();
        for statement in statements {
            schema.extend(self.select(statement).await?);
        }
        Ok(schema)
    }

    /// Changes the recorded migrations, and checks that every command refuses the database with this message and
    /// leaves it unchanged.
    async fn assert_refused_after(&self, change: &str, words: &str) -> Result<()> {
        self.run(&["migrate"]).await?;
        self.select(change).await?;
        let before = self.schema().await?;
        for command in [&["migrate"][..], &["token", "list"]] {
            let said = self.failure(command).await?;
            assert!(
                said.contains(words),
                "{} on {}: {said}",
                command[0],
                self.name()
            );
        }
        assert_eq!(self.schema().await?, before, "{} was changed", self.name());
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_starts_migrate_once() -> Result<()> {
    for site in sites()? {
        let processes: Vec<_> = (0..PROCESSES)
            .map(|_| site.options.clone())
            .map(|options| spawn_blocking(move || options.run(&["migrate"])))
            .collect();
        for process in processes {
            process
                .await?
                .with_context(|| format!("on {}", site.name()))?;
        }
        let files = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../server/migrations")
            .join(site.name());
        let known = files.read_dir()?.count();
        let migrated = site
            .select("SELECT CAST(version AS TEXT) FROM _sqlx_migrations")
            .await?;
        assert_eq!(migrated.len(), known, "on {}: {migrated:?}", site.name());

        let before = site.schema().await?;
        site.run(&["migrate"]).await?;
        assert_eq!(
            site.schema().await?,
            before,
            "the second migration changed {}",
            site.name()
        );
    }
    Ok(())
}

#[tokio::test]
async fn database_of_newer_release_is_refused() -> Result<()> {
    for site in sites()? {
        let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1 RETURNING description";
        site.assert_refused_after(newer, "migrated by a newer release: it is at version 9999")
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn database_with_altered_migration_is_refused() -> Result<()> {
    for site in sites()? {
        let other = match site.database {
            Database::Sqlite => {
                "UPDATE _sqlx_migrations SET checksum = X'00' WHERE version = 1 RETURNING description"
            }
            Database::Postgres(_) => {
                "UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 1 RETURNING description"
            }
        };
        site.assert_refused_after(other, "by another build: its migration 1 is not that")
            .await?;
    }
    Ok(())
}
