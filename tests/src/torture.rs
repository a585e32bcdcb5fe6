//! A fault-injection test of a whole deployment: three servers, two workers, PostgreSQL, a real S3, and clients that send
//! random requests, valid and invalid, while a saboteur kills processes, cuts connections and injects faults into the
//! stores; has clocks jump and everything be down for days; restores backups of the database, and starts processes on
//! outdated copies of it and in wrong buckets. At the end all faults are removed, and everything that was acknowledged
//! must still exist.
//!
//! | module | what |
//! |---|---|
//! | `settings` | the configuration of the deployment |
//! | `plan` | random choices that depend on the seed |
//! | `site`, `process` | the deployment and its processes |
//! | `saboteur`, `act`, `fault` | the faults that are injected, and when |
//! | `backup` | backups of the database, restored; downtime |
//! | `extra`, `wrong_place`, `outdated_copy` | processes that should not be there |
//! | `history`, `restoration`, `lost` | what clients know that a restored backup does not |
//! | `crew` | the clients as a whole |
//! | `client`, `step`, `work` | what clients do |
//! | `api`, `message`, `transfer` | their requests, to the API and to S3 |
//! | `model`, `content` | the state that they expect, and what they upload |
//! | `contract` | the documented statuses of each operation |
//! | `pool` | identifiers shared among clients |
//! | `check` | the checks at the end |
//! | `report` | counts and violations |

mod act;
mod api;
mod arguments;
mod backup;
mod check;
mod client;
pub(crate) mod content;
mod contract;
mod crew;
mod extra;
mod fault;
mod history;
mod lost;
mod message;
mod model;
mod outdated_copy;
mod plan;
mod pool;
mod process;
mod report;
mod restoration;
mod saboteur;
mod settings;
mod site;
mod step;
mod transfer;
mod work;
mod wrong_place;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use self::api::{Api, Phase, Shared};
pub use self::arguments::Arguments;
use self::check::Check;
use self::client::Client;
use self::crew::{Crew, sdk};
use self::saboteur::Saboteur;
use self::settings::PRINCIPALS;
use self::site::{Site, Stores};
use crate::s3_server::Kind;

/// Interval of progress messages.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(10);

/// Timeout for clients to finish their work after all faults are removed.
const FINISH_TIMEOUT: Duration = Duration::from_mins(3);

/// Runs it; `executable` is the `system` program.
///
/// # Errors
/// If there is any violation, or anything cannot be run.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    let seed = arguments.seed.unwrap_or_else(rand::random);
    let mut violations = 0;
    for kind in arguments.s3.kinds() {
        let run = Run::prepare(executable, &arguments, seed, *kind).await?;
        violations += run.go(&arguments).await?;
    }
    if violations > 0 {
        bail!("{violations} violations, seed {seed}");
    }
    Ok(())
}

/// One run over one S3 server.
struct Run {
    seed: u64,
    site: Arc<Site>,
    shared: Arc<Shared>,
    phase: watch::Sender<Phase>,
    tokens: Vec<String>,
    options: crate::ServerOptions,
    /// What processes log.
    logs: TempDir,
    /// What clients upload, and the program.
    files: TempDir,
}

impl Run {
    async fn prepare(
        executable: &Path,
        arguments: &Arguments,
        seed: u64,
        kind: Kind,
    ) -> Result<Self> {
        let logs = TempDir::with_prefix("restow-torture-logs-")?;
        // A concurrent build must not change the program that processes restart with.
        let files = TempDir::with_prefix("restow-torture-files-")?;
        let program = files.path().join("system");
        tokio::fs::copy(executable, &program).await?;
        let executable = program.as_path();
        let addresses = site::free_addresses()?;
        let (phase, shared) = Shared::new(&addresses)?;
        let stores = Stores::start(kind).await?;
        wrong_place::create_empty_bucket(&stores.place).await?;
        println!(
            "seed {seed}, {} minutes, {} clients",
            arguments.minutes, arguments.clients
        );
        println!(
            "3 servers and 2 workers of Restow {}, {}",
            env!("CARGO_PKG_VERSION"),
            stores.title()?
        );
        let options = stores.options(executable, &logs.path().join("commands"));
        options.run(&["migrate"])?;
        let tokens = PRINCIPALS
            .iter()
            .map(|name| options.run(&["token", "create", "--principal", name]));
        let tokens = tokens.collect::<Result<Vec<_>>>()?;
        let site =
            Arc::new(Site::start(stores, executable, logs.path(), &addresses, &shared).await?);
        Ok(Self {
            seed,
            site,
            shared,
            phase,
            tokens,
            options,
            logs,
            files,
        })
    }

    /// Runs all phases, and returns the number of violations.
    async fn go(self, arguments: &Arguments) -> Result<usize> {
        let outcome = self.phases(arguments).await;
        self.shared.report.print(self.seed);
        let violations = self.shared.report.violations();
        if violations > 0 || outcome.is_err() {
            println!("logs are kept in {}", self.logs.keep().display());
        }
        outcome.map(|()| violations)
    }

    async fn phases(&self, arguments: &Arguments) -> Result<()> {
        println!("{}", self.shared.report.progress());
        let directory = self.files.path().to_path_buf();
        let mut clients = Crew::new(&self.shared, &self.tokens)?.start(
            self.seed,
            &directory,
            arguments.clients,
        )?;
        let mut watchers = JoinSet::new();
        for process in &self.site.processes {
            watchers.spawn(Arc::clone(process).watch(self.phase.subscribe()));
        }
        let saboteur = Saboteur {
            site: Arc::clone(&self.site),
            shared: Arc::clone(&self.shared),
            seed: self.seed,
            tokens: self.tokens.clone(),
            restarting: Arc::default(),
        };
        let saboteur = tokio::spawn(Arc::new(saboteur).run(self.phase.subscribe()));
        let ended = tokio::select! {
            () = sleep(Duration::from_secs_f64(arguments.minutes * 60.0)) => Ok(()),
            interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
            Some(failed) = watchers.join_next() => failed?.context("a process does not restart"),
            () = self.print_progress() => Ok(()),
        };
        println!(
            "{}; removing all faults, and waiting for clients to finish",
            self.shared.report.progress()
        );
        self.phase.send_replace(Phase::Finish);
        saboteur
            .await?
            .context("the saboteur failed to remove its faults")?;
        ended?;
        self.site.heal().await?;
        let clients = self.finish(&mut clients).await?;
        self.check(clients).await
    }

    async fn print_progress(&self) {
        loop {
            sleep(PROGRESS_INTERVAL).await;
            println!("{}", self.shared.report.progress());
        }
    }

    /// Waits for the clients; those that exceed the timeout end at their next response.
    async fn finish(&self, running: &mut JoinSet<Client>) -> Result<Vec<Client>> {
        let mut finished = Vec::new();
        let finishing = timeout(FINISH_TIMEOUT, async {
            while let Some(client) = running.join_next().await {
                finished.push(client?);
            }
            Ok::<_, anyhow::Error>(())
        });
        if let Ok(ended) = finishing.await {
            ended?;
        } else {
            self.phase.send_replace(Phase::GiveUp);
            while let Some(client) = running.join_next().await {
                finished.push(client?);
            }
        }
        // The checks retry as the clients did.
        self.phase.send_replace(Phase::Finish);
        Ok(finished)
    }

    async fn check(&self, clients: Vec<Client>) -> Result<()> {
        println!("{}; checking", self.shared.report.progress());
        let url = self
            .shared
            .servers
            .first()
            .context("there are no servers")?;
        let sdk = self
            .tokens
            .iter()
            .map(|token| sdk(url, token))
            .collect::<Result<Vec<_>>>()?;
        let api = |token: &String| {
            Api::new(
                Arc::clone(&self.shared),
                "the check".to_string(),
                token.clone(),
                0,
            )
        };
        let apis: Vec<Api> = self.tokens.iter().map(api).collect();
        let check = Check {
            site: &self.site,
            sdk: &sdk,
            apis: &apis,
            options: &self.options,
            report: &self.shared.report,
            history: &self.shared.history,
        };
        check.run(clients).await
    }
}
