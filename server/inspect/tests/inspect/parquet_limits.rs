//! The claims of Parquet files that are damaged or malicious.

use parquet::basic::{Compression, Encoding, GzipLevel, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use restow_api::{Finding, FindingType, Severity};
use restow_inspect::{Inspection, Limits};
use serde_json::json;

use crate::parquet_files::{file, long_list, one_page, single, small, wide, with_footer};
use crate::sources::{Object, look, read, refuse, run, types};

/// What a file contains within `limits`.
#[track_caller]
fn within(bytes: Vec<u8>, limits: &Limits) -> Inspection {
    run(Object::new(bytes), "parquet", limits).expect("the source does not fail")
}

#[test]
fn a_cut_file_is_rejected() {
    let bytes = small();
    for part in 0..20 {
        let length = bytes.len() * part / 20;
        let found = refuse(bytes[..length].to_vec(), "parquet", &Limits::default());
        assert!(
            matches!(
                found.finding_type,
                FindingType::Damaged | FindingType::ContentMismatch
            ),
            "{length} of {} bytes: {found:?}",
            bytes.len()
        );
    }
}

#[test]
fn hostile_footers_are_rejected() {
    let damaged = |bytes: Vec<u8>| {
        let found = refuse(bytes, "parquet", &Limits::default());
        assert_eq!(found.finding_type, FindingType::Damaged, "{found:?}");
    };
    let mut long = small();
    let at = long.len() - 8;
    long[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    damaged(long);
    for footer in [
        &b""[..],
        b"\0",
        b"\xFF\xFF\xFF",
        b"garbage that is no thrift at all",
    ] {
        damaged(with_footer(footer));
    }
}

#[test]
fn footers_that_are_not_read_are_named() {
    let limits = Limits {
        max_footer_bytes: 100,
        ..Limits::default()
    };
    let found = within(small(), &limits);
    assert_eq!(types(&found), [FindingType::InspectionBounded]);
    assert_eq!((found.rejection(), found.row_count), (None, None));
    let mut encrypted = small();
    let at = encrypted.len() - 4;
    encrypted[at..].copy_from_slice(b"PARE");
    let found = look(encrypted, "parquet");
    assert_eq!(types(&found), [FindingType::UnsupportedCodec]);
    assert_eq!((found.rejection(), found.row_count), (None, None));
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
    for footer in [
        nested_footer(90_000, &[2]),
        nested_footer(2, &[0xFE, 0xFF, 0xFF, 0xFF, 0x0F]),
    ] {
        let found = refuse(with_footer(&footer), "parquet", &Limits::default());
        assert_eq!(found.finding_type, FindingType::Damaged);
    }
}

#[test]
fn columns_beyond_limit_have_names_and_types() {
    let limits = Limits {
        max_columns: 100,
        ..Limits::default()
    };
    assert_eq!(within(wide(100, 1), &limits).findings, []);
    let found = within(wide(103, 7), &limits);
    assert_eq!(types(&found), [FindingType::InspectionBounded]);
    assert_eq!(
        (found.rejection(), found.findings[0].count),
        (None, Some(3))
    );
    assert_eq!((found.columns.len(), found.row_count), (103, Some(7)));
    let (last, beyond) = (&found.columns[99], &found.columns[100]);
    assert_eq!((&last.max, &last.nulls), (&Some(json!(6)), &Some(0)));
    assert_eq!(
        (&*beyond.name, beyond.data_type.as_deref()),
        ("c100", Some("int32"))
    );
    assert_eq!(
        (&beyond.max, &beyond.nulls, &beyond.distinct),
        (&None, &None, &None)
    );
    assert_eq!(found.sample[6][99..101], [json!(6), json!(null)]);
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
        Compression::LZ4,
        Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(parquet::basic::BrotliLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ];
    for codec in codecs {
        let bytes = one_page(&values, codec);
        assert!(bytes.len() < 2_000_000);
        assert_eq!(read(bytes.clone(), "parquet").sample.len(), 20, "{codec:?}");
        let found = within(bytes.clone(), &limits);
        assert_eq!(
            types(&found),
            [
                FindingType::InspectionBounded,
                FindingType::SampleIncomplete
            ],
            "{codec:?}"
        );
        assert_eq!((found.rejection(), found.sample.len()), (None, 0));
        assert_eq!(
            (&found.columns[0].max, found.row_count),
            (&None, Some(2_000_000))
        );
        // The header is at offset 4: type (1), then the size in field 2, as a number of four bytes that can also be
        // written with leading zeros.
        let mut lying = bytes;
        assert_eq!(lying[4..7], [0x15, 0, 0x15]);
        assert!(lying[9] & 0x80 != 0 && lying[10] & 0x80 == 0);
        lying[7..11].copy_from_slice(&[0x82, 0x80, 0x80, 0x00]);
        let found = within(lying, &limits);
        assert_eq!(
            types(&found),
            [FindingType::Damaged, FindingType::SampleIncomplete],
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
    let found = look(bytes, "parquet");
    assert_eq!((found.row_count, found.sample.len()), (Some(1), 0));
    assert_eq!(
        types(&found),
        [
            FindingType::InspectionBounded,
            FindingType::UnknownNulls,
            FindingType::SampleIncomplete
        ]
    );
}

#[test]
fn repeated_prefixes_are_not_unpacked() {
    // Of each value only the last byte differs from the one before: in all they take 100 MB.
    let values: Vec<ByteArray> = (0..10_000_u32)
        .map(|index| ByteArray::from(format!("{}{}", "x".repeat(10_000), index % 10).as_str()))
        .collect();
    let properties = || {
        WriterProperties::builder()
            .set_dictionary_enabled(false)
            .set_column_encoding("a".into(), Encoding::DELTA_BYTE_ARRAY)
    };
    let field = "REQUIRED BYTE_ARRAY a (STRING);";
    let bytes = crate::parquet_files::single_with::<ByteArrayType>(field, &values, properties());
    assert!(bytes.len() < 1_000_000, "{}", bytes.len());
    let found = look(bytes, "parquet");
    assert_eq!(
        types(&found),
        [
            FindingType::InspectionBounded,
            FindingType::SampleIncomplete
        ]
    );
    let few =
        crate::parquet_files::single_with::<ByteArrayType>(field, &values[..100], properties());
    assert_eq!(read(few, "parquet").columns[0].max_length, Some(10_001));
}

#[test]
fn long_values_of_dictionaries_are_bounded() {
    // In the file the text stands once; in 300 rows it takes 300 MiB.
    let text = ByteArray::from("x".repeat(1 << 20).as_str());
    let properties = || {
        WriterProperties::builder()
            .set_dictionary_page_size_limit(2 << 20)
            .set_compression(Compression::SNAPPY)
    };
    let field = "REQUIRED BYTE_ARRAY a (STRING);";
    let rows = |rows| {
        let values = vec![text.clone(); rows];
        crate::parquet_files::single_with::<ByteArrayType>(field, &values, properties())
    };
    let found = look(rows(300), "parquet");
    assert_eq!(found.row_count, Some(300));
    assert_eq!(types(&found), [FindingType::InspectionBounded]);
    let column = &read(rows(100), "parquet").columns[0];
    assert_eq!((column.nulls, column.max_length), (Some(0), Some(1 << 20)));
}

#[test]
fn damaged_column_costs_only_itself() {
    let sound = read(small(), "parquet");
    let mut bytes = file(WriterProperties::builder().set_dictionary_enabled(false), 1);
    // The first page is that of `id`; its header begins with its type, a data page.
    assert_eq!(bytes[4..6], [0x15, 0]);
    bytes[4] = 0xFF;
    let found = look(bytes, "parquet");
    let named = |finding: &Finding| (finding.finding_type, finding.column.clone());
    assert_eq!(
        found.findings.iter().map(named).collect::<Vec<_>>(),
        [
            (FindingType::Damaged, Some("id".to_owned())),
            (FindingType::SampleIncomplete, Some("id".to_owned()))
        ]
    );
    assert_eq!(found.findings[0].severity, Severity::Error);
    assert_eq!(found.columns[1..], sound.columns[1..]);
    assert_eq!(
        (&found.columns[0].distinct, found.columns[0].nulls),
        (&None, Some(0))
    );
    for (row, expected) in found.sample.iter().zip(&sound.sample) {
        assert_eq!((&row[0], &row[1..]), (&json!(null), &expected[1..]));
    }
    assert_eq!(found.sample.len(), sound.sample.len());
}

#[test]
fn unknown_codec_is_named_and_footer_used() {
    let values = [7_i64, -3, 5];
    let mut bytes =
        single::<parquet::data_type::Int64Type>("OPTIONAL INT64 a;", &values, Some(&[1, 0, 1, 1]));
    // In the footer: codec (4) is none, then the number of values (5). 3 is LZO.
    let codec = [0x15, 0, 0x16, 8];
    let at = bytes
        .windows(4)
        .rposition(|window| window == codec)
        .unwrap();
    bytes[at + 1] = 3 << 1;
    let found = look(bytes, "parquet");
    assert_eq!(found.rejection(), None);
    assert_eq!(types(&found)[0], FindingType::UnsupportedCodec);
    assert!(
        found.findings[0].msg.contains("LZO"),
        "{:?}",
        found.findings
    );
    let column = &found.columns[0];
    assert_eq!(
        (&column.min, &column.max, column.nulls),
        (&Some(json!(-3)), &Some(json!(7)), Some(1))
    );
    assert_eq!((&column.distinct, column.mean), (&None, None));
}
