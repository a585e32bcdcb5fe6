use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::sync::Arc;

use restow_api::ColumnType::{Boolean, Date, Float, Integer, Null, String as Text, Timestamp};
use restow_inspect::{ContentErrorCode, InspectError, Limits, Progress, Source, inspect};
use serde_json::json;

use crate::sources::{Object, read, refuse, run, summary};

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
        "\u{FEFF}a,b\n1,x\n2,y",
        "\n\na,b\n\n1,x\r\n\r\n2,y\n\n",
        "\u{FEFF}\"a\",b\n1,\"x\"\n2,y",
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
    let names: Vec<_> = found
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["a", "column_2", "a_3", "column_2_4", "a_3_5", "a_6"]
    );
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
fn ragged_rows_name_row_and_counts() {
    let error = refuse("a,b\n1,2\n\n1,2,3\n", "csv", &Limits::default());
    assert_eq!(error.code, ContentErrorCode::Malformed);
    assert_eq!(error.message, "row 2 has 3 fields, the header has 2");
    assert_eq!(
        json!(error.context),
        json!({"row": 2, "expected": 2, "found": 3})
    );
    let rows = "1,2\n".repeat(5000);
    let error = refuse(format!("a,b\n{rows}1\n"), "csv", &Limits::default());
    assert_eq!(
        json!(error.context),
        json!({"row": 5001, "expected": 2, "found": 1})
    );
    // The last row of a batch has no room for more fields than it should have.
    let error = refuse(
        format!("a,b\n{}1,2,3,4,5\n", "1,2\n".repeat(1023)),
        "csv",
        &Limits::default(),
    );
    assert_eq!(
        error.message,
        "row 1024 has more than 2 fields, the header has 2"
    );
    assert_eq!(
        json!(error.context),
        json!({"row": 1024, "expected": 2, "found": 3})
    );
}

#[test]
fn only_utf8_is_read() {
    let refused = |bytes: &[u8]| {
        let error = refuse(bytes.to_vec(), "csv", &Limits::default());
        assert_eq!(error.code, ContentErrorCode::UnsupportedEncoding, "{error}");
        json!(error.context)
    };
    assert_eq!(
        refused(b"a,b\n1,2\n3,caf\xE9\n"),
        json!({"row": 2, "byte": 13})
    );
    // Halves of one character on both sides of a delimiter.
    assert_eq!(refused(b"a,b\n\xC3,\xA9\n"), json!({"row": 1, "byte": 4}));
    assert_eq!(refused(b"a,b\n1,\xC3"), json!({"row": 1}));
    assert_eq!(refused(b"caf\xE9,b\n1,2\n"), json!({"line": 1}));
    assert_eq!(refused(b"\xFF\xFEa\0,\0"), json!({"byte": 0}));
    let mut deep = b"a\n".to_vec();
    deep.extend(b"x\n".repeat(300_000));
    deep.push(0xFF);
    assert_eq!(refused(&deep), json!({"row": 300_001, "byte": 600_002}));
}

#[test]
fn unclosed_quotes_and_empty_files_are_malformed() {
    let malformed = |text: &str| {
        let error = refuse(text.to_owned(), "csv", &Limits::default());
        assert_eq!(error.code, ContentErrorCode::Malformed, "{text:?}");
        error.message
    };
    assert_eq!(
        malformed("a,b\n1,2\n1,\"x\n2,3\n"),
        "row 2 has a quoted field that is never closed"
    );
    assert_eq!(
        malformed("a,b\n\"x"),
        "row 1 has a quoted field that is never closed"
    );
    assert_eq!(
        malformed("a,\"b\n1,2\n"),
        "a quoted name in the header row is never closed"
    );
    for blank in ["", "\n", "\r\n\n\r\n", "\u{FEFF}", "\u{FEFF}\n"] {
        assert_eq!(
            malformed(blank),
            "there is no header row: the object has blank lines only",
            "{blank:?}"
        );
    }
    // Quotes that are closed at the very end, or never opened.
    for text in ["a\n\"x\"", "a\n\"x\"\n", "a\nx\"", "\"a\""] {
        assert_eq!(read(text, "csv").columns.len(), 1, "{text:?}");
    }
}

#[test]
fn progress_is_reported_and_can_stop() {
    let text = format!("a\n{}", "123456789\n".repeat(3_000_000));
    let size = text.len() as u64;
    let source: Arc<dyn Source> = Arc::new(Object::new(text));
    let mut reports: Vec<Progress> = Vec::new();
    inspect(&source, Some("csv"), &Limits::default(), &mut |progress| {
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
    let stopped = inspect(&source, Some("csv"), &Limits::default(), &mut |_| {
        ControlFlow::Break(())
    });
    assert!(matches!(stopped, Err(InspectError::Stopped)));
}
