//! Files that were read wrongly once: `data/cases`, after public reports.

use restow_api::ColumnType::{Date, Decimal, Float, Integer, String as Text, Timestamp};
use restow_api::{Finding, FindingType, Severity};
use restow_inspect::Inspection;
use serde_json::json;

use crate::sources::{look, names, only, read, summary, types};

fn bytes(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[track_caller]
fn case(name: &str) -> Inspection {
    let (_, extension) = name.rsplit_once('.').unwrap();
    look(bytes(name), extension)
}

#[track_caller]
fn rejection(found: &Inspection) -> &Finding {
    found.rejection().expect("the object is rejected")
}

#[test]
fn f17_to_f20_types_hold_every_value() {
    for (name, column_type) in [
        ("F17-int-to-float-v1.csv", Integer),
        ("F17-int-to-float-v2.csv", Float),
        ("F18-float-to-int-v1.csv", Float),
        ("F18-float-to-int-v2.csv", Integer),
        ("F20-uint64-v1.csv", Integer),
        ("F20-uint64-v2.csv", Decimal),
    ] {
        let found = read(bytes(name), "csv");
        assert_eq!(
            found.columns.last().unwrap().column_type,
            column_type,
            "{name}"
        );
    }
}

#[test]
fn f21_quotes_in_tsv_are_characters() {
    let found = read(bytes("F21-quotes.tsv"), "tsv");
    assert_eq!(found.row_count, Some(5));
    let titles: Vec<_> = found.sample.iter().map(|row| row[1].clone()).collect();
    assert_eq!(
        titles,
        [
            json!("Alpha"),
            json!("\"Weird\" Beta"),
            json!("\"Open Gamma"),
            json!("Delta \"Boy\""),
            json!("Eps\"")
        ]
    );
    assert_eq!(found.dialect.unwrap().quote.as_deref(), Some(""));
}

#[test]
fn f23_lost_quote_is_found_in_its_line() {
    let found = case("F23-lost-quote.csv");
    let lost = rejection(&found);
    assert_eq!(
        (lost.finding_type, lost.line, lost.count),
        (FindingType::TextAfterQuote, Some(2), Some(1))
    );
    assert_eq!(lost.examples, ["line 2: 1,\"abc"]);
    assert_eq!(found.row_count, None);
    assert_eq!(found.sample.len(), 3);
}

#[test]
fn f24_to_f26_delimiters_are_detected() {
    let found = read(bytes("F24-semicolon.csv"), "csv");
    assert_eq!(
        summary(&found.columns),
        [
            ("date", Date, Some(0)),
            ("temp", Integer, Some(0)),
            ("place", Text, Some(0))
        ]
    );
    assert_eq!(
        found.dialect.as_ref().unwrap().delimiter.as_deref(),
        Some(";")
    );
    let detected = only(&found, FindingType::DelimiterDetected);
    assert_eq!(detected.severity, Severity::Info);

    let found = read(bytes("F25-semicolon-decimal-comma.csv"), "csv");
    assert_eq!(
        summary(&found.columns),
        [
            ("id", Integer, Some(0)),
            ("price", Float, Some(0)),
            ("city", Text, Some(0))
        ]
    );
    assert_eq!(
        found.dialect.as_ref().unwrap().decimal.as_deref(),
        Some(",")
    );
    assert_eq!(found.sample[0][2], json!("Köln"));

    let found = read(bytes("F26-pipe.csv"), "csv");
    assert_eq!(
        summary(&found.columns),
        [
            ("id", Integer, Some(0)),
            ("name", Text, Some(0)),
            ("qty", Integer, Some(0))
        ]
    );
}

#[test]
fn f29_data_is_no_header() {
    let found = read(bytes("F29-headerless.csv"), "csv");
    assert_eq!(found.row_count, Some(2));
    assert_eq!(
        names(&found),
        ["column_1", "column_2", "column_3", "column_4"]
    );
    assert_eq!(found.sample[0][0], json!("2024-01-01"));
    assert_eq!(found.dialect.as_ref().unwrap().header, Some(false));
    let header = only(&found, FindingType::HeaderLooksLikeData);
    assert_eq!((header.severity, header.line), (Severity::Warning, Some(1)));
}

#[test]
fn f30_comments_are_skipped() {
    let found = read(bytes("F30-comment.csv"), "csv");
    assert_eq!(names(&found), ["id", "name"]);
    assert_eq!(found.row_count, Some(2));
    let comments = only(&found, FindingType::PreambleSkipped);
    assert_eq!((comments.line, comments.count), (Some(1), Some(2)));
    let dialect = found.dialect.unwrap();
    assert_eq!(
        (dialect.comment.as_deref(), dialect.skip_lines),
        (Some("#"), Some(0))
    );
}

#[test]
fn f32_and_f33_encodings_are_detected() {
    let found = read(bytes("F32-latin1.csv"), "csv");
    assert_eq!(
        found.sample,
        [[json!(1), json!("Köln")], [json!(2), json!("Málaga")]]
    );
    let detected = only(&found, FindingType::EncodingDetected);
    assert_eq!(detected.severity, Severity::Warning);
    assert_eq!(
        detected.suggestion.as_deref(),
        Some("encoding=windows-1252")
    );

    let found = read(bytes("F33-utf16-no-bom.csv"), "csv");
    assert_eq!(names(&found), ["id", "name"]);
    assert_eq!(
        found.dialect.as_ref().unwrap().encoding.as_deref(),
        Some("utf-16le")
    );
    assert_eq!(types(&found), [FindingType::EncodingDetected]);
}

#[test]
fn f34_nul_is_found_in_its_line() {
    let found = case("F34-nul-early.csv");
    let nul = rejection(&found);
    assert_eq!(
        (nul.finding_type, nul.line, nul.count),
        (FindingType::NulBytes, Some(2), Some(1))
    );
    assert_eq!(found.row_count, Some(2));
}

#[test]
fn f36_and_f37_ragged_rows_name_lines() {
    let found = case("F36-line-number.csv");
    let ragged = rejection(&found);
    assert_eq!(ragged.msg, "Line 5 has 1 field, the header has 2: a, b.");
    assert_eq!((ragged.line, ragged.count), (Some(5), Some(1)));

    let found = read(bytes("F37-trailing-comma.csv"), "csv");
    let ragged = only(&found, FindingType::RaggedRows);
    assert_eq!(ragged.severity, Severity::Warning);
    assert!(
        ragged.msg.contains("every row has one empty field more"),
        "{}",
        ragged.msg
    );
    assert_eq!(
        summary(&found.columns),
        [("a", Integer, Some(0)), ("b", Integer, Some(0))]
    );
    assert_eq!(found.row_count, Some(2));
}

#[test]
fn f39_spaces_before_quotes_are_left_out() {
    let found = read(bytes("F39-space-quote.csv"), "csv");
    assert_eq!(names(&found), ["id", "text"]);
    assert_eq!(
        found.sample,
        [[json!(1), json!("a, b")], [json!(2), json!("c, d")]]
    );
    assert_eq!(types(&found), [FindingType::DelimiterDetected]);
}

#[test]
fn f40_and_f41_json_is_recognised() {
    for (name, suggestion) in [
        ("F40-json.csv", "format=json"),
        ("F41-jsonl.csv", "format=ndjson"),
    ] {
        let found = case(name);
        let json = rejection(&found);
        assert_eq!(json.finding_type, FindingType::LooksLikeJson);
        assert_eq!(json.suggestion.as_deref(), Some(suggestion));
        assert_eq!((found.row_count, found.columns.len()), (None, 0));
    }
}

#[test]
fn f43_null_markers_are_found() {
    let found = read(bytes("F43-null-marks.csv"), "csv");
    let markers = found
        .findings
        .iter()
        .filter(|finding| finding.finding_type == FindingType::NullMarkers);
    assert_eq!(markers.count(), 7);
    assert_eq!(found.row_count, Some(3));
}

#[test]
fn f45_timestamps_with_utc_are_recognised() {
    let found = read(bytes("F45-bigquery.csv"), "csv");
    assert_eq!(
        summary(&found.columns),
        [("id", Integer, Some(0)), ("created_at", Timestamp, Some(0))]
    );
}

#[test]
fn f53_blank_line_of_one_column_is_null() {
    let found = read(bytes("F53-single-column-blank.csv"), "csv");
    assert_eq!(found.row_count, Some(3));
    assert_eq!(summary(&found.columns), [("x", Integer, Some(1))]);
    assert_eq!(found.sample, [[json!(1)], [json!(null)], [json!(3)]]);
}
