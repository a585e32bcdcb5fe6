use restow_api::ColumnType;
use serde_json::json;

use super::*;

fn column(column_type: ColumnType, fill: impl FnOnce(&mut Statistics)) -> Column {
    let mut statistics = Statistics::new(Budget::of_column(0));
    fill(&mut statistics);
    let mut column = Column::new("c", column_type);
    statistics.finish_into(&mut column);
    column
}

fn top(column: &Column) -> Vec<(Value, u64, bool)> {
    let shown = |top: &TopValue| (top.value.clone(), top.count, top.is_exact);
    column.top.iter().map(shown).collect()
}

#[test]
fn integers() {
    let column = column(ColumnType::Integer, |statistics| {
        for value in [3, -1, 3, i128::from(u64::MAX)] {
            statistics.integer(value);
        }
    });
    assert_eq!(column.min, Some(json!(-1)));
    assert_eq!(column.max, Some(json!("18446744073709551615")));
    assert_eq!(column.distinct.unwrap().value, 3);
    assert_eq!(top(&column)[0], (json!(3), 2, true));
    assert_eq!(column.histogram.unwrap().counts[0], 3);
    assert_eq!(column.min_length, None);
}

#[test]
fn floats_with_nan_have_no_mean() {
    let finite = column(ColumnType::Float, |statistics| {
        for value in [1.5, 2.5, -0.0, 0.0] {
            statistics.float(value, value);
        }
    });
    assert_eq!(
        (finite.min, finite.max, finite.mean),
        (Some(json!("-0")), Some(json!(2.5)), Some(1.0))
    );
    assert_eq!(finite.distinct.unwrap().value, 3);
    let column = column(ColumnType::Float, |statistics| {
        statistics.float(1.5, 1.5);
        statistics.float(f64::NAN, "NaN");
        statistics.float(f64::NEG_INFINITY, "-Infinity");
    });
    assert_eq!(column.min, Some(json!("-Infinity")));
    assert_eq!(column.max, Some(json!(1.5)));
    assert_eq!((column.mean, column.stddev), (None, None));
    assert_eq!(column.histogram, None);
}

#[test]
fn decimals_are_shown_as_written() {
    let column = column(ColumnType::Decimal, |statistics| {
        statistics.decimal(110, 1.1, "1.10");
        statistics.decimal(-250, -2.5, "-2.50");
    });
    assert_eq!(
        (column.min, column.max),
        (Some(json!("-2.50")), Some(json!("1.10")))
    );
}

#[test]
fn times_have_histogram_without_mean() {
    let column = column(ColumnType::Timestamp, |statistics| {
        statistics.time(0, 0.0, "1970-01-01T00:00:00");
        statistics.time(20_000_000, 20.0, "1970-01-01T00:00:20");
    });
    let histogram = column.histogram.unwrap();
    assert_eq!((histogram.start, histogram.width), (0.0, 1.0));
    assert_eq!(column.max, Some(json!("1970-01-01T00:00:20")));
    assert_eq!(column.mean, None);
}

#[test]
fn texts_booleans_and_bytes() {
    let text = column(ColumnType::String, |statistics| {
        for value in ["b", "ab", "b"] {
            statistics.text(value);
        }
    });
    assert_eq!((text.min_length, text.max_length), (Some(1), Some(2)));
    assert_eq!(
        (&text.min, &text.max),
        (&Some(json!("ab")), &Some(json!("b")))
    );
    assert_eq!(top(&text)[0], (json!("b"), 2, true));
    assert_eq!(text.histogram, None);

    let boolean = column(ColumnType::Boolean, |statistics| {
        statistics.boolean(true);
        statistics.boolean(false);
        statistics.boolean(true);
    });
    assert_eq!(top(&boolean)[0], (json!(true), 2, true));
    assert_eq!(boolean.min, Some(json!("false")));

    let bytes = column(ColumnType::Binary, |statistics| {
        statistics.bytes(b"\xFF");
        statistics.bytes(b"");
    });
    assert_eq!(bytes.distinct.unwrap().value, 2);
    assert!(bytes.min.is_none() && bytes.top.is_empty());
}

#[test]
fn no_values_have_no_statistics() {
    let column = column(ColumnType::Integer, |_| {});
    assert_eq!(column.distinct.unwrap().value, 0);
    assert!(column.min.is_none() && column.mean.is_none() && column.histogram.is_none());
}
