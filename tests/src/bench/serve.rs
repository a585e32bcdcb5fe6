//! Requests served by Restow and by other services that do the same, in turn, over the same PostgreSQL and S3 server.
//!
//! | module | what |
//! |---|---|
//! | `operation` | what is requested |
//! | `contestant` | the services |
//! | `peer` | how those that are not Restow are started |
//! | `site` | what they all stand on |
//! | `result` | the tables, and what is to be reached |

mod contestant;
pub(super) mod operation;
mod peer;
mod result;
mod site;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;

use self::contestant::{Contestant, Kind};
use self::operation::{Client, Operation};
use self::result::{Figures, Results};
use self::site::Site;
use super::load::{Outcome, closed, open};
use super::report::Output;

/// The part of the greatest load at which response times are looked at, and the connections that it comes over.
const PART: f64 = 0.8;
const OPEN_CONNECTIONS: u32 = 64;

/// Measures requests served by Restow, by a FastAPI service and by an axum service in turn
#[derive(Debug, Parser)]
#[command(
    override_usage = "cargo xtask bench serve [OPTIONS]",
    after_help = "The report is Markdown, on the standard output; how far it is goes to the standard error. PostgreSQL, the \
                  S3 server and the load are on this machine, too.\n\nExample:\n  \
                  cargo xtask bench serve --seconds 1 --rounds 1 --operation read"
)]
pub struct Arguments {
    /// How long each service is under load for each operation in a round
    #[arg(short, long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// How many rounds there are
    #[arg(short, long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Connections that send one request after another
    #[arg(short, long, value_name = "NUMBER", default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=512))]
    connections: u32,
    /// Only this operation; may be repeated
    #[arg(long = "operation", value_name = "NAME", value_enum)]
    operations: Vec<Operation>,
    /// How the FastAPI service sends requests to S3
    #[arg(long, value_name = "LIBRARY", value_enum, default_value_t = S3Client::Aiobotocore)]
    python_s3: S3Client,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    peers: Peers,
}

/// What the FastAPI service sends requests to S3 with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum S3Client {
    /// boto3 in a pool of threads.
    Boto3,
    /// aiobotocore, without threads.
    Aiobotocore,
}

/// Where the other services are; `cargo xtask bench` sets them.
#[derive(clap::Args, Debug)]
struct Peers {
    #[arg(long, env = "RESTOW_BENCH_AXUM", hide = true)]
    axum: PathBuf,
    #[arg(long, env = "RESTOW_BENCH_UVICORN", hide = true)]
    uvicorn: PathBuf,
    /// Directory of the application.
    #[arg(long, env = "RESTOW_BENCH_FASTAPI", hide = true)]
    fastapi: PathBuf,
    /// What the services are made of.
    #[arg(long, env = "RESTOW_BENCH_VERSIONS", hide = true)]
    versions: String,
    /// The tables of the services.
    #[arg(long, env = "RESTOW_BENCH_SCHEMA", hide = true)]
    schema: PathBuf,
}

/// Runs it; `executable` is the `system` program.
///
/// # Errors
/// If a service does not start, or a request fails.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    let site = Site::start()?;
    let mut contestants = Vec::new();
    for kind in Kind::ALL {
        let contestant = Contestant::start(kind, executable, &site, &arguments).await;
        contestants.push(contestant.with_context(|| kind.to_string())?);
    }
    let mut versions = site.versions()?;
    versions.push(arguments.peers.versions.clone());
    let mut results = Results::new(versions, arguments.connections);
    for operation in Operation::chosen(&arguments.operations) {
        let taking_part: Vec<&Contestant> = contestants
            .iter()
            .filter(|contestant| contestant.kind.takes_part(operation))
            .collect();
        for round in 0..=arguments.rounds {
            let count = taking_part.len();
            for turn in 0..count {
                let contestant = taking_part[(turn + round as usize) % count];
                let figures = measure(contestant, operation, &site, &arguments, round).await?;
                // The first round brings everything to work and is not counted.
                if round > 0 {
                    eprintln!("{operation}, round {round}: {} {figures}", contestant.kind);
                    results.add(operation, contestant.kind, &figures);
                }
            }
        }
        let restow = &contestants[0];
        for _ in 1..=arguments.rounds {
            let rate = PART * results.rate(operation, restow.kind);
            let workers = restow.clients(operation, &site, OPEN_CONNECTIONS).await?;
            let outcome = open(workers, rate, duration(arguments.seconds)).await?;
            site.wait_until_idle(restow.tree).await;
            results.add_open(operation, &outcome);
        }
    }
    results.publish(&arguments.output)
}

/// One contestant under load, and the processor time that it took of everyone, with what is done after the last response.
async fn measure(
    contestant: &Contestant,
    operation: Operation,
    site: &Site,
    arguments: &Arguments,
    round: u32,
) -> Result<Figures> {
    let workers: Vec<Client> = contestant
        .clients(operation, site, arguments.connections)
        .await?;
    let seconds = if round == 0 { 1 } else { arguments.seconds };
    let before = site.cpu(contestant.tree);
    let outcome: Outcome = closed(workers, duration(seconds))
        .await
        .with_context(|| format!("{}, {operation}", contestant.kind))?;
    let own = site.cpu(contestant.tree).client - before.client;
    site.wait_until_idle(contestant.tree).await;
    let mut spent = site.cpu(contestant.tree) - before;
    spent.client = own;
    Ok(Figures::new(&outcome, spent))
}

fn duration(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}
