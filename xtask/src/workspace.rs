//! The workspace that the task is run in, and the directories and commands that belong to it.
//!
//! The path is looked up at run time: clones that share a target directory also share the built task.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

static WORKSPACE: OnceLock<Workspace> = OnceLock::new();

struct Workspace {
    root: PathBuf,
    target: PathBuf,
    packages: Value,
}

/// Looks up the workspace of the current directory. The other functions need it.
///
/// # Errors
/// If the current directory belongs to no workspace.
pub fn locate() -> Result<()> {
    let mut metadata = Command::new(program());
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = metadata.output().context("failed to run cargo metadata")?;
    ensure!(
        output.status.success(),
        "cargo metadata failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    let mut metadata: Value = serde_json::from_slice(&output.stdout)?;
    let path = |name: &str| {
        let path = metadata[name].as_str().map(PathBuf::from);
        path.with_context(|| format!("cargo metadata has no {name}"))
    };
    let (root, target) = (path("workspace_root")?, path("target_directory")?);
    let packages = metadata["packages"].take();
    WORKSPACE.get_or_init(|| Workspace {
        root,
        target,
        packages,
    });
    Ok(())
}

/// The top directory of the workspace.
pub fn root() -> PathBuf {
    let workspace = WORKSPACE.get();
    workspace.map_or_else(PathBuf::new, |workspace| workspace.root.clone())
}

/// The absolute path of the target directory.
pub fn target() -> PathBuf {
    let workspace = WORKSPACE.get();
    workspace.map_or_else(PathBuf::new, |workspace| workspace.target.clone())
}

/// The packages of the workspace, as `cargo metadata` describes them.
pub fn packages() -> &'static [Value] {
    let packages = WORKSPACE.get().and_then(|found| found.packages.as_array());
    packages.map_or(&[], Vec::as_slice)
}

/// A cargo command that is run in the top directory.
///
/// A relative `CARGO_TARGET_DIR` is relative to the directory that the task was started in, so the command
/// gets the absolute path.
pub fn cargo() -> Command {
    let mut command = Command::new(program());
    command.current_dir(root());
    if std::env::var_os("CARGO_TARGET_DIR").is_some() {
        command.env("CARGO_TARGET_DIR", target());
    }
    command
}

/// Removes a directory that an earlier run left, and creates it empty.
///
/// # Errors
/// If it cannot be removed or created.
pub fn renew(directory: &Path) -> Result<()> {
    if directory.exists() {
        std::fs::remove_dir_all(directory)?;
    }
    std::fs::create_dir_all(directory)
        .with_context(|| format!("failed to create {}", directory.display()))
}

fn program() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
