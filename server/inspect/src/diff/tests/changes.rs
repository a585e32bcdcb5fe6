//! Every kind of change, and the verdict of them.

use restow_api::read_options::NullValue;
use restow_api::{Column, Compression, ReadOptions, Verdict};
use serde_json::json;

use super::super::{Base, Side, schema_diff};
use super::{base, column, diff, kinds, ranged, side};

#[test]
fn a_first_version_is_compatible() {
    let columns = [column("a", "int64")];
    let diff = schema_diff(None, &side("csv", &columns));
    assert_eq!((diff.verdict, diff.changes), (Verdict::Compatible, vec![]));
    assert_eq!((diff.current_version, diff.row_count.from), (None, None));
    assert_eq!(
        (diff.row_count.to, diff.file_size.to),
        (Some(10), Some(100))
    );
}

#[test]
fn same_bytes_are_identical_also_if_unknown() {
    let unknown = Side {
        columns: None,
        ..side("csv", &[])
    };
    let same = Base {
        is_same: true,
        ..base(unknown)
    };
    let diff = schema_diff(Some(&same), &unknown);
    assert_eq!((diff.verdict, diff.changes), (Verdict::Identical, vec![]));
}

#[test]
fn unknown_columns_are_breaking() {
    let columns = [column("a", "int64")];
    let known = side("csv", &columns);
    let unknown = Side {
        columns: None,
        ..known
    };
    for (from, to) in [(known, unknown), (unknown, known), (unknown, unknown)] {
        let diff = schema_diff(Some(&base(from)), &to);
        assert_eq!((diff.verdict, diff.changes), (Verdict::Breaking, vec![]));
    }
}

#[test]
fn files_without_rows_are_compatible_in_one_format() {
    let diff = |from, to| schema_diff(Some(&base(side(from, &[]))), &side(to, &[])).verdict;
    assert_eq!(diff("pdf", "pdf"), Verdict::Compatible);
    assert_eq!(diff("pdf", "png"), Verdict::Breaking);
}

#[test]
fn breaking_changes_come_first() {
    let from = [
        column("gone", "bool"),
        column("a", "double"),
        column("b", "int64"),
    ];
    let to = [
        column("new", "string"),
        column("b", "double"),
        ranged("a", "int64", 1, 2),
    ];
    let diff = diff("csv", &from, &to);
    assert_eq!(diff.verdict, Verdict::Breaking);
    assert_eq!(
        kinds(&diff.changes),
        [
            "!column_removed gone",
            "!type_breaks b",
            "type_fits a",
            "column_added new",
            "order_changed b"
        ]
    );
    assert_eq!(
        diff.changes[2].msg,
        "Column `a` was double and is int64 now: every value fits."
    );
}

#[test]
fn equal_names_are_matched_by_occurrence() {
    let columns = [column("a", "int64"), column("a", "string")];
    assert_eq!(diff("parquet", &columns, &columns).changes, []);
    let swapped = [column("a", "string"), column("a", "int64")];
    let swap = diff("parquet", &columns, &swapped);
    assert_eq!(kinds(&swap.changes), ["!type_breaks a", "!type_breaks a"]);
    assert_eq!(
        kinds(&diff("parquet", &columns, &columns[..1]).changes),
        ["!column_removed a"]
    );
}

#[test]
fn order_breaks_text_without_header() {
    let from = [column("a", "int64"), column("b", "int64")];
    let to = [column("b", "int64"), column("a", "int64")];
    let headerless = ReadOptions {
        header: Some(false),
        ..ReadOptions::default()
    };
    let object = Side {
        dialect: Some(&headerless),
        ..side("csv", &to)
    };
    let diff = schema_diff(Some(&base(side("csv", &from))), &object);
    assert_eq!(kinds(&diff.changes), ["!order_changed b"]);
    assert_eq!(
        (&diff.changes[0].from, &diff.changes[0].to),
        (&Some(json!(2)), &Some(json!(1)))
    );
    assert_eq!(
        kinds(&super::diff("csv", &from, &to).changes),
        ["order_changed b"]
    );
}

#[test]
fn nulls_break_only_where_declared() {
    let nulls = |nulls: Option<u64>, nullable: Option<bool>| Column {
        nulls,
        nullable,
        ..column("a", "int64")
    };
    for (from, to, expected) in [
        (
            nulls(Some(0), None),
            nulls(Some(1), None),
            vec!["nulls_appeared a"],
        ),
        (nulls(Some(1), None), nulls(Some(2), None), vec![]),
        (nulls(None, None), nulls(Some(2), None), vec![]),
        (
            nulls(Some(0), Some(false)),
            nulls(Some(2), Some(true)),
            vec!["!nulls_appeared a"],
        ),
        (
            nulls(Some(0), Some(false)),
            nulls(None, Some(true)),
            vec!["!nulls_appeared a"],
        ),
        (
            nulls(Some(0), Some(false)),
            nulls(Some(0), Some(true)),
            vec!["type_fits a"],
        ),
        (
            nulls(Some(0), Some(false)),
            nulls(Some(0), Some(false)),
            vec![],
        ),
        (
            nulls(Some(0), Some(true)),
            nulls(Some(0), Some(false)),
            vec![],
        ),
    ] {
        assert_eq!(kinds(&diff("parquet", &[from], &[to]).changes), expected);
    }
}

#[test]
fn formats_and_lost_rows_are_changes() {
    let columns = [column("a", "int64")];
    let fewer = Side {
        row_count: Some(9),
        ..side("parquet", &columns)
    };
    let diff = schema_diff(Some(&base(side("csv", &columns))), &fewer);
    assert_eq!(kinds(&diff.changes), ["!format_changed -", "rows_lost -"]);
    assert_eq!(
        diff.changes[1].msg,
        "There were 10 rows and are 9 now: 1 fewer."
    );
}

#[test]
fn compression_is_part_of_the_format() {
    let columns = [column("a", "int64")];
    let [comma, semicolon] = [",", ";"].map(|delimiter| ReadOptions {
        delimiter: Some(delimiter.to_owned()),
        ..ReadOptions::default()
    });
    let side = |compression, dialect| Side {
        compression,
        dialect: Some(dialect),
        ..side("csv", &columns)
    };
    let judged = |from, to| schema_diff(Some(&base(from)), &to).changes;
    let plain = side(Compression::None, &comma);
    let packed = judged(plain, side(Compression::Gzip, &comma));
    assert_eq!(kinds(&packed), ["!format_changed -"]);
    assert_eq!(
        (&packed[0].from, &packed[0].to),
        (&Some(json!("csv")), &Some(json!("csv.gz")))
    );
    assert!(
        packed[0]
            .msg
            .starts_with("The file was csv and is csv.gz now")
    );
    let other = judged(
        side(Compression::Gzip, &comma),
        side(Compression::Zstd, &comma),
    );
    assert_eq!(kinds(&other), ["!format_changed -"]);
    // Who copes with the compression still has to know the delimiter.
    let both = judged(plain, side(Compression::Gzip, &semicolon));
    assert_eq!(kinds(&both), ["!format_changed -", "!dialect_changed -"]);
    let same = side(Compression::Gzip, &comma);
    assert_eq!(judged(same, same), []);
}

#[test]
fn dialects_are_compared_where_known() {
    let columns = [column("a", "int64")];
    let judged = |from: &ReadOptions, to: &ReadOptions| {
        let side = |dialect| Side {
            dialect: Some(dialect),
            ..side("csv", &columns)
        };
        schema_diff(Some(&base(side(from))), &side(to)).changes
    };
    let dialect = |delimiter: &str, encoding: Option<&str>, nulls: &[&str]| ReadOptions {
        delimiter: Some(delimiter.to_owned()),
        encoding: encoding.map(str::to_owned),
        null_values: Some(
            nulls
                .iter()
                .map(|null| NullValue((*null).to_owned()))
                .collect(),
        ),
        ..ReadOptions::default()
    };
    let comma = dialect(",", Some("utf-8"), &["NA"]);
    assert_eq!(judged(&comma, &dialect(",", Some("UTF-8"), &[])), []);
    assert_eq!(judged(&comma, &dialect(",", None, &["NA"])), []);
    let changes = judged(&comma, &dialect(";", Some("windows-1252"), &["NA"]));
    assert_eq!(kinds(&changes), ["!dialect_changed -"]);
    assert_eq!(
        changes[0].to,
        Some(json!({"delimiter": ";", "encoding": "windows-1252"}))
    );
    let nulls = judged(&comma, &dialect(",", None, &["NA", "-"]));
    assert_eq!(kinds(&nulls), ["!dialect_changed -"]);
}

#[test]
fn decimal_marks_count_where_numbers_have_fractions() {
    let mark = |mark: &str| ReadOptions {
        decimal: Some(mark.to_owned()),
        ..ReadOptions::default()
    };
    let (comma, point) = (mark(","), mark("."));
    let judged = |from: &str, to: &str| {
        let (from, to) = ([column("a", from)], [ranged("a", to, 1, 2)]);
        let base_side = Side {
            dialect: Some(&comma),
            ..side("csv", &from)
        };
        let object = Side {
            dialect: Some(&point),
            ..side("csv", &to)
        };
        kinds(&schema_diff(Some(&base(base_side)), &object).changes)
    };
    assert_eq!(judged("double", "double"), ["!dialect_changed -"]);
    assert_eq!(judged("double", "int64"), ["type_fits a"]);
}
