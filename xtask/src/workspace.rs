//! The workspace that the task is run in, and the directories and commands that belong to it.
//!
//! The path is looked up at run time: clones that share a target directory also share the built task.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::output;

static WORKSPACE: OnceLock<Workspace> = OnceLock::new();

#[derive(Default)]
struct Workspace {
    root: PathBuf,
    target: PathBuf,
    packages: Value,
}

/// Looks up the workspace of the current directory.
///
/// # Errors
/// If the current directory belongs to no workspace.
pub fn locate() -> Result<()> {
    let found = find()?;
    WORKSPACE.get_or_init(|| found);
    Ok(())
}

/// The top directory of the workspace.
pub fn root() -> PathBuf {
    workspace().root.clone()
}

/// The absolute path of the target directory.
pub fn target() -> PathBuf {
    workspace().target.clone()
}

/// The packages of the workspace, as `cargo metadata` describes them.
pub fn packages() -> &'static [Value] {
    workspace().packages.as_array().map_or(&[], Vec::as_slice)
}

/// The workspace; unit tests have not looked it up before.
fn workspace() -> &'static Workspace {
    WORKSPACE.get_or_init(|| find().unwrap_or_default())
}

fn find() -> Result<Workspace> {
    let mut metadata = Command::new(program());
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]);
    let mut metadata: Value = serde_json::from_str(&output(&mut metadata)?)?;
    let path = |name: &str| {
        let path = metadata[name].as_str().map(PathBuf::from);
        path.with_context(|| format!("cargo metadata has no {name}"))
    };
    let (root, target) = (path("workspace_root")?, path("target_directory")?);
    Ok(Workspace {
        root,
        target,
        packages: metadata["packages"].take(),
    })
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
