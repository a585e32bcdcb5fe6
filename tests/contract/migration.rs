//! Migrations: only what is meant to migrate does, and a database with another schema is refused.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use restow_tests::postgres::POSTGRES_VARIABLE;
use restow_tests::{Postgres, ServerOptions, ServerProcess};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tempfile::TempDir;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::fixture::executable;

/// Number of processes that start at the same time.
const PROCESSES: usize = 8;

/// A bucket that is not there, for commands that must not come as far as S3.
const BUCKET: [&str; 4] = [
    "--s3-endpoint",
    "http://127.0.0.1:9",
    "--s3-bucket",
    "nowhere",
];

/// Commands that leave the schema as it is.
const CHECKING: [&[&str]; 5] = [
    &["token", "list"],
    &["token", "create", "--principal", "alice"],
    &["reap", "--dry-run"],
    &["worker"],
    &["adopt"],
];

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
    async fn run(&self, arguments: &[&'static str]) -> Result<String> {
        let (options, arguments) = (self.options.clone(), arguments.to_vec());
        spawn_blocking(move || options.run(&arguments)).await?
    }

    /// The error message of a command that fails.
    async fn failure(&self, arguments: &[&'static str]) -> Result<String> {
        let failed = self.run(arguments).await.err();
        failed
            .map(|error| error.to_string())
            .with_context(|| format!("{arguments:?} succeeded on {}", self.name()))
    }

    /// The error message of a command that only checks the schema. Those for S3 need to be told one.
    async fn refusal(&self, command: &[&'static str]) -> Result<String> {
        let bucket: &[_] = if command[0] == "token" { &[] } else { &BUCKET };
        self.failure(&[command, bucket].concat()).await
    }

    /// Directory of the database's migrations.
    fn migrations(&self) -> PathBuf {
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
    async fn migrate_to_first_release(&self) -> Result<()> {
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
    async fn select(&self, statement: &str) -> Result<Vec<String>> {
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
        let known = site.migrations().read_dir()?.count();
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
async fn commands_leave_outdated_schema_alone() -> Result<()> {
    for site in sites()? {
        site.migrate_to_first_release().await?;
        let before = site.schema().await?;
        let needed = site.migrations().read_dir()?.count();
        for command in CHECKING {
            let said = site.refusal(command).await?;
            let words = format!("schema is at version 1, and this release needs version {needed}");
            assert!(
                said.contains(&words) && said.contains("restow-server migrate"),
                "{command:?} on {}: {said}",
                site.name()
            );
        }
        assert_eq!(site.schema().await?, before, "{} was changed", site.name());
        site.run(&["migrate"]).await?;
        site.run(&["token", "list"]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn serve_migrates_postgresql_only_when_told() -> Result<()> {
    for site in sites()? {
        site.migrate_to_first_release().await?;
        let start = |options: ServerOptions| spawn_blocking(|| ServerProcess::start(options));
        if let Database::Postgres(_) = site.database {
            let before = site.schema().await?;
            let said = start(site.options.clone()).await?.err();
            let said = said.context("it serves")?.to_string();
            assert!(said.contains("restow-server migrate"), "{said}");
            assert_eq!(site.schema().await?, before, "it has migrated");
            let mut told = site.options.clone();
            told.arguments.push("--migrate".to_string());
            start(told).await??;
        }
        start(site.options.clone()).await??;
        site.run(&["token", "list"]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn commands_create_no_database() -> Result<()> {
    for site in sites()? {
        for command in CHECKING {
            let said = site.refusal(command).await?;
            assert!(
                said.contains("restow-server migrate"),
                "{command:?}: {said}"
            );
        }
        match site.database {
            Database::Sqlite => assert_eq!(site.directory.path().read_dir()?.count(), 0),
            Database::Postgres(_) => assert_eq!(
                site.select("SELECT relname::text FROM pg_class WHERE relname LIKE '%sqlx%'")
                    .await?,
                [String::new(); 0]
            ),
        }
    }
    Ok(())
}

#[tokio::test]
async fn role_without_create_runs_every_command() -> Result<()> {
    for mut site in sites()? {
        site.run(&["migrate"]).await?;
        let Database::Postgres(url) = &site.database else {
            continue;
        };
        let role = format!("r{}", Uuid::new_v4().simple());
        for statement in [
            format!("CREATE ROLE {role} LOGIN"),
            format!(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
            ),
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_string(),
        ] {
            site.select(&statement).await?;
        }
        let url = url.replacen("restow@", &format!("{role}@"), 1);
        site.options.environment = vec![("RESTOW_DATABASE_URL".to_string(), url)];
        site.run(&["token", "create", "--principal", "alice"])
            .await?;
        assert!(site.run(&["token", "list"]).await?.contains("alice"));
        site.run(&["migrate"]).await?;
        let options = site.options.clone();
        let server = spawn_blocking(|| ServerProcess::start(options)).await??;
        let name = "named".parse()?;
        let body = restow_sdk::generated::types::DatasetNameRequest { name };
        let token = server.run(&["token", "create", "--principal", "bob"])?;
        let client = server.client_with(&token)?;
        client.api().create_dataset().body(body).send().await?;
        assert!(
            server
                .run(&["reap", "--dry-run"])?
                .contains("jobs to expire")
        );
    }
    Ok(())
}

#[tokio::test]
async fn unreachable_postgresql_is_named() -> Result<()> {
    let mut cases = vec![(
        "postgres://restow:confidential@127.0.0.1:9/rows?sslmode=disable".to_string(),
        [
            "127.0.0.1:9 (database rows, user restow)",
            "onnection refused",
        ],
    )];
    for site in sites()? {
        let Database::Postgres(url) = site.database else {
            continue;
        };
        let url = url.replace("@localhost", ":confidential@localhost");
        let database = url
            .split(['/', '?'])
            .nth(3)
            .context("a URL without a database")?;
        cases.push((
            url.replace(database, "missing"),
            [
                "(database missing, user restow)",
                "\"missing\" does not exist",
            ],
        ));
        cases.push((
            url.replace("restow:", "nobody:"),
            ["user nobody)", "role \"nobody\" does not exist"],
        ));
        cases.push((
            url.replace("host=", "host=/nowhere"),
            ["socket /nowhere", "No such file"],
        ));
    }
    for (url, words) in cases {
        let mut site = Site::new(Database::Postgres(url.clone()))?;
        site.options.embedded_s3_listen = None;
        let said = site.failure(&["token", "list"]).await?;
        for words in words {
            assert!(said.contains(words), "{url}: {said}");
        }
        assert!(
            !said.contains("confidential") && !said.contains("timed out"),
            "{said}"
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
