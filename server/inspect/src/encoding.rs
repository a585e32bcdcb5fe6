//! Text of any encoding that browsers know, as UTF-8.

mod guess;

use encoding_rs::{DecoderResult, Encoding};

pub(crate) use self::guess::{Guess, Reason, legacy as likely};

/// What takes the place of bytes that are no characters.
const REPLACEMENT: &[u8] = "\u{FFFD}".as_bytes();

/// Bytes that are not valid in the encoding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Invalid {
    /// How many sequences of them.
    pub(crate) count: u64,
    /// Where the first one is in the text that was decoded.
    pub(crate) first: Option<usize>,
}

impl Invalid {
    fn note(&mut self, at: usize) {
        self.count += 1;
        self.first.get_or_insert(at);
    }
}

/// Decodes text that arrives in pieces.
pub(crate) enum Decoder {
    Utf8,
    Other(Box<encoding_rs::Decoder>),
}

impl Decoder {
    pub(crate) fn new(encoding: &'static Encoding) -> Self {
        if encoding == encoding_rs::UTF_8 {
            Self::Utf8
        } else {
            Self::Other(Box::new(encoding.new_decoder_without_bom_handling()))
        }
    }

    /// Appends `raw` to `text`, which stays valid UTF-8; `is_last` ends the input. Returns how many bytes of `raw` were
    /// used, the others begin the next piece.
    pub(crate) fn decode(
        &mut self,
        raw: &[u8],
        is_last: bool,
        text: &mut Vec<u8>,
    ) -> (usize, Invalid) {
        match self {
            Self::Utf8 => decode_utf8(raw, is_last, text),
            Self::Other(decoder) => (raw.len(), decode_other(decoder, raw, is_last, text)),
        }
    }
}

fn decode_utf8(raw: &[u8], is_last: bool, text: &mut Vec<u8>) -> (usize, Invalid) {
    let mut invalid = Invalid::default();
    let Err(error) = std::str::from_utf8(raw) else {
        text.extend_from_slice(raw);
        return (raw.len(), invalid);
    };
    if error.error_len().is_none() && !is_last {
        text.extend_from_slice(&raw[..error.valid_up_to()]);
        return (error.valid_up_to(), invalid);
    }
    let mut used = 0;
    for chunk in raw.utf8_chunks() {
        text.extend_from_slice(chunk.valid().as_bytes());
        used += chunk.valid().len();
        if chunk.invalid().is_empty() {
            continue;
        }
        let is_cut = used + chunk.invalid().len() == raw.len()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        if is_cut && !is_last {
            break;
        }
        used += chunk.invalid().len();
        invalid.note(text.len());
        text.extend_from_slice(REPLACEMENT);
    }
    (used, invalid)
}

fn decode_other(
    decoder: &mut encoding_rs::Decoder,
    raw: &[u8],
    is_last: bool,
    text: &mut Vec<u8>,
) -> Invalid {
    let mut invalid = Invalid::default();
    let mut rest = raw;
    loop {
        let start = text.len();
        let room = decoder
            .max_utf8_buffer_length_without_replacement(rest.len())
            .unwrap_or(rest.len());
        text.resize(start + room, 0);
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(rest, &mut text[start..], is_last);
        text.truncate(start + written);
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => return invalid,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                invalid.note(text.len());
                text.extend_from_slice(REPLACEMENT);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(encoding: &'static Encoding, bytes: &[u8], piece: usize) -> (String, u64) {
        let mut decoder = Decoder::new(encoding);
        let (mut text, mut pending, mut count) = (Vec::new(), Vec::new(), 0);
        for (index, chunk) in bytes.chunks(piece).enumerate() {
            pending.extend_from_slice(chunk);
            let is_last = (index + 1) * piece >= bytes.len();
            let (used, invalid) = decoder.decode(&pending, is_last, &mut text);
            pending.drain(..used);
            count += invalid.count;
        }
        assert!(pending.is_empty());
        (String::from_utf8(text).unwrap(), count)
    }

    #[test]
    fn utf8_agrees_with_std_at_every_cut() {
        let texts: [&[u8]; 7] = [
            "añ€😀z".as_bytes(),
            b"ab\xC3",
            b"ab\xC3,\xA9",
            b"\xFF",
            b"\xF0\x9F\x98",
            b"\xED\xA0\x80",
            b"a\xE9b\xE9c",
        ];
        for text in texts {
            let expected = String::from_utf8_lossy(text).into_owned();
            let count = expected.matches('\u{FFFD}').count() as u64;
            for piece in 1..=text.len() {
                assert_eq!(
                    decode(encoding_rs::UTF_8, text, piece),
                    (expected.clone(), count),
                    "{text:?} in pieces of {piece}"
                );
            }
        }
    }

    #[test]
    fn other_encodings_are_decoded_at_every_cut() {
        let utf16: Vec<u8> = "añ€😀z".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for piece in 1..=utf16.len() {
            assert_eq!(
                decode(encoding_rs::UTF_16LE, &utf16, piece),
                ("añ€😀z".to_owned(), 0)
            );
        }
        assert_eq!(
            decode(encoding_rs::WINDOWS_1252, b"K\xF6ln \x80", 3),
            ("Köln €".to_owned(), 0)
        );
        assert_eq!(
            decode(encoding_rs::UTF_16LE, b"a\0\x00\xDCb\0", 1),
            ("a\u{FFFD}b".to_owned(), 1)
        );
    }
}
