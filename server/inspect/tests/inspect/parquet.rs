use std::sync::Arc;
use std::sync::atomic::Ordering;

use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use restow_api::ColumnType::{
    Array, Binary, Boolean, Date, Decimal, Float, Integer, Object as Nested, String as Text, Time,
    Timestamp,
};
use restow_inspect::{Limits, Source, inspect};
use serde_json::json;

use crate::parquet_files::{file, one_page, small, wide};
use crate::sources::{Object, read, summary};

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
            ("tags", Array, None),
            ("address", Nested, None),
        ]
    );
    assert_eq!(found.sample.len(), 5);
    let first = json!([
        1,
        "Ann",
        1.5,
        true,
        "2024-02-29",
        "2024-02-29 10:00:00.000 +00:00",
        "12.34",
        "01:00:00.000",
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
        Compression::LZ4_RAW,
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
fn unreadable_pages_leave_sample_empty() {
    let properties = || WriterProperties::builder().set_dictionary_enabled(false);
    let unread = [
        properties().set_compression(Compression::LZ4),
        properties()
            .set_encoding(Encoding::PLAIN)
            .set_column_encoding("name".into(), Encoding::DELTA_BYTE_ARRAY),
    ];
    for properties in unread {
        let found = read(file(properties, 1), "parquet");
        assert_eq!(
            (found.row_count, found.columns.len(), found.sample.len()),
            (Some(3), 11, 0)
        );
    }
}

#[test]
fn nulls_are_unknown_without_statistics() {
    let properties = WriterProperties::builder().set_statistics_enabled(EnabledStatistics::None);
    let found = read(file(properties, 1), "parquet");
    assert_eq!(
        summary(&found.columns)[..2],
        [("id", Integer, Some(0)), ("name", Text, None)]
    );
    assert_eq!(found.sample.len(), 3);
}

#[test]
fn a_file_without_rows_has_columns() {
    let found = read(file(WriterProperties::builder(), 0), "parquet");
    assert_eq!(
        (found.row_count, found.columns.len(), found.sample.len()),
        (Some(0), 11, 0)
    );
    assert_eq!(found.columns[1].nulls, Some(0));
}

#[test]
fn wide_files_sample_only_first_columns() {
    let found = read(wide(150, 7), "parquet");
    assert_eq!((found.columns.len(), found.sample.len()), (150, 5));
    assert_eq!(
        (&found.sample[4][99], &found.sample[4][100]),
        (&json!(4), &json!(null))
    );
    assert!(found.sample.iter().all(|row| row.len() == 150));
}

#[test]
fn only_the_first_pages_are_read() {
    let values: Vec<i64> = (0..4_000_000).collect();
    let bytes = one_page(&values, Compression::UNCOMPRESSED);
    assert!(bytes.len() > 30_000_000);
    let mut rows = one_page(&values[..10], Compression::UNCOMPRESSED);
    assert_eq!(read(std::mem::take(&mut rows), "parquet").sample.len(), 5);
    let object = Arc::new(Object::new(wide(3, 2_000_000)));
    let source: Arc<dyn Source> = object.clone();
    let found = inspect(&source, Some("parquet"), &Limits::default(), &mut |_| {
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(found.unwrap().sample[3], [json!(3), json!(3), json!(3)]);
    assert!(object.read.load(Ordering::Relaxed) < source.size() / 2);
}
