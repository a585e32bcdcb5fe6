//! Benchmarks: Restow beside other programs that do the same, in one run, in turn. What counts are ratios, since the
//! machine has its part in every figure.
//!
//! | module | what |
//! |---|---|
//! | `sign` | signed URLs |
//! | `serve` | requests |
//! | `limits` | noisy principals and silent connections beside others |
//! | `upload` | a large file and many small ones |
//! | `small` | many small files |
//! | `scale` | databases of growing size |
//! | `start` | the start of the server, its memory, its size |
//! | `inspect` | large files, inspected |
//! | `stores` | what servers stand on |
//! | `restow`, `database` | Restow's server on these, and its database |
//! | `measurement` | what one run of a program takes |
//! | `process_tree` | what a running process takes, with its children |
//! | `connection`, `load` | requests, as many as there can be |
//! | `statistics` | what many runs come to |
//! | `machine` | what it all ran on |
//! | `table`, `report` | the results |

mod connection;
mod database;
mod inspect;
mod limits;
mod load;
mod machine;
mod measurement;
mod process_tree;
mod report;
mod restow;
mod scale;
mod serve;
mod sign;
mod small;
mod start;
mod statistics;
mod stores;
mod table;
mod upload;

use std::path::Path;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

/// Runs Restow beside other programs that do the same, in turn
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask bench")]
pub struct Arguments {
    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(Debug, Subcommand)]
enum Benchmark {
    Sign(sign::Arguments),
    Serve(serve::Arguments),
    Limits(limits::Arguments),
    Small(small::Arguments),
    Scale(scale::Arguments),
    Start(start::Arguments),
    Upload(upload::Arguments),
    Inspect(inspect::Arguments),
}

/// Runs a benchmark until it ends or Ctrl-C ends it, which leaves nothing behind; `executable` is the `system` program.
///
/// # Errors
/// If any program fails. How the programs compare is no error.
pub async fn run(executable: &Path, arguments: Arguments) -> Result<()> {
    let benchmark = async {
        match arguments.benchmark {
            Benchmark::Sign(arguments) => sign::run(arguments).await,
            Benchmark::Serve(arguments) => serve::run(executable, arguments).await,
            Benchmark::Limits(arguments) => limits::run(executable, arguments).await,
            Benchmark::Small(arguments) => small::run(executable, arguments).await,
            Benchmark::Scale(arguments) => scale::run(executable, arguments).await,
            Benchmark::Start(arguments) => start::run(arguments).await,
            Benchmark::Upload(arguments) => upload::run(executable, arguments).await,
            Benchmark::Inspect(arguments) => inspect::run(arguments).await,
        }
    };
    tokio::select! {
        // First of all, or a signal that comes early would leave files behind.
        biased;
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            bail!("interrupted");
        }
        ended = benchmark => ended,
    }
}
