//! The limits on delimited text.

use std::fmt::Write as _;

use restow_api::ColumnType::{Integer, String as Text};
use restow_inspect::{ContentErrorCode, Limits};
use serde_json::json;

use crate::sources::{Object, read, refuse, run, summary};

#[test]
fn rows_of_a_mebibyte_are_read() {
    let value = "x\n".repeat(512 * 1024);
    let mut text = String::from("a,b\n");
    for row in 0..20 {
        write!(text, "\"{value}\",{row}\n1,2\r\n").unwrap();
    }
    let found = read(text, "csv");
    assert_eq!(found.row_count, Some(40));
    assert_eq!(
        summary(&found.columns),
        [("a", Text, Some(0)), ("b", Integer, Some(0))]
    );
    assert_eq!(
        found.sample[0][0].as_str().map(str::len),
        Some(1024 + '…'.len_utf8())
    );
}

#[test]
fn records_are_bounded() {
    let limits = Limits {
        max_record_bytes: 300_000,
        ..Limits::default()
    };
    let error = refuse(
        format!("a,b\n1,2\n1,\"{}", "x".repeat(1_000_000)),
        "csv",
        &limits,
    );
    assert_eq!(error.code, ContentErrorCode::RecordTooLong);
    assert_eq!(json!(error.context), json!({"row": 2, "limit": 300_000}));
    let header = format!("{},b\n", "x".repeat(2_000_000));
    assert_eq!(
        refuse(header, "csv", &Limits::default()).code,
        ContentErrorCode::RecordTooLong
    );
    let header = vec!["a"; 10_001].join(",");
    for header in [header.clone(), header + ",a", vec!["a"; 20_000].join(",")] {
        let error = refuse(header, "csv", &Limits::default());
        assert_eq!(
            (error.code, json!(error.context)),
            (ContentErrorCode::TooManyColumns, json!({"limit": 10_000}))
        );
    }
    assert_eq!(
        read(vec!["a"; 10_000].join(","), "csv").columns.len(),
        10_000
    );
}

#[test]
fn wide_rows_are_read() {
    let header = (0..10_000)
        .map(|index| format!("c{index}"))
        .collect::<Vec<_>>()
        .join(",");
    let row = (0..10_000)
        .map(|index| index.to_string())
        .collect::<Vec<_>>()
        .join(",");
    let found = read(
        format!("{header}\n{}", format!("{row}\n").repeat(40)),
        "csv",
    );
    assert_eq!(
        (found.row_count, found.columns.len(), found.sample.len()),
        (Some(40), 10_000, 5)
    );
    assert!(
        found
            .columns
            .iter()
            .all(|column| column.column_type == Integer)
    );
}

#[test]
fn the_sample_is_bounded() {
    let limits = Limits {
        max_sample_bytes: 1000,
        ..Limits::default()
    };
    let row = format!("{}\n", "x".repeat(400));
    let found = run(Object::new(format!("a\n{}", row.repeat(9))), "csv", &limits).unwrap();
    assert_eq!((found.row_count, found.sample.len()), (Some(9), 2));
}
