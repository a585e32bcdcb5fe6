//! `cargo xtask test`: everything that continuous integration tests, stage by stage.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{install, openapi, root, sdk};

/// A warning is a failure.
const NO_WARNINGS: &str = "-D warnings";

/// What a stage does.
enum Action {
    /// Runs cargo with arguments and environment.
    Cargo(&'static [&'static str], &'static [(&'static str, &'static str)]),
    /// Runs a task of this program.
    Task(fn() -> Result<()>),
}

/// The contract tests over PostgreSQL, of which every server gets a database of its own.
const ON_POSTGRES: [&str; 15] = [
    "run",
    "--quiet",
    "--package",
    "restow-tests",
    "--",
    "with-postgres",
    "cargo",
    "test",
    "--package",
    "restow-tests",
    "--test",
    "contract",
    "--",
    "--skip",
    "s3_server",
];

const STAGES: [(&str, Action); 9] = [
    ("install", Action::Task(install::run)),
    ("format", Action::Cargo(&["fmt", "--all", "--check"], &[])),
    ("openapi check", Action::Task(openapi::check)),
    ("sdk check", Action::Task(sdk::check)),
    ("clippy", Action::Cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])),
    ("docs", Action::Cargo(&["doc", "--workspace", "--no-deps"], &[("RUSTDOCFLAGS", NO_WARNINGS)])),
    ("tests", Action::Cargo(&["test", "--workspace"], &[])),
    ("on PostgreSQL", Action::Cargo(&ON_POSTGRES, &[])),
    ("demo", Action::Cargo(&["demo", "--exit"], &[])),
];

/// Runs all stages; `full` also what is too long for every run.
///
/// # Errors
/// At the first stage that fails.
pub fn run(full: bool) -> Result<()> {
    let started = Instant::now();
    let mut taken = Vec::new();
    for (name, action) in &STAGES {
        println!("\n==> {name}");
        let begun = Instant::now();
        let outcome = match action {
            Action::Cargo(arguments, environment) => cargo(arguments, environment, full),
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

fn cargo(arguments: &[&str], environment: &[(&str, &str)], full: bool) -> Result<()> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments).envs(environment.iter().copied());
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
        println!("  {name:14} {:6.1}", duration.as_secs_f64() / 60.0);
    }
}
