use std::fmt::Write as _;

use restow_api::ColumnType::{
    Array, Boolean, Date, Float, Integer, Null, Object as Nested, String as Text, Timestamp,
};
use restow_inspect::{ContentErrorCode, Limits};
use serde_json::json;

use crate::sources::{Object, read, refuse, run, summary};

#[test]
fn types_nulls_rows_and_sample() {
    let text = concat!(
        r#"{"id":1,"name":"Ann","tags":["a"],"at":"2024-02-29","n":1}"#,
        "\r\n\n",
        r#"{"id":2.5,"at":"2024-02-29T10:00Z","address":{"city":"Bern"},"n":null,"ok":true}"#,
        "\n \n",
        r#"{"name":null,"id":9007199254740993,"id":18446744073709551615,"mixed":[1]}"#,
        "\n",
        r#"{"mixed":true,"caf\u00e9":"","id":-3}"#,
    );
    let found = read(text, "jsonl");
    assert_eq!(found.format.as_deref(), Some("ndjson"));
    assert_eq!(found.row_count, Some(4));
    assert_eq!(
        summary(&found.columns),
        [
            ("id", Float, Some(0)),
            ("name", Text, Some(3)),
            ("tags", Array, Some(3)),
            ("at", Timestamp, Some(2)),
            ("n", Integer, Some(3)),
            ("address", Nested, Some(3)),
            ("ok", Boolean, Some(3)),
            ("mixed", Text, Some(2)),
            ("café", Text, Some(3)),
        ]
    );
    let null = json!(null);
    assert_eq!(
        found.sample[0],
        [
            json!(1),
            json!("Ann"),
            json!(["a"]),
            json!("2024-02-29"),
            json!(1),
            null.clone(),
            null.clone(),
            null.clone(),
            null
        ]
    );
    assert_eq!(
        found.sample[1][5..7],
        [json!({"city": "Bern"}), json!(true)]
    );
    assert_eq!(found.sample[2][0], json!("18446744073709551615"));
    assert_eq!(
        (&found.sample[2][7], &found.sample[3][7]),
        (&json!("[1]"), &json!("true"))
    );
    assert_eq!(found.sample[3][8], json!(""));
    assert_eq!(
        run(Object::trickling(text), "ndjson", &Limits::default()).unwrap(),
        found
    );
}

#[test]
fn numbers_in_strings_stay_strings() {
    let found = read(
        "{\"a\":\"1\",\"b\":\"2024-01-01\",\"c\":null,\"d\":1e999}\n",
        "ndjson",
    );
    assert_eq!(
        summary(&found.columns),
        [
            ("a", Text, Some(0)),
            ("b", Date, Some(0)),
            ("c", Null, Some(1)),
            ("d", Float, Some(0))
        ]
    );
}

#[test]
fn the_last_row_of_many_decides() {
    let mut text = String::from("\u{FEFF}");
    for row in 0..200_000 {
        writeln!(text, "{{\"a\":{row},\"b\":\"2024-01-01\"}}").unwrap();
    }
    text.push_str("{\"b\":{},\"a\":0.5}");
    let found = read(text, "ndjson");
    assert_eq!(found.row_count, Some(200_001));
    assert_eq!(
        summary(&found.columns),
        [("a", Float, Some(0)), ("b", Text, Some(0))]
    );
}

#[test]
fn every_line_is_one_object() {
    for line in [
        "[1]",
        "1",
        "{\"a\":1",
        "{\"a\":1}}",
        "{\"a\":1}{\"a\":2}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":NaN}",
        "[",
        "{\"a\"",
    ] {
        let error = refuse(
            format!("{{\"a\":1}}\n\n{line}\n"),
            "ndjson",
            &Limits::default(),
        );
        assert_eq!(
            (error.code, &error.context["line"]),
            (ContentErrorCode::Malformed, &json!(3)),
            "{line}"
        );
    }
    assert_eq!(
        refuse("\n \r\n", "ndjson", &Limits::default()).code,
        ContentErrorCode::Malformed
    );
    let error = refuse(
        b"{}\n{\"a\":\"\xE9\"}\n".to_vec(),
        "ndjson",
        &Limits::default(),
    );
    assert_eq!(error.code, ContentErrorCode::UnsupportedEncoding);
    assert_eq!(json!(error.context), json!({"line": 2, "byte": 9}));
}

#[test]
fn lines_keys_and_nesting_are_bounded() {
    let limits = Limits {
        max_record_bytes: 1000,
        max_columns: 3,
        max_header_bytes: 50,
        ..Limits::default()
    };
    let line = |length: usize| format!("{{\"a\":\"{}\"}}\n", "x".repeat(length - 8));
    assert_eq!(
        run(Object::new(line(1000)), "ndjson", &limits)
            .unwrap()
            .row_count,
        Some(1)
    );
    let error = refuse(format!("{{}}\n{}", line(1001)), "ndjson", &limits);
    assert_eq!(
        (error.code, json!(error.context)),
        (
            ContentErrorCode::RecordTooLong,
            json!({"line": 2, "limit": 1000})
        )
    );
    let error = refuse("{\"a\":1,\"b\":1}\n{\"c\":1,\"d\":1}\n", "ndjson", &limits);
    assert_eq!(
        (error.code, json!(error.context)),
        (
            ContentErrorCode::TooManyColumns,
            json!({"line": 2, "limit": 3})
        )
    );
    let error = refuse(format!("{{\"{}\":1}}\n", "k".repeat(51)), "ndjson", &limits);
    assert_eq!(error.code, ContentErrorCode::TooManyColumns);
    let deep = format!("{{\"a\":{}{}}}\n", "[".repeat(500_000), "]".repeat(500_000));
    let found = read(deep, "ndjson");
    assert_eq!(summary(&found.columns), [("a", Array, Some(0))]);
    assert!(found.sample[0][0].as_str().unwrap().ends_with("[…"));
}
