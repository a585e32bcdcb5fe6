//! A second opinion: the classifier of the `drift` crate, which knows less of our rules and more of other people's.

use std::panic;

use drift::{ChangeClass, ChangeComparison};
use serde_json::Value;

use super::comparison::Change;
use super::rule::Verdict;

/// What `drift` would warn of and our rules do not.
///
/// It takes every new error status for breaking, so it advises and does not decide.
pub fn of(old: &Value, new: &Value, changes: &[Change]) -> Vec<String> {
    // Where media types come and go it has a `todo!()`.
    let found = panic::catch_unwind(|| drift::compare(old, new));
    let found = match found {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return vec![format!("none: {error:#}")],
        Err(_) => {
            return vec!["none: it does not know what to make of these documents".to_string()];
        }
    };
    let breaking = |change: &&Change| change.rule.verdict == Verdict::Breaking;
    let known: Vec<&str> = changes
        .iter()
        .filter(breaking)
        .map(|change| change.pointer.as_str())
        .collect();
    let mut lines = Vec::new();
    for change in found {
        let Some(path) = change.paths.first() else {
            continue;
        };
        for info in change.changes.iter().filter(|info| is_warning(info.class)) {
            let pointer = pointer(path.new.current_pointer(), &info.new_subpath);
            if !known
                .iter()
                .any(|place| place.starts_with(&pointer) || pointer.starts_with(place))
            {
                lines.push(format!(
                    "{pointer}\n    {}{}",
                    info.message,
                    direction(path.comparison)
                ));
            }
        }
    }
    lines
}

fn is_warning(class: ChangeClass) -> bool {
    matches!(
        class,
        ChangeClass::BackwardIncompatible | ChangeClass::Incompatible | ChangeClass::Unhandled
    )
}

fn pointer(base: &str, subpath: &str) -> String {
    let base = base.trim_start_matches('#');
    if subpath.is_empty() {
        base.to_string()
    } else {
        format!("{base}/{subpath}")
    }
}

fn direction(comparison: ChangeComparison) -> &'static str {
    match comparison {
        ChangeComparison::Input => " (in requests)",
        ChangeComparison::Output => " (in responses)",
        ChangeComparison::Structural => "",
    }
}
