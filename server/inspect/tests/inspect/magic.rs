use restow_api::{FindingType, ReadOptions};
use restow_inspect::{Inspection, Limits};

use crate::parquet_files;
use crate::sources::{Object, read, refuse, run};

/// The first bytes of files, by extension.
fn heads() -> Vec<(&'static str, Vec<u8>)> {
    let sized = |head: &[u8]| [head, &[0; 64]].concat();
    vec![
        ("gz", sized(b"\x1F\x8B\x08\0")),
        ("zip", sized(b"PK\x03\x04")),
        ("bz2", sized(b"BZh91AY&SY")),
        ("xz", sized(b"\xFD7zXZ\0")),
        ("zst", sized(b"\x28\xB5\x2F\xFD")),
        ("7z", sized(b"7z\xBC\xAF\x27\x1C")),
        ("pdf", sized(b"%PDF-1.7\n")),
        ("png", sized(b"\x89PNG\r\n\x1A\n")),
        ("jpg", sized(b"\xFF\xD8\xFF\xE0")),
        ("gif", sized(b"GIF89a")),
        ("tif", sized(b"II*\0")),
        ("webp", sized(b"RIFF\x10\0\0\0WEBPVP8 ")),
        ("sqlite", sized(b"SQLite format 3\0")),
        ("avro", sized(b"Obj\x01")),
        ("orc", sized(b"ORC\0")),
        ("parquet", parquet_files::small()),
    ]
}

fn message(expected: &str, detected: &str) -> String {
    format!("The content is not {expected}: detected {detected}.")
}

#[test]
fn every_format_is_distinguished() {
    for (extension, bytes) in heads() {
        assert_eq!(read(bytes, extension).format.as_deref(), Some(extension));
        for (other, bytes) in heads().into_iter().filter(|(other, _)| *other != extension) {
            let found = refuse(bytes, extension, &Limits::default());
            assert_eq!(
                (found.finding_type, found.msg),
                (FindingType::ContentMismatch, message(extension, other)),
                "{other} as {extension}"
            );
        }
    }
}

#[test]
fn binary_content_is_no_text() {
    for (name, bytes) in heads() {
        for extension in ["csv", "tsv", "ndjson", "jsonl"] {
            let found = refuse(bytes.clone(), extension, &Limits::default());
            assert_eq!(
                (found.finding_type, found.msg),
                (FindingType::ContentMismatch, message(extension, name)),
                "{name} as {extension}"
            );
        }
    }
    for text in [
        "<!DOCTYPE html><html>",
        "<?xml version='1.0'?>",
        "{\\rtf1 x}",
        "%PDF-1.4 x",
        "a\0\0\0\u{1}\u{2}b\n",
    ] {
        assert_eq!(
            refuse(text, "csv", &Limits::default()).finding_type,
            FindingType::ContentMismatch,
            "{text}"
        );
    }
}

#[test]
fn text_that_begins_with_magic_is_text() {
    for header in [
        "BM,b", "MZ,b", "ID3,b", "BC,b", "PAR1,b", "ORC,b", "GIF89a,b", "FLV,b", "x,%PDF-",
    ] {
        assert_eq!(
            read(format!("{header}\n1,2\n"), "csv").columns.len(),
            2,
            "{header}"
        );
    }
}

#[test]
fn aliases_and_formats_within_zip_agree() {
    let zip = b"PK\x03\x04 and something else".to_vec();
    for extension in ["zip", "xlsx", "docx", "ods"] {
        assert_eq!(
            read(zip.clone(), extension).format.as_deref(),
            Some(extension)
        );
    }
    for (extension, head) in [
        ("jpeg", "jpg"),
        ("tiff", "tif"),
        ("tgz", "gz"),
        ("db", "sqlite"),
    ] {
        let (_, bytes) = heads().into_iter().find(|(name, _)| *name == head).unwrap();
        assert_eq!(read(bytes, extension).format.as_deref(), Some(extension));
    }
}

#[test]
fn unknown_and_missing_extensions_are_not_checked() {
    let expected = Inspection {
        format: Some("dat".to_owned()),
        ..Inspection::default()
    };
    assert_eq!(read(b"\x1F\x8B\x08\0".to_vec(), "dat"), expected);
    assert_eq!(
        run(Object::new(""), "dat", &Limits::default()).unwrap(),
        expected
    );
    let source: std::sync::Arc<dyn restow_inspect::Source> = std::sync::Arc::new(Object::new("x"));
    let (options, limits) = (ReadOptions::default(), Limits::default());
    let found = restow_inspect::inspect(&source, "x", &options, &limits, &mut |_| {
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(found.unwrap(), Inspection::default());
}
