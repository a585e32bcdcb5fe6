//! Licences, sources and unused dependencies: runs cargo-deny and cargo-machete where they are installed.

use std::process::Stdio;

use anyhow::{Result, ensure};

use crate::workspace::cargo;

/// Subcommands of cargo that check the dependencies, with their arguments and the crate that has them.
const CHECKS: [(&[&str], &str); 2] = [
    (
        &["deny", "check", "bans", "licenses", "sources"],
        "cargo-deny",
    ),
    (&["machete"], "cargo-machete"),
];

/// Runs the checks whose programs are installed, and names the others.
///
/// # Errors
/// If a check fails.
pub fn check() -> Result<()> {
    for (arguments, program) in CHECKS {
        let mut version = cargo();
        version
            .args([arguments[0], "--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if !version.status()?.success() {
            println!("SKIPPED: {program} is not installed; cargo install --locked {program}");
            continue;
        }
        let status = cargo().args(arguments).status()?;
        ensure!(
            status.success(),
            "cargo {} exited with {status}",
            arguments.join(" ")
        );
    }
    Ok(())
}
