//! Public files against what `DuckDB` finds in them: rows, names, nulls, least and greatest values, distinct values.
//!
//! `SOURCES.md` names the sources and licences, `expected.json` is `DuckDB`'s result, and `explained.json` says of each
//! column that differs why it does. A difference that is explained and does not exist is an error too.

use std::collections::BTreeMap;
use std::path::Path;

use restow_api::{Column, ColumnType, ReadOptions};
use restow_inspect::Limits;
use serde::Deserialize;
use serde_json::Value;

use crate::sources::{Object, run_with};

#[derive(Deserialize)]
struct Expected {
    #[serde(default)]
    rows: u64,
    #[serde(default)]
    columns: Vec<ExpectedColumn>,
    /// Why `DuckDB` does not read the file.
    error: Option<String>,
}

#[derive(Deserialize)]
struct ExpectedColumn {
    name: String,
    nulls: u64,
    min: Option<String>,
    max: Option<String>,
    distinct: u64,
}

#[test]
fn public_files_agree_with_duckdb_or_are_explained() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus");
    let expected: BTreeMap<String, Expected> = parse(&directory.join("expected.json"));
    let mut explained: BTreeMap<String, BTreeMap<String, String>> =
        parse(&directory.join("explained.json"));
    assert!(expected.len() >= 60, "{} files", expected.len());
    let mut unexplained = Vec::new();
    for (file, expected) in &expected {
        let mut reasons = explained.remove(file).unwrap_or_default();
        for (place, difference) in differences(&directory.join(file), expected) {
            if reasons.remove(&place).is_none() {
                unexplained.push(format!("{file}: {place}: {difference}"));
            }
        }
        let left = reasons.keys();
        unexplained.extend(left.map(|place| format!("{file}: {place}: explained, but agrees")));
    }
    unexplained.extend(
        explained
            .keys()
            .map(|file| format!("{file}: explained, but missing")),
    );
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What differs, by the name of the column, or `file` for the number of rows or columns.
fn differences(path: &Path, expected: &Expected) -> BTreeMap<String, String> {
    let name = path.file_name().unwrap().to_str().unwrap();
    let object = Object::new(std::fs::read(path).unwrap());
    let options = ReadOptions::default();
    let found = run_with(object, name, &options, &Limits::default()).unwrap();
    let mut differences = BTreeMap::new();
    let rejection = found.rejection().map(|finding| finding.msg.clone());
    match (&expected.error, rejection) {
        (None, None) => {}
        (Some(error), _) => {
            differences.insert("file".to_owned(), format!("DuckDB: {error}"));
            return differences;
        }
        (None, Some(rejection)) => {
            differences.insert("file".to_owned(), rejection);
            return differences;
        }
    }
    let shape = (found.row_count, found.columns.len());
    if shape != (Some(expected.rows), expected.columns.len()) {
        let difference = format!(
            "{shape:?}, not {} rows, {} columns",
            expected.rows,
            expected.columns.len()
        );
        differences.insert("file".to_owned(), difference);
        return differences;
    }
    for (column, expected) in found.columns.iter().zip(&expected.columns) {
        if let Some(difference) = difference(column, expected) {
            differences.insert(column.name.clone(), difference);
        }
    }
    differences
}

fn difference(column: &Column, expected: &ExpectedColumn) -> Option<String> {
    if column.name != expected.name {
        return Some(format!("called {:?}", expected.name));
    }
    if column.nulls != Some(expected.nulls) {
        return Some(format!("{:?} nulls, not {}", column.nulls, expected.nulls));
    }
    if matches!(column.column_type, ColumnType::Object | ColumnType::Array) {
        return None;
    }
    for (what, found, expected) in [
        ("min", &column.min, &expected.min),
        ("max", &column.max, &expected.max),
    ] {
        let is_same = match (found, expected) {
            (Some(found), Some(expected)) => same(found, expected),
            // DuckDB's is not kept where it is longer than 200 characters.
            (found, None) => {
                found.is_none() || column.max_length.is_some_and(|length| length > 200)
            }
            (None, Some(_)) => false,
        };
        if !is_same {
            return Some(format!("{what} {found:?}, not {expected:?}"));
        }
    }
    let distinct = column.distinct.filter(|count| count.error == 0.0);
    distinct
        .filter(|count| count.value != expected.distinct)
        .map(|count| format!("{} distinct values, not {}", count.value, expected.distinct))
}

/// Whether a value is the one that `DuckDB` prints as `expected`.
fn same(found: &Value, expected: &str) -> bool {
    let found = found
        .as_str()
        .map_or_else(|| found.to_string(), str::to_owned);
    if let (Ok(found), Ok(expected)) = (found.parse::<f64>(), expected.parse::<f64>()) {
        return (found - expected).abs() <= expected.abs() * 1e-6;
    }
    moment(&found) == moment(expected)
}

/// `text` without what ISO 8601 and SQL write differently in a point in time.
fn moment(text: &str) -> String {
    let text = text.replacen('T', " ", 1);
    let text = text.trim_end_matches('Z').trim_end_matches("+00");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    };
    text.trim_end_matches(" 00:00:00").to_owned()
}
