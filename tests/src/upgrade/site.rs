//! What the servers stand on, and how they are started.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::settings::{self, DATABASE, PRINCIPAL};
use crate::s3_server::Kind;
use crate::{Postgres, S3Server, ServerOptions};

/// Both releases.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `restow-server` of the earlier one.
    pub old: PathBuf,
    /// `system` of this build.
    pub new: PathBuf,
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// The earlier one.
    Old,
    /// This build.
    New,
}

/// A PostgreSQL cluster and an S3 server of its own, with a database of the earlier release.
#[derive(Debug)]
pub struct Site {
    programs: Programs,
    postgres: Postgres,
    /// Kept running.
    _s3: S3Server,
    environment: Vec<(String, String)>,
    token: String,
    /// Where processes log.
    logs: PathBuf,
}

impl Site {
    /// Starts both, and prepares them with the earlier release.
    ///
    /// # Errors
    /// If one of them is not installed or does not start, or the earlier release fails.
    pub fn start(programs: Programs, logs: &Path) -> Result<Self> {
        fs::create_dir_all(logs)?;
        let postgres = Postgres::start()?;
        let database_url = Postgres::create_database(postgres.socket(), DATABASE)?;
        let s3 = S3Server::start(Kind::SeaweedFs)?;
        let mut environment = s3.environment();
        environment.push(("RESTOW_DATABASE_URL".to_string(), database_url));
        environment.extend(settings::environment());
        let mut site = Self {
            programs,
            postgres,
            _s3: s3,
            environment,
            token: String::new(),
            logs: logs.to_path_buf(),
        };
        site.prepare()
            .context("the earlier release cannot prepare the deployment")?;
        Ok(site)
    }

    fn prepare(&mut self) -> Result<()> {
        let old = self.options(Release::Old, "commands");
        old.run(&["migrate"])?;
        self.token = old.run(&["token", "create", "--principal", PRINCIPAL])?;
        // A deployment that is upgraded has owned its bucket for long.
        old.run(&["reap"])?;
        Ok(())
    }

    /// How a process or a command of a release is started, with a directory for its log.
    pub fn options(&self, release: Release, directory: &str) -> ServerOptions {
        let executable = match release {
            Release::Old => &self.programs.old,
            Release::New => &self.programs.new,
        };
        let mut options = ServerOptions::new(executable, self.logs.join(directory))
            .with_environment(self.environment.clone());
        options.embedded_s3_listen = None;
        if release == Release::Old {
            options.subcommand = None;
        }
        options
    }

    /// The token of the clients.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Version of the schema.
    ///
    /// # Errors
    /// If PostgreSQL does not return it.
    pub fn schema_version(&self) -> Result<i64> {
        self.number("SELECT max(version) FROM _sqlx_migrations")
    }

    /// Number of deadlocks so far, of migrations and of requests.
    ///
    /// # Errors
    /// If PostgreSQL does not return it.
    pub fn deadlocks(&self) -> Result<i64> {
        self.number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    }

    fn number(&self, statement: &str) -> Result<i64> {
        let statements = [statement.to_string()];
        let printed = Postgres::run_sql(self.postgres.socket(), DATABASE, &statements)?;
        let number = printed.parse();
        number.with_context(|| format!("{statement} returned {printed:?}"))
    }
}
