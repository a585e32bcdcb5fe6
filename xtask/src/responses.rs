//! Checks that the contract tests have received every response that the document lists.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace::{root, target};

/// Operations and statuses that no test produces yet. The list may only shrink.
const UNSEEN: [(&str, u16); 0] = [];

/// Where each test process records the responses that it has received: lines of an operation and a status.
fn directory() -> PathBuf {
    target().join("tmp").join("answers")
}

/// Removes the records of earlier runs.
///
/// # Errors
/// If it cannot be removed.
pub fn clear() -> Result<()> {
    match fs::remove_dir_all(directory()) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Checks that every response that the document lists has been received.
///
/// # Errors
/// If some have not; the error names them.
pub fn check() -> Result<()> {
    let seen = seen().context("no responses are recorded; run the contract tests first")?;
    let documented = documented()?;
    let allowed: BTreeSet<_> = UNSEEN
        .iter()
        .map(|(operation, status)| format!("{operation} {status}"))
        .collect();
    let unseen: Vec<_> = documented
        .difference(&seen)
        .filter(|response| !allowed.contains(*response))
        .collect();
    let stale: Vec<_> = allowed
        .iter()
        .filter(|response| seen.contains(*response) || !documented.contains(*response))
        .collect();
    println!(
        "{} responses are documented, {} of them were received",
        documented.len(),
        documented.intersection(&seen).count()
    );
    if !unseen.is_empty() || !stale.is_empty() {
        bail!("documented, but not received: {unseen:?}; listed in UNSEEN without need: {stale:?}");
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
