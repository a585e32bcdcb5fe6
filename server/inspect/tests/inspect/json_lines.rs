use std::fmt::Write as _;

use restow_api::ColumnType::{
    Array, Boolean, Date, Decimal, Float, Integer, Null, Object as Nested, String as Text,
    Timestamp,
};
use restow_api::read_options::NullValue;
use restow_api::{FindingType, ReadOptions, Severity};
use restow_inspect::Limits;
use serde_json::json;

use crate::sources::{Object, look, look_with, read, run, summary, types};

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
            ("id", Decimal, Some(0)),
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
        (&json!([1]), &json!(true))
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

/// What is wrong with an invalid line among two others.
#[track_caller]
fn assert_fault(line: &str, finding_type: FindingType, words: &str) {
    let found = look(format!("{{\"a\":1}}\n\n{line}\n{{\"a\":2}}\n"), "ndjson");
    let finding = found.rejection().expect("the line is invalid");
    assert_eq!(finding.finding_type, finding_type, "{line}");
    assert_eq!((finding.line, finding.count), (Some(3), Some(1)), "{line}");
    assert!(finding.msg.contains(words), "{line}: {}", finding.msg);
    assert_eq!(found.row_count, None);
    let first: Vec<_> = found.sample.iter().map(|row| &row[0]).collect();
    assert_eq!(first, [&json!(1), &json!(2)], "{line}");
}

#[test]
fn every_line_is_one_object() {
    for (line, words) in [
        ("[1]", "not an object"),
        ("1", "not an object"),
        ("\"x\"", "not an object"),
        ("{\"a\":1", "does not end in its line"),
        ("{\"a\":1}}", "trailing characters"),
        ("{\"a\":1}{\"a\":2}", "another one begins"),
        ("{a:1}", "key must be a string"),
        ("{'a':1}", "single quotes"),
        ("{\"a\":01}", "invalid number"),
        ("[", "EOF while parsing"),
        ("{\"a\"", "does not end in its line"),
        ("{\"a\":1},", "behind the object is a comma"),
        ("{\"a\":1} , ", "behind the object is a comma"),
    ] {
        assert_fault(line, FindingType::InvalidJson, words);
    }
    for (line, word) in [
        ("{\"a\":NaN}", "NaN"),
        ("{\"a\":[1,-Infinity]}", "Infinity"),
        ("{\"a\": nan}", "nan"),
        ("{\"b\":Infinity,\"a\":1}", "Infinity"),
    ] {
        assert_fault(line, FindingType::InvalidNumber, word);
    }
}

#[test]
fn blank_lines_only_have_no_row() {
    let found = look("\n \r\n", "ndjson");
    assert_eq!(types(&found), [FindingType::NoRows]);
    assert_eq!(found.rejection().unwrap().severity, Severity::Error);
}

#[test]
fn all_faults_are_counted() {
    let mut text = String::new();
    for row in 0..100 {
        let line = match row % 10 {
            1 => "{\"a\":NaN}",
            2 => "{\"a\":}",
            3 => "{\"a\":1},",
            _ => "{\"a\":1}",
        };
        writeln!(text, "{line}").unwrap();
    }
    let found = look(text, "ndjson");
    let counts: Vec<_> = found
        .findings
        .iter()
        .map(|finding| (finding.finding_type, finding.line, finding.count))
        .collect();
    assert_eq!(
        counts,
        [
            (FindingType::InvalidNumber, Some(2), Some(10)),
            (FindingType::InvalidJson, Some(3), Some(10)),
            (FindingType::InvalidJson, Some(4), Some(10)),
        ]
    );
    assert_eq!(
        found.findings[0].examples,
        ["line 2", "line 12", "line 22", "line 32", "line 42"]
    );
    assert_eq!(found.columns[0].distinct.unwrap().value, 1);
}

#[test]
fn null_values_are_null() {
    let options = ReadOptions {
        null_values: Some(vec![NullValue("NA".to_owned())]),
        ..ReadOptions::default()
    };
    let text = "{\"a\":1}\n{\"a\":\"NA\"}\n";
    let found = look_with(text, "ndjson", &options);
    assert_eq!(summary(&found.columns), [("a", Integer, Some(1))]);
    assert_eq!(found.findings, []);
    let unstated = look(text, "ndjson");
    assert_eq!(types(&unstated), [FindingType::NullMarkers]);
    assert_eq!(summary(&unstated.columns), [("a", Text, Some(0))]);
}

#[test]
fn lines_and_nesting_are_bounded() {
    let limits = Limits {
        max_record_bytes: 1000,
        ..Limits::default()
    };
    let line = |length: usize| format!("{{\"a\":\"{}\"}}\n", "x".repeat(length - 8));
    let look = |text: String| run(Object::new(text), "ndjson", &limits).unwrap();
    assert_eq!(look(line(1000)).row_count, Some(1));
    let found = look(format!("{{}}\n{}{}", line(1001), line(10)));
    let finding = found.rejection().unwrap();
    assert_eq!(
        (finding.finding_type, finding.line, finding.count),
        (FindingType::InspectionBounded, Some(2), Some(1))
    );
    assert_eq!(found.sample.len(), 2);
    let deep = format!("{{\"a\":{}{}}}\n", "[".repeat(500_000), "]".repeat(500_000));
    let found = read(deep, "ndjson");
    assert_eq!(summary(&found.columns), [("a", Array, Some(0))]);
    assert!(found.sample[0][0].as_str().unwrap().ends_with("[…"));
    assert_eq!(types(&found), [FindingType::InspectionBounded]);
}

#[test]
fn keys_are_bounded() {
    let limits = Limits {
        max_columns: 3,
        max_header_bytes: 170,
        ..Limits::default()
    };
    let text = "{\"a\":1,\"b\":1}\n{\"c\":1,\"d\":1}\n";
    let found = run(Object::new(text), "ndjson", &limits).unwrap();
    assert_eq!(types(&found), [FindingType::InspectionBounded]);
    let summary_of_last = (&found.columns[3].column_type, found.columns[3].nulls);
    assert_eq!(summary_of_last, (&Integer, Some(1)));
    assert!(found.columns[2].distinct.is_some() && found.columns[3].distinct.is_none());
    let text = format!("{text}{{\"e\":1,\"f\":1,\"a\":5}}\n");
    let found = run(Object::new(text), "ndjson", &limits).unwrap();
    assert_eq!(found.columns.len(), 5);
    assert_eq!(found.columns[0].max, Some(json!(5)));
    assert_eq!(types(&found), [FindingType::InspectionBounded; 2]);
    assert_eq!(found.rejection(), None);
}
