//! An upgrade drill: servers of an earlier release are replaced by those of this build while clients upload, read and change
//! datasets through a load balancer. Each round has a new PostgreSQL cluster and a new S3 server. No request may fail, and
//! everything that was committed must exist afterwards.
//!
//! | module | what |
//! |---|---|
//! | `arguments` | the command line |
//! | `settings` | the configuration of the servers |
//! | `site` | what the servers stand on, and how they are started |
//! | `record` | what clients were promised, and what failed |
//! | `access` | how clients reach the servers |
//! | `work`, `push`, `read`, `change` | what clients do |
//! | `content` | what they upload |
//! | `deployment` | the servers, and their replacement |
//! | `check` | the checks at the end of a round |
//! | `report` | the table |

mod access;
mod arguments;
mod change;
mod check;
mod content;
mod deployment;
mod push;
mod read;
mod record;
mod report;
mod settings;
mod site;
mod work;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::timeout;

use self::access::Access;
pub use self::arguments::Arguments;
use self::change::Change;
use self::deployment::{Deployment, Way};
use self::push::Push;
use self::read::Read;
use self::record::Record;
use self::report::{Row, Total};
use self::site::{Programs, Site};

/// Clients that read, and those that change datasets, beside those that push.
const READERS: u32 = 2;
const CHANGERS: u32 = 1;

/// Timeout for clients to finish what they have begun when a round ends.
const FINISH_TIMEOUT: Duration = Duration::from_mins(3);

/// Runs it until it ends or Ctrl-C ends it; `executable` is the `system` program.
///
/// # Errors
/// If a request fails, a version is lost, a migration fails, or anything cannot be run.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    tokio::select! {
        // First of all, or a signal that comes early would leave processes behind.
        biased;
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            bail!("interrupted");
        }
        ended = rounds(executable, arguments) => ended,
    }
}

async fn rounds(executable: &Path, arguments: Arguments) -> Result<()> {
    let directory = TempDir::with_prefix("restow-upgrade-")?;
    // A concurrent build must not change the program that processes are started with.
    let new = directory.path().join("system");
    tokio::fs::copy(executable, &new).await?;
    let old = arguments.old_server;
    ensure!(old.is_file(), "there is no program {}", old.display());
    let programs = Programs { old, new };
    let logs = TempDir::with_prefix("restow-upgrade-logs-")?;
    let mut total = Total::default();
    println!("{}", report::HEAD);
    let mut ended = Ok(());
    for number in 1..=arguments.rounds {
        match round(number, &programs, logs.path(), arguments.clients).await {
            Ok(row) => {
                println!("{row}");
                total.add(&row);
            }
            Err(error) => {
                ended = Err(error.context(format!("round {number} cannot be run")));
                break;
            }
        }
    }
    println!("{total}");
    if total.failed() > 0 || ended.is_err() {
        println!("logs are kept in {}", logs.keep().display());
    }
    ended?;
    ensure!(total.failed() == 0, "{} failures", total.failed());
    Ok(())
}

/// One upgrade, and the checks after it.
async fn round(number: u32, programs: &Programs, logs: &Path, pushers: u32) -> Result<Row> {
    let (programs, logs) = (programs.clone(), logs.join(format!("round-{number}")));
    let site = &spawn_blocking(move || Site::start(programs, &logs)).await??;
    let record = Arc::new(Record::default());
    let way = Way::of_round(number);
    let before = site.schema_version()?;
    let mut deployment = Deployment::start(site, Arc::clone(&record)).await?;
    let access = Access::new(deployment.url(), site.token(), &record);
    let mut clients = start_clients(&access, pushers).await?;
    let migration = deployment.upgrade(way).await;
    if let Err(error) = &migration {
        record.fail("the upgrade", error);
    }
    record.end();
    finish(&mut clients, &record).await?;
    // In the row are the requests of clients alone.
    let counts = record.counts();
    if let Err(error) = check::run(site, &access, &record).await {
        record.fail("the checks", &error);
    }
    if let Err(error) = deployment.stop().await {
        record.fail("the end", &error);
    }
    record.print_retries();
    Ok(Row {
        number,
        way,
        schema: (before, site.schema_version()?),
        migration: migration.ok(),
        deadlocks: site.deadlocks()?,
        failed: record.failures(),
        counts,
    })
}

async fn start_clients(access: &Access, pushers: u32) -> Result<JoinSet<()>> {
    let mut clients = JoinSet::new();
    for number in 1..=pushers {
        let push = Push::new(access, number).await;
        let push = push.with_context(|| format!("client {number} cannot create its datasets"))?;
        clients.spawn(work::repeat(push, access.record()));
    }
    for number in 1..=READERS {
        clients.spawn(work::repeat(Read::new(access, number), access.record()));
    }
    for number in 1..=CHANGERS {
        clients.spawn(work::repeat(Change::new(access, number), access.record()));
    }
    Ok(clients)
}

/// Waits for the clients, whose last requests count as the others.
async fn finish(clients: &mut JoinSet<()>, record: &Record) -> Result<()> {
    let finishing = timeout(FINISH_TIMEOUT, async {
        while let Some(ended) = clients.join_next().await {
            ended?;
        }
        Ok::<_, anyhow::Error>(())
    });
    match finishing.await {
        Ok(ended) => ended,
        Err(elapsed) => {
            clients.abort_all();
            let unfinished = clients.len();
            let error = anyhow::Error::from(elapsed).context(format!("{unfinished} do not finish"));
            record.fail("clients", &error);
            Ok(())
        }
    }
}
