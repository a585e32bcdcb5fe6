//! `cargo xtask`: the repository's own tasks.

mod answers;
mod compatibility;
mod differences;
mod install;
mod openapi;
mod published;
mod sdk;
mod test;
mod torture;

use std::ffi::OsString;
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

#[derive(Subcommand)]
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
        action: DocumentAction,
    },
    /// The generated part of the SDK: sdk/src/generated.rs
    Sdk {
        #[command(subcommand)]
        action: Action,
    },
    /// A deployment under fire: processes die, lines break, stores lie, and nothing that was promised is lost
    #[command(disable_help_flag = true)]
    Torture {
        /// Options of the run; --help explains them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

#[derive(Subcommand)]
enum DocumentAction {
    /// Compare the file with what it is derived from; differences are printed, and the exit code is 1
    Check {
        /// Compare it also with that of a git revision: what breaks clients needs a higher major version
        #[arg(long, value_name = "REV")]
        against: Option<String>,
    },
    /// Renew the file
    Write,
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
        Task::Openapi { action: DocumentAction::Check { against: None } } => openapi::check(),
        Task::Openapi { action: DocumentAction::Check { against: Some(revision) } } => openapi::check_against(&revision),
        Task::Openapi { action: DocumentAction::Write } => openapi::write(),
        Task::Sdk { action: Action::Check } => sdk::check(),
        Task::Sdk { action: Action::Write } => sdk::write(),
        Task::Torture { arguments } => torture::run(&arguments),
    }
}

/// The repository's top level.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}
