use std::fmt::Write as _;

use restow_api::ColumnType::{Float, Integer, Object as Nested, String as Text};
use restow_api::{FindingType, Format, ReadOptions, Severity};
use restow_inspect::{Inspection, Limits};
use serde_json::json;

use crate::sources::{Object, look, look_with, read, run, summary, types};

/// A JSON text of which the caller states the format.
fn look_stated(text: &str) -> Inspection {
    let options = ReadOptions {
        format: Some(Format::Json),
        ..ReadOptions::default()
    };
    look_with(text.to_owned(), "json", &options)
}

#[test]
fn elements_are_rows() {
    let text = " [ {\"a\":1,\"b\":\"],}\"} ,\n\n{\"a\":2.5,\n\"c\":{\"d\":[{}]}}\n] \n";
    let found = read(text, "json");
    assert_eq!(found.format.as_deref(), Some("json"));
    assert_eq!(found.row_count, Some(2));
    assert_eq!(
        summary(&found.columns),
        [
            ("a", Float, Some(0)),
            ("b", Text, Some(1)),
            ("c", Nested, Some(1))
        ]
    );
    assert_eq!(
        found.sample[1],
        [json!(2.5), json!(null), json!({"d": [{}]})]
    );
    assert_eq!(found.findings, []);
    assert_eq!(
        run(Object::trickling(text), "json", &Limits::default()).unwrap(),
        found
    );
}

#[test]
fn empty_array_has_no_rows() {
    let found = read("[]\n", "json");
    assert_eq!((found.row_count, found.columns.len()), (Some(0), 0));
}

#[test]
fn large_arrays_are_read_in_pieces() {
    let mut text = String::from("[");
    for row in 0..100_000 {
        let comma = if row == 0 { "" } else { ",\n" };
        write!(text, "{comma}{{\"id\":{row},\"name\":\"[{row}]\"}}").unwrap();
    }
    text.push(']');
    let found = read(text, "json");
    assert_eq!(found.row_count, Some(100_000));
    let id = &found.columns[0];
    assert_eq!(id.column_type, Integer);
    assert_eq!((&id.min, &id.max), (&Some(json!(0)), &Some(json!(99_999))));
    assert_eq!(id.mean, Some(49_999.5));
    let distinct = id.distinct.unwrap();
    assert!(distinct.value.abs_diff(100_000) < 5000 && distinct.error > 0.0);
    assert_eq!(found.sample.len(), 20);
}

#[test]
fn faults_do_not_hide_the_rows() {
    for (text, finding_type, line, words) in [
        (
            "[{\"a\":1},\n{\"a\":NaN},\n{\"a\":2}]",
            FindingType::InvalidNumber,
            2,
            "NaN",
        ),
        (
            "[{\"a\":1},\n{\"a\":\n]},{\"a\":2}]",
            FindingType::InvalidJson,
            3,
            "expected value",
        ),
        (
            "[{\"a\":1}\n{\"a\":2}]",
            FindingType::InvalidJson,
            2,
            "is no comma",
        ),
        (
            "[{\"a\":1},{\"a\":2},\n]",
            FindingType::InvalidJson,
            2,
            "before the end of the array",
        ),
        (
            "[{\"a\":1},,{\"a\":2}]",
            FindingType::InvalidJson,
            1,
            "follows no element",
        ),
        (
            "[{\"a\":1},\n7,{\"a\":2}]",
            FindingType::InvalidJson,
            2,
            "not an object",
        ),
        (
            "[{\"a\":1},\n},{\"a\":2}]",
            FindingType::InvalidJson,
            2,
            "expected value",
        ),
        (
            "{\"a\":1}\n}\n{\"a\":2}",
            FindingType::InvalidJson,
            2,
            "expected value",
        ),
        (
            "[{\"a\":1},{\"a\":2}]\n[]",
            FindingType::InvalidJson,
            2,
            "further content",
        ),
        (
            "[{\"a\":1},\n{\"a\":2}",
            FindingType::Damaged,
            2,
            "truncated",
        ),
        (
            "[{\"a\":1},{\"a\":2},\n{\"a\":\"x]",
            FindingType::Damaged,
            2,
            "truncated",
        ),
    ] {
        let found = look(text, "json");
        let finding = found.rejection().expect(text);
        assert_eq!(
            (finding.finding_type, finding.line),
            (finding_type, Some(line)),
            "{text}"
        );
        assert!(finding.msg.contains(words), "{text}: {}", finding.msg);
        assert_eq!(found.sample, [[json!(1)], [json!(2)]], "{text}");
        assert_eq!(found.row_count, None);
    }
}

#[test]
fn other_json_is_no_table() {
    for text in ["{\n\"a\": [1, 2]\n}\n", "[1,2]", "[[1]]", "7", "\"x\""] {
        let found = look(text, "json");
        assert_eq!(types(&found), [FindingType::InvalidJson], "{text}");
        assert_eq!(found.findings[0].severity, Severity::Warning, "{text}");
        assert_eq!((found.row_count, found.columns.len()), (None, 0), "{text}");
        let stated = look_stated(text);
        assert_eq!(stated.findings[0].severity, Severity::Error, "{text}");
    }
    assert!(look("var x = 1;", "json").rejection().is_some());
}

#[test]
fn objects_one_behind_the_other_are_lines() {
    let text = "{\"a\":1}\n{\"a\":2}\n";
    let found = read(text, "json");
    assert_eq!(found.format.as_deref(), Some("ndjson"));
    assert_eq!(found.row_count, Some(2));
    assert_eq!(types(&found), [FindingType::LooksLikeJson]);
    let stated = look_stated(text);
    let finding = stated.rejection().unwrap();
    assert_eq!(finding.suggestion.as_deref(), Some("format=ndjson"));
}

#[test]
fn elements_are_bounded() {
    let limits = Limits {
        max_record_bytes: 100,
        ..Limits::default()
    };
    let text = format!("[{{\"a\":1}},\n{{\"a\":\"{}\"}}]", "x".repeat(100));
    let found = run(Object::new(text), "json", &limits).unwrap();
    let finding = found.rejection().unwrap();
    assert_eq!(
        (finding.finding_type, finding.line),
        (FindingType::InspectionBounded, Some(2))
    );
    assert_eq!(found.sample, [[json!(1)]]);
}
