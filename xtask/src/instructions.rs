//! Instructions of what a request computes, counted by valgrind and held against their limits.

use anyhow::Result;

use crate::install;
use crate::process::succeed;
use crate::workspace::cargo;

/// Counts the instructions of `server/benches/instructions.rs`.
///
/// The profile is that of the tests, whose dependencies are built already: a release build of the server takes half an
/// hour.
///
/// # Errors
/// If valgrind or the runner cannot be installed, or there are more instructions than the benchmark states.
pub fn check() -> Result<()> {
    let runner = install::gungraun_runner()?;
    succeed(
        cargo()
            .args(["bench", "--profile", "dev", "--workspace"])
            .args(["--bench", "instructions"])
            .env("GUNGRAUN_RUNNER", runner),
    )
}
