use restow_api::{Column, ColumnType, Finding, FindingType};
use serde_json::{Value, json};

use super::nested::NestedColumn;
use super::*;
use crate::findings::Findings;

mod json;

const OPTIONS: ColumnOptions = ColumnOptions {
    decimal: b'.',
    max_columns: 10,
};

fn finish(builder: ColumnBuilder) -> (Column, Vec<Finding>) {
    let mut findings = Findings::default();
    let column = builder.finish(&mut findings);
    (column, findings.finish().0)
}

/// A column of these texts, the first of which is in line 2.
fn texts(texts: &[&str]) -> (Column, Vec<Finding>) {
    let mut builder = ColumnBuilder::new("c".to_owned(), 0, OPTIONS);
    for (text, line) in texts.iter().zip(2..) {
        builder.push_text(text, line);
    }
    finish(builder)
}

fn jsons(values: &[&str]) -> (Column, Vec<Finding>) {
    let mut builder = ColumnBuilder::new("c".to_owned(), 0, OPTIONS);
    for (value, line) in values.iter().zip(1..) {
        builder.push_json(value, line, &mut Room::new());
    }
    finish(builder)
}

fn assert_type(values: &[&str], column_type: ColumnType, data_type: &str) {
    let (column, _) = texts(values);
    assert_eq!(
        (column.column_type, column.data_type.as_deref()),
        (column_type, Some(data_type)),
        "{values:?}"
    );
}

fn extremes(column: &Column) -> (Value, Value) {
    let value = |value: &Option<Value>| value.clone().unwrap_or_default();
    (value(&column.min), value(&column.max))
}

#[test]
fn narrowest_types() {
    use ColumnType::{Boolean, Date, Decimal, Float, Integer, Null, String, Timestamp};
    assert_type(&[], Null, "null");
    assert_type(&["true", "FALSE"], Boolean, "bool");
    assert_type(&["1", "-9223372036854775808"], Integer, "int64");
    assert_type(&["1", "1.5", "9007199254740992"], Float, "double");
    assert_type(&["9223372036854775808", "1"], Decimal, "decimal128(19, 0)");
    assert_type(
        &["12345678901234567890", "0.25"],
        Decimal,
        "decimal128(22, 2)",
    );
    assert_type(&["9007199254740993", "0.5"], Decimal, "decimal128(17, 1)");
    assert_type(&[&"9".repeat(40)], Decimal, "decimal256(40, 0)");
    assert_type(&["007", "12"], String, "string");
    assert_type(&["2024-01-01"], Date, "date32[day]");
    assert_type(
        &["2024-01-01", "2024-01-01T10:00"],
        Timestamp,
        "timestamp[us]",
    );
    assert_type(
        &["2024-01-01 10:00:00 UTC", "2024-01-01T10:00:00.1234567Z"],
        Timestamp,
        "timestamp[ns, tz=UTC]",
    );
    assert_type(&["1", "true"], String, "string");
    assert_type(&["NA", "1"], String, "string");
    let (mixed_zones, findings) = texts(&["2024-01-01T10:00Z", "2024-01-01T10:00"]);
    assert_eq!(mixed_zones.column_type, Timestamp);
    assert_eq!(mixed_zones.data_type, None);
    assert_eq!(findings[0].finding_type, FindingType::MixedTypes);
    assert_eq!((findings[0].line, findings[0].count), (Some(3), Some(1)));
    let (exponent, _) = texts(&["12345678901234567890", "1e5"]);
    assert_eq!((exponent.column_type, exponent.data_type), (Decimal, None));
}

#[test]
fn order_of_values_does_not_matter() {
    let values = [
        "true",
        "1",
        "9007199254740993",
        "9223372036854775808",
        "1.5",
        "2024-01-01",
        "31/12/2024",
        "2024-01-01T10:00Z",
        "NA",
        "x",
        "007",
    ];
    let column_type = |values: &[&str]| texts(values).0.column_type;
    for a in values {
        for b in values {
            assert_eq!(column_type(&[a, b]), column_type(&[b, a]), "{a} {b}");
            for c in values {
                assert_eq!(
                    column_type(&[a, b, c]),
                    column_type(&[c, a, b]),
                    "{a} {b} {c}"
                );
            }
        }
    }
}

#[test]
fn numbers_are_compared_as_numbers() {
    let (column, findings) = texts(&["10", "9", "-1.50", "9.25"]);
    assert_eq!(extremes(&column), (json!("-1.50"), json!(10)));
    assert_eq!(column.mean, Some(6.6875));
    assert_eq!(column.min_length, None);
    assert_eq!(column.histogram.unwrap().counts.iter().sum::<u64>(), 4);
    assert_eq!(findings, []);
    let (column, _) = texts(&["9223372036854775808", "9", "9223372036854775809"]);
    assert_eq!(extremes(&column), (json!(9), json!("9223372036854775809")));
    let (column, _) = texts(&["10", "9", "x"]);
    assert_eq!(extremes(&column), (json!("10"), json!("x")));
    assert_eq!((column.min_length, column.max_length), (Some(1), Some(2)));
    assert_eq!((column.mean, column.histogram), (None, None));
}

#[test]
fn equal_numbers_are_one_value() {
    let (column, _) = texts(&["1.5", "1.50", "1.5", "-0.0", "0"]);
    assert_eq!(column.distinct.unwrap().value, 2);
    let top = &column.top[0];
    assert_eq!(
        (&top.value, top.count, top.is_exact),
        (&json!(1.5), 3, true)
    );
    let (column, _) = texts(&["1.5", "1.50", "x"]);
    assert_eq!(column.distinct.unwrap().value, 3);
}

#[test]
fn decimal_comma() {
    let options = ColumnOptions {
        decimal: b',',
        ..OPTIONS
    };
    let mut builder = ColumnBuilder::new("c".to_owned(), 0, options);
    for text in ["1,5", "10,25", "3"] {
        builder.push_text(text, 2);
    }
    let (column, _) = finish(builder);
    assert_eq!(column.column_type, ColumnType::Float);
    assert_eq!(extremes(&column), (json!(1.5), json!(10.25)));
}

#[test]
fn times_are_compared_across_zones() {
    let (column, _) = texts(&[
        "2024-01-01T10:00+02:00",
        "2024-01-01T09:00Z",
        "2024-01-01T07:30Z",
    ]);
    assert_eq!(
        extremes(&column),
        (json!("2024-01-01T07:30Z"), json!("2024-01-01T09:00Z"))
    );
    let histogram = column.histogram.unwrap();
    assert_eq!(
        (histogram.start, histogram.is_exact),
        (1_704_094_200.0, true)
    );
    assert_eq!(column.mean, None);
}

#[test]
fn dates_in_another_pattern() {
    let (column, findings) = texts(&["02/01/2024", "01/02/2024", "31/12/2023"]);
    assert_eq!(column.column_type, ColumnType::Date);
    assert_eq!(column.date_pattern.as_deref(), Some("DD/MM/YYYY"));
    assert_eq!(
        extremes(&column),
        (json!("31/12/2023"), json!("01/02/2024"))
    );
    assert_eq!(column.histogram.unwrap().counts.iter().sum::<u64>(), 3);
    assert_eq!(findings, []);
    let (column, _) = texts(&["02/01/2024", "01/02/2024", "12/31/2023"]);
    assert_eq!(column.date_pattern.as_deref(), Some("MM/DD/YYYY"));
    assert_eq!(
        extremes(&column),
        (json!("12/31/2023"), json!("02/01/2024"))
    );
    let (ambiguous, findings) = texts(&["02/01/2024", "01/02/2024"]);
    assert_eq!(
        (ambiguous.column_type, ambiguous.date_pattern.as_deref()),
        (ColumnType::String, Some("DD/MM/YYYY|MM/DD/YYYY"))
    );
    assert_eq!(texts(&["02/01/2024", "x"]).0.date_pattern, None);
    assert_eq!(texts(&["31/12/2024", "12/31/2024"]).0.date_pattern, None);
    assert_eq!(findings, []);
}

#[test]
fn null_markers_are_found() {
    let (column, findings) = texts(&["1.5", "NA", "2", "-", "NA"]);
    assert_eq!(column.column_type, ColumnType::String);
    let [finding] = &findings[..] else {
        panic!("{findings:?}");
    };
    assert_eq!(finding.finding_type, FindingType::NullMarkers);
    assert_eq!((finding.line, finding.count), (Some(3), Some(3)));
    assert_eq!(finding.examples, ["NA", "-"]);
    assert_eq!(
        finding.suggestion.as_deref(),
        Some(r#"null_values=["NA","-"]"#)
    );
    assert!(finding.msg.contains("is float but for 3 values: NA, -"));
    // A word among words is a word.
    assert_eq!(texts(&["None", "Some", "1"]).1, []);
    assert_eq!(
        texts(&["NA", "NULL"]).1[0].finding_type,
        FindingType::NullMarkers
    );
}

#[test]
fn mixed_types_are_found() {
    let mut values = vec!["1"; 20];
    values[7] = "x";
    let (column, findings) = texts(&values);
    assert_eq!(column.column_type, ColumnType::String);
    let [finding] = &findings[..] else {
        panic!("{findings:?}");
    };
    assert_eq!(finding.finding_type, FindingType::MixedTypes);
    assert_eq!((finding.line, finding.count), (Some(9), Some(1)));
    assert_eq!(
        finding.examples,
        [
            "integer (19 values, first in line 2)",
            "string (1 value, first in line 9)"
        ]
    );
    // Text with numbers among it, and codes, are text.
    assert_eq!(texts(&["a", "b", "1"]).1, []);
    assert_eq!(texts(&["007", "12", "13"]).1, []);
    assert_eq!(
        texts(&["1", "true"]).1[0].finding_type,
        FindingType::MixedTypes
    );
}

#[test]
fn columns_beyond_the_limit_have_no_statistics() {
    let mut builder = ColumnBuilder::new("c".to_owned(), 10, OPTIONS);
    builder.push_text("1", 2);
    builder.push_nulls(2);
    let (column, _) = finish(builder);
    assert_eq!(
        (column.column_type, column.nulls),
        (ColumnType::Integer, Some(2))
    );
    assert_eq!((column.min, column.distinct), (None, None));
}
