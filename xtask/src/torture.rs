//! `cargo xtask torture`: a deployment under fire.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::Result;

use crate::root;

/// The program that does it, in the profile that has debug assertions.
const PROGRAM: [&str; 8] = [
    "run",
    "--quiet",
    "--package",
    "restow-tests",
    "--bin",
    "system",
    "--",
    "torture",
];

/// Hands this process over to the program, so that Ctrl-C reaches it and nothing else.
///
/// # Errors
/// If cargo cannot be run.
pub fn run(arguments: &[OsString]) -> Result<()> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    Err(command
        .current_dir(root())
        .args(PROGRAM)
        .args(arguments)
        .exec()
        .into())
}
