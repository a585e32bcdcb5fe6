//! Debian's packages: unpacked into a directory of ours, or installed where there is no other way.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process::output;

/// Fetches packages, and those of their dependencies that this machine lacks, and unpacks them below `root` in the
/// directory. None of their scripts runs, so that nothing of the machine changes.
///
/// # Errors
/// If this is not Debian on x86-64, or a package cannot be had.
pub fn unpack(packages: &[&str], directory: &Path) -> Result<()> {
    ensure!(
        is_debian_amd64(),
        "it is unpacked from packages of Debian for x86-64, which this machine is not"
    );
    let fetched = directory.join("packages");
    fs::create_dir(&fetched)?;
    with_lists(|| {
        let mut wanted = lacking(packages)?;
        wanted.extend(packages.iter().map(ToString::to_string));
        wanted.sort();
        wanted.dedup();
        output(
            Command::new("apt-get")
                .arg("download")
                .args(wanted)
                .current_dir(&fetched),
        )
    })
    .with_context(|| format!("Debian's packages are needed ({})", packages.join(" ")))?;
    for package in fs::read_dir(&fetched)? {
        output(
            Command::new("dpkg")
                .arg("--extract")
                .arg(package?.path())
                .arg(directory.join("root")),
        )?;
    }
    Ok(fs::remove_dir_all(fetched)?)
}

/// Installs a package into the system, as root or through `sudo` without a prompt.
///
/// # Errors
/// If it lacks the permission or fails; the error names the command that installs the package.
pub fn install(package: &str) -> Result<()> {
    let advice = || format!("Debian: apt-get install {package}");
    with_lists(|| {
        let mut command = privileged("apt-get")?;
        command.args([
            "install",
            "--yes",
            "--no-install-recommends",
            "-o",
            "DPkg::Lock::Timeout=300",
            package,
        ]);
        output(&mut command)
    })
    .map(drop)
    .with_context(advice)
}

/// Packages that an installation would bring beside what is there.
fn lacking(packages: &[&str]) -> Result<Vec<String>> {
    let mut simulate = Command::new("apt-get");
    simulate
        .args(["install", "--simulate", "--no-install-recommends"])
        .args(packages);
    let plan = output(&mut simulate)?;
    let names = plan
        .lines()
        .filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
    Ok(names.map(str::to_string).collect())
}

/// Does something, and once more with fresh lists of packages if it fails; a new machine has none, or old ones.
fn with_lists<T>(task: impl Fn() -> Result<T>) -> Result<T> {
    output(Command::new("apt-get").arg("--version")).context("this machine has no apt-get")?;
    task().or_else(|error| {
        println!("apt-get update ...");
        let updated = privileged("apt-get").and_then(|mut command| output(command.arg("update")));
        updated.with_context(|| {
            format!("{error:#}; the lists of packages cannot be renewed (apt-get update)")
        })?;
        task()
    })
}

fn privileged(program: &str) -> Result<Command> {
    if output(Command::new("id").arg("-u"))?.trim() == "0" {
        let mut command = Command::new(program);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        return Ok(command);
    }
    output(Command::new("sudo").args(["-n", "true"]))
        .context("cannot install packages: not root, and sudo needs a password; run this as root or install them yourself")?;
    let mut command = Command::new("sudo");
    command.args(["-n", "DEBIAN_FRONTEND=noninteractive", program]);
    Ok(command)
}

fn is_debian_amd64() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line == "ID=debian") && cfg!(target_arch = "x86_64")
}
