//! `cargo xtask test`: everything that continuous integration tests, stage by stage.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::workspace::cargo as cargo_command;
use crate::{answers, conformance, docs, install, openapi, package, sdk};

/// A warning is a failure.
const NO_WARNINGS: &str = "-D warnings";

/// What a stage does.
enum Action {
    /// Runs cargo with arguments and environment.
    Cargo(
        &'static [&'static str],
        &'static [(&'static str, &'static str)],
    ),
    /// Runs the contract tests beside servers that are started for them, by the commands of `system` that do so.
    Contract(&'static [&'static [&'static str]]),
    /// Runs the tests of the store on both databases.
    Store,
    /// Runs a task of this program.
    Task(fn() -> Result<()>),
}

const POSTGRES: &[&str] = &["with-postgres"];
const SEAWEEDFS: &[&str] = &["with-s3", "seaweedfs"];
const CEPH: &[&str] = &["with-s3", "ceph"];

/// A program of the package that drives whole systems.
const SYSTEM: [&str; 5] = ["run", "--quiet", "--package", "restow-tests", "--"];

const CONTRACT_TESTS: [&str; 7] = [
    "test",
    "--package",
    "restow-tests",
    "--test",
    "contract",
    "--",
    "--skip=s3_server",
];

/// Modules that S3 has no part in, or only the embedded one.
const WITHOUT_S3: [&str; 10] = [
    "answers::",
    "command_line::",
    "cors::",
    "dataset::",
    "http::",
    "inspection::",
    "memory::",
    "migration::",
    "ownership::",
    "shutdown::",
];

/// The tests of the store, which run on both databases where there are two.
const STORE_TESTS: [&str; 6] = [
    "test",
    "--package",
    "restow-server",
    "--lib",
    "--",
    "store::",
];

/// Two minutes of it; `cargo xtask torture` takes as many as it is given.
const TORTURE: [&str; 12] = [
    "run",
    "--quiet",
    "--package",
    "restow-tests",
    "--bin",
    "system",
    "--",
    "torture",
    "--minutes",
    "2",
    "--seed",
    "1",
];

const STAGES: [(&str, Action); 17] = [
    ("install", Action::Task(install::run)),
    ("format", Action::Cargo(&["fmt", "--all", "--check"], &[])),
    ("openapi check", Action::Task(openapi::check)),
    ("sdk check", Action::Task(sdk::check)),
    (
        "clippy",
        Action::Cargo(
            &[
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ],
            &[],
        ),
    ),
    (
        "docs",
        Action::Cargo(
            &["doc", "--workspace", "--no-deps"],
            &[("RUSTDOCFLAGS", NO_WARNINGS)],
        ),
    ),
    ("docs site", Action::Task(|| docs::run("/"))),
    ("tests", Action::Cargo(&["test", "--workspace"], &[])),
    ("package", Action::Task(package::run)),
    ("store on PostgreSQL", Action::Store),
    ("on PostgreSQL", Action::Contract(&[POSTGRES])),
    ("answers", Action::Task(answers::check)),
    ("on SeaweedFS", Action::Contract(&[SEAWEEDFS])),
    (
        "on PostgreSQL and Ceph",
        Action::Contract(&[POSTGRES, CEPH]),
    ),
    (
        "conformance",
        Action::Task(|| conformance::run(&conformance::Options::default())),
    ),
    ("torture", Action::Cargo(&TORTURE, &[])),
    ("demo", Action::Cargo(&["demo", "--exit"], &[])),
];

/// Runs all stages; `full` also what is too long for every run.
///
/// # Errors
/// At the first stage that fails.
pub fn run(full: bool) -> Result<()> {
    answers::forget()?;
    let started = Instant::now();
    let mut taken = Vec::new();
    for (name, action) in &STAGES {
        println!("\n==> {name}");
        let begun = Instant::now();
        let outcome = match action {
            Action::Cargo(arguments, environment) => cargo(arguments, environment, full),
            Action::Contract(servers) => cargo(&contract(servers), &[], full),
            Action::Store => cargo(&beside(&[POSTGRES], &STORE_TESTS), &[], full),
            Action::Task(task) => task(),
        };
        taken.push((*name, begun.elapsed()));
        if let Err(error) = outcome {
            report(&taken, started.elapsed());
            bail!("{name}: {error:#}");
        }
    }
    report(&taken, started.elapsed());
    Ok(())
}

/// The arguments that run the contract tests beside these servers.
fn contract(servers: &[&[&'static str]]) -> Vec<&'static str> {
    let mut arguments = beside(servers, &CONTRACT_TESTS);
    if servers.iter().any(|server| *server != POSTGRES) {
        arguments.extend(WITHOUT_S3.iter().flat_map(|module| ["--skip", module]));
    }
    arguments
}

/// The arguments that have `system` start these servers, and cargo run with `arguments` beside them.
fn beside(servers: &[&[&'static str]], arguments: &[&'static str]) -> Vec<&'static str> {
    let started = servers
        .iter()
        .flat_map(|server| SYSTEM.iter().chain(*server).chain(&["cargo"]));
    started.chain(arguments).copied().collect()
}

fn cargo(arguments: &[&str], environment: &[(&str, &str)], full: bool) -> Result<()> {
    let mut command = cargo_command();
    command.args(arguments).envs(environment.iter().copied());
    if full {
        command.env("RESTOW_TEST_FULL", "1");
    }
    let status = command.status().context("cargo cannot be run")?;
    if !status.success() {
        bail!("cargo {} ended with {status}", arguments.join(" "));
    }
    Ok(())
}

fn report(taken: &[(&str, Duration)], total: Duration) {
    println!("\nminutes");
    for (name, duration) in taken.iter().copied().chain([("all", total)]) {
        println!("  {name:22} {:6.1}", duration.as_secs_f64() / 60.0);
    }
}
