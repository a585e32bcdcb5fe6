//! The limits on delimited text.

use std::fmt::Write as _;

use restow_api::ColumnType::{Integer, String as Text};
use restow_api::{FindingType, Severity};
use restow_inspect::Limits;

use crate::sources::{Object, only, read, refuse, run, summary};

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
fn long_records_are_left_out() {
    let limits = Limits {
        max_record_bytes: 300_000,
        ..Limits::default()
    };
    let inspect = |text: String| run(Object::new(text), "csv", &limits).unwrap();
    let long = "x".repeat(1_000_000);
    let found = inspect(format!("a,b\n1,2\n1,\"{long}"));
    let unclosed = only(&found, FindingType::UnclosedQuote);
    assert_eq!((unclosed.line, unclosed.count), (Some(3), Some(1)));
    for text in [
        format!("a,b\n1,2\n1,{long}\n3,4\n"),
        format!("a,b\n1,2\n1,{long}{long}\n3,4\n"),
    ] {
        let found = inspect(text);
        let too_long = only(&found, FindingType::InspectionBounded);
        assert_eq!(
            (too_long.severity, too_long.line),
            (Severity::Error, Some(3))
        );
        assert_eq!((found.row_count, found.sample.len()), (None, 2));
    }
    // The quote is closed beyond the limit: it costs its line, and the one that seems to open a quote.
    let found = inspect(format!(
        "a,b\n1,\"x\n{}2,3\n4,y\"\n5,6\n",
        "z,1\n".repeat(200_000)
    ));
    assert_eq!(only(&found, FindingType::UnclosedQuote).line, Some(2));
    let header = format!("{long}{long},b\n");
    assert_eq!(
        refuse(header, "csv", &Limits::default()).finding_type,
        FindingType::InspectionBounded
    );
}

#[test]
fn columns_beyond_the_limit_have_names() {
    let limits = Limits {
        max_columns: 3,
        ..Limits::default()
    };
    let found = run(Object::new("a,b,c,d,e\n1,2,3,4,5\n"), "csv", &limits).unwrap();
    assert_eq!(
        summary(&found.columns),
        [
            ("a", Integer, Some(0)),
            ("b", Integer, Some(0)),
            ("c", Integer, Some(0)),
            ("d", Text, None),
            ("e", Text, None)
        ]
    );
    assert_eq!(found.sample[0].len(), 5);
    let bounded = only(&found, FindingType::InspectionBounded);
    assert_eq!(
        (bounded.severity, bounded.count),
        (Severity::Warning, Some(2))
    );
    assert_eq!(found.row_count, Some(1));
    assert_eq!(
        read(vec!["a"; 10_001].join(","), "csv").columns.len(),
        10_001
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
        (Some(40), 10_000, 20)
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
