//! `cargo xtask openapi check --against REV`: what changed since a revision, and whether clients notice.

mod advice;
mod comparison;
mod node;
mod operation;
mod rule;
mod schema;
#[cfg(test)]
mod tests;

use std::process::Command;

use anyhow::{Context, Result, bail};
use semver::Version;
use serde_json::Value;

use crate::workspace::root;
use comparison::Comparison;
use rule::Verdict;

/// Compares the document with that of a git revision, and prints every change with what it is to clients.
///
/// # Errors
/// If something is breaking although the major version is the same.
pub fn check(revision: &str, document: &Value) -> Result<()> {
    let before = at_revision(revision)?;
    let mut changes = Comparison::between(&before, document);
    changes.sort_by_key(|change| change.rule.verdict);
    for change in &changes {
        println!("{change}");
    }
    for line in advice::of(&before, document, &changes) {
        println!("advice (drift)  {line}");
    }
    let breaking = changes
        .iter()
        .filter(|change| change.rule.verdict == Verdict::Breaking)
        .count();
    println!(
        "since {revision}: {breaking} breaking changes, {} compatible ones",
        changes.len() - breaking
    );
    if breaking > 0 && !is_of_higher_major(&before, document) {
        bail!("breaking changes need a higher major version in `info.version`");
    }
    Ok(())
}

/// The document as a revision has it.
fn at_revision(revision: &str) -> Result<Value> {
    let object = format!("{revision}:openapi.json");
    let output = Command::new("git")
        .current_dir(root())
        .args(["show", &object])
        .output()
        .context("git cannot be run")?;
    if !output.status.success() {
        bail!(
            "git show {object}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    serde_json::from_slice(&output.stdout).with_context(|| format!("{object} is no JSON"))
}

/// Whether the new document says of itself that it breaks with the old one. What is no version is not higher.
fn is_of_higher_major(old: &Value, new: &Value) -> bool {
    let major = |document: &Value| {
        Some(
            Version::parse(document["info"]["version"].as_str()?)
                .ok()?
                .major,
        )
    };
    major(old)
        .zip(major(new))
        .is_some_and(|(old, new)| new > old)
}
