use std::sync::Arc;
use std::sync::atomic::Ordering;

use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use restow_api::ColumnType::{
    Array, Binary, Boolean, Date, Decimal, Float, Integer, Object as Nested, String as Text, Time,
    Timestamp,
};
use restow_inspect::{ContentErrorCode, Limits, Source, inspect};
use serde_json::json;

use crate::parquet_files::{file, long_list, one_page, small, wide, with_footer};
use crate::sources::{Object, read, refuse, run, summary};

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
fn what_cannot_be_read_leaves_the_sample_empty() {
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
fn wide_files_have_a_sample_of_the_first_columns() {
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

#[test]
fn a_cut_file_is_bad_content() {
    let bytes = small();
    for part in 0..20 {
        let length = bytes.len() * part / 20;
        let error = refuse(bytes[..length].to_vec(), "parquet", &Limits::default());
        let expected = if length < 4 {
            ContentErrorCode::ContentMismatch
        } else {
            ContentErrorCode::Malformed
        };
        assert_eq!(
            error.code,
            expected,
            "{length} of {} bytes: {error}",
            bytes.len()
        );
    }
}

#[test]
fn hostile_tails_and_footers_are_bad_content() {
    let code = |bytes: Vec<u8>| refuse(bytes, "parquet", &Limits::default()).code;
    let mut long = small();
    let at = long.len() - 8;
    long[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(code(long), ContentErrorCode::Malformed);
    let limits = Limits {
        max_footer_bytes: 100,
        ..Limits::default()
    };
    assert_eq!(
        refuse(small(), "parquet", &limits).code,
        ContentErrorCode::FooterTooLarge
    );
    let mut encrypted = small();
    let at = encrypted.len() - 4;
    encrypted[at..].copy_from_slice(b"PARE");
    assert_eq!(code(encrypted), ContentErrorCode::UnsupportedEncoding);
    for footer in [
        &b""[..],
        b"\0",
        b"\xFF\xFF\xFF",
        b"garbage that is no thrift at all",
    ] {
        assert_eq!(
            code(with_footer(footer)),
            ContentErrorCode::Malformed,
            "{footer:?}"
        );
    }
}

/// A footer of which the schema is a chain of `depth` groups, each with `children` claimed.
fn nested_footer(depth: usize, children: &[u8]) -> Vec<u8> {
    // FileMetaData: field 1 is the version, field 2 the list of SchemaElements (0xFC: long list of structs).
    let mut footer = vec![0x15, 2, 0x19, 0xFC];
    let length = u32::try_from(depth + 1).unwrap();
    // As a number of three bytes, also where fewer would do.
    for (shift, more) in [(0, 0x80), (7, 0x80), (14, 0)] {
        footer.push(u8::try_from(length >> shift & 0x7F).unwrap() | more);
    }
    for _ in 0..depth {
        // repetition (3) required, name (4) "a", num_children (5).
        footer.extend([0x35, 0, 0x18, 1, b'a', 0x15]);
        footer.extend(children);
        footer.push(0);
    }
    // type (1) INT32, repetition (3), name (4).
    footer.extend([0x15, 2, 0x25, 0, 0x18, 1, b'b', 0]);
    // num_rows (3), row_groups (4): an empty list.
    footer.extend([0x16, 0, 0x19, 0x0C, 0]);
    footer
}

#[test]
fn claims_of_the_schema_are_checked() {
    assert_eq!(
        read(with_footer(&nested_footer(3, &[2])), "parquet")
            .columns
            .len(),
        1
    );
    let deep = refuse(
        with_footer(&nested_footer(90_000, &[2])),
        "parquet",
        &Limits::default(),
    );
    assert_eq!(deep.code, ContentErrorCode::Malformed);
    let claims = refuse(
        with_footer(&nested_footer(2, &[0xFE, 0xFF, 0xFF, 0xFF, 0x0F])),
        "parquet",
        &Limits::default(),
    );
    assert_eq!(claims.code, ContentErrorCode::TooManyColumns);
    let limits = Limits {
        max_columns: 100,
        ..Limits::default()
    };
    assert_eq!(
        run(Object::new(wide(100, 1)), "parquet", &limits)
            .unwrap()
            .columns
            .len(),
        100
    );
    let error = refuse(wide(101, 1), "parquet", &limits);
    assert_eq!(
        (error.code, json!(error.context)),
        (ContentErrorCode::TooManyColumns, json!({"limit": 100}))
    );
}

#[test]
fn pages_that_unpack_beyond_the_limits_are_not_read() {
    let values = vec![0; 2_000_000];
    let limits = Limits {
        max_page_bytes: 4_000_000,
        ..Limits::default()
    };
    let codecs = [
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ];
    for codec in codecs {
        let bytes = one_page(&values, codec);
        assert!(bytes.len() < 2_000_000);
        assert_eq!(read(bytes.clone(), "parquet").sample.len(), 5, "{codec:?}");
        assert_eq!(
            run(Object::new(bytes.clone()), "parquet", &limits)
                .unwrap()
                .sample
                .len(),
            0,
            "{codec:?}"
        );
        // The header is at offset 4: type (1), then the size in field 2, as a number of four bytes that can also be
        // written with leading zeros.
        let mut lying = bytes;
        assert_eq!(lying[4..7], [0x15, 0, 0x15]);
        assert!(lying[9] & 0x80 != 0 && lying[10] & 0x80 == 0);
        lying[7..11].copy_from_slice(&[0x82, 0x80, 0x80, 0x00]);
        assert_eq!(
            run(Object::new(lying), "parquet", &limits)
                .unwrap()
                .sample
                .len(),
            0,
            "{codec:?}"
        );
    }
}

#[test]
fn lists_that_unpack_beyond_the_limits_are_not_read() {
    assert_eq!(
        read(long_list(10), "parquet").sample,
        [[json!([
            null, null, null, null, null, null, null, null, null, null
        ])]]
    );
    let bytes = long_list(2_000_000);
    assert!(bytes.len() < 10_000);
    let found = read(bytes, "parquet");
    assert_eq!((found.row_count, found.sample.len()), (Some(1), 0));
}
