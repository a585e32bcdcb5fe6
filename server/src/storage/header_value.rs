//! What the object's headers say: set when the upload is created, and kept by S3.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a content type that is no header value is sent as.
const OCTET_STREAM: &str = "application/octet-stream";

/// Everything but the `attr-char` of RFC 8187.
const NOT_ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The content type as S3 gets it: as it is, if it is a header value.
pub fn content_type(given: &str) -> &str {
    let printable = given.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if printable && !given.is_empty() && given.trim() == given {
        given
    } else {
        OCTET_STREAM
    }
}

/// Most characters of the plain fallback, and most bytes of `filename*`: S3 takes 2 KB of metadata in all.
const MAX_PLAIN: usize = 100;
const MAX_ENCODED: usize = 1_000;

/// Longest extension that is kept when a name is cut, in bytes.
const MAX_EXTENSION: usize = 20;

/// The Content-Disposition of a filename (RFC 6266): a plain fallback, and `filename*` where that differs. Of long names
/// the end before the extension is cut; the database keeps them whole.
pub fn content_disposition(filename: &str) -> String {
    let plain = cut(filename, MAX_PLAIN, |character, name| {
        name.push(match character {
            '"' | '\\' | '/' => '_',
            printable @ ' '..='~' => printable,
            _ => '_',
        });
    });
    if plain == filename {
        return format!("attachment; filename=\"{plain}\"");
    }
    let encoded = cut(filename, MAX_ENCODED, |character, name| {
        name.extend(utf8_percent_encode(
            character.encode_utf8(&mut [0; 4]),
            NOT_ATTR_CHAR,
        ));
    });
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// A filename, written character by character, with its extension and at most `limit` bytes.
fn cut(filename: &str, limit: usize, write: impl Fn(char, &mut String)) -> String {
    let dot = filename
        .rfind('.')
        .filter(|dot| filename.len() - dot <= MAX_EXTENSION)
        .unwrap_or(filename.len());
    let mut extension = String::new();
    filename[dot..]
        .chars()
        .for_each(|character| write(character, &mut extension));
    let mut name = String::new();
    for character in filename[..dot].chars() {
        let length = name.len();
        write(character, &mut name);
        if name.len() + extension.len() > limit {
            name.truncate(length);
            break;
        }
    }
    name + &extension
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_content_type_becomes_octet_stream() {
        assert_eq!(
            content_type("application/geo+json; charset=utf-8"),
            "application/geo+json; charset=utf-8"
        );
        for odd in [
            "",
            " text/csv",
            "text/csv\r\nx-amz-acl: public-read",
            "text/\u{0}",
            "tëxt/csv",
        ] {
            assert_eq!(content_type(odd), OCTET_STREAM, "{odd:?}");
        }
    }

    #[test]
    fn disposition_is_valid_for_any_filename() {
        assert_eq!(
            content_disposition("data.csv"),
            "attachment; filename=\"data.csv\""
        );
        assert_eq!(
            content_disposition("a\"b\\c/../d\r\nX: y.csv"),
            "attachment; filename=\"a_b_c_.._d__X: y.csv\"; filename*=UTF-8''a%22b%5Cc%2F..%2Fd%0D%0AX%3A%20y.csv"
        );
        assert_eq!(
            content_disposition("Zürich\u{202e}.csv"),
            "attachment; filename=\"Z_rich_.csv\"; filename*=UTF-8''Z%C3%BCrich%E2%80%AE.csv"
        );
        let longest = content_disposition(&("😀".repeat(251) + ".csv"));
        assert!(
            longest.len() < 1_500 && longest.is_ascii() && longest.ends_with("%F0%9F%98%80.csv")
        );
    }
}
