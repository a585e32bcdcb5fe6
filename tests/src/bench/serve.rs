//! Requests served by Restow and by other services that do the same, in turn, over the same PostgreSQL and S3 server.
//!
//! | module | what |
//! |---|---|
//! | `arguments` | the command line |
//! | `operation` | what is requested |
//! | `kind` | which services there are |
//! | `contestant` | the services that run |
//! | `peer` | how those that are not Restow are started |
//! | `result` | the tables, and what is to be reached |

mod arguments;
mod contestant;
mod kind;
pub(super) mod operation;
mod peer;
mod result;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

pub use self::arguments::Arguments;
use self::contestant::Contestant;
use self::kind::Kind;
use self::operation::{Client, Operation};
use self::result::{Figures, Results};
use super::load::{Outcome, closed, open};
use super::stores::Stores;

/// The part of the greatest load at which response times are looked at, and the connections that it comes over.
const PART: f64 = 0.8;
const OPEN_CONNECTIONS: u32 = 64;

/// Runs it; `executable` is the `system` program.
///
/// # Errors
/// If a service does not start, or a request fails.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    let stores = Stores::start("")?;
    let mut contestants = Vec::new();
    for kind in Kind::ALL {
        let contestant = Contestant::start(kind, executable, &stores, &arguments).await;
        contestants.push(contestant.with_context(|| kind.to_string())?);
    }
    let mut versions = stores.versions()?;
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
                let figures = measure(contestant, operation, &stores, &arguments, round).await?;
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
            let workers = restow.clients(operation, &stores, OPEN_CONNECTIONS).await?;
            let outcome = open(workers, rate, duration(arguments.seconds)).await?;
            stores.wait_until_idle(restow.tree).await;
            results.add_open(operation, &outcome);
        }
    }
    results.publish(&arguments.output)
}

/// One contestant under load, and the processor time that it took of everyone, with what is done after the last response.
async fn measure(
    contestant: &Contestant,
    operation: Operation,
    stores: &Stores,
    arguments: &Arguments,
    round: u32,
) -> Result<Figures> {
    let workers: Vec<Client> = contestant
        .clients(operation, stores, arguments.connections)
        .await?;
    let seconds = if round == 0 { 1 } else { arguments.seconds };
    let before = stores.cpu(contestant.tree);
    let outcome: Outcome = closed(workers, duration(seconds))
        .await
        .with_context(|| format!("{}, {operation}", contestant.kind))?;
    let own = stores.cpu(contestant.tree).client - before.client;
    stores.wait_until_idle(contestant.tree).await;
    let mut spent = stores.cpu(contestant.tree) - before;
    spent.client = own;
    Ok(Figures::new(&outcome, spent))
}

fn duration(seconds: u32) -> Duration {
    Duration::from_secs(seconds.into())
}
