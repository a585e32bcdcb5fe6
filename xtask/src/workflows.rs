//! The workflows and the action of `.github`, which run elsewhere, against their schema and a linter of their permissions.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::install;
use crate::process::succeed;
use crate::workspace::root;

/// Linters on `PyPI`.
const LINTERS: [&str; 2] = ["check-jsonschema==0.39.0", "zizmor==1.32.0"];

/// Brings the linters that are not there yet, and returns their environment.
///
/// # Errors
/// If they cannot be had.
pub fn fetch() -> Result<PathBuf> {
    install::tools("workflows", &LINTERS)
}

/// Lints the workflows.
///
/// # Errors
/// If a linter cannot be installed, or finds a fault.
pub fn check() -> Result<()> {
    let programs = fetch()?.join("bin");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root().join(".github/workflows"))? {
        files.push(entry?.path());
    }
    let mut schema = Command::new(programs.join("check-jsonschema"));
    schema
        .args(["--builtin-schema", "vendor.github-workflows"])
        .args(&files);
    let action = root().join(".github/actions/push/action.yml");
    let mut action_schema = Command::new(programs.join("check-jsonschema"));
    action_schema
        .args(["--builtin-schema", "vendor.github-actions"])
        .arg(&action);
    let mut permissions = Command::new(programs.join("zizmor"));
    permissions
        .args(["--offline", "--no-progress"])
        .args(&files)
        .arg(&action);
    for command in [&mut schema, &mut action_schema, &mut permissions] {
        succeed(command)?;
    }
    Ok(())
}
