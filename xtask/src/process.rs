//! Running programs.

use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// Runs a program to its end, with its output shown.
///
/// # Errors
/// If it cannot be run or fails.
pub fn succeed(command: &mut Command) -> Result<()> {
    let program = command.get_program().display().to_string();
    let status = command
        .status()
        .with_context(|| format!("failed to run {program}"))?;
    ensure!(status.success(), "{program} failed: {status}");
    Ok(())
}

/// Runs a program to its end and returns what it prints.
///
/// # Errors
/// If it cannot be run or fails; the error has the last line that it wrote to standard error.
pub fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().display().to_string();
    let output = command
        .output()
        .with_context(|| format!("failed to run {program}"))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let last = stderr
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        bail!("{program} failed: {}: {}", output.status, last.trim());
    }
    Ok(String::from_utf8(output.stdout)?)
}
