//! The encoding of a text, from its first bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

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

/// UTF-16 whose text is largely Latin: every other byte of it is NUL.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    let (mut first, mut second) = (0, 0);
    for pair in head.chunks_exact(2) {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    let is_mostly = |nuls: usize, others: usize| nuls * 2 > pairs && others == 0;
    if pairs >= 2 && is_mostly(second, first) {
        Some(UTF_16LE)
    } else if pairs >= 2 && is_mostly(first, second) {
        Some(UTF_16BE)
    } else {
        None
    }
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
