//! The program that writes bills of materials.

use std::path::PathBuf;

use anyhow::Result;

use super::{alone, bring};
use crate::process::succeed;
use crate::workspace::{cargo, target};

const CYCLONEDX: &str = "cargo-cyclonedx@0.5.9";

/// Builds the program where it is not there yet, and returns its path.
///
/// # Errors
/// If it cannot be had.
pub fn cargo_cyclonedx() -> Result<PathBuf> {
    let _alone = alone()?;
    let directory = target().join("tools").join("cargo-cyclonedx");
    bring(&directory, CYCLONEDX, CYCLONEDX, |into| {
        let mut install = cargo();
        install
            .args([
                "install", "--locked", "--quiet", "--debug", CYCLONEDX, "--root",
            ])
            .arg(into)
            .arg("--target-dir")
            .arg(into.join("build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "false");
        succeed(&mut install)?;
        Ok(std::fs::remove_dir_all(into.join("build"))?)
    })?;
    Ok(directory.join("bin/cargo-cyclonedx"))
}
