//! The claims of Parquet files that are damaged or malicious.

use parquet::basic::{Compression, GzipLevel, ZstdLevel};
use restow_inspect::{ContentErrorCode, Limits};
use serde_json::json;

use crate::parquet_files::{long_list, one_page, small, wide, with_footer};
use crate::sources::{Object, read, refuse, run};

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
fn hostile_footers_are_invalid_content() {
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
fn pages_exceeding_limits_are_not_read() {
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
fn lists_exceeding_limits_are_not_read() {
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
