//! `cargo xtask torture`: a deployment under fire.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;

use anyhow::Result;

use crate::workspace::cargo;

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
    Err(cargo().args(PROGRAM).args(arguments).exec().into())
}
