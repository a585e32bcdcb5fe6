//! The JSON cases of wrong inspections.

use restow_api::ColumnType::{Integer, String as Text};
use restow_api::{FindingType, ReadOptions};
use serde_json::json;

use crate::sources::{look, look_with, read, summary};

#[test]
fn case_array() {
    let found = look(
        include_bytes!("../data/cases/F46-array.ndjson").to_vec(),
        "ndjson",
    );
    let finding = found.rejection().unwrap();
    assert_eq!(finding.finding_type, FindingType::LooksLikeJson);
    assert_eq!(finding.line, Some(1));
    assert_eq!(finding.suggestion.as_deref(), Some("format=json"));
    assert!(finding.msg.contains("one object a line is wanted"));
    let options = ReadOptions {
        format: Some(restow_api::Format::Json),
        ..ReadOptions::default()
    };
    let found = look_with(
        include_bytes!("../data/cases/F46-array.ndjson").to_vec(),
        "ndjson",
        &options,
    );
    assert_eq!(found.row_count, Some(2));
    assert_eq!(found.format.as_deref(), Some("json"));
    assert_eq!(found.findings, []);
}

#[test]
fn case_comma_at_end() {
    let found = look(
        include_bytes!("../data/cases/F48-comma-at-end.ndjson").to_vec(),
        "ndjson",
    );
    let finding = found.rejection().unwrap();
    assert_eq!(finding.finding_type, FindingType::InvalidJson);
    assert_eq!((finding.line, finding.count), (Some(1), Some(2)));
    assert!(finding.msg.contains("behind the object is a comma"));
}

#[test]
fn case_nan() {
    let found = look(
        include_bytes!("../data/cases/F49-nan.ndjson").to_vec(),
        "ndjson",
    );
    let finding = found.rejection().unwrap();
    assert_eq!(finding.finding_type, FindingType::InvalidNumber);
    assert_eq!(finding.msg, "Line 2: NaN is not JSON; write null.");
}

#[test]
fn case_duplicate_key() {
    let found = read(
        include_bytes!("../data/cases/F50-dup-key.ndjson").to_vec(),
        "ndjson",
    );
    assert_eq!(summary(&found.columns), [("a", Integer, Some(1))]);
    assert_eq!(found.sample, [[json!(2)], [json!(null)]]);
    assert_eq!(found.columns[0].min, Some(json!(2)));
    let [finding] = &found.findings[..] else {
        panic!("{:?}", found.findings);
    };
    assert_eq!(
        (finding.finding_type, finding.line, finding.count),
        (FindingType::DuplicateKeys, Some(1), Some(2))
    );
}

#[test]
fn case_mixed_types() {
    let found = read(
        include_bytes!("../data/cases/F52-mixed.ndjson").to_vec(),
        "ndjson",
    );
    let null = json!(null);
    assert_eq!(
        found.sample.concat(),
        [
            json!(1),
            json!("x"),
            null,
            json!([1]),
            json!({"a": 1}),
            json!(true)
        ]
    );
    assert_eq!(summary(&found.columns), [("v", Text, Some(1))]);
    assert_eq!(found.columns[0].data_type, None);
    let [finding] = &found.findings[..] else {
        panic!("{:?}", found.findings);
    };
    assert_eq!(finding.finding_type, FindingType::MixedTypes);
    assert_eq!((finding.line, finding.count), (Some(2), Some(4)));
    for example in [
        "integer (1 value, first in line 1)",
        "string (1 value, first in line 2)",
        "array (1 value, first in line 4)",
        "object (1 value, first in line 5)",
        "boolean (1 value, first in line 6)",
    ] {
        assert!(finding.examples.contains(&example.to_owned()), "{example}");
    }
}
