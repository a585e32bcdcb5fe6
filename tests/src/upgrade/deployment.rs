//! The servers behind a balancer, and their replacement: as the guide to upgrades says, the schema is migrated while servers of
//! the earlier release serve, and then these are replaced one after another.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::record::Record;
use super::site::{Release, Site};
use crate::balancer::Choice;
use crate::{Balancer, ServerOptions, ServerProcess};

/// Number of servers.
const SERVERS: usize = 2;

/// Pushes that have to be done between two steps, so that each state of the deployment sees both kinds from several clients.
const PUSHES: usize = 24;

/// How long that may take, and how often it is checked.
const PUSH_TIMEOUT: Duration = Duration::from_mins(3);
const PUSH_INTERVAL: Duration = Duration::from_millis(50);

/// What migrates the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The command `migrate`, before any server is replaced.
    Command,
    /// The first server of the new release when it starts, while one of the earlier release serves.
    AtStart,
}

impl Way {
    /// One or the other in turn; rounds are numbered from 1.
    pub fn of_round(number: u32) -> Self {
        if number.is_multiple_of(2) {
            Self::AtStart
        } else {
            Self::Command
        }
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Command => "migrate",
            Self::AtStart => "serve --migrate",
        })
    }
}

/// The servers that run.
pub struct Deployment<'a> {
    site: &'a Site,
    record: Arc<Record>,
    balancer: Balancer,
    /// The oldest first.
    servers: VecDeque<ServerProcess>,
}

impl<'a> Deployment<'a> {
    /// Starts servers of the earlier release.
    ///
    /// # Errors
    /// If one does not start.
    pub async fn start(site: &'a Site, record: Arc<Record>) -> Result<Self> {
        let mut deployment = Self {
            site,
            record,
            balancer: Balancer::start(Choice::InTurn, &[]).await?,
            servers: VecDeque::new(),
        };
        for number in 1..=SERVERS {
            let options = site.options(Release::Old, &format!("old-{number}"));
            deployment.add(options).await?;
        }
        Ok(deployment)
    }

    /// URL that clients connect to.
    pub fn url(&self) -> &str {
        self.balancer.url()
    }

    /// Replaces all servers, and returns how long the migration took: the whole command, or the start of the server.
    ///
    /// # Errors
    /// If the migration fails, a server does not start or end, or clients make no progress.
    pub async fn upgrade(&mut self, way: Way) -> Result<Duration> {
        self.wait_for_pushes("before the migration").await?;
        let mut migration = None;
        if way == Way::Command {
            migration = Some(self.migrate().await?);
            let state = "with the earlier release on the new schema";
            self.wait_for_pushes(state).await?;
        }
        for number in 1..=SERVERS {
            self.stop_oldest().await?;
            self.wait_for_pushes("with one server less").await?;
            let mut options = self.site.options(Release::New, &format!("new-{number}"));
            if migration.is_none() {
                options.arguments.push("--migrate".to_string());
            }
            let begun = Instant::now();
            self.add(options).await?;
            migration.get_or_insert_with(|| begun.elapsed());
            let state = format!("with {number} servers of the new release");
            self.wait_for_pushes(&state).await?;
        }
        migration.context("nothing was migrated")
    }

    /// Stops all servers.
    ///
    /// # Errors
    /// If one has ended before, or does not end as it should.
    pub async fn stop(mut self) -> Result<()> {
        while !self.servers.is_empty() {
            self.stop_oldest().await?;
        }
        Ok(())
    }

    async fn migrate(&self) -> Result<Duration> {
        let options = self.site.options(Release::New, "commands");
        let begun = Instant::now();
        spawn_blocking(move || options.run(&["migrate"]))
            .await?
            .context("the migration failed")?;
        Ok(begun.elapsed())
    }

    async fn add(&mut self, options: ServerOptions) -> Result<()> {
        let server = spawn_blocking(move || ServerProcess::start(&options)).await??;
        self.balancer.add(server.url()).await;
        self.servers.push_back(server);
        Ok(())
    }

    async fn stop_oldest(&mut self) -> Result<()> {
        let mut server = self.servers.pop_front().context("no server is left")?;
        let (url, log) = (server.url().to_string(), server.data_dir().to_path_buf());
        if let Some(status) = server.ended()? {
            self.balancer.remove(&url);
            anyhow::bail!(
                "a server ended by itself with {status}; see {}",
                log.display()
            );
        }
        let status = spawn_blocking(move || server.stop()).await??;
        self.balancer.remove(&url);
        ensure!(
            status.success(),
            "a server that was stopped ended with {status}; see {}",
            log.display()
        );
        Ok(())
    }

    /// Waits until clients have pushed further versions to the deployment in its present state.
    async fn wait_for_pushes(&self, state: &str) -> Result<()> {
        let (before, begun) = (self.record.pushes(), Instant::now());
        loop {
            let pushes = self.record.pushes() - before;
            if pushes >= PUSHES {
                return Ok(());
            }
            ensure!(
                begun.elapsed() < PUSH_TIMEOUT,
                "only {pushes} pushes in {} s {state}",
                PUSH_TIMEOUT.as_secs()
            );
            sleep(PUSH_INTERVAL).await;
        }
    }
}
