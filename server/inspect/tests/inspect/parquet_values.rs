//! Values of each type, as the sample and the statistics show them.

use parquet::data_type::{
    ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    FloatType, Int32Type, Int64Type, Int96, Int96Type,
};
use restow_api::{Column, ColumnType, FindingType};
use serde_json::{Value, json};

use crate::parquet_files::single;
use crate::sources::{read, types};

/// The only column of a file, and its values in the sample.
#[track_caller]
fn inspect<T: DataType>(field: &str, values: &[T::T]) -> (Column, Value) {
    let mut found = read(single::<T>(field, values, None), "parquet");
    let sample = found.sample.iter().map(|row| row[0].clone()).collect();
    (found.columns.remove(0), sample)
}

fn fixed(bytes: impl Into<Vec<u8>>) -> FixedLenByteArray {
    ByteArray::from(bytes.into()).into()
}

#[test]
fn unsigned_integers_have_no_sign() {
    let (small, sample) = inspect::<Int32Type>("REQUIRED INT32 a (INTEGER(32, false));", &[-1, 5]);
    assert_eq!(
        (small.data_type.as_deref(), sample),
        (Some("uint32"), json!([u32::MAX, 5]))
    );
    let (large, sample) = inspect::<Int64Type>("REQUIRED INT64 a (INTEGER(64, false));", &[-1, 5]);
    assert_eq!(sample, json!(["18446744073709551615", 5]));
    assert_eq!(large.max, Some(json!("18446744073709551615")));
    assert_eq!(
        (large.data_type.as_deref(), large.column_type),
        (Some("uint64"), ColumnType::Decimal)
    );
    let (fits, _) = inspect::<Int64Type>("REQUIRED INT64 a (INTEGER(64, false));", &[5]);
    assert_eq!(fits.column_type, ColumnType::Integer);
    let (byte, _) = inspect::<Int32Type>("REQUIRED INT32 a (INTEGER(8, true));", &[-5]);
    assert_eq!(
        (byte.data_type.as_deref(), byte.min),
        (Some("int8"), Some(json!(-5)))
    );
}

#[test]
fn floats_have_digits_of_their_width() {
    let (single, sample) = inspect::<FloatType>("REQUIRED FLOAT a;", &[0.1, 3.0, 1e30]);
    assert_eq!(json!(sample).to_string(), "[0.1,3.0,1e+30]");
    assert_eq!(single.data_type.as_deref(), Some("float"));
    let (_, sample) = inspect::<DoubleType>("REQUIRED DOUBLE a;", &[0.1 + 0.2, -0.0]);
    assert_eq!(sample.to_string(), "[0.30000000000000004,-0.0]");
    let halves = [0x3C00_u16, 0xC000, 0x0001, 0x7C00, 0x7E00].map(|half| fixed(half.to_le_bytes()));
    let (half, sample) =
        inspect::<FixedLenByteArrayType>("REQUIRED FIXED_LEN_BYTE_ARRAY (2) a (FLOAT16);", &halves);
    assert_eq!(half.data_type.as_deref(), Some("halffloat"));
    assert_eq!(
        sample.to_string(),
        r#"[1.0,-2.0,5.9604645e-8,"Infinity","NaN"]"#
    );
}

#[test]
fn decimals_keep_every_digit() {
    let (decimal, sample) = inspect::<Int64Type>(
        "REQUIRED INT64 a (DECIMAL(18, 2));",
        &[110, -5, 123_456_789_012_345_678],
    );
    assert_eq!(sample, json!(["1.10", -0.05, "1234567890123456.78"]));
    assert_eq!(decimal.data_type.as_deref(), Some("decimal128(18, 2)"));
    assert_eq!(
        (decimal.min, decimal.max),
        (Some(json!(-0.05)), Some(json!("1234567890123456.78")))
    );
    let (wide, sample) = inspect::<FixedLenByteArrayType>(
        "REQUIRED FIXED_LEN_BYTE_ARRAY (20) a (DECIMAL(40, 0));",
        &[
            fixed([[0_u8; 3].as_slice(), &[1], &[0; 16]].concat()),
            fixed([0xFF; 20]),
        ],
    );
    assert_eq!(
        sample,
        json!(["340282366920938463463374607431768211456", -1])
    );
    assert_eq!(wide.data_type.as_deref(), Some("decimal256(40, 0)"));
}

#[test]
fn old_timestamps_keep_nanoseconds() {
    let mut moment = Int96::new();
    // Day 2,440,589 is 1970-01-02; 1 nanosecond before noon.
    let nanoseconds: u64 = 43_200_000_000_000 - 1;
    let [low, high] =
        [nanoseconds & 0xFFFF_FFFF, nanoseconds >> 32].map(|part| u32::try_from(part).unwrap());
    moment.set_data(low, high, 2_440_589);
    let (column, sample) = inspect::<Int96Type>("REQUIRED INT96 a;", &[moment]);
    assert_eq!(sample, json!(["1970-01-02T11:59:59.999999999"]));
    assert_eq!(
        (column.data_type.as_deref(), column.max),
        (
            Some("timestamp[ns]"),
            Some(json!("1970-01-02T11:59:59.999999999"))
        )
    );
}

#[test]
fn dates_and_times_are_iso_8601() {
    let (_, sample) =
        inspect::<Int32Type>("REQUIRED INT32 a (DATE);", &[0, -1, i32::MAX, 2_932_897]);
    assert_eq!(
        sample,
        json!(["1970-01-01", "1969-12-31", "infinity", "+10000-01-01"])
    );
    let (time, sample) = inspect::<Int64Type>(
        "REQUIRED INT64 a (TIME(MICROS, false));",
        &[1, 86_399_999_999],
    );
    assert_eq!(sample, json!(["00:00:00.000001", "23:59:59.999999"]));
    assert_eq!(time.data_type.as_deref(), Some("time64[us]"));
    let (millis, _) = inspect::<Int32Type>("REQUIRED INT32 a (TIME(MILLIS, true));", &[1]);
    assert_eq!(millis.data_type.as_deref(), Some("time32[ms]"));
    let (converted, sample) = inspect::<Int64Type>("REQUIRED INT64 a (TIMESTAMP_MILLIS);", &[1]);
    assert_eq!(
        converted.data_type.as_deref(),
        Some("timestamp[ms, tz=UTC]")
    );
    assert_eq!(sample, json!(["1970-01-01T00:00:00.001Z"]));
}

#[test]
fn intervals_are_text() {
    let bytes = [1_u32, 2, 3_004].map(u32::to_le_bytes).concat();
    let (column, sample) = inspect::<FixedLenByteArrayType>(
        "REQUIRED FIXED_LEN_BYTE_ARRAY (12) a (INTERVAL);",
        &[fixed(bytes)],
    );
    assert_eq!(sample, json!(["P1M2DT3.004S"]));
    assert_eq!(
        (column.column_type, column.data_type.as_deref()),
        (ColumnType::String, Some("month_day_nano_interval"))
    );
}

#[test]
fn bytes_are_base64() {
    let (column, sample) =
        inspect::<ByteArrayType>("REQUIRED BYTE_ARRAY a;", &[ByteArray::from(vec![0, 255])]);
    assert_eq!(sample, json!(["AP8="]));
    assert_eq!(
        (column.column_type, column.data_type.as_deref()),
        (ColumnType::Binary, Some("binary"))
    );
    let (column, _) = inspect::<FixedLenByteArrayType>(
        "REQUIRED FIXED_LEN_BYTE_ARRAY (3) a;",
        &[fixed([1, 2, 3])],
    );
    assert_eq!(column.data_type.as_deref(), Some("fixed_size_binary[3]"));
}

#[test]
fn invalid_text_costs_only_its_value() {
    let values = [
        ByteArray::from("é"),
        ByteArray::from(vec![0xE9]),
        ByteArray::from("z"),
    ];
    let found = read(
        single::<ByteArrayType>("REQUIRED BYTE_ARRAY a (STRING);", &values, None),
        "parquet",
    );
    assert_eq!(json!(found.sample), json!([["é"], [null], ["z"]]));
    assert_eq!(types(&found), [FindingType::InvalidEncoding]);
    assert_eq!(
        (found.findings[0].count, found.findings[0].column.as_deref()),
        (Some(1), Some("a"))
    );
    assert_eq!(
        (
            found.columns[0].nulls,
            found.columns[0].distinct.unwrap().value
        ),
        (Some(0), 2)
    );
}
