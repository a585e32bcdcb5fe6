//! `cargo xtask bench`: Restow compared with other programs that do the same.
//!
//! What is measured is built and brought here; the program that measures is `system bench` of the tests.

mod docs;
mod name;
mod prepare;
mod profile;

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Subcommand};

use self::name::Name;
use self::profile::Profile;

/// Settings with which each benchmark ends soon, and its figures mean nothing.
const QUICK: [(Name, &[&str]); 8] = [
    (Name::Sign, &["--urls=200", "--rounds=1"]),
    (Name::Serve, &["--seconds=1", "--rounds=1"]),
    (
        Name::Limits,
        &["--seconds=1", "--rounds=1", "--silent-connections=500"],
    ),
    (
        Name::Small,
        &["--files=20", "--tiny-files=50", "--rounds=1"],
    ),
    (
        Name::Scale,
        &[
            "--rows=1000,2000",
            "--rounds=2",
            "--requests=5",
            "--connections=50",
        ],
    ),
    (Name::Start, &["--rounds=1"]),
    (Name::Inspect, &["--rows=10000", "--rounds=1"]),
    (Name::Upload, &["--size=16MiB", "--files=20", "--rounds=1"]),
];

/// Options of all benchmarks.
#[derive(Args)]
pub struct Arguments {
    /// How everything is built; only a release build has figures that mean something
    #[arg(long, value_enum, default_value_t = Profile::Release)]
    profile: Profile,
    #[command(subcommand)]
    benchmark: Benchmark,
}

/// What is measured.
#[derive(Subcommand)]
enum Benchmark {
    /// Signed URLs: Restow's signer, the AWS SDK, aws-sigv4, rusty-s3 and boto3 in turn
    #[command(disable_help_flag = true)]
    Sign(Options),
    /// Requests: Restow, a FastAPI service and an axum service in turn
    #[command(disable_help_flag = true)]
    Serve(Options),
    /// What a noisy principal costs a quiet one with and without rate limits, and what silent connections cost other clients
    #[command(disable_help_flag = true)]
    Limits(Options),
    /// Many small files, uploaded by restow, the AWS CLI and s5cmd in turn
    #[command(disable_help_flag = true)]
    Small(Options),
    /// Every operation on databases of a thousand to a million jobs, versions and datasets
    #[command(disable_help_flag = true)]
    Scale(Options),
    /// The start of the server, its memory and its size
    #[command(disable_help_flag = true)]
    Start(Options),
    /// A large file and many small ones, uploaded by restow, the AWS CLI, s5cmd and rclone in turn
    #[command(disable_help_flag = true)]
    Upload(Options),
    /// Large files, inspected by Restow and summarised by DuckDB in turn
    #[command(disable_help_flag = true)]
    Inspect(Options),
    /// All of them, one after another; a failure of one does not keep the others from being run
    All {
        /// With settings of which the figures mean nothing, to see whether each runs to its end
        #[arg(long)]
        quick: bool,
        /// Write the tables into docs/performance.md
        #[arg(long)]
        write_docs: bool,
    },
    /// Write the tables of the latest runs into docs/performance.md
    Docs,
}

#[derive(Args)]
struct Options {
    /// Options of the run; --help explains them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Builds and brings what it takes, and measures.
///
/// # Errors
/// If a program cannot be had or built, or the measurement fails.
pub fn run(arguments: Arguments) -> Result<()> {
    let profile = arguments.profile;
    let (name, options) = match arguments.benchmark {
        Benchmark::All { quick, write_docs } => return all(profile, quick, write_docs),
        Benchmark::Docs => return docs::write(),
        Benchmark::Sign(options) => (Name::Sign, options),
        Benchmark::Serve(options) => (Name::Serve, options),
        Benchmark::Limits(options) => (Name::Limits, options),
        Benchmark::Small(options) => (Name::Small, options),
        Benchmark::Scale(options) => (Name::Scale, options),
        Benchmark::Start(options) => (Name::Start, options),
        Benchmark::Upload(options) => (Name::Upload, options),
        Benchmark::Inspect(options) => (Name::Inspect, options),
    };
    // Ctrl-C then reaches the program that measures, and nothing else.
    Err(command(name, profile, &options.arguments)?.exec().into())
}

/// The program that measures, with what it takes.
fn command(name: Name, profile: Profile, arguments: &[OsString]) -> Result<Command> {
    let asks_for_help = arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h");
    // Its help is no reason to build everything anew.
    let profile = if asks_for_help { Profile::Dev } else { profile };
    let mut command = Command::new(prepare::system(profile)?);
    if !asks_for_help {
        command.envs(prepare::programs(name, profile)?);
        let json = name.json_file();
        let directory = json.parent().context("no directory of figures")?;
        fs::create_dir_all(directory)?;
        command.env("RESTOW_BENCH_JSON", json);
    }
    command
        .args(["bench", name.title().as_str()])
        .args(arguments);
    Ok(command)
}

fn all(profile: Profile, quick: bool, write_docs: bool) -> Result<()> {
    let mut failed = Vec::new();
    for (name, settings) in QUICK {
        let title = name.title();
        println!("\n## {title}\n");
        let settings = if quick { settings } else { &[] };
        if let Err(error) = measure(name, profile, settings) {
            eprintln!("error: {title}: {error:#}");
            failed.push(title);
        }
    }
    if write_docs {
        docs::write()?;
    }
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    Ok(())
}

fn measure(name: Name, profile: Profile, settings: &[&str]) -> Result<()> {
    let settings: Vec<OsString> = settings.iter().map(OsString::from).collect();
    // Figures of an earlier run would be taken for those of this one.
    let _ = fs::remove_file(name.json_file());
    let status = command(name, profile, &settings)?.status()?;
    if !status.success() {
        bail!("it ended with {status}");
    }
    Ok(())
}
