//! Text in other encodings than UTF-8, and compressed text.

use std::io::Write as _;

use restow_api::ColumnType::{Integer, String as Text};
use restow_api::{FindingType, ReadOptions, Severity};
use restow_inspect::Limits;
use serde_json::json;

use crate::sources::{Object, look, look_with, only, read, refuse, run, run_with, summary, types};

const TABLE: &str = "id,city\n1,Köln\n2,Málaga\n";

fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

#[test]
fn encodings_give_the_same_table() {
    let marked = format!("\u{FEFF}{TABLE}");
    let expected = read(TABLE, "csv");
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode(TABLE);
    for (name, bytes) in [
        ("utf-8", marked.clone().into_bytes()),
        ("utf-16le", wide(&marked, u16::to_le_bytes)),
        ("utf-16be", wide(&marked, u16::to_be_bytes)),
        ("utf-16le", wide(TABLE, u16::to_le_bytes)),
        ("utf-16be", wide(TABLE, u16::to_be_bytes)),
        ("windows-1252", latin.into_owned()),
    ] {
        for object in [Object::new(bytes.clone()), Object::trickling(bytes)] {
            let found = run(object, "csv", &Limits::default()).unwrap();
            assert_eq!(types(&found), [FindingType::EncodingDetected], "{name}");
            assert_eq!(found.columns, expected.columns, "{name}");
            assert_eq!(found.sample, expected.sample, "{name}");
            assert_eq!(found.dialect.unwrap().encoding.as_deref(), Some(name));
        }
    }
}

#[test]
fn stated_encoding_is_believed() {
    let stated = |name: &str| ReadOptions {
        encoding: Some(name.to_owned()),
        ..ReadOptions::default()
    };
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode("id,city\n1,Москва\n");
    let found = look_with(bytes.into_owned(), "csv", &stated("cp1251"));
    assert_eq!(found.sample[0][1], json!("Москва"));
    assert_eq!(
        found.dialect.unwrap().encoding.as_deref(),
        Some("windows-1251")
    );
    let found = look_with(TABLE, "csv", &stated("latin1"));
    assert_eq!(found.sample[0][1], json!("KÃ¶ln"));
    let found = look_with(TABLE, "csv", &stated("klingon"));
    assert_eq!(types(&found)[0], FindingType::InvalidEncoding);
}

#[test]
fn invalid_bytes_are_counted_with_their_line() {
    let mut bytes = "id,city\n1,Köln\n".repeat(20).into_bytes();
    bytes.extend(b"2,M\xE1laga\n3,\xFF\n");
    let found = look(bytes, "csv");
    let invalid = only(&found, FindingType::InvalidEncoding);
    assert_eq!(invalid.severity, Severity::Error);
    assert_eq!((invalid.line, invalid.count), (Some(41), Some(2)));
    assert_eq!(invalid.suggestion.as_deref(), Some("encoding=windows-1252"));

    let mut deep = b"a,b\n".to_vec();
    deep.extend(b"x,y\n".repeat(600_000));
    deep.extend(b"caf\xE9,1\n");
    let found = look(deep, "csv");
    let invalid = only(&found, FindingType::InvalidEncoding);
    assert_eq!((invalid.line, invalid.count), (Some(600_002), Some(1)));
    assert_eq!(found.row_count, Some(600_001));
}

#[test]
fn nul_characters_are_counted_with_their_line() {
    let text = format!("a,b\n{}1,\0\n2,\0\0\n", "1,2\n".repeat(500_000));
    let found = look(text, "csv");
    let nuls = only(&found, FindingType::NulBytes);
    assert_eq!((nuls.line, nuls.count), (Some(500_002), Some(3)));
    assert_eq!(found.row_count, Some(500_002));
}

#[test]
fn compressed_text_is_read() {
    let tabs = TABLE.replace(',', "\t");
    let lines = "{\"id\":1,\"city\":\"x\"}\n";
    for (extension, bytes, format) in [
        ("csv.gz", gzip(TABLE.as_bytes()), "csv"),
        ("csv.zst", zstd(TABLE.as_bytes()), "csv"),
        ("tsv.gz", gzip(tabs.as_bytes()), "tsv"),
        ("tsv.zst", zstd(tabs.as_bytes()), "tsv"),
        ("jsonl.gz", gzip(lines.as_bytes()), "ndjson"),
        ("ndjson.zst", zstd(lines.as_bytes()), "ndjson"),
        (
            "csv.gz",
            [gzip(b"id,city\n1,a\n"), gzip(b"2,b\n")].concat(),
            "csv",
        ),
    ] {
        let found = read(bytes, extension);
        assert_eq!(found.format.as_deref(), Some(format), "{extension}");
        assert_eq!(
            summary(&found.columns),
            [("id", Integer, Some(0)), ("city", Text, Some(0))],
            "{extension}"
        );
        assert_eq!(
            only(&found, FindingType::EncodingDetected).severity,
            Severity::Info
        );
    }
}

#[test]
fn compression_is_told_from_its_absence() {
    let mismatch = |bytes: Vec<u8>, extension: &str| {
        let found = refuse(bytes, extension, &Limits::default());
        assert_eq!(
            found.finding_type,
            FindingType::ContentMismatch,
            "{extension}"
        );
    };
    mismatch(TABLE.into(), "csv.gz");
    mismatch(zstd(TABLE.as_bytes()), "csv.gz");
    mismatch(gzip(TABLE.as_bytes()), "csv");
    mismatch(gzip(b"\x89PNG\r\n\x1A\n\0\0"), "csv.gz");
    let stated = ReadOptions {
        format: Some(restow_api::Format::Csv),
        ..ReadOptions::default()
    };
    let object = Object::new(gzip(TABLE.as_bytes()));
    let found = run_with(object, "dump.dat", &stated, &Limits::default()).unwrap();
    assert_eq!(
        (found.format.as_deref(), found.row_count),
        (Some("csv"), Some(2))
    );
}

#[test]
fn compression_is_suggested_and_can_be_stated() {
    use restow_api::Compression;
    for (bytes, extension, suggestion, stated) in [
        (
            TABLE.as_bytes().to_vec(),
            "csv.gz",
            "compression=none",
            Compression::None,
        ),
        (
            zstd(TABLE.as_bytes()),
            "csv.gz",
            "compression=zstd",
            Compression::Zstd,
        ),
        (
            gzip(TABLE.as_bytes()),
            "csv",
            "compression=gzip",
            Compression::Gzip,
        ),
    ] {
        let found = refuse(bytes.clone(), extension, &Limits::default());
        assert_eq!(found.suggestion.as_deref(), Some(suggestion));
        let options = ReadOptions {
            compression: Some(stated),
            ..ReadOptions::default()
        };
        let name = format!("a.{extension}");
        let found = run_with(Object::new(bytes), &name, &options, &Limits::default()).unwrap();
        assert_eq!(found.row_count, Some(2), "{extension}");
        let dialect = found.dialect.unwrap();
        assert_eq!(dialect.compression, Some(stated));
    }
    // A picture is no text, however it is compressed.
    for bytes in [
        b"\x89PNG\r\n\x1A\n\0\0".to_vec(),
        gzip(b"\x89PNG\r\n\x1A\n\0\0"),
    ] {
        let found = refuse(bytes, "csv.gz", &Limits::default());
        assert!(found.suggestion.is_some_and(|text| !text.contains('=')));
    }
}

#[test]
fn dialect_states_compression() {
    let compression = |bytes: Vec<u8>, extension| {
        let dialect = read(bytes, extension).dialect;
        dialect.map(|dialect| dialect.compression.unwrap().as_str())
    };
    let lines = b"{\"id\":1}\n";
    assert_eq!(compression(TABLE.into(), "csv"), Some("none"));
    assert_eq!(compression(gzip(TABLE.as_bytes()), "csv.gz"), Some("gzip"));
    assert_eq!(compression(zstd(lines), "jsonl.zst"), Some("zstd"));
    assert_eq!(compression(lines.to_vec(), "jsonl"), None);
}

#[test]
fn damaged_compression_hides_no_columns() {
    let text = format!("id,city\n{}", "1,Bonn\n".repeat(400_000));
    for (extension, bytes) in [
        ("csv.gz", gzip(text.as_bytes())),
        ("csv.zst", zstd(text.as_bytes())),
    ] {
        let whole = bytes.len();
        let found = look(bytes[..whole / 2].to_vec(), extension);
        let damaged = only(&found, FindingType::Damaged);
        assert!(damaged.msg.contains("truncated"), "{}", damaged.msg);
        assert_eq!(
            summary(&found.columns),
            [("id", Integer, None), ("city", Text, None)],
            "{extension}"
        );
        assert_eq!(found.row_count, None);
    }
}

#[test]
fn decompression_is_bounded() {
    let text = format!("id,city\n{}", "1,Bonn\n".repeat(400_000));
    let limits = Limits {
        max_decompressed_bytes: 1_500_000,
        ..Limits::default()
    };
    let found = run(Object::new(gzip(text.as_bytes())), "csv.gz", &limits).unwrap();
    let bounded = only(&found, FindingType::InspectionBounded);
    assert_eq!(bounded.severity, Severity::Error);
    assert_eq!((found.row_count, found.columns.len()), (None, 2));
}
