//! A database in a state that a test wants, and commands that meet it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use restow_tests::postgres::POSTGRES_VARIABLE;
use restow_tests::{Postgres, ServerOptions};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tempfile::TempDir;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::fixture::executable;

/// A bucket that is not there, for commands that must not come as far as S3.
const BUCKET: [&str; 4] = [
    "--s3-endpoint",
    "http://127.0.0.1:9",
    "--s3-bucket",
    "nowhere",
];

/// Commands that leave the schema as it is.
pub(super) const CHECKING: [&[&str]; 5] = [
    &["token", "list"],
    &["token", "create", "--principal", "alice"],
    &["reap", "--dry-run"],
    &["worker"],
    &["adopt"],
];

/// Location of a database.
pub(super) enum Database {
    /// A SQLite file in the data directory.
    Sqlite,
    /// A PostgreSQL database, by URL.
    Postgres(String),
}

/// An empty database, and a data directory for the processes that use it.
pub(super) struct Site {
    pub(super) database: Database,
    pub(super) options: ServerOptions,
    pub(super) directory: TempDir,
}

/// An empty database of each kind: SQLite and, if there is a cluster for the tests, PostgreSQL.
pub(super) fn sites() -> Result<Vec<Site>> {
    let mut sites = vec![Site::new(Database::Sqlite)?];
    if let Some(socket) = std::env::var_os(POSTGRES_VARIABLE) {
        let url =
            Postgres::create_database(Path::new(&socket), &Uuid::new_v4().simple().to_string())?;
        sites.push(Site::new(Database::Postgres(url))?);
    }
    Ok(sites)
}

impl Site {
    pub(super) fn new(database: Database) -> Result<Self> {
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
    pub(super) fn name(&self) -> &'static str {
        match self.database {
            Database::Sqlite => "sqlite",
            Database::Postgres(_) => "postgres",
        }
    }

    /// The output of a command of the server.
    pub(super) async fn run(&self, arguments: &[&'static str]) -> Result<String> {
        let (options, arguments) = (self.options.clone(), arguments.to_vec());
        spawn_blocking(move || options.run(&arguments)).await?
    }

    /// The error message of a command that fails.
    pub(super) async fn failure(&self, arguments: &[&'static str]) -> Result<String> {
        let failed = self.run(arguments).await.err();
        failed
            .map(|error| error.to_string())
            .with_context(|| format!("{arguments:?} succeeded on {}", self.name()))
    }

    /// The error message of a command that only checks the schema. Those for S3 need to be told one.
    pub(super) async fn refusal(&self, command: &[&'static str]) -> Result<String> {
        let bucket: &[_] = if command[0] == "token" { &[] } else { &BUCKET };
        self.failure(&[command, bucket].concat()).await
    }

    /// Directory of the database's migrations.
    pub(super) fn migrations(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../server/migrations")
            .join(self.name())
    }

    /// A SQLite file's options; the file is created.
    fn file(&self) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(self.directory.path().join("restow.sqlite"))
            .create_if_missing(true)
    }

    /// Gives the empty database the schema of the first release.
    pub(super) async fn migrate_to_first_release(&self) -> Result<()> {
        let first = tempfile::tempdir()?;
        let name = "0001_initial.sql";
        fs::copy(self.migrations().join(name), first.path().join(name))?;
        let migrator = Migrator::new(first.path()).await?;
        match &self.database {
            Database::Sqlite => migrator.run(&mut self.file().connect().await?).await?,
            Database::Postgres(url) => migrator.run(&mut PgConnection::connect(url).await?).await?,
        }
        Ok(())
    }

    /// The strings that a statement selects.
    pub(super) async fn select(&self, statement: &str) -> Result<Vec<String>> {
        let statement = AssertSqlSafe(statement);
        Ok(match &self.database {
            Database::Sqlite => {
                sqlx::query_scalar(statement)
                    .fetch_all(&mut self.file().connect().await?)
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
    pub(super) async fn schema(&self) -> Result<Vec<String>> {
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
    pub(super) async fn assert_refused_after(&self, change: &str, words: &str) -> Result<()> {
        self.run(&["migrate"]).await?;
        self.select(change).await?;
        let before = self.schema().await?;
        for command in CHECKING.into_iter().chain([&["migrate"][..]]) {
            let said = match command {
                ["migrate"] => self.failure(command).await?,
                _ => self.refusal(command).await?,
            };
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
