//! The first bytes of an object against its extension.

use std::io;

use bytes::Bytes;

use restow_api::{Finding, FindingType, Severity};

use crate::findings::finding;
use crate::source::{Source, read_exact};

/// Bytes that are looked at.
const HEAD_BYTES: u64 = 8 * 1024;

/// The same as a number of bytes in memory.
const HEAD_BYTES_OF_TEXT: usize = 8 * 1024;

/// Text has at most one control character in so many bytes.
const MAX_CONTROL_SHARE: usize = 10;

/// Control characters that any text may contain: in a short one they are a large share.
const MAX_CONTROLS: usize = 4;

/// Control characters by which databases separate fields.
const SEPARATORS: [u8; 2] = [0x01, 0x1F];

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

/// Why an object that is no text and begins with `head` cannot be what `extension` says.
pub(crate) fn mismatch(extension: &str, head: &[u8]) -> Option<Finding> {
    let (_, expected) = MAGIC
        .iter()
        .find(|(extensions, _)| extensions.contains(&extension))?;
    let is_expected = expected.iter().any(|name| is(head, name));
    (!is_expected).then(|| found(extension, detect(head).unwrap_or_else(|| describe(head))))
}

/// Why an object that begins with `head`, decompressed, cannot be text; `is_wide` where its characters have two bytes.
/// The delimiter that is stated may be a control character.
pub(crate) fn mismatch_of_text(
    extension: &str,
    head: &[u8],
    is_wide: bool,
    delimiter: Option<u8>,
) -> Option<Finding> {
    let head = &head[..head.len().min(HEAD_BYTES_OF_TEXT)];
    if let Some(name) = other_text(head) {
        return Some(found(extension, name));
    }
    if is_utf32(head) {
        return Some(utf32());
    }
    if is_wide {
        return None;
    }
    let controls = Controls::of(head, delimiter);
    // Short magic numbers are also words: a header row may begin with BM, MZ or ID3. Control characters decide.
    match detect(head) {
        Some(name) if controls.nuls + controls.others > 0 => Some(found(extension, name)),
        _ if controls.is_binary() => Some(found(extension, "binary")),
        _ => None,
    }
}

/// Which bytes a head has that are no text.
struct Controls {
    total: usize,
    nuls: usize,
    /// Control characters but NUL, line ends and tabs.
    others: usize,
    /// Bytes that are not ASCII.
    foreign: usize,
}

impl Controls {
    fn of(head: &[u8], delimiter: Option<u8>) -> Self {
        let count = |is: &dyn Fn(u8) -> bool| head.iter().filter(|byte| is(**byte)).count();
        let separator = delimiter.or_else(|| separator(head));
        Self {
            total: head.len(),
            nuls: count(&|byte| byte == 0),
            others: count(&|byte| byte != 0 && is_binary(byte) && Some(byte) != separator),
            foreign: count(&|byte| !byte.is_ascii()),
        }
    }

    /// Whether there is too much of them. NULs within text are damage, however many they are, and have a finding of their own.
    fn is_binary(&self) -> bool {
        let texts = self.total - self.nuls;
        let has_controls = self.others > MAX_CONTROLS && self.others * MAX_CONTROL_SHARE > texts;
        let are_numbers = self.nuls * 4 > self.total && (self.others + self.foreign) * 5 > texts;
        has_controls || are_numbers || (texts == 0 && self.total > 0)
    }
}

/// The control character by which databases separate fields, if `head` has it and no other.
fn separator(head: &[u8]) -> Option<u8> {
    let mut controls = head.iter().copied().filter(|byte| is_binary(*byte));
    let first = controls.next().filter(|byte| SEPARATORS.contains(byte))?;
    controls.all(|byte| byte == first).then_some(first)
}

/// Whether `head` is text in which each character has four bytes: by its byte order mark, or because three of four are NUL.
fn is_utf32(head: &[u8]) -> bool {
    let is_marked = head.starts_with(b"\xFF\xFE\0\0") || head.starts_with(b"\0\0\xFE\xFF");
    let is_latin = |place: usize| {
        let mut characters = head.chunks_exact(4);
        characters.all(|bytes| {
            let is_nul = |index: usize| index == place || bytes[index] == 0;
            bytes[place].is_ascii() && bytes[place] != 0 && (0..4).all(is_nul)
        })
    };
    head.len() >= 8 && (is_marked || is_latin(0) || is_latin(3))
}

fn utf32() -> Finding {
    let msg = "The text is UTF-32, which is not read: write the file in UTF-8.";
    finding(FindingType::InvalidEncoding, Severity::Error, msg)
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

/// What the beginning of an object is that no format is known by.
fn describe(head: &[u8]) -> &'static str {
    let is_text = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The head may end within a character.
        Err(error) => error.error_len().is_none(),
    };
    if head.is_empty() {
        "an empty object"
    } else if is_text && !head.iter().copied().any(is_binary) {
        "text"
    } else {
        "unknown"
    }
}

fn found(expected: &str, detected: &str) -> Finding {
    let msg = format!("The content is not {expected}: detected {detected}.");
    let mut found = finding(FindingType::ContentMismatch, Severity::Error, msg);
    found.examples = vec![detected.to_owned()];
    found.suggestion = Some(
        "Upload the data itself under a filename with the extension of its format.".to_owned(),
    );
    found
}
