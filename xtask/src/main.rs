//! `cargo xtask`: the repository's own tasks.

mod bench;
mod binaries;
mod compatibility;
mod conformance;
mod contract;
mod dependencies;
mod differences;
mod docs;
mod install;
mod modules;
mod openapi;
mod package;
mod process;
mod published;
mod python;
mod responses;
mod sdk;
mod server;
mod test;
mod torture;
mod workflows;
mod workspace;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use test::Scope;

/// The repository's own tasks.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Check format, lints, generated files and imports, and run the unit tests
    Check,
    /// Run the checks, then the tests that need no server beside the embedded ones, the demo and the SDK's package
    Test {
        /// Also run on `PostgreSQL`, `SeaweedFS` and Ceph, with conformance and torture tests, docs site and browser
        #[arg(long)]
        all: bool,
        /// Run everything, including the tests that are too long for every run
        #[arg(long)]
        full: bool,
        /// Run only the stage of this name, as printed by a run; may be repeated
        #[arg(long = "stage", value_name = "NAME")]
        stages: Vec<String>,
    },
    /// Install the S3 servers into the target directory, and `PostgreSQL` and Chromium if permitted
    Install,
    /// Check or write the document, openapi.json
    Openapi {
        #[command(subcommand)]
        action: DocumentAction,
    },
    /// Check or write the generated part of the SDK, sdk/src/generated.rs
    Sdk {
        #[command(subcommand)]
        action: Action,
    },
    /// Test the server and openapi.json with schemathesis, a validator, and generated Python and TypeScript clients
    Conformance(conformance::Options),
    /// Package the SDK and the command, and run the README's program with the packaged SDK
    Package,
    /// Check that no files of a crate import each other in a circle
    Modules {
        /// Print every use among the files of a circle
        #[arg(long)]
        edges: bool,
    },
    /// Build the docs site in target/docs
    Docs {
        /// Path at which the site will be served
        #[arg(long, value_name = "PATH", default_value = "/")]
        base: String,
    },
    /// Run a deployment under load while processes, connections and stores fail, and verify its data
    #[command(disable_help_flag = true)]
    Torture {
        /// Options of the run; --help explains them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Compare time and memory with those of other upload programs
    Bench {
        #[command(subcommand)]
        benchmark: bench::Benchmark,
    },
}

#[derive(Subcommand)]
enum DocumentAction {
    /// Compare the file with its source; print differences and exit with 1 if there are any
    Check {
        /// Also compare it with that of a git revision; breaking changes need a higher major version
        #[arg(long, value_name = "REV")]
        against: Option<String>,
    },
    /// Write the file
    Write,
}

#[derive(Clone, Copy, Subcommand)]
enum Action {
    /// Compare the file with its source; print differences and exit with 1 if there are any
    Check,
    /// Write the file
    Write,
}

fn main() -> ExitCode {
    let task = Arguments::parse().task;
    match workspace::locate().and_then(|()| run(task)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Check => test::run(Scope::Check, &[]),
        Task::Test { all, full, stages } => test::run(scope(all, full), &stages),
        Task::Install => install::run(),
        Task::Openapi {
            action: DocumentAction::Check { against: None },
        } => openapi::check(),
        Task::Openapi {
            action: DocumentAction::Check {
                against: Some(revision),
            },
        } => openapi::check_against(&revision),
        Task::Openapi {
            action: DocumentAction::Write,
        } => openapi::write(),
        Task::Sdk {
            action: Action::Check,
        } => sdk::check(),
        Task::Sdk {
            action: Action::Write,
        } => sdk::write(),
        Task::Conformance(options) => conformance::run(&options),
        Task::Package => package::run(None),
        Task::Modules { edges } => modules::check(edges),
        Task::Docs { base } => docs::run(&base),
        Task::Torture { arguments } => torture::run(&arguments),
        Task::Bench { benchmark } => bench::run(benchmark),
    }
}

fn scope(all: bool, full: bool) -> Scope {
    match (all, full) {
        (_, true) => Scope::Full,
        (true, false) => Scope::All,
        (false, false) => Scope::Embedded,
    }
}
