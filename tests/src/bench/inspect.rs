//! Large files, inspected by Restow and summarised by DuckDB's `SUMMARIZE` in turn, with two threads each.
//!
//! | module | what |
//! |---|---|
//! | `table` | the files |
//! | `tool` | the programs |
//! | `report` | the results |

mod report;
mod table;
mod tool;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use tempfile::TempDir;

use self::report::{Report, Run};
use self::table::Table;
use self::tool::Tool;
use super::machine::{Machine, ensure_room};
use super::measurement::measure;
use super::report::Output;

/// Threads of each program.
const THREADS: usize = 2;

/// Bytes of disk for a row, in all formats together.
const BYTES_PER_ROW: u64 = 700;

/// Inspects large files with Restow and summarises them with DuckDB in turn
#[derive(Debug, Parser)]
#[command(
    override_usage = "cargo xtask bench inspect [OPTIONS]",
    after_help = "The report is Markdown, on the standard output; how far it is goes to the standard error.\n\nThe files are \
                  in TMPDIR, and take 2 GiB by default. Ctrl-C ends the run and removes them.\n\nExample:\n  \
                  cargo xtask bench inspect --rows 300000 --rounds 3"
)]
pub struct Arguments {
    /// Rows of each file
    #[arg(long, value_name = "NUMBER", default_value_t = 3_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    rows: u64,
    /// How many times each program reads each file
    #[arg(long, value_name = "NUMBER", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    #[command(flatten)]
    output: Output,
    #[arg(long, env = "RESTOW_BENCH_INSPECT", hide = true)]
    inspect: PathBuf,
    #[arg(long, env = "RESTOW_BENCH_DUCKDB", hide = true)]
    duckdb: PathBuf,
}

/// Runs it.
///
/// # Errors
/// If a program fails, or there is no room.
pub async fn run(arguments: Arguments) -> Result<()> {
    let directory = TempDir::with_prefix("restow-bench-")?;
    ensure_room(directory.path(), arguments.rows * BYTES_PER_ROW)?;
    let logs = directory.path().join("logs");
    fs::create_dir(&logs)?;
    let tables = Table::create(&arguments.duckdb, arguments.rows, directory.path(), &logs).await?;
    let mut report = Report::new(Machine::this(), arguments.rows);
    for table in &tables {
        for round in 0..=arguments.rounds {
            let mut tools = [Tool::Restow, Tool::DuckDb];
            if round % 2 == 1 {
                tools.reverse();
            }
            for tool in tools {
                let run = measured(&arguments, tool, table, directory.path(), &logs).await?;
                // The first round brings the file into the page cache.
                if round > 0 {
                    eprintln!("round {round}: {run}");
                    report.add(run);
                }
            }
        }
    }
    let markdown = report.to_string();
    print!("{markdown}");
    arguments.output.write(&report, &markdown)
}

async fn measured(
    arguments: &Arguments,
    tool: Tool,
    table: &Table,
    directory: &Path,
    logs: &Path,
) -> Result<Run> {
    let (program, command) = match tool {
        Tool::Restow => (&arguments.inspect, vec![table.path()]),
        Tool::DuckDb => {
            let sql = format!(
                "SET threads = {THREADS}; SUMMARIZE FROM {};",
                table.relation()
            );
            (&arguments.duckdb, vec!["-c".to_owned(), sql])
        }
    };
    let measurement = measure((program, &command), &[], directory, logs)
        .await
        .with_context(|| format!("{tool}, {}", table.title()))?;
    Ok(Run {
        table: table.title(),
        tool,
        measurement,
    })
}
