//! `cargo xtask`: the repository's own tasks.

mod differences;
mod install;
mod openapi;
mod published;
mod sdk;
mod test;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The repository's own tasks.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Clone, Copy, Subcommand)]
enum Task {
    /// Everything that continuous integration tests, stage by stage
    Test {
        /// Run also what is too long for every run
        #[arg(long)]
        full: bool,
    },
    /// The programs that the tests run against: S3 servers into the target directory, `PostgreSQL` where it may
    Install,
    /// The document: openapi.json at the top level
    Openapi {
        #[command(subcommand)]
        action: Action,
    },
    /// The generated part of the SDK: sdk/src/generated.rs
    Sdk {
        #[command(subcommand)]
        action: Action,
    },
}

#[derive(Clone, Copy, Subcommand)]
enum Action {
    /// Compare the file with what it is derived from; differences are printed, and the exit code is 1
    Check,
    /// Renew the file
    Write,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Test { full } => test::run(full),
        Task::Install => install::run(),
        Task::Openapi { action: Action::Check } => openapi::check(),
        Task::Openapi { action: Action::Write } => openapi::write(),
        Task::Sdk { action: Action::Check } => sdk::check(),
        Task::Sdk { action: Action::Write } => sdk::write(),
    }
}

/// The repository's top level.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
