//! The names of the columns.

use std::collections::HashSet;

use restow_api::{Finding, FindingType, Severity};

use super::fields::Row;
use crate::findings::{Findings, finding};

/// Most names that a finding shows.
const MAX_EXAMPLES: usize = 5;

/// The names in the header row on `line`.
///
/// An empty name becomes `column_3`, by its position from 1. Of equal names all but the first get their position, as in
/// `price_3`, so that each name is unique.
pub(super) fn of_header(row: &Row<'_>, line: u64, findings: &mut Findings) -> Vec<String> {
    let mut taken = HashSet::new();
    let (mut missing, mut equal) = (Vec::new(), Vec::new());
    let names: Vec<String> = row
        .texts()
        .enumerate()
        .map(|(index, name)| {
            let unique = unique(name, index + 1, &mut taken);
            if name.is_empty() {
                missing.push(unique.clone());
            } else if unique != name {
                equal.push(name.to_owned());
            }
            unique
        })
        .collect();
    let msg = "Columns of the header have no name and are named by their position: name them, or state header=false if the first row contains no names.";
    findings.extend(about(FindingType::HeaderMissingNames, msg, missing, line));
    let msg = "Columns have the same name: all but the first are named with their position, so give each its own.";
    findings.extend(about(FindingType::DuplicateNames, msg, equal, line));
    names
}

/// The names of `count` columns without a header.
pub(super) fn of_positions(count: usize) -> Vec<String> {
    (1..=count)
        .map(|position| format!("column_{position}"))
        .collect()
}

fn about(
    finding_type: FindingType,
    msg: &str,
    mut names: Vec<String>,
    line: u64,
) -> Option<Finding> {
    let count = names.len() as u64;
    names.truncate(MAX_EXAMPLES);
    (count > 0).then(|| Finding {
        line: Some(line),
        count: Some(count),
        examples: names,
        ..finding(finding_type, Severity::Warning, msg)
    })
}

fn unique(name: &str, position: usize, taken: &mut HashSet<String>) -> String {
    let mut unique = if name.is_empty() {
        format!("column_{position}")
    } else if taken.contains(name) {
        format!("{name}_{position}")
    } else {
        name.to_owned()
    };
    while !taken.insert(unique.clone()) {
        unique.push('_');
    }
    unique
}
