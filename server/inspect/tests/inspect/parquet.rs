use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use restow_api::ColumnType::{
    Array, Binary, Boolean, Date, Decimal, Float, Integer, Object as Nested, String as Text, Time,
    Timestamp,
};
use restow_api::ReadOptions;
use restow_inspect::{InspectError, Limits, Progress, Source, inspect};
use serde_json::json;

use crate::parquet_files::{file, one_page, small, wide};
use crate::sources::{Object, read, run, summary};

#[test]
fn types_nulls_rows_and_sample() {
    let found = read(file(WriterProperties::builder(), 2), "parquet");
    assert_eq!(found.format.as_deref(), Some("parquet"));
    assert_eq!(found.row_count, Some(6));
    assert_eq!(
        summary(&found.columns),
        [
            ("id", Integer, Some(0)),
            ("name", Text, Some(2)),
            ("price", Float, Some(2)),
            ("active", Boolean, Some(0)),
            ("born", Date, Some(4)),
            ("seen", Timestamp, Some(4)),
            ("amount", Decimal, Some(4)),
            ("opens", Time, Some(4)),
            ("raw", Binary, Some(4)),
            ("tags", Array, Some(2)),
            ("address", Nested, Some(2)),
        ]
    );
    let first = json!([
        1,
        "Ann",
        1.5,
        true,
        "2024-02-29",
        "2024-02-29T10:00:00Z",
        12.34,
        "01:00:00",
        "AP8=",
        ["a", "b"],
        {"city": "Bern", "zip": 3000}
    ]);
    assert_eq!(json!(found.sample[0]), first);
    assert_eq!(json!(found.sample[3]), first);
    assert_eq!(found.sample[1][10], json!({"city": null, "zip": null}));
    assert_eq!(
        (&found.sample[2][0], &found.sample[2][9]),
        (&json!("9007199254740993"), &json!([]))
    );
}

#[test]
fn every_codec_and_version_gives_the_same() {
    let expected = read(small(), "parquet");
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::BROTLI(BrotliLevel::default()),
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ];
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for codec in codecs {
            for dictionary in [true, false] {
                let properties = WriterProperties::builder()
                    .set_writer_version(version)
                    .set_compression(codec)
                    .set_dictionary_enabled(dictionary)
                    .set_encoding(Encoding::PLAIN);
                assert_eq!(
                    read(file(properties, 1), "parquet"),
                    expected,
                    "{version:?} {codec:?} {dictionary}"
                );
            }
        }
    }
}

#[test]
fn every_encoding_gives_the_same() {
    let expected = read(small(), "parquet");
    let encodings = [
        ("id", Encoding::DELTA_BINARY_PACKED),
        ("id", Encoding::BYTE_STREAM_SPLIT),
        ("born", Encoding::DELTA_BINARY_PACKED),
        ("name", Encoding::DELTA_LENGTH_BYTE_ARRAY),
        ("name", Encoding::DELTA_BYTE_ARRAY),
        ("price", Encoding::BYTE_STREAM_SPLIT),
        ("raw", Encoding::DELTA_BYTE_ARRAY),
        ("raw", Encoding::BYTE_STREAM_SPLIT),
        ("active", Encoding::RLE),
    ];
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for (column, encoding) in encodings {
            let properties = WriterProperties::builder()
                .set_writer_version(version)
                .set_dictionary_enabled(false)
                .set_encoding(Encoding::PLAIN)
                .set_column_encoding(column.into(), encoding);
            assert_eq!(
                read(file(properties, 1), "parquet"),
                expected,
                "{version:?} {column} {encoding:?}"
            );
        }
    }
}

#[test]
fn nulls_are_counted_without_footer_statistics() {
    let properties = WriterProperties::builder().set_statistics_enabled(EnabledStatistics::None);
    assert_eq!(
        read(file(properties, 1), "parquet"),
        read(small(), "parquet")
    );
}

#[test]
fn a_file_without_rows_has_columns() {
    let found = read(file(WriterProperties::builder(), 0), "parquet");
    assert_eq!(
        (found.row_count, found.columns.len(), found.sample.len()),
        (Some(0), 11, 0)
    );
    assert!(found.columns.iter().all(|column| column.nulls == Some(0)));
}

#[test]
fn wide_files_are_sampled_whole() {
    let found = read(wide(150, 7), "parquet");
    assert_eq!(found.columns.len(), 150);
    assert!(found.sample.iter().all(|row| row.len() == 150));
    assert_eq!(found.sample[4], vec![json!(4); 150]);
    assert_eq!(found.columns[149].max, Some(json!(6)));
}

#[test]
fn sample_ends_before_its_limit() {
    // The values of a row take 150 bytes, and the first rows all fit.
    let limits = Limits {
        max_sample_bytes: 3 * 150,
        ..Limits::default()
    };
    let found = run(Object::new(wide(150, 7)), "parquet", &limits).unwrap();
    assert_eq!(found.sample.len(), 3);
    assert_eq!(found.sample[2], vec![json!(2); 150]);
    assert_eq!(found.findings_total, 1);
}

#[test]
fn every_row_counts_and_is_read_once() {
    let values: Vec<i64> = (0..3_000_000).map(|value| value / 3).collect();
    let object = Arc::new(Object::new(one_page(&values, Compression::SNAPPY)));
    let source: Arc<dyn Source> = object.clone();
    let mut last = Progress::default();
    let found = inspect(
        &source,
        "data.parquet",
        &ReadOptions::default(),
        &Limits::default(),
        &mut |progress| {
            last = progress;
            ControlFlow::Continue(())
        },
    );
    let column = &found.unwrap().columns[0];
    assert_eq!(
        (&column.min, &column.max),
        (&Some(json!(0)), &Some(json!(999_999)))
    );
    assert!((column.mean.unwrap() - 499_999.5).abs() < 1e-6);
    let distinct = column.distinct.unwrap();
    assert!(distinct.error > 0.0);
    assert!(distinct.value.abs_diff(1_000_000) < 60_000, "{distinct:?}");
    let counts = &column.histogram.as_ref().unwrap().counts;
    let near = counts.iter().sum::<u64>().abs_diff(3_000_000) < 20;
    assert!(counts.len() == 20 && near, "{counts:?}");
    // All but the magic number at the beginning and the index of pages.
    let unread = source.size() - last.bytes_done;
    assert!(unread < 50, "{unread} bytes");
    assert!(object.read.load(Ordering::Relaxed) < source.size() + 10_000);
}

#[test]
fn broken_progress_stops_reading() {
    let source: Arc<dyn Source> = Arc::new(Object::new(wide(3, 2_000_000)));
    let mut calls = 0;
    let found = inspect(
        &source,
        "data.parquet",
        &ReadOptions::default(),
        &Limits::default(),
        &mut |_| {
            calls += 1;
            ControlFlow::Break(())
        },
    );
    assert!(matches!(found, Err(InspectError::Stopped)), "{found:?}");
    assert_eq!(calls, 1);
}
