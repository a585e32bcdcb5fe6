//! `cargo xtask package`: the SDK and the command as crates.io would have them, built in a workspace outside.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::{output, succeed};
use crate::server::{Server, built};
use crate::workspace::{cargo, renew, root, target};

/// The packages that are published. The command depends on the SDK.
const PACKAGES: [&str; 2] = ["restow-sdk", "restow"];

/// How the README begins its program.
const PROGRAM_BEGINS: &str = "```rust,no_run\n";

/// Where the README has its server.
const README_ENDPOINT: &str = "http://127.0.0.1:8080";

/// The dataset that the README's program uploads to.
const DATASET: &str = "weather";

/// The file that it uploads.
const FILE: &str = "tests/data/seattle-weather.csv";

/// Packages the SDK and the command, builds both from their packages, and runs the README's program with the packaged
/// SDK against a server, which runs in the program `system` if it is given and is built otherwise.
///
/// # Errors
/// If a package does not build, or the program does not upload a first version.
pub fn run(system: Option<&Path>) -> Result<()> {
    let outside = target().join("outside");
    renew(&outside)?;
    package(&outside)?;
    let data_dir = target().join("outside-data");
    let server = Server::start(system, &data_dir)?;
    let mut create = system.map_or_else(built, Command::new);
    create.args(["restow", "dataset", "create", DATASET]);
    output(
        create
            .env("RESTOW_ENDPOINT", server.url())
            .env("RESTOW_TOKEN", server.token()),
    )?;
    write_workspace(&outside, server.url(), server.token())?;
    succeed(outside_cargo(&outside).args(["build", "--workspace"]))?;
    let printed = output(outside_cargo(&outside).args(["run", "--quiet", "--package", "outside"]))?;
    ensure!(
        printed.contains("version: 1"),
        "the README's program did not create version 1: {printed}"
    );
    println!("the README's program, outside of the workspace, created version 1 of {DATASET}");
    Ok(())
}

/// Packages the crates and unpacks them into the directory. Building them there rather than by `cargo package`, which
/// knows no profile of ours, reuses dependencies that the workspace has built.
fn package(outside: &Path) -> Result<()> {
    let mut package = cargo();
    // Uncommitted changes are packaged too.
    package.args(["package", "--allow-dirty", "--no-verify"]);
    for name in PACKAGES {
        package.args(["--package", name]);
    }
    succeed(&mut package)?;
    for name in PACKAGES {
        let file = target().join(format!(
            "package/{name}-{}.crate",
            env!("CARGO_PKG_VERSION")
        ));
        let mut unpack = Command::new("tar");
        unpack.arg("-xzf").arg(file).arg("-C").arg(outside);
        succeed(&mut unpack)?;
    }
    Ok(())
}

/// Writes a workspace around the unpacked crates, with the README's program in a crate of its own.
fn write_workspace(outside: &Path, url: &str, api_token: &str) -> Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let (_, profile) = manifest
        .split_once("\n[profile.dev]")
        .context("Cargo.toml has no [profile.dev]")?;
    // Profiles of crates that this workspace does not have would be warned about, and the SDK, which is built here alone, is
    // built sooner without one.
    let (profile, _) = profile
        .split_once("\nrestow-inspect")
        .unwrap_or((profile, ""));
    let members = PACKAGES
        .map(|name| format!("\"{name}-{version}\""))
        .join(", ");
    let workspace = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{members}]\n\n\
         [package]\nname = \"outside\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\nanyhow = \"1\"\nrestow-sdk = \"{version}\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n\
         [patch.crates-io]\nrestow-sdk = {{ path = \"restow-sdk-{version}\" }}\n\n\
         [profile.dev]{profile}\n"
    );
    fs::write(outside.join("Cargo.toml"), workspace)?;
    // The same versions of all dependencies, which are built already.
    fs::copy(root().join("Cargo.lock"), outside.join("Cargo.lock"))?;
    write_program(outside, url, api_token)
}

/// Writes the README's program and the file that it uploads.
fn write_program(outside: &Path, url: &str, api_token: &str) -> Result<()> {
    let readme = fs::read_to_string(root().join("README.md"))?;
    let program = readme
        .split_once(PROGRAM_BEGINS)
        .and_then(|(_, rest)| rest.split_once("```"));
    let (program, _) = program.context("the README has no program")?;
    ensure!(
        program.contains(README_ENDPOINT),
        "the README's program does not name {README_ENDPOINT}"
    );
    fs::create_dir_all(outside.join("src"))?;
    fs::write(
        outside.join("src/main.rs"),
        program.replace(README_ENDPOINT, url),
    )?;
    let file = outside.join(FILE);
    fs::create_dir_all(file.parent().unwrap_or(outside))?;
    fs::copy(root().join(FILE), file)?;
    let token = outside.join("restow-data/token");
    fs::create_dir_all(token.parent().unwrap_or(outside))?;
    fs::write(token, api_token)?;
    Ok(())
}

fn outside_cargo(outside: &Path) -> Command {
    let mut command = cargo();
    command
        .current_dir(outside)
        .env("CARGO_TARGET_DIR", target());
    command
}
