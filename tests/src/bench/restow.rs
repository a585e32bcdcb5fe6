//! Restow's server over the stores, with a database of its own and a prefix of its own in the bucket.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::connection::Connection;
use super::database::Database;
use super::process_tree::ProcessTree;
use super::stores::Stores;
use crate::{Postgres, ServerOptions, ServerProcess};

/// A server, which ends with it, and its database.
pub struct Restow {
    /// URL of the database.
    pub database_url: String,
    pub address: SocketAddr,
    pub tree: ProcessTree,
    server: Option<ServerProcess>,
    _data: TempDir,
}

/// A principal with a dataset.
pub struct Principal {
    pub token: String,
    /// Path of the dataset.
    pub dataset: String,
}

impl Restow {
    /// Starts it over a new, empty database of this kind and name, with further variables in its environment; `executable` is
    /// the `system` program.
    ///
    /// # Errors
    /// If the database cannot be created, or the server does not start.
    pub fn start(
        executable: &Path,
        stores: &Stores,
        (database, name): (Database, &str),
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        let data = TempDir::with_prefix("restow-bench-")?;
        let url = match database {
            Database::Postgres => Postgres::create_database(stores.postgres().socket(), name)?,
            Database::Sqlite => {
                format!("sqlite:{}", data.path().join("restow.sqlite").display())
            }
        };
        // A bucket has one owner, and each of the servers is to have its own.
        let prefix = format!("{database}-{name}/").to_lowercase();
        let own = [
            ("RESTOW_DATABASE_URL", url.as_str()),
            ("RESTOW_MIGRATE", "true"),
            ("RESTOW_S3_PREFIX", prefix.as_str()),
        ];
        let variables = own.iter().chain(variables);
        let variables = variables.map(|(name, value)| ((*name).to_string(), (*value).to_string()));
        let mut options = ServerOptions::new(executable, data.path())
            .with_environment(stores.s3_environment())
            .with_environment(variables.collect());
        options.embedded_s3_listen = None;
        let server = ServerProcess::start(&options)?;
        Ok(Self {
            database_url: url,
            address: server.url().trim_start_matches("http://").parse()?,
            tree: ProcessTree(server.id()),
            server: Some(server),
            _data: data,
        })
    }

    /// A new token of a principal, which is created if it does not exist.
    ///
    /// # Errors
    /// If the command fails.
    pub fn create_token(&self, principal: &str) -> Result<String> {
        self.run(&["token", "create", "--principal", principal])
    }

    /// A new token of an administrator of the deployment, who is created if it does not exist.
    ///
    /// # Errors
    /// If the command fails.
    pub fn create_administrator_token(&self, principal: &str) -> Result<String> {
        self.run(&["token", "create", "--admin", "--principal", principal])
    }

    /// Runs a command of the server's program on the same database.
    fn run(&self, arguments: &[&str]) -> Result<String> {
        let server = self.server.as_ref();
        server
            .context("the server has been stopped")?
            .run(arguments)
    }

    /// A principal with a dataset of this name.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn create_principal(&self, name: &str) -> Result<Principal> {
        let token = self.create_token(name)?;
        let mut connection = Connection::new(self.address, &token);
        let dataset = connection.create_dataset(name).await?;
        Ok(Principal { token, dataset })
    }

    /// A metric without labels.
    ///
    /// # Errors
    /// If the server does not have it.
    pub async fn metric(&self, name: &str) -> Result<u32> {
        let mut connection = Connection::without_token(self.address);
        let text = connection.get("/metrics").await?;
        let text = String::from_utf8_lossy(&text);
        let mut lines = text.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let value = value.with_context(|| format!("the server has no metric {name}"))?;
        Ok(value.trim().parse()?)
    }

    /// Ends the server; its database stays.
    ///
    /// # Errors
    /// If it cannot be ended.
    pub fn stop(&mut self) -> Result<()> {
        if let Some(server) = self.server.take() {
            server.stop()?;
        }
        Ok(())
    }
}
