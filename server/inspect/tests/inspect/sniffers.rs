//! The delimiter and the header that are detected, against two sniffers: `csv-nose`, and `DuckDB`'s, whose results
//! `sniffed.json` keeps (of `DuckDB` 2.0.1: `SELECT Delimiter, HasHeader FROM sniff_csv(…)`).
//!
//! Where a sniffer finds something else, the table says why ours is right. An entry whose sniffer agrees is an error too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use csv_nose::Sniffer;
use restow_api::ReadOptions;
use restow_inspect::Limits;
use serde::Deserialize;

use crate::sources::{Object, run_with};

/// What is found in a file.
#[derive(Debug, PartialEq)]
struct Found {
    delimiter: Option<String>,
    header: Option<bool>,
}

/// What `DuckDB`'s sniffer says of a file; nothing where it refuses it.
#[derive(Deserialize)]
struct Sniffed {
    delimiter: Option<String>,
    header: Option<bool>,
}

/// File, sniffer, and why it finds something else.
const EXPLAINED: [(&str, &str, &str); 18] = [
    (
        "cases/F20-uint64-v2.csv",
        "csv-nose",
        "one row gives it no type that differs from the header's",
    ),
    ("cases/F32-latin1.csv", "DuckDB", "it reads UTF-8 only"),
    (
        "cases/F33-utf16-no-bom.csv",
        "DuckDB",
        "it does not detect UTF-16 without a mark, and takes NULs for text",
    ),
    (
        "cases/F33-utf16-no-bom.csv",
        "csv-nose",
        "it does not detect UTF-16 without a mark",
    ),
    (
        "cases/F36-line-number.csv",
        "DuckDB",
        "empty lines let it give up the comma, which separates all other rows",
    ),
    (
        "cases/F37-trailing-comma.csv",
        "csv-nose",
        "the header lacks the last, empty field of each row",
    ),
    (
        "cases/F39-space-quote.csv",
        "csv-nose",
        "spaces before quotes hide the texts from it",
    ),
    ("cases/F40-json.csv", "DuckDB", "JSON is not CSV"),
    ("cases/F40-json.csv", "csv-nose", "JSON is not CSV"),
    ("cases/F41-jsonl.csv", "DuckDB", "JSON is not CSV"),
    ("cases/F41-jsonl.csv", "csv-nose", "JSON is not CSV"),
    (
        "corpus/libpysal/calempdensity.csv",
        "csv-nose",
        "the first line names the columns, two of them alike",
    ),
    (
        "corpus/lifelines/anderson.csv",
        "csv-nose",
        "spaces do not separate unless the caller says so; a finding says that they might",
    ),
    (
        "corpus/scikit-learn/linnerud_exercise.csv",
        "csv-nose",
        "as above",
    ),
    (
        "corpus/scikit-learn/linnerud_physiological.csv",
        "csv-nose",
        "as above",
    ),
    (
        "corpus/scikit-learn/wine_data.csv",
        "DuckDB",
        "the first line has texts above numbers, though fewer fields; a finding says so",
    ),
    ("corpus/scikit-learn/wine_data.csv", "csv-nose", "as above"),
    (
        "corpus/statsmodels/E6_jmulti.csv",
        "csv-nose",
        "as for spaces above",
    ),
];

#[test]
fn detection_agrees_with_sniffers_or_is_explained() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let sniffed = std::fs::read_to_string(data.join("sniffed.json")).unwrap();
    let sniffed: BTreeMap<String, Sniffed> = serde_json::from_str(&sniffed).unwrap();
    assert!(sniffed.len() >= 70, "{} files", sniffed.len());
    let mut differences = BTreeSet::new();
    let mut described = Vec::new();
    for (file, duckdb) in sniffed {
        let bytes = std::fs::read(data.join(&file)).unwrap();
        let nose = sniff_with_csv_nose(&bytes);
        let ours = detect(&file, bytes);
        let duckdb = Found {
            delimiter: duckdb.delimiter,
            header: duckdb.header,
        };
        for (sniffer, theirs) in [("DuckDB", duckdb), ("csv-nose", nose)] {
            if theirs != ours {
                described.push(format!("{file}: {sniffer} {theirs:?}, not {ours:?}"));
                differences.insert((file.clone(), sniffer));
            }
        }
    }
    let explained = EXPLAINED
        .iter()
        .map(|(file, sniffer, _)| ((*file).to_owned(), *sniffer))
        .collect::<BTreeSet<_>>();
    assert_eq!(differences, explained, "{}", described.join("\n"));
}

fn detect(file: &str, bytes: Vec<u8>) -> Found {
    let name = file.rsplit('/').next().unwrap();
    let options = ReadOptions::default();
    let found = run_with(Object::new(bytes), name, &options, &Limits::default()).unwrap();
    let dialect = found.dialect.unwrap_or_default();
    Found {
        delimiter: dialect.delimiter,
        header: dialect.header,
    }
}

fn sniff_with_csv_nose(bytes: &[u8]) -> Found {
    let sniffed = Sniffer::new().sniff_bytes(bytes).ok();
    let dialect = sniffed.map(|sniffed| sniffed.dialect);
    Found {
        delimiter: dialect
            .as_ref()
            .map(|dialect| char::from(dialect.delimiter).to_string()),
        header: dialect.map(|dialect| dialect.header.has_header_row),
    }
}
