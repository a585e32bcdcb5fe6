//! `cargo xtask openapi`: the document is what the types say, and holds to the published contract.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use openapiv3::OpenAPI;
use restow_conformance::differences::{Difference, between};
use restow_conformance::published;
use serde_json::Value;

use crate::compatibility;
use crate::workspace::root;

/// The document at the top level.
pub fn file() -> PathBuf {
    root().join("openapi.json")
}

/// Renews the file.
pub fn write() -> Result<()> {
    let text = serde_json::to_string_pretty(&restow_api::document::document())? + "\n";
    fs::write(file(), text).with_context(|| format!("cannot write {}", file().display()))?;
    println!("wrote {}", file().display());
    Ok(())
}

/// Compares the file with the types, and with the published contract.
pub fn check() -> Result<()> {
    let written = read(&file())?;
    let derived = restow_api::document::document();
    let contract = read(&root().join("tests/published/presigned_reupload.openapi.json"))?;
    serde_json::from_value::<OpenAPI>(written.clone())
        .context("openapi.json is no valid OpenAPI 3.0")?;
    let stale = report(
        "openapi.json (-) is not what the types say (+)",
        &between(&written, &derived),
    );
    let broken = report(
        "the published contract (-) is not kept by the document (+)",
        &published::departures(&contract, &derived),
    );
    if stale + broken > 0 {
        bail!(
            "{} differences; `cargo xtask openapi write` renews the file",
            stale + broken
        );
    }
    println!("openapi.json is what the types say and holds to the published contract");
    Ok(())
}

/// Does the same, and then says what changed since a git revision.
///
/// # Errors
/// Also if a change breaks clients without a higher major version.
pub fn check_against(revision: &str) -> Result<()> {
    check()?;
    compatibility::check(revision, &read(&file())?)
}

/// A file that holds JSON.
///
/// # Errors
/// If it cannot be read or is none.
pub fn read(path: &PathBuf) -> Result<Value> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))
}

fn report(heading: &str, differences: &[Difference]) -> usize {
    if !differences.is_empty() {
        println!("{heading}:");
        for difference in differences {
            println!("{difference}");
        }
    }
    differences.len()
}
