//! Where the programs find their sources and each other.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::workspace::root;

/// The programs and settings of these tests.
pub fn sources() -> PathBuf {
    root().join("tests/conformance")
}

/// The search path of programs with a directory in front.
///
/// # Errors
/// If the directory's name holds a colon.
pub fn search_path(first: &Path) -> Result<std::ffi::OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths(
        std::iter::once(first.to_path_buf()).chain(env::split_paths(&path)),
    )?)
}
