//! The tables of the latest runs, in docs/performance.md: each between two comments that name its benchmark.

use std::fs;

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde_json::Value;

use super::name::Name;
use crate::workspace::root;

/// Writes the tables of all benchmarks that have been run; those of the others stay.
///
/// # Errors
/// If the page has no place for one of them, or a file cannot be read or written.
pub(super) fn write() -> Result<()> {
    let path = root().join("docs/performance.md");
    let mut page = fs::read_to_string(&path).context("docs/performance.md cannot be read")?;
    for name in Name::value_variants() {
        let (title, json) = (name.title(), name.json_file());
        let Ok(figures) = fs::read_to_string(&json) else {
            println!("{title}: no {}, the table stays", json.display());
            continue;
        };
        let figures: Value = serde_json::from_str(&figures)?;
        let table = figures["markdown"]
            .as_str()
            .with_context(|| format!("{} has no table", json.display()))?;
        page = replaced(&page, &title, table)
            .with_context(|| format!("docs/performance.md has no comments around {title}"))?;
        println!("{title}: written");
    }
    Ok(fs::write(&path, page)?)
}

/// The page with another table of one benchmark.
fn replaced(page: &str, name: &str, table: &str) -> Option<String> {
    let (begin, end) = (
        format!("<!-- begin: cargo xtask bench {name} -->"),
        format!("<!-- end: cargo xtask bench {name} -->"),
    );
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    let table = table.trim();
    Some(format!("{before}{begin}\n\n{table}\n\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_table_between_its_comments_changes() {
        let page = "a\n<!-- begin: cargo xtask bench sign -->\nold\n<!-- end: cargo xtask bench sign -->\nb\n";
        let written = replaced(page, "sign", "| new |\n").unwrap();
        assert_eq!(
            written,
            "a\n<!-- begin: cargo xtask bench sign -->\n\n| new |\n\n<!-- end: cargo xtask bench sign -->\nb\n"
        );
        assert_eq!(replaced(&written, "sign", "| new |").unwrap(), written);
        assert_eq!(replaced(page, "serve", "| new |"), None);
    }

    #[test]
    fn the_page_has_a_place_for_every_benchmark() {
        let page = fs::read_to_string(root().join("docs/performance.md")).unwrap();
        for name in Name::value_variants() {
            let title = name.title();
            assert!(replaced(&page, &title, "").is_some(), "{title}");
        }
    }
}
