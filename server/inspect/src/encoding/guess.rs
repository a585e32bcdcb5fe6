//! The encoding of a text, from its first bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Valid characters beyond ASCII that outweigh one that is not valid: the text then is damaged UTF-8.
const UTF8_MAJORITY: usize = 10;

/// Why an encoding is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The caller states it.
    Stated,
    /// A byte order mark.
    Mark,
    /// It is UTF-8, which hardly any other text is by chance.
    Valid,
    /// NUL bytes at every other place.
    Nuls,
    /// How often which bytes occur.
    Statistics,
}

/// An encoding, and how certain it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Guess {
    pub(crate) encoding: &'static Encoding,
    pub(crate) reason: Reason,
    /// Bytes of the byte order mark.
    pub(crate) mark: usize,
}

impl Guess {
    /// The encoding that the caller states, of which a byte order mark is skipped.
    pub(crate) fn stated(encoding: &'static Encoding, head: &[u8]) -> Self {
        let mark = Encoding::for_bom(head)
            .filter(|(marked, _)| *marked == encoding)
            .map_or(0, |(_, length)| length);
        Self {
            encoding,
            reason: Reason::Stated,
            mark,
        }
    }

    /// The encoding of a text that begins with `head`.
    pub(crate) fn of(head: &[u8]) -> Self {
        let guess = |encoding, reason, mark| Self {
            encoding,
            reason,
            mark,
        };
        if let Some((encoding, mark)) = Encoding::for_bom(head) {
            return guess(encoding, Reason::Mark, mark);
        }
        if let Some(encoding) = utf16_without_mark(head) {
            return guess(encoding, Reason::Nuls, 0);
        }
        if is_mostly_utf8(head) {
            return guess(UTF_8, Reason::Valid, 0);
        }
        guess(legacy(head), Reason::Statistics, 0)
    }

    /// Name of the encoding as in the WHATWG standard, in lower case.
    pub(crate) fn name(&self) -> String {
        self.encoding.name().to_ascii_lowercase()
    }
}

/// The likely encoding of bytes that are not UTF-8; windows-1252, the most usual one, if the text is the same in it.
pub(crate) fn legacy(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, false);
    let likely = detector.guess(None, Utf8Detection::Deny);
    let text = |encoding: &'static Encoding| encoding.decode_without_bom_handling(bytes).0;
    if likely.is_single_byte() && text(likely) == text(WINDOWS_1252) {
        return WINDOWS_1252;
    }
    likely
}

/// Whether `head`, which may end within a character, is UTF-8 but for damage.
fn is_mostly_utf8(head: &[u8]) -> bool {
    let (mut characters, mut invalid) = (0, 0);
    let mut used = 0;
    for chunk in head.utf8_chunks() {
        let valid = chunk.valid();
        if !valid.is_ascii() {
            characters += valid
                .chars()
                .filter(|character| !character.is_ascii())
                .count();
        }
        used += valid.len() + chunk.invalid().len();
        let is_cut = used == head.len()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        invalid += usize::from(!chunk.invalid().is_empty() && !is_cut);
    }
    invalid == 0 || characters >= invalid * UTF8_MAJORITY
}

/// Fewest NULs that show UTF-16 whose text is mostly not Latin, and the share of the characters that they are at least.
const MIN_NULS: usize = 8;
const MIN_NUL_SHARE: usize = 10;

/// UTF-16: of the bytes at either the even or the odd places many are NUL, as in digits, delimiters and line ends, and of the
/// others none.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let (mut first, mut second) = (0, 0);
    for pair in head.chunks_exact(2) {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    let is_utf16 = |nuls: usize, others: usize, encoding: &'static Encoding| {
        let is_latin = nuls * 2 > pairs;
        let is_other = nuls >= MIN_NULS && nuls * MIN_NUL_SHARE >= pairs && has_foreign(head);
        others == 0 && pairs >= 2 && (is_latin || (is_other && has_lines(head, encoding)))
    };
    if is_utf16(second, first, UTF_16LE) {
        Some(UTF_16LE)
    } else if is_utf16(first, second, UTF_16BE) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether `head`, which may end within a character, is valid in `encoding` and has a line end.
fn has_lines(head: &[u8], encoding: &'static Encoding) -> bool {
    let mut text = String::with_capacity(head.len() * 2 + 16);
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (result, _) = decoder.decode_to_string_without_replacement(head, &mut text, false);
    matches!(result, DecoderResult::InputEmpty) && text.contains(['\n', '\r'])
}

/// Whether `head` has bytes that ASCII text with damage does not have.
fn has_foreign(head: &[u8]) -> bool {
    let is_foreign = |byte: &u8| {
        !byte.is_ascii() || (byte.is_ascii_control() && !byte.is_ascii_whitespace() && *byte != 0)
    };
    head.iter().any(is_foreign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> String {
        Guess::of(bytes).name()
    }

    #[test]
    fn encodings_are_distinguished() {
        assert_eq!(name(b""), "utf-8");
        assert_eq!(name("Köln".as_bytes()), "utf-8");
        assert_eq!(name(&"Köln".as_bytes()[..2]), "utf-8");
        assert_eq!(name(b"\xEF\xBB\xBFa"), "utf-8");
        assert_eq!(name(b"\xFF\xFEa\0"), "utf-16le");
        assert_eq!(name(b"\xFE\xFF\0a"), "utf-16be");
        assert_eq!(name(b"a\0,\0b\0\n\0"), "utf-16le");
        assert_eq!(name(b"\0a\0,\0b\0\n"), "utf-16be");
        assert_eq!(name(b"id,city\n1,K\xF6ln\n2,M\xE1laga\n"), "windows-1252");
    }

    #[test]
    fn utf16_need_not_be_latin() {
        let text = "id,name\n1,東京都千代田区\n2,大阪府大阪市\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(
            (name(&little), name(&big)),
            ("utf-16le".to_owned(), "utf-16be".to_owned())
        );
        assert_eq!(
            name(b"a,b\n1,\0\n2,\0\n3,\0\n4,\0\n5,\0\n6,\0\n7,\0\n8,\0\n"),
            "utf-8"
        );
    }

    #[test]
    fn damaged_utf8_stays_utf8() {
        let mut text = "Köln,Málaga\n".repeat(20).into_bytes();
        text.extend(b"K\xF6ln\n");
        assert_eq!(name(&text), "utf-8");
    }

    #[test]
    fn cyrillic_is_not_western() {
        let (bytes, ..) = encoding_rs::WINDOWS_1251.encode("город,страна\nМосква,Россия\n");
        assert_eq!(name(&bytes), "windows-1251");
    }
}
