//! The tests that the documents on hazards and threats name: each must exist.

mod index;

use std::fs;

use anyhow::{Result, bail, ensure};

use self::index::Index;
use crate::workspace::root;

/// Documents with tables whose last column names tests.
const DOCUMENTS: [&str; 2] = ["docs/hazards.md", "docs/threat-model.md"];

/// Begins what stands in the place of a test where there is none, with the reason.
const UNTESTED: &str = "not tested here: ";

/// Checks that every test that the documents name exists, and that every threat has one or a reason why not.
///
/// # Errors
/// If a test does not exist, or a threat has neither.
pub fn check() -> Result<()> {
    let index = Index::of_workspace()?;
    let mut faults = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(root().join(document))?;
        let rows = rows(&text);
        ensure!(rows.len() > 20, "{document} has no tables with tests");
        println!("{document}: {} rows", rows.len());
        faults.extend(rows.iter().flat_map(|row| {
            let named = row_faults(row, &index).into_iter();
            named.map(move |fault| format!("{document}: {fault}"))
        }));
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

/// The last cells of the rows of all tables whose last column is headed `test`.
fn rows(text: &str) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut names_tests = false;
    for line in text.lines() {
        let Some(cells) = line.strip_prefix("| ") else {
            names_tests &= line.starts_with('|');
            continue;
        };
        let last = cells.trim_end_matches(" |").rsplit(" | ").next();
        match last {
            Some("test") => names_tests = true,
            Some(cell) if names_tests => rows.push(cell),
            _ => {}
        }
    }
    rows
}

fn row_faults(cell: &str, index: &Index) -> Vec<String> {
    if cell.starts_with(UNTESTED) {
        return Vec::new();
    }
    let spans: Vec<(&str, &str)> = spans(cell)
        .filter(|(_, span)| span.contains("::"))
        .collect();
    if spans.is_empty() {
        return vec![format!("no test in: {cell}")];
    }
    let missing = spans
        .iter()
        .filter(|(place, span)| !index.contains(place, span));
    missing
        .map(|(place, span)| format!("there is no test {span} in {place}"))
        .collect()
}

/// The code spans of a text, each with the word before it; `contract` where that is no place of tests.
fn spans(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut pieces = text.split('`');
    let mut before = pieces.next().unwrap_or_default();
    std::iter::from_fn(move || {
        let span = pieces.next()?;
        let word = before.split_whitespace().next_back().unwrap_or_default();
        before = pieces.next().unwrap_or_default();
        let is_place = index::PLACES.iter().any(|(place, _)| *place == word);
        Some((if is_place { word } else { "contract" }, span))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_cells_of_tables_with_tests_are_read() {
        let text = "| threat | answer | test |\n|---|---|---|\n| a | b | `x::y` |\n\n| asset | place |\n|---|---|\n| a | b |\n";
        assert_eq!(rows(text), ["`x::y`"]);
    }

    #[test]
    fn missing_tests_and_rows_without_tests_are_faults() {
        let index = Index::of(&[("contract", "tests/contract/a/b.rs", "#[test]\nfn c() {}\n")]);
        for (cell, faults) in [
            ("`b::c`, `a::b::c`, `b::*`", 0),
            ("`b::d`", 1),
            ("`c::c`, `x::*`", 2),
            ("server `b::c`", 1),
            ("by design", 1),
            ("not tested here: it cannot be", 0),
        ] {
            assert_eq!(row_faults(cell, &index).len(), faults, "{cell}");
        }
    }
}
