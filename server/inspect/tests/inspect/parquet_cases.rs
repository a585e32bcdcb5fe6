//! Files after reports of wrong inspections, see the kept cases.

use restow_api::ColumnType::{Array, Float, Integer, Object, String as Text, Time, Timestamp};
use restow_api::{Column, FindingType};
use restow_inspect::Inspection;
use serde_json::{Value, json};

use crate::sources::{read, summary, types};

/// What a case contains; none of them is rejected.
#[track_caller]
fn case(name: &str) -> Inspection {
    let path = format!("{}/tests/data/cases/{name}", env!("CARGO_MANIFEST_DIR"));
    read(std::fs::read(path).unwrap(), "parquet")
}

/// The values of one column of the sample.
fn column(found: &Inspection, index: usize) -> Vec<Value> {
    found.sample.iter().map(|row| row[index].clone()).collect()
}

fn data_types(columns: &[Column]) -> Vec<&str> {
    columns
        .iter()
        .map(|column| column.data_type.as_deref().unwrap())
        .collect()
}

#[test]
fn columns_of_the_same_name_differ() {
    let found = case("F01-dup-names.parquet");
    assert_eq!(found.sample, [[json!(1), json!("x")]]);
    assert_eq!(
        summary(&found.columns),
        [("a", Integer, Some(0)), ("a", Text, Some(0))]
    );
    assert_eq!(found.columns[0].max, Some(json!(1)));
    assert_eq!(found.columns[1].max, Some(json!("x")));
    assert_eq!(types(&found), [FindingType::DuplicateNames]);
    assert_eq!(found.findings[0].examples, ["a"]);
}

#[test]
fn nan_and_infinities_are_text() {
    let found = case("F03-nan-inf.parquet");
    assert_eq!(
        json!(column(&found, 0)),
        json!([1.5, "NaN", "Infinity", "-Infinity", null])
    );
    assert_eq!(summary(&found.columns), [("f", Float, Some(1))]);
    assert_eq!(found.columns[0].min, Some(json!("-Infinity")));
    assert_eq!(found.columns[0].max, Some(json!("Infinity")));
    assert_eq!(
        (found.columns[0].mean, &found.columns[0].histogram),
        (None, &None)
    );
    assert_eq!(found.columns[0].distinct.unwrap().value, 4);
}

#[test]
fn times_keep_zone_and_nanoseconds() {
    let found = case("F04-timestamps.parquet");
    assert_eq!(
        json!(found.sample[0]),
        json!([
            "2024-07-01T12:00:00",
            "2024-07-01T12:00:00Z",
            "2024-07-01T12:00:00.000000001",
            "12:00:00"
        ])
    );
    assert_eq!(
        data_types(&found.columns),
        [
            "timestamp[us]",
            "timestamp[us, tz=UTC]",
            "timestamp[ns]",
            "time64[ns]"
        ]
    );
    let column_types: Vec<_> = found
        .columns
        .iter()
        .map(|column| column.column_type)
        .collect();
    assert_eq!(column_types, [Timestamp, Timestamp, Timestamp, Time]);
}

#[test]
fn infinite_timestamp_leaves_sample_whole() {
    let found = case("F05-one-bad-value.parquet");
    assert_eq!(found.sample.len(), 5);
    assert_eq!(found.sample[0][2], json!("infinity"));
    assert_eq!(column(&found, 0), [0, 1, 2, 3, 4].map(|i| json!(i)));
    assert!(
        column(&found, 2)[1..]
            .iter()
            .all(|value| value.as_str().is_some())
    );
    assert_eq!(found.columns[2].max, Some(json!("infinity")));
    assert_eq!(
        (found.columns[1].nullable, found.columns[0].nullable),
        (Some(false), Some(true))
    );
}

#[test]
fn delta_encodings_are_read() {
    let found = case("F07-delta-byte-array.parquet");
    assert_eq!(
        json!(found.sample),
        json!([[1, "a"], [2, "ab"], [null, null]])
    );
    assert_eq!(
        summary(&found.columns),
        [("i", Integer, Some(1)), ("s", Text, Some(1))]
    );
    assert_eq!(
        (found.columns[1].min_length, found.columns[1].max_length),
        (Some(1), Some(2))
    );
}

#[test]
fn brotli_is_read() {
    let found = case("F08-brotli.parquet");
    assert_eq!(
        json!(found.sample),
        json!([[1, "x"], [null, "y"], [3, null]])
    );
    assert_eq!(found.findings, []);
}

#[test]
fn uuids_are_text() {
    let found = case("F09-uuid.parquet");
    assert_eq!(summary(&found.columns), [("id", Text, Some(0))]);
    assert_eq!(data_types(&found.columns), ["uuid"]);
    assert_eq!(
        found.sample[0],
        [json!("313f55b8-9247-433f-9751-2ebcf64ebe5d")]
    );
    assert_eq!(
        found.columns[0].max,
        Some(json!("b84885d8-378c-4963-8c39-11b100319219"))
    );
}

#[test]
fn nested_columns_have_nulls() {
    let found = case("F10-nested-nulls.parquet");
    assert_eq!(
        summary(&found.columns),
        [
            ("s", Object, Some(1)),
            ("l", Array, Some(1)),
            ("m", Object, Some(1)),
            ("ls", Array, Some(1)),
        ]
    );
    assert_eq!(
        data_types(&found.columns),
        [
            "struct<a: int64, b: string>",
            "list<int64>",
            "map<string, int64>",
            "list<struct<q: int64>>"
        ]
    );
    assert_eq!(
        json!(found.sample),
        json!([
            [{"a": 1, "b": "x"}, [1, 2], {"k": 1}, [{"q": 1}]],
            [null, [], null, null],
            [{"a": null, "b": "y"}, null, {}, []],
        ])
    );
    let fields = &found.columns[0].fields;
    // Where the object itself is null, its fields are not counted.
    assert_eq!(
        summary(fields),
        [("a", Integer, Some(1)), ("b", Text, Some(0))]
    );
    assert_eq!(fields[1].max, Some(json!("y")));
    let element = &found.columns[1].fields[0];
    assert_eq!(
        (&*element.name, element.nulls, &element.max),
        ("element", Some(0), &Some(json!(2)))
    );
}

#[test]
fn no_rows_have_no_nulls() {
    let found = case("F11-zero-rows.parquet");
    assert_eq!((found.row_count, found.sample.len()), (Some(0), 0));
    assert_eq!(
        summary(&found.columns),
        [("a", Integer, Some(0)), ("b", Text, Some(0))]
    );
    assert_eq!(found.findings, []);
}

#[test]
fn nested_types_are_told_apart() {
    let cases = [
        (
            "F13-list-element-v1.parquet",
            "list<int64>",
            json!([[[1, 2]]]),
        ),
        (
            "F13-list-element-v2.parquet",
            "list<string>",
            json!([[["x"]]]),
        ),
        (
            "F14-struct-fields-v1.parquet",
            "struct<a: int64, b: int64>",
            json!([[{"a": 1, "b": 2}]]),
        ),
        (
            "F14-struct-fields-v2.parquet",
            "struct<a: string>",
            json!([[{"a": "x"}]]),
        ),
    ];
    for (name, data_type, sample) in cases {
        let found = case(name);
        assert_eq!(data_types(&found.columns), [data_type], "{name}");
        assert_eq!(json!(found.sample), sample, "{name}");
    }
}
