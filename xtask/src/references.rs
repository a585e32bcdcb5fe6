//! The tests that the documents on hazards and threats name: each must exist.

mod index;

use std::fs;

use anyhow::{Result, bail, ensure};

use self::index::Index;
use crate::workspace::root;

/// Documents with tables whose last column names tests, and whether each row needs one.
const DOCUMENTS: [(&str, bool); 2] = [("docs/hazards.md", false), ("docs/threat-model.md", true)];

/// Begins what stands in the place of a test where there is none, with the reason.
const UNTESTED: &str = "not tested here: ";

/// Checks that every test that the documents name exists, and that every threat has one or a reason why not.
///
/// # Errors
/// If a test does not exist, or a threat has neither.
pub fn check() -> Result<()> {
    let index = Index::of_workspace()?;
    let mut faults = Vec::new();
    for (document, needs_tests) in DOCUMENTS {
        let text = fs::read_to_string(root().join(document))?;
        let rows = rows(&text);
        ensure!(rows.len() > 20, "{document} has no tables with tests");
        println!("{document}: {} rows", rows.len());
        for row in rows {
            let found = row_faults(row, needs_tests, &index).into_iter();
            faults.extend(found.map(|fault| format!("{document}: {fault}")));
        }
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

fn row_faults(cell: &str, needs_tests: bool, index: &Index) -> Vec<String> {
    if cell.starts_with(UNTESTED) {
        return Vec::new();
    }
    let spans = cell.split('`').skip(1).step_by(2);
    // Types are not tests.
    let is_test = |span: &&str| span.contains("::") && !span.starts_with(char::is_uppercase);
    let named: Vec<&str> = spans.filter(is_test).collect();
    if named.is_empty() && needs_tests {
        return vec![format!("no test in: {cell}")];
    }
    let missing = named.into_iter().filter(|test| !index.contains(test));
    missing
        .map(|test| format!("there is no test {test}"))
        .collect()
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
        let index = Index::of(&[("tests/contract/a/b.rs", "#[test]\nfn c() {}\nfn d() {}\n")]);
        for (cell, faults) in [
            ("`b::c`, `a::b::c`, `b::*`, `a::b`, `Way::Named`", 0),
            ("`b::d`", 1),
            ("`c::c`, `x::*`", 2),
            ("by design", 1),
            ("not tested here: it cannot be", 0),
        ] {
            assert_eq!(row_faults(cell, true, &index).len(), faults, "{cell}");
        }
        assert!(row_faults("by design", false, &index).is_empty());
    }
}
