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
    if printable && !given.is_empty() && given.trim() == given { given } else { OCTET_STREAM }
}

/// Most characters of the plain fallback, and most bytes of `filename*`: S3 takes 2 KB of metadata in all.
const MAX_PLAIN: usize = 100;
const MAX_ENCODED: usize = 1_000;

/// The Content-Disposition of a filename (RFC 6266): a plain fallback, and `filename*` where that differs. Long names
/// are cut; the database keeps them whole.
pub fn content_disposition(filename: &str) -> String {
    let plain: String = filename
        .chars()
        .take(MAX_PLAIN)
        .map(|character| match character {
            '"' | '\\' | '/' => '_',
            printable @ ' '..='~' => printable,
            _ => '_',
        })
        .collect();
    let mut disposition = format!("attachment; filename=\"{plain}\"");
    if plain != filename {
        disposition.push_str("; filename*=UTF-8''");
        let start = disposition.len();
        let mut buffer = [0; 4];
        for character in filename.chars() {
            let encoded = utf8_percent_encode(character.encode_utf8(&mut buffer), NOT_ATTR_CHAR).to_string();
            if disposition.len() - start + encoded.len() > MAX_ENCODED {
                break;
            }
            disposition.push_str(&encoded);
        }
    }
    disposition
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_type_goes_as_it_is_or_not_at_all() {
        assert_eq!(content_type("application/geo+json; charset=utf-8"), "application/geo+json; charset=utf-8");
        for odd in ["", " text/csv", "text/csv\r\nx-amz-acl: public-read", "text/\u{0}", "tëxt/csv"] {
            assert_eq!(content_type(odd), OCTET_STREAM, "{odd:?}");
        }
    }

    #[test]
    fn a_disposition_is_one_header_value_whatever_the_filename() {
        assert_eq!(content_disposition("data.csv"), "attachment; filename=\"data.csv\"");
        assert_eq!(
            content_disposition("a\"b\\c/../d\r\nX: y.csv"),
            "attachment; filename=\"a_b_c_.._d__X: y.csv\"; filename*=UTF-8''a%22b%5Cc%2F..%2Fd%0D%0AX%3A%20y.csv"
        );
        assert_eq!(
            content_disposition("Zürich\u{202e}.csv"),
            "attachment; filename=\"Z_rich_.csv\"; filename*=UTF-8''Z%C3%BCrich%E2%80%AE.csv"
        );
        let longest = content_disposition(&"😀".repeat(255));
        assert!(longest.len() < 1_500 && longest.is_ascii() && longest.ends_with("%F0%9F%98%80"));
    }
}
