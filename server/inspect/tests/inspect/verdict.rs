//! Files that are read and compared, as two versions of a dataset.

use restow_api::{Column, Compression, Policy, SchemaDiff, Verdict};
use restow_inspect::{Base, Inspection, Side, next_schema, refused, schema_diff};

use crate::sources::read;

fn side(found: &Inspection) -> Side<'_> {
    Side {
        format: found.format.as_deref(),
        compression: Compression::None,
        dialect: found.dialect.as_ref(),
        columns: Some(&found.columns),
        row_count: found.row_count,
        file_size: 0,
    }
}

fn compare(from: &Inspection, to: &Inspection) -> SchemaDiff {
    let base = Base {
        version: 1,
        side: side(from),
        schema: None,
        is_same: false,
    };
    schema_diff(Some(&base), &side(to))
}

/// The kinds of the changes between two files, with the columns, and `!` where they are breaking.
#[track_caller]
fn changes(from: &[u8], to: &[u8], extension: &str) -> Vec<String> {
    let [from, to] = [from, to].map(|bytes| read(bytes.to_vec(), extension));
    let diff = compare(&from, &to);
    let breaking = diff.changes.iter().any(|change| change.breaking);
    assert_eq!(breaking, diff.verdict == Verdict::Breaking, "{diff:?}");
    let changes = diff.changes.iter().map(|change| {
        let mark = if change.breaking { "!" } else { "" };
        let column = change.column.as_deref().unwrap_or("-");
        format!("{mark}{} {column}", change.kind)
    });
    changes.collect()
}

fn case(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

#[test]
fn parquet_cases_are_judged() {
    let same = case("F01-dup-names.parquet");
    assert!(changes(&same, &same, "parquet").is_empty());
    for (name, expected) in [
        ("F13-list-element", vec!["!type_breaks"]),
        ("F14-struct-fields", vec!["!column_removed", "!type_breaks"]),
    ] {
        let [from, to] = ["v1", "v2"].map(|version| case(&format!("{name}-{version}.parquet")));
        let kinds = changes(&from, &to, "parquet");
        let kinds: Vec<_> = kinds
            .iter()
            .filter_map(|kind| kind.split(' ').next())
            .collect();
        assert_eq!(kinds, expected);
    }
}

#[test]
fn ascii_fits_every_encoding() {
    let accented: &[u8] = b"city,people\nM\xFCnchen,1500000\nKo\xDFlar,1\n";
    let plain: &[u8] = b"city,people\nBonn,330000\nUlm,1\n";
    assert!(changes(accented, plain, "csv").is_empty());
    assert!(changes(plain, accented, "csv").is_empty());
    let encoded = "city,people\nMünchen,1500000\nKoßlar,1\n";
    let kinds = changes(accented, encoded.as_bytes(), "csv");
    assert_eq!(kinds, ["!dialect_changed -"]);
}

#[test]
fn delimited_cases_are_judged() {
    for (from, to, expected) in [
        (
            "id,qty\n1,2\n2,3\n",
            "id,qty\n1,2.5\n2,3\n",
            vec!["!type_breaks qty"],
        ),
        (
            "id,price\n1,2.5\n2,3\n",
            "id,price\n1,2\n2,3\n",
            vec!["type_fits price"],
        ),
        (
            "id\n1\n",
            "id\n18446744073709551615\n",
            vec!["!type_breaks id"],
        ),
        (
            "a,v\nx,1.5\n",
            "a,v\nx,9007199254740993\n",
            vec!["!type_breaks v"],
        ),
        (
            "a,v\nx,word\n",
            "a,v\nx,\n",
            vec!["type_fits v", "nulls_appeared v"],
        ),
        (
            "a,v\nx,31/12/2024\n",
            "a,v\nx,05/01/2025\n",
            vec!["type_fits v"],
        ),
        (
            "a,v\nx,31/12/2024\n",
            "a,v\nx,12/31/2024\n",
            vec!["!type_breaks v"],
        ),
        (
            "a,v\nx,2024-01-01T10:00:00Z\n",
            "a,v\nx,2024-01-01\n",
            vec!["type_fits v"],
        ),
        (
            "a,v\nx,1\ny,2\n",
            "a;v\nx;1\ny;2\n",
            vec!["!dialect_changed -"],
        ),
        ("a;v\nx;1,5\ny;2\n", "a;v\nx;1\ny;2\n", vec!["type_fits v"]),
        (
            "a,v\nx,1\ny,2\n",
            "v,a\n1,x\n2,y\n",
            vec!["order_changed v"],
        ),
    ] {
        assert_eq!(
            changes(from.as_bytes(), to.as_bytes(), "csv"),
            expected,
            "{to}"
        );
    }
}

#[test]
fn json_cases_are_judged() {
    for (from, to, expected) in [
        (r#"{"a":1}"#, r#"{"a":"1"}"#, vec!["!type_breaks a"]),
        (r#"{"a":1.5}"#, r#"{"a":2}"#, vec!["type_fits a"]),
        (
            r#"{"a":[1]}"#,
            r#"{"a":["x"]}"#,
            vec!["!type_breaks a.element"],
        ),
        (r#"{"a":[]}"#, r#"{"a":["x"]}"#, vec!["type_fits a"]),
        (
            r#"{"a":{"b":1}}"#,
            r#"{"a":{"b":1,"c":2}}"#,
            vec!["column_added a.c"],
        ),
        (
            r#"{"a":{"b":1,"c":2}}"#,
            r#"{"a":{"b":1}}"#,
            vec!["!column_removed a.c"],
        ),
        (
            r#"{"a":{"b":1}}"#,
            r#"{"a":{}}"#,
            vec!["!column_removed a.b"],
        ),
    ] {
        assert_eq!(
            changes(from.as_bytes(), to.as_bytes(), "ndjson"),
            expected,
            "{to}"
        );
    }
}

/// The night on which half a unit is sold for the first time.
const BREAK: u64 = 23;

/// The file of a night: each column is a whole number, a fraction, a date of one pattern or another, or empty.
fn file_of(night: u64) -> String {
    let mut file = "day,price,stock,refund,note,big\n".to_owned();
    for row in 0..5 {
        // Only the first and the later ones tell that the day comes first.
        let day = if night == 1 { 31 } else { night };
        let day = format!("{day:02}/01/2024");
        let price = match night % 5 {
            0 => String::new(),
            1 => "1.50".to_owned(),
            _ => row.to_string(),
        };
        let stock = match night {
            BREAK if row == 3 => "7.5".to_owned(),
            night if night.is_multiple_of(7) => String::new(),
            _ => (row * 10).to_string(),
        };
        let refund = if night > 10 && night.is_multiple_of(2) {
            "0.25"
        } else {
            ""
        };
        let note = ["", "call back", "12"][usize::try_from(night % 3).unwrap()];
        let big = if night.is_multiple_of(4) {
            "1.5"
        } else {
            "90071992547409931"
        };
        let big = if night == 1 {
            "90071992547409931\n,0.5,,,,0.5"
        } else {
            big
        };
        let line = format!("{day},{price},{stock},{refund},{note},{big}\n");
        file.push_str(&line);
    }
    file
}

#[test]
fn thirty_nights_of_files_raise_the_one_alarm() {
    let mut committed = read(file_of(1), "csv");
    let mut schema: Option<Vec<Column>> = None;
    let mut alarms = Vec::new();
    for night in 2..=30 {
        let found = read(file_of(night), "csv");
        assert_eq!(found.rejection(), None, "night {night}");
        let base = Base {
            version: night - 1,
            side: side(&committed),
            schema: schema.as_deref().or(Some(&committed.columns)),
            is_same: false,
        };
        let diff = schema_diff(Some(&base), &side(&found));
        let refusals = refused(&diff, &Policy::default(), &[]);
        if refusals.is_empty() {
            schema = next_schema(base.schema, &side(&found), &diff);
            committed = found;
        } else {
            let texts = refusals.iter().map(|change| change.msg.clone());
            alarms.push((night, texts.collect::<Vec<_>>()));
        }
    }
    let [(night, texts)] = alarms.as_slice() else {
        panic!("{alarms:?}")
    };
    assert_eq!((*night, texts.len()), (BREAK, 1));
    assert!(
        texts[0].starts_with("Column `stock` was int64 and is double now"),
        "{texts:?}"
    );
}
