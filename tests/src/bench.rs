//! Benchmarks: Restow beside other programs that do the same, in one run, in turn. What counts are ratios, since the
//! machine has its part in every figure.
//!
//! | module | what |
//! |---|---|
//! | `upload` | a large file and many small ones |
//! | `inspect` | large files, inspected |
//! | `measurement` | what one run of a program takes |
//! | `statistics` | what many runs come to |
//! | `machine` | what it all ran on |

mod inspect;
mod machine;
mod measurement;
mod statistics;
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
