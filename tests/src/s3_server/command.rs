//! Programs that are run to their end.

use std::process::Command;

use anyhow::{Context, Result, bail};

/// Runs a program to its end and returns what it prints.
pub fn output(mut command: Command) -> Result<String> {
    let program = command.get_program().display().to_string();
    let output = command
        .output()
        .with_context(|| format!("{program} cannot be run"))?;
    if !output.status.success() {
        bail!(
            "{program} ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8(output.stdout)?)
}
