//! Which of the document's answers the contract tests have seen: all of them, each from the real server.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace::{root, target};

/// Operations and statuses that no test has produced yet. The list may only shrink.
const UNSEEN: [(&str, u16); 0] = [];

/// Where each test process notes the answers that it has seen: lines of an operation and a status.
fn directory() -> PathBuf {
    target().join("tmp").join("answers")
}

/// Forgets what earlier runs have seen.
///
/// # Errors
/// If it cannot be removed.
pub fn forget() -> Result<()> {
    match fs::remove_dir_all(directory()) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Checks that every answer that the document lists has been seen.
///
/// # Errors
/// If some have not, which are named.
pub fn check() -> Result<()> {
    let seen = seen().context("the contract tests note what they see; run them first")?;
    let documented = documented()?;
    let allowed: BTreeSet<_> = UNSEEN
        .iter()
        .map(|(operation, status)| format!("{operation} {status}"))
        .collect();
    let unseen: Vec<_> = documented
        .difference(&seen)
        .filter(|answer| !allowed.contains(*answer))
        .collect();
    let stale: Vec<_> = allowed
        .iter()
        .filter(|answer| seen.contains(*answer) || !documented.contains(*answer))
        .collect();
    println!(
        "{} answers are documented, {} of them were seen",
        documented.len(),
        documented.intersection(&seen).count()
    );
    if !unseen.is_empty() || !stale.is_empty() {
        bail!("documented, but not seen: {unseen:?}; listed as unseen for no reason: {stale:?}");
    }
    Ok(())
}

fn seen() -> Result<BTreeSet<String>> {
    let mut seen = BTreeSet::new();
    for file in fs::read_dir(directory())? {
        seen.extend(
            fs::read_to_string(file?.path())?
                .lines()
                .map(str::to_string),
        );
    }
    Ok(seen)
}

fn documented() -> Result<BTreeSet<String>> {
    let document: Value = serde_json::from_str(&fs::read_to_string(root().join("openapi.json"))?)?;
    let items = document["paths"]
        .as_object()
        .into_iter()
        .flat_map(|paths| paths.values());
    let operations = items
        .filter_map(Value::as_object)
        .flat_map(|item| item.values());
    let mut documented = BTreeSet::new();
    for operation in operations {
        let name = operation["operationId"]
            .as_str()
            .context("an operation without a name")?;
        for status in operation["responses"]
            .as_object()
            .into_iter()
            .flat_map(|responses| responses.keys())
        {
            documented.insert(format!("{name} {status}"));
        }
    }
    Ok(documented)
}
