//! The first bytes of an object against its extension.

use std::io;

use bytes::Bytes;

use crate::error::{ContentError, ContentErrorCode};
use crate::format::Format;
use crate::source::{Source, read_exact};

/// Bytes that are looked at.
const HEAD_BYTES: u64 = 8 * 1024;

/// Extensions whose files begin with a magic number, and the formats under which [`infer`] knows it.
///
/// Extensions that several formats share (`doc`, `xls`, `arrow`), or whose format has older forms without the number
/// (`tar`, `lz4`, `wav`), are not here: bad content costs the client its upload, so only what is certain is refused.
/// Office and other formats within a zip archive are distinguished from other formats, not from each other.
const MAGIC: [(&[&str], &[&str]); 19] = [
    (&["parquet"], &["parquet"]),
    (&["gz", "gzip", "tgz"], &["gz"]),
    (
        &[
            "zip", "xlsx", "xlsm", "docx", "pptx", "odt", "ods", "odp", "epub", "jar", "kmz", "npz",
        ],
        &["zip"],
    ),
    (&["bz2"], &["bz2"]),
    (&["xz"], &["xz"]),
    (&["zst", "zstd"], &["zst"]),
    (&["7z"], &["7z"]),
    (&["rar"], &["rar"]),
    (&["pdf"], &["pdf"]),
    (&["png"], &["png"]),
    (&["jpg", "jpeg"], &["jpg"]),
    (&["gif"], &["gif"]),
    (&["tif", "tiff"], &["tif", "cr2"]),
    (&["webp"], &["webp"]),
    (&["bmp"], &["bmp"]),
    (&["sqlite", "sqlite3", "db"], &["sqlite"]),
    (&["avro"], &["avro"]),
    (&["orc"], &["orc"]),
    (&["wasm"], &["wasm"]),
];

/// Magic numbers of data files that [`infer`] does not know or, of TIFF, knows in part.
const DATA_MAGIC: [(&str, &[u8]); 8] = [
    ("parquet", b"PAR1"),
    ("parquet", b"PARE"),
    ("avro", b"Obj\x01"),
    ("orc", b"ORC"),
    ("tif", b"II*\0"),
    ("tif", b"MM\0*"),
    ("tif", b"II+\0"),
    ("tif", b"MM\0+"),
];

/// Formats that [`infer`] knows, that look like text and are neither delimited text nor JSON: an error page that was
/// saved in place of the data, mostly.
const OTHER_TEXT: [&str; 3] = ["html", "xml", "rtf"];

/// The first bytes of the object.
pub(crate) fn head(source: &dyn Source) -> io::Result<Bytes> {
    match source.size().min(HEAD_BYTES) {
        0 => Ok(Bytes::new()),
        length => read_exact(source, 0, length),
    }
}

/// Checks that an object that begins with `head` can be the format of `extension`.
pub(crate) fn check(format: Format, extension: &str, head: &[u8]) -> Result<(), ContentError> {
    if format.is_text() {
        return check_text(extension, head);
    }
    let Some((_, expected)) = MAGIC
        .iter()
        .find(|(extensions, _)| extensions.contains(&extension))
    else {
        return Ok(());
    };
    if expected.iter().any(|name| is(head, name)) {
        return Ok(());
    }
    Err(mismatch(extension, detect(head).unwrap_or("unknown")))
}

fn check_text(extension: &str, head: &[u8]) -> Result<(), ContentError> {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        let message = "the text is UTF-16; only UTF-8 is supported";
        return Err(
            ContentError::new(ContentErrorCode::UnsupportedEncoding, message).with("byte", 0),
        );
    }
    if let Some(name) = other_text(head) {
        return Err(mismatch(extension, name));
    }
    let detected = detect(head);
    if head.contains(&0) {
        return Err(mismatch(extension, detected.unwrap_or("binary")));
    }
    // Short magic numbers are also words: a header row may begin with BM, MZ or ID3. Control characters decide.
    match detected {
        Some(name) if head.iter().any(|byte| is_binary(*byte)) => Err(mismatch(extension, name)),
        _ => Ok(()),
    }
}

fn other_text(head: &[u8]) -> Option<&'static str> {
    // `infer` finds this one anywhere in the first KiB, where it may also be a value.
    if head.starts_with(b"%PDF-") {
        return Some("pdf");
    }
    OTHER_TEXT.into_iter().find(|name| infer::is(head, name))
}

fn is_binary(byte: u8) -> bool {
    byte.is_ascii_control() && !byte.is_ascii_whitespace()
}

fn is(head: &[u8], name: &str) -> bool {
    DATA_MAGIC
        .iter()
        .any(|(format, magic)| *format == name && head.starts_with(magic))
        || infer::is(head, name)
}

fn detect(head: &[u8]) -> Option<&'static str> {
    let known = DATA_MAGIC
        .iter()
        .find(|(_, magic)| head.starts_with(magic))
        .map(|(format, _)| *format);
    known.or_else(|| infer::get(head).map(|detected| detected.extension()))
}

fn mismatch(expected: &str, detected: &str) -> ContentError {
    let message =
        format!("the content does not match the extension {expected}: detected {detected}");
    ContentError::new(ContentErrorCode::ContentMismatch, message)
        .with("expected", expected)
        .with("detected", detected)
}
