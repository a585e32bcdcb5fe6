//! A deployment under fire: three servers, two workers, PostgreSQL, a real S3, and clients that do random things, legal
//! and illegal, while a saboteur kills processes, cuts lines and has the stores lie. In the end all is healed, and what
//! was promised has to be there.
//!
//! | module | what |
//! |---|---|
//! | `settings` | how the deployment is set |
//! | `plan` | what a seed decides |
//! | `site`, `process` | the deployment and its processes |
//! | `saboteur`, `fault` | what is done to it |
//! | `client`, `step` | what clients do |
//! | `api`, `transfer` | their requests, to the API and to S3 |
//! | `model`, `content` | what they know, and what they upload |
//! | `contract` | what the document promises |
//! | `pool` | identifiers that get around |
//! | `check` | what holds at the end |
//! | `report` | what happened |

mod api;
mod check;
mod client;
mod content;
mod contract;
mod fault;
mod model;
mod plan;
mod pool;
mod process;
mod report;
mod saboteur;
mod settings;
mod site;
mod step;
mod transfer;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use restow_sdk::RetryPolicy;
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use self::api::{Api, Phase, Shared};
use self::check::Check;
use self::client::Client;
use self::contract::Contract;
use self::pool::Pool;
use self::report::Report;
use self::saboteur::Saboteur;
use self::settings::PRINCIPALS;
use self::site::{Site, Stores};
use crate::s3_server::Kind;

/// How often it says how far it is.
const PROGRESS: Duration = Duration::from_secs(10);

/// How long clients may take to finish what they have begun, once all is healed.
const FINISH: Duration = Duration::from_mins(3);

/// How long anything may take to answer: longer than the server waits for anything that it answers for.
const ANSWER_TIMEOUT: Duration = Duration::from_mins(2);

/// Runs a deployment under fire and checks what is left
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo xtask torture",
    after_help = "A seed decides what every client and the saboteur are going to do, step by step, whatever came of the \
                  steps before. It does not decide in which order things happen that go on at once, so a run with the \
                  same seed is alike, and not the same.\n\nCtrl-C ends the run early; what is left is checked all the \
                  same.\n\nExample:\n  cargo xtask torture --minutes 5 --seed 7 --s3 ceph"
)]
pub struct Arguments {
    /// How long clients work under fire; fractions are welcome
    #[arg(long, value_name = "NUMBER", default_value_t = 5.0, value_parser = minutes)]
    minutes: f64,
    /// What the run is repeated by [default: random]
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// How many clients there are
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    clients: u64,
    /// The S3 server; both, one after the other
    #[arg(long, value_name = "NAME", default_value = "seaweedfs")]
    s3: S3Choice,
}

/// Which S3 server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum S3Choice {
    #[value(name = "seaweedfs")]
    SeaweedFs,
    Ceph,
    Both,
}

impl S3Choice {
    fn kinds(self) -> &'static [Kind] {
        match self {
            Self::SeaweedFs => &[Kind::SeaweedFs],
            Self::Ceph => &[Kind::Ceph],
            Self::Both => &Kind::ALL,
        }
    }
}

fn minutes(text: &str) -> Result<f64, String> {
    let minutes: f64 = text.parse().map_err(|_| "should be a number".to_string())?;
    // A week.
    if minutes > 0.0 && minutes <= 10_080.0 {
        Ok(minutes)
    } else {
        Err("should be more than nothing".to_string())
    }
}

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
        // A build meanwhile must not change what processes come back as.
        let files = TempDir::with_prefix("restow-torture-files-")?;
        let program = files.path().join("system");
        tokio::fs::copy(executable, &program).await?;
        let executable = program.as_path();
        let addresses = site::free_addresses()?;
        let (phase, shared) = shared(&addresses)?;
        let stores = Stores::start(kind).await?;
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

    /// Goes through all phases, and says how many violations there were.
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
        let mut clients = self.start_clients(arguments.clients)?;
        let mut watchers = JoinSet::new();
        for process in &self.site.processes {
            watchers.spawn(Arc::clone(process).watch(self.phase.subscribe()));
        }
        let saboteur = Saboteur {
            site: Arc::clone(&self.site),
            shared: Arc::clone(&self.shared),
            seed: self.seed,
            restarting: Arc::default(),
        };
        let saboteur = tokio::spawn(Arc::new(saboteur).run(self.phase.subscribe()));
        let ended = tokio::select! {
            () = sleep(Duration::from_secs_f64(arguments.minutes * 60.0)) => Ok(()),
            interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
            Some(failed) = watchers.join_next() => failed?.context("a process does not come back"),
            () = self.tell_progress() => Ok(()),
        };
        println!(
            "{}; healing, and waiting for clients to finish",
            self.shared.report.progress()
        );
        self.phase.send_replace(Phase::Finish);
        saboteur
            .await?
            .context("the saboteur could not heal what it had done")?;
        ended?;
        self.site.heal().await?;
        let clients = self.finish(&mut clients).await?;
        self.check(clients).await
    }

    fn start_clients(&self, count: u64) -> Result<JoinSet<Client>> {
        let pool = Arc::new(Pool::default());
        let of_all_servers = |token: &String| {
            self.shared
                .servers
                .iter()
                .map(|url| sdk(url, token))
                .collect()
        };
        let sdk: Vec<Vec<restow_sdk::Client>> = self
            .tokens
            .iter()
            .map(of_all_servers)
            .collect::<Result<_>>()?;
        let mut clients = JoinSet::new();
        for number in 0..count {
            let place = usize::try_from(number)?;
            let of_principal = place % PRINCIPALS.len();
            let (principal, token) = (PRINCIPALS[of_principal], &self.tokens[of_principal]);
            let client = Client {
                number,
                principal,
                api: Api::new(
                    Arc::clone(&self.shared),
                    format!("client {number}"),
                    token.clone(),
                    place,
                ),
                sdk: sdk[of_principal].clone(),
                model: model::Model::default(),
                pool: Arc::clone(&pool),
                directory: self.files.path().to_path_buf(),
                seed: self.seed,
            };
            clients.spawn(client.run());
        }
        Ok(clients)
    }

    async fn tell_progress(&self) {
        loop {
            sleep(PROGRESS).await;
            println!("{}", self.shared.report.progress());
        }
    }

    /// Waits for the clients, and for those that take too long only until their next answer.
    async fn finish(&self, running: &mut JoinSet<Client>) -> Result<Vec<Client>> {
        let mut finished = Vec::new();
        let patient = timeout(FINISH, async {
            while let Some(client) = running.join_next().await {
                finished.push(client?);
            }
            Ok::<_, anyhow::Error>(())
        });
        if let Ok(ended) = patient.await {
            ended?;
        } else {
            self.phase.send_replace(Phase::GiveUp);
            while let Some(client) = running.join_next().await {
                finished.push(client?);
            }
        }
        // Whoever checks is as patient as they were.
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
        };
        check.run(clients).await
    }
}

fn shared(addresses: &[SocketAddr]) -> Result<(watch::Sender<Phase>, Arc<Shared>)> {
    let (phase, watched) = watch::channel(Phase::Work);
    let shared = Shared {
        report: Report::default(),
        contract: Contract::read()?,
        phase: watched,
        http: reqwest::Client::builder()
            .no_proxy()
            .timeout(ANSWER_TIMEOUT)
            .build()?,
        servers: addresses
            .iter()
            .map(|address| format!("http://{address}"))
            .collect(),
    };
    Ok((phase, Arc::new(shared)))
}

/// A client by the SDK, whose patience is short, so that it also fails at times.
fn sdk(url: &str, token: &str) -> Result<restow_sdk::Client> {
    let retry = RetryPolicy {
        retries: 5,
        initial_delay: Duration::from_millis(100),
        max_delay: Duration::from_secs(2),
    };
    Ok(restow_sdk::Client::builder(url, token)
        .retry(retry)
        .stall_timeout(Duration::from_secs(20))
        .build()?)
}
