//! Databases of growing size: every operation of the API, the claims of work and the duties of the reaper are to take as long on
//! a million rows as on a thousand.
//!
//! | module | what |
//! |---|---|
//! | `site` | a server over a database of a size |
//! | `fill` | the rows, and those that duties find to do |
//! | `session` | requests and their times |
//! | `operation` | every operation of the API |
//! | `duty` | claims of work, and what the reaper does |
//! | `crowd` | many uploads and many connections at once |
//! | `result` | the tables |

mod crowd;
mod duty;
mod fill;
mod operation;
mod result;
mod session;
mod site;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;

use self::result::Results;
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
                  cargo xtask bench scale --rows 1000,20000 --requests 20 --connections 100"
)]
pub struct Arguments {
    /// Rows of each table, one number for each database; SQLite gets those up to 100,000
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', default_value = "1000,100000,1000000", value_parser = clap::value_parser!(u64).range(FEWEST..))]
    rows: Vec<u64>,
    /// How many times each operation is requested
    #[arg(short = 'n', long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=300))]
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
    let stores = Stores::start(POSTGRES_OPTIONS)?;
    let mut results = Results::new(stores.versions()?);
    for database in [Database::Postgres, Database::Sqlite] {
        let sizes = arguments.rows.iter().copied();
        let sizes: Vec<u64> = sizes
            .filter(|rows| database == Database::Postgres || *rows <= SQLITE_ROWS)
            .collect();
        for rows in &sizes {
            let title = || format!("{database}, {rows} rows");
            eprintln!("{}", title());
            let place = (database, *rows);
            let site = Site::start(executable, &stores, place, arguments.connections);
            measure(site.with_context(title)?, *rows, &arguments, &mut results)
                .await
                .with_context(title)?;
        }
        results.end(database, &sizes);
    }
    results.publish(&arguments.output)
}

/// Everything on one database.
async fn measure(
    mut site: Site<'_>,
    rows: u64,
    arguments: &Arguments,
    results: &mut Results,
) -> Result<()> {
    site.fill(rows).await?;
    let times = operation::measure(&site, arguments.requests).await?;
    operation::ensure_complete(&times, &arguments.document)?;
    results.add(rows, times);
    if site.database == Database::Postgres && Some(&rows) == arguments.rows.iter().max() {
        crowd::uploads(&site, arguments.uploads, results).await?;
        crowd::connections(&site, arguments.connections, results).await?;
    }
    site.stop()?;
    site.fill_with_work(rows).await?;
    results.add(rows, duty::measure(&site, rows).await?);
    Ok(())
}
