//! `cargo xtask package`: the SDK as crates.io would have it, and a crate of somebody else's that uses it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::install;
use crate::server::{Server, built};
use crate::workspace::{cargo, renew, root, target};

/// How the README begins its program.
const PROGRAM_BEGINS: &str = "```rust,no_run\n";

/// Where the README has its server.
const README_ENDPOINT: &str = "http://127.0.0.1:8080";

/// The dataset that the README's program uploads to.
const DATASET: &str = "weather";

/// The file that it uploads.
const FILE: &str = "tests/data/seattle-weather.csv";

/// Packages the SDK, builds it from the package, and has the README's program, in a crate that depends on the package,
/// upload to a server.
///
/// # Errors
/// If the package does not build, or the program does not do what it should.
pub fn run() -> Result<()> {
    let packaged = package()?;
    let outside = target().join("outside");
    renew(&outside)?;
    let server = Server::start(None, &outside.join("restow-data"))?;
    let mut create = built();
    create.args(["restow", "dataset", "create", DATASET]);
    install::output(
        create
            .env("RESTOW_ENDPOINT", server.url())
            .env("RESTOW_TOKEN", server.token()),
    )?;
    write_crate(&outside, &packaged, server.url())?;
    let mut run = cargo();
    run.args(["run", "--quiet"])
        .current_dir(&outside)
        .env("CARGO_TARGET_DIR", target());
    let said = install::output(&mut run)?;
    ensure!(
        said.contains("version: 1"),
        "the README's program did not make version 1: {said}"
    );
    println!("the README's program, outside of the workspace, made version 1 of {DATASET}");
    Ok(())
}

/// Packages the SDK and builds it from the package, which it gives the directory of.
fn package() -> Result<PathBuf> {
    let mut package = cargo();
    // What a developer has not committed yet is packaged too.
    package.args(["package", "--package", "restow-sdk", "--allow-dirty"]);
    let status = package.status().context("cargo cannot be run")?;
    if !status.success() {
        bail!("cargo package ended with {status}");
    }
    Ok(target()
        .join("package")
        .join(concat!("restow-sdk-", env!("CARGO_PKG_VERSION"))))
}

fn write_crate(outside: &Path, packaged: &Path, url: &str) -> Result<()> {
    let manifest = format!(
        "[package]\nname = \"outside\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         anyhow = \"1\"\nrestow-sdk = {{ path = \"{}\" }}\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n",
        packaged.display()
    );
    fs::write(outside.join("Cargo.toml"), manifest)?;
    // The same versions of everything, which are built already.
    fs::copy(packaged.join("Cargo.lock"), outside.join("Cargo.lock"))?;
    let readme = fs::read_to_string(root().join("README.md"))?;
    let program = readme
        .split_once(PROGRAM_BEGINS)
        .and_then(|(_, rest)| rest.split_once("```"));
    let (program, _) = program.context("the README has no program")?;
    ensure!(
        program.contains(README_ENDPOINT),
        "the README's program has no server"
    );
    fs::create_dir(outside.join("src"))?;
    fs::write(
        outside.join("src/main.rs"),
        program.replace(README_ENDPOINT, url),
    )?;
    let file = outside.join(FILE);
    fs::create_dir_all(file.parent().unwrap_or(outside))?;
    fs::copy(root().join(FILE), file)?;
    Ok(())
}
