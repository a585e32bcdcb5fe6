//! Databases of growing size: every operation of the API, the claims of work and the duties of the reaper are to take as long on
//! a million rows as on a thousand. The databases take turns, so that what the machine does meanwhile meets all sizes alike.
//!
//! | module | what |
//! |---|---|
//! | `site` | a server over a database of a size |
//! | `fill` | the rows, and those that duties find to do |
//! | `turns` | in which order they are measured |
//! | `session` | requests and their times |
//! | `operation` | every operation of the API |
//! | `coverage` | whether these are all |
//! | `duty` | claims of work, and what the reaper does |
//! | `crowd` | many uploads and many connections at once |
//! | `result` | the tables |

mod coverage;
mod crowd;
mod duty;
mod fill;
mod operation;
mod result;
mod session;
mod site;
mod turns;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Parser;

use self::fill::FREE;
use self::operation::UNCOUNTED;
use self::result::{Results, Sizes};
use self::site::Site;
use super::database::Database;
use super::report::Output;
use super::stores::Stores;

/// What keeps PostgreSQL from filling the disk with its write-ahead log.
const POSTGRES_OPTIONS: &str = "-c max_wal_size=256MB";

/// Most rows of a SQLite database.
const SQLITE_ROWS: u64 = 100_000;

/// Fewest rows of a database: the operations need datasets of their own.
const FEWEST: u64 = 1_000;

/// Measures every operation on databases of a thousand to a million jobs, versions and datasets
#[derive(Debug, Parser)]
#[command(
    override_usage = "cargo xtask bench scale [OPTIONS]",
    after_help = "The report is Markdown, on the standard output; how far it is goes to the standard error. The databases are \
                  in TMPDIR, and take some 3 GiB by default.\n\nExample:\n  \
                  cargo xtask bench scale --rows 1000,20000 --rounds 2 --requests 20 --connections 100"
)]
pub struct Arguments {
    /// Rows of each table, one number for each database; SQLite gets those up to 100,000
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_value = "1000,100000,1000000", value_parser = clap::value_parser!(u64).range(FEWEST..))]
    rows: Vec<u64>,
    /// How many rounds there are
    #[arg(short, long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=i64::from(duty::LEAST_STEPS)))]
    rounds: u32,
    /// How many times each operation is requested in a round
    #[arg(short = 'n', long, value_name = "NUMBER", default_value_t = 80, value_parser = clap::value_parser!(u32).range(2..))]
    requests: u32,
    /// Connections that are open at once and idle
    #[arg(short, long, value_name = "NUMBER", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=15_000))]
    connections: u32,
    /// Uploads that are under way at once
    #[arg(short, long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    uploads: u32,
    #[command(flatten)]
    output: Output,
    /// The document that lists the operations.
    #[arg(long, env = "RESTOW_BENCH_DOCUMENT", hide = true)]
    document: PathBuf,
}

/// Runs it; `executable` is the `system` program.
///
/// # Errors
/// If a server does not start, a request fails, or an operation of the document is not among those that are measured.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    arguments.ensure_enough_datasets()?;
    let stores = Stores::start(POSTGRES_OPTIONS)?;
    let mut results = Results::new(stores.versions()?);
    for database in [Database::Postgres, Database::Sqlite] {
        let sites = start(executable, &stores, database, &arguments).await?;
        if !sites.is_empty() {
            let measured = measure(sites, database, &arguments, &mut results).await;
            measured.with_context(|| database.to_string())?;
        }
    }
    results.publish(&arguments.output)
}

impl Arguments {
    /// Each request of an operation has a dataset of its own.
    fn ensure_enough_datasets(&self) -> Result<()> {
        let counted = u64::from(self.rounds) * u64::from(self.requests);
        let most = FREE - UNCOUNTED;
        ensure!(
            counted <= most,
            "{} rounds of {} requests are too many: all rounds together may have {most}",
            self.rounds,
            self.requests
        );
        Ok(())
    }

    /// Rows of the databases of one kind, the smallest first.
    fn sizes(&self, database: Database) -> Vec<u64> {
        let mut sizes = self.rows.clone();
        sizes.retain(|rows| database == Database::Postgres || *rows <= SQLITE_ROWS);
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }
}

/// A server over a database of each size, the smallest first.
async fn start<'a>(
    executable: &Path,
    stores: &'a Stores,
    database: Database,
    arguments: &Arguments,
) -> Result<Vec<Site<'a>>> {
    let mut sites = Vec::new();
    for rows in arguments.sizes(database) {
        let title = || format!("{database}, {rows} rows");
        eprintln!("{}", title());
        let place = (database, rows);
        let site = Site::start(executable, stores, place, arguments.connections);
        let site = site.with_context(title)?;
        site.fill().await.with_context(title)?;
        sites.push(site);
    }
    Ok(sites)
}

/// Everything on all databases of one kind.
async fn measure(
    mut sites: Vec<Site<'_>>,
    database: Database,
    arguments: &Arguments,
    results: &mut Results,
) -> Result<()> {
    let rows: Vec<u64> = sites.iter().map(|site| site.rows).collect();
    let mut figures = Sizes::new(database, &rows);
    let extent = (arguments.rounds, arguments.requests);
    operation::measure(&sites, extent, &arguments.document, &mut figures).await?;
    let largest = sites.last().filter(|_| database == Database::Postgres);
    if let Some(largest) = largest {
        crowd::uploads(largest, arguments.uploads, results).await?;
        crowd::connections(largest, arguments.connections, results).await?;
    }
    for site in &mut sites {
        site.stop()?;
    }
    for site in &sites {
        site.fill_with_work().await?;
    }
    duty::measure(&sites, arguments.rounds, &mut figures).await?;
    results.end(figures);
    Ok(())
}
