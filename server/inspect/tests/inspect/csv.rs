use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::sync::Arc;

use restow_api::ColumnType::{Boolean, Date, Float, Integer, Null, String as Text, Timestamp};
use restow_api::{Finding, FindingType, ReadOptions};
use restow_inspect::{InspectError, Limits, Progress, Source, inspect};
use serde_json::json;

use crate::sources::{Object, look, names, only, read, refuse, run, summary, types};

#[test]
fn types_nulls_rows_and_sample() {
    let text = "id,name,price,active,born,seen,code,empty\n\
        1,Ann,1.5,true,2024-02-29,2024-02-29T10:00:00Z,007,\n\
        2,,2,FALSE,2023-01-01,2023-01-01,12,\n\
        9007199254740993,\"O\"\"Neil, Jr\",,true,,2024-01-01 00:00,13,\"\"\n";
    let found = read(text, "csv");
    assert_eq!(found.format.as_deref(), Some("csv"));
    assert_eq!(found.row_count, Some(3));
    assert_eq!(
        summary(&found.columns),
        [
            ("id", Integer, Some(0)),
            ("name", Text, Some(1)),
            ("price", Float, Some(1)),
            ("active", Boolean, Some(0)),
            ("born", Date, Some(1)),
            ("seen", Timestamp, Some(0)),
            ("code", Text, Some(0)),
            ("empty", Null, Some(3)),
        ]
    );
    assert_eq!(
        found.sample,
        [
            vec![
                json!(1),
                json!("Ann"),
                json!(1.5),
                json!(true),
                json!("2024-02-29"),
                json!("2024-02-29T10:00:00Z"),
                json!("007"),
                json!(null)
            ],
            vec![
                json!(2),
                json!(null),
                json!(2),
                json!(false),
                json!("2023-01-01"),
                json!("2023-01-01"),
                json!("12"),
                json!(null)
            ],
            vec![
                json!("9007199254740993"),
                json!("O\"Neil, Jr"),
                json!(null),
                json!(true),
                json!(null),
                json!("2024-01-01 00:00"),
                json!("13"),
                json!(null)
            ],
        ]
    );
}

#[test]
fn tabs_line_ends_and_byte_order_marks() {
    let found = read("a\tb\n1\t2\n", "tsv");
    assert_eq!(found.format.as_deref(), Some("tsv"));
    assert_eq!(
        summary(&found.columns),
        [("a", Integer, Some(0)), ("b", Integer, Some(0))]
    );
    let expected = read("a,b\n1,x\n2,y\n", "csv");
    for text in [
        "a,b\r\n1,x\r\n2,y\r\n",
        "a,b\r1,x\r2,y",
        "a,b\r1,x\r2,y\r",
        "\n\na,b\n\n1,x\r\n\r\n2,y\n\n",
        "\"a\",b\n1,\"x\"\n2,y",
    ] {
        assert_eq!(read(text, "csv"), expected, "{text:?}");
        assert_eq!(
            run(Object::trickling(text), "csv", &Limits::default()).unwrap(),
            expected,
            "{text:?}"
        );
    }
}

#[test]
fn a_header_alone_has_no_rows() {
    for text in ["a,b", "a,b\n", "a,b\r\n\r\n"] {
        let found = read(text, "csv");
        assert_eq!((found.row_count, found.sample.len()), (Some(0), 0));
        assert_eq!(
            summary(&found.columns),
            [("a", Null, Some(0)), ("b", Null, Some(0))]
        );
    }
}

#[test]
fn names_are_made_unique() {
    let found = read("a,,a,column_2,a_3,a\n", "csv");
    assert_eq!(
        names(&found),
        ["a", "column_2", "a_3", "column_2_4", "a_3_5", "a_6"]
    );
    let missing = only(&found, FindingType::HeaderMissingNames);
    assert_eq!((missing.line, missing.count), (Some(1), Some(1)));
    let equal = only(&found, FindingType::DuplicateNames);
    assert_eq!(equal.count, Some(4));
}

#[test]
fn the_last_row_of_many_decides() {
    let mut text = String::from("a,b,c\n");
    for row in 0..200_000 {
        writeln!(text, "{row},{row},2024-01-01").unwrap();
    }
    text.push_str("1.5,x,2024-01-01T00:00\n");
    let found = read(text, "csv");
    assert_eq!(found.row_count, Some(200_001));
    assert_eq!(
        summary(&found.columns),
        [
            ("a", Float, Some(0)),
            ("b", Text, Some(0)),
            ("c", Timestamp, Some(0))
        ]
    );
    assert_eq!(found.sample[1], [json!(1), json!("1"), json!("2024-01-01")]);
}

#[test]
fn quoted_fields_cross_every_border() {
    let mut text = String::from("\"a\nb\",c\r\n");
    for row in 0..3000 {
        write!(text, "\"line 1\r\nline \"\"{row}\"\", é€😀\n\",{row}\r\n").unwrap();
    }
    let found = run(Object::trickling(text), "csv", &Limits::default()).unwrap();
    assert_eq!(found.row_count, Some(3000));
    assert_eq!(
        summary(&found.columns),
        [("a\nb", Text, Some(0)), ("c", Integer, Some(0))]
    );
    assert_eq!(
        found.sample[4],
        [json!("line 1\r\nline \"4\", é€😀\n"), json!(4)]
    );
}

#[test]
fn ragged_rows_are_counted_with_their_lines() {
    let ragged = |text: &str| {
        let found = look(text.to_owned(), "csv");
        only(&found, FindingType::RaggedRows).clone()
    };
    let found = ragged("a,b\n1,2\n\n1,2,3\n");
    assert_eq!(found.msg, "Line 4 has 3 fields, the header has 2: a, b.");
    let rows = "1,2\n".repeat(300_000);
    let found = ragged(&format!("a,b\n{rows}1\n{rows}1,2,3\n"));
    assert_eq!((found.line, found.count), (Some(300_002), Some(2)));
    assert_eq!(
        found.examples,
        ["line 300002: 1 field", "line 600003: 3 fields"]
    );
    let found = ragged("a,b,c\n1,2\n3,4\n");
    assert!(
        found
            .msg
            .contains("every row has one field less than the header"),
        "{}",
        found.msg
    );
    let found = ragged("a,b\nx,1,2\ny,3,4\n");
    assert!(
        found
            .msg
            .contains("every row has one field more than the header"),
        "{}",
        found.msg
    );
    let found = ragged("a,b\n1,2\n1,2,\n3,4,\n");
    assert!(
        found
            .msg
            .contains("each of these lines has one empty field more"),
        "{}",
        found.msg
    );
}

#[test]
fn rows_that_do_not_fit_are_left_out() {
    let found = look("a,b\n1,2\nx,y,z\n3,4\n", "csv");
    assert_eq!(found.row_count, Some(3));
    // Whether the row that is left out has nulls, and in which columns, is not known.
    assert_eq!(
        summary(&found.columns),
        [("a", Integer, None), ("b", Integer, None)]
    );
    assert_eq!(found.sample.len(), 2);
}

#[test]
fn one_fault_does_not_hide_others() {
    let text = "a,b\n1,\"x\"y\n1,2,3\n4,\"z\n5,6\n7,\0\n";
    let found = look(text, "csv");
    assert_eq!(
        types(&found),
        [
            FindingType::NulBytes,
            FindingType::TextAfterQuote,
            FindingType::UnclosedQuote,
            FindingType::RaggedRows,
        ]
    );
    let lines: Vec<_> = found.findings.iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [Some(6), Some(2), Some(4), Some(3)]);
}

#[test]
fn unclosed_quotes_cost_one_line() {
    let unclosed = |text: &str| {
        let found = look(text.to_owned(), "csv");
        let finding: Finding = only(&found, FindingType::UnclosedQuote).clone();
        (finding.line, finding.count, found.sample.len())
    };
    assert_eq!(unclosed("a,b\n1,2\n1,\"x\n2,3\n"), (Some(3), Some(1), 2));
    assert_eq!(unclosed("a,b\n\"x"), (Some(2), Some(1), 0));
    assert_eq!(unclosed("a,\"b\n1,2\n"), (Some(1), Some(1), 0));
    // Quotes that are closed at the very end, or never opened.
    for text in ["a\n\"x\"", "a\n\"x\"\n", "a\nx\"", "\"a\""] {
        assert_eq!(read(text, "csv").columns.len(), 1, "{text:?}");
    }
}

#[test]
fn text_behind_quotes_in_the_whole_file_is_found() {
    let text = format!("a,b\n{}1,\"x\" y\n", "1,\"z\"\n".repeat(300_000));
    let found = look(text, "csv");
    let stray = only(&found, FindingType::TextAfterQuote);
    assert_eq!((stray.line, stray.count), (Some(300_002), Some(1)));
    assert_eq!(stray.examples, ["line 300002: 1,\"x\" y"]);
}

#[test]
fn empty_files_have_no_rows() {
    for blank in ["", "\n", "\r\n\n\r\n", "\u{FEFF}", "\u{FEFF}\n"] {
        let found = refuse(blank, "csv", &Limits::default());
        assert_eq!(found.finding_type, FindingType::NoRows, "{blank:?}");
    }
}

#[test]
fn progress_is_reported_and_can_stop() {
    let text = format!("a\n{}", "123456789\n".repeat(3_000_000));
    let size = text.len() as u64;
    let source: Arc<dyn Source> = Arc::new(Object::new(text));
    let mut reports: Vec<Progress> = Vec::new();
    let options = ReadOptions::default();
    let limits = Limits::default();
    inspect(&source, "a.csv", &options, &limits, &mut |progress| {
        reports.push(progress);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(reports.last().unwrap().bytes_done, size);
    assert!(reports.windows(2).all(|pair| {
        let bytes = pair[1].bytes_done - pair[0].bytes_done;
        bytes <= 8 * 1024 * 1024 && pair[1].rows >= pair[0].rows
    }));
    assert!(reports.last().unwrap().rows > 2_900_000);
    let stopped = inspect(&source, "a.csv", &options, &limits, &mut |_| {
        ControlFlow::Break(())
    });
    assert!(matches!(stopped, Err(InspectError::Stopped)));
}
