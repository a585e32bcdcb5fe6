//! UTF-8 that arrives in pieces.

/// Checks a stream of UTF-8 that is cut anywhere.
#[derive(Default)]
pub(crate) struct Utf8Stream {
    /// Beginning of a character whose other bytes are in the next piece.
    pending: Vec<u8>,
}

impl Utf8Stream {
    /// Checks the next piece.
    ///
    /// # Errors
    ///
    /// The index in `piece` of what is not UTF-8: its first byte, or the one that breaks a character that an earlier
    /// piece began.
    pub(crate) fn push(&mut self, piece: &[u8]) -> Result<(), usize> {
        let mut start = 0;
        while !self.pending.is_empty() && start < piece.len() {
            self.pending.push(piece[start]);
            start += 1;
            match std::str::from_utf8(&self.pending) {
                Ok(_) => self.pending.clear(),
                Err(error) if error.error_len().is_some() => return Err(start - 1),
                Err(_) => {}
            }
        }
        match std::str::from_utf8(&piece[start..]) {
            Ok(_) => Ok(()),
            Err(error) if error.error_len().is_some() => Err(start + error.valid_up_to()),
            Err(error) => {
                self.pending
                    .extend_from_slice(&piece[start + error.valid_up_to()..]);
                Ok(())
            }
        }
    }

    /// Whether the stream may end here, which is not so in the midst of a character.
    pub(crate) fn is_complete(&self) -> bool {
        self.pending.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], piece: usize) -> Result<bool, usize> {
        let mut stream = Utf8Stream::default();
        for (index, chunk) in bytes.chunks(piece).enumerate() {
            stream.push(chunk).map_err(|at| index * piece + at)?;
        }
        Ok(stream.is_complete())
    }

    #[test]
    fn agrees_with_std_at_every_cut() {
        let texts: [&[u8]; 6] = [
            "añ€😀z".as_bytes(),
            b"ab\xC3",
            b"ab\xC3,\xA9",
            b"\xFF",
            b"\xF0\x9F\x98",
            b"\xED\xA0\x80",
        ];
        for text in texts {
            let expected = match std::str::from_utf8(text) {
                Ok(_) => Ok(true),
                Err(error) if error.error_len().is_none() => Ok(false),
                Err(_) => Err(()),
            };
            for piece in 1..=text.len() {
                assert_eq!(
                    check(text, piece).map_err(|_| ()),
                    expected,
                    "{text:?} in pieces of {piece}"
                );
            }
        }
    }
}
