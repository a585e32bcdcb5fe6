//! Valgrind, and the program that runs benchmarks in it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use super::{alone, apt, bring};
use crate::process::{output, succeed};
use crate::workspace::{cargo, target};

/// The program's version must be that of the library in the workspace.
const RUNNER: &str = "gungraun-runner@0.20.0";

/// Installs Debian's valgrind where it is not there yet.
///
/// # Errors
/// If it cannot be had.
pub fn valgrind() -> Result<()> {
    let _alone = alone()?;
    bring_valgrind()
}

fn bring_valgrind() -> Result<()> {
    if output(Command::new("valgrind").arg("--version")).is_ok() {
        return Ok(());
    }
    println!("installing valgrind ...");
    apt::install("valgrind").context("valgrind is needed, which macOS does not have")
}

/// Installs Debian's valgrind and the runner where they are not there yet, and returns the path of the runner.
///
/// # Errors
/// If they cannot be had.
pub fn gungraun_runner() -> Result<PathBuf> {
    let _alone = alone()?;
    bring_valgrind()?;
    let directory = target().join("tools").join("gungraun-runner");
    bring(&directory, RUNNER, RUNNER, |into| {
        let mut install = cargo();
        // Built beside the workspace, so that neither rebuilds what the other needs. What it does itself takes no time,
        // so it is built as fast as it can be.
        install
            .args([
                "install", "--locked", "--quiet", "--debug", RUNNER, "--root",
            ])
            .arg(into)
            .arg("--target-dir")
            .arg(into.join("build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "false");
        succeed(&mut install)?;
        Ok(std::fs::remove_dir_all(into.join("build"))?)
    })?;
    Ok(directory.join("bin/gungraun-runner"))
}
