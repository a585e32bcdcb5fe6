//! The deployment: three servers and two workers over one database and one bucket.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use futures::future::try_join_all;
use tokio::sync::RwLock;
use tokio::task::spawn_blocking;

use super::api::Shared;
use super::history::Backups;
use super::process::{Process, Role, directory};
use super::settings;
use crate::ports::free_ports;
use crate::rules::locked;
use crate::s3_server::Kind;
use crate::{BucketPlace, DatabaseProxy, FaultProxy, Postgres, S3Server, ServerOptions};

/// Processes by role.
const ROLES: [Role; 5] = [
    Role::Server,
    Role::Server,
    Role::Server,
    Role::Worker,
    Role::Worker,
];

/// Name of the database.
pub const DATABASE: &str = "torture";

/// What everything stands on.
#[derive(Debug)]
pub struct Stores {
    /// The cluster.
    pub postgres: Arc<Postgres>,
    /// The S3 server.
    pub s3: Arc<Mutex<S3Server>>,
    /// The bucket.
    pub place: BucketPlace,
    database_url: String,
}

/// Everything that runs.
#[derive(Debug)]
pub struct Site {
    /// What everything stands on.
    pub stores: Stores,
    /// The processes.
    pub processes: Vec<Arc<Process>>,
    /// Held for writing while something is done to the whole deployment.
    pub order: Arc<RwLock<()>>,
    /// The backups of its database.
    pub backups: Backups,
    executable: PathBuf,
    directory: PathBuf,
}

impl Stores {
    /// Starts PostgreSQL and an S3 server.
    ///
    /// # Errors
    /// If one of them is not installed, or does not start.
    pub async fn start(kind: Kind) -> Result<Self> {
        spawn_blocking(move || {
            let postgres = Postgres::start()?;
            let database_url = Postgres::create_database(postgres.socket(), DATABASE)?;
            let s3 = S3Server::start(kind)?;
            let place = s3.place();
            Ok(Self {
                postgres: Arc::new(postgres),
                s3: Arc::new(Mutex::new(s3)),
                place,
                database_url,
            })
        })
        .await?
    }

    /// What they are, with their versions.
    ///
    /// # Errors
    /// If PostgreSQL does not report it.
    pub fn title(&self) -> Result<String> {
        Ok(format!(
            "{} and {}",
            self.postgres.version()?,
            locked(&self.s3)
        ))
    }

    /// What leads a process to them without a line in between.
    fn environment(&self) -> Vec<(String, String)> {
        let mut environment = self.place.environment(&self.place.endpoint);
        environment.push(("RESTOW_DATABASE_URL".to_string(), self.database_url.clone()));
        environment.extend(settings::environment());
        environment
    }

    /// How a command is run that nothing hinders.
    pub fn options(&self, executable: &Path, data_dir: &Path) -> ServerOptions {
        ServerOptions::new(executable, data_dir).with_environment(self.environment())
    }
}

impl Site {
    /// Makes the processes and their lines, and starts them.
    ///
    /// # Errors
    /// If something does not start.
    pub async fn start(
        stores: Stores,
        executable: &Path,
        parent: &Path,
        addresses: &[SocketAddr],
        shared: &Arc<Shared>,
    ) -> Result<Self> {
        let mut processes = Vec::new();
        let order = Arc::default();
        for (number, role) in ROLES.into_iter().enumerate() {
            let lines = (
                FaultProxy::start(&stores.place.endpoint)?,
                DatabaseProxy::start(stores.postgres.socket())?,
            );
            let mut options = stores.options(executable, &directory(parent, role, number));
            options.embedded_s3_listen = None;
            let through_lines = [
                ("RESTOW_S3_ENDPOINT", lines.0.url()),
                ("RESTOW_DATABASE_URL", lines.1.url(DATABASE)),
            ];
            let through_lines = through_lines.map(|(name, value)| (name.to_string(), value));
            options.environment.extend(through_lines);
            if role == Role::Server {
                options.listen = *addresses.get(number).context("no address for a server")?;
                options
                    .environment
                    .push(("RESTOW_NO_WORKER".to_string(), "true".to_string()));
            }
            processes.push(Arc::new(Process::new(
                role,
                number,
                options,
                lines,
                Arc::clone(shared),
                Arc::clone(&order),
            )));
        }
        let site = Self {
            stores,
            processes,
            order,
            backups: Backups::default(),
            executable: executable.to_path_buf(),
            directory: parent.to_path_buf(),
        };
        site.start_all().await?;
        // What a process in a wrong place may do is known once the bucket has an owner.
        let reap = || site.command("commands").run(&["reap"]);
        reap().context("the bucket could not be claimed")?;
        Ok(site)
    }

    /// How a command, or a further process, is run that nothing hinders.
    pub fn command(&self, directory: &str) -> ServerOptions {
        let directory = self.directory.join(directory);
        let mut options = self.stores.options(&self.executable, &directory);
        options.embedded_s3_listen = None;
        options
    }

    /// Kills all processes.
    ///
    /// # Errors
    /// Never, in practice.
    pub async fn kill_all(&self) -> Result<()> {
        for process in &self.processes {
            process.kill().await?;
        }
        Ok(())
    }

    /// Starts all processes.
    ///
    /// # Errors
    /// If one does not start.
    pub async fn start_all(&self) -> Result<()> {
        let starting = self.processes.iter().map(|process| process.start(None));
        try_join_all(starting).await.map(drop)
    }

    /// The processes of a role.
    pub fn of(&self, role: Role) -> Vec<Arc<Process>> {
        self.processes
            .iter()
            .filter(|process| process.role == role)
            .cloned()
            .collect()
    }

    /// Removes all faults, and restarts all processes, so that nothing waits for a response that
    /// never comes.
    ///
    /// # Errors
    /// If a process does not start.
    pub async fn heal(&self) -> Result<()> {
        for process in &self.processes {
            process.heal();
            process.set_clock(0)?;
        }
        for process in &self.processes {
            if process.kill().await? {
                process.start(None).await?;
            }
        }
        Ok(())
    }
}

/// A free address for each server.
///
/// # Errors
/// If there are not enough.
pub fn free_addresses() -> Result<Vec<SocketAddr>> {
    let ports = free_ports::<{ ROLES.len() }>()?;
    let servers = ports
        .iter()
        .zip(ROLES)
        .filter(|(_, role)| *role == Role::Server);
    Ok(servers
        .map(|(port, _)| SocketAddr::from((Ipv4Addr::LOCALHOST, *port)))
        .collect())
}
