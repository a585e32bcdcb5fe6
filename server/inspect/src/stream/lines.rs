//! The lines of the text, and what they contain that no text should.

use restow_api::{Finding, FindingType, Severity};

use crate::encoding::{Guess, Invalid, likely};
use crate::findings::finding;

/// A kind of fault: how often, and where first.
#[derive(Debug, Default)]
struct Faults {
    count: u64,
    /// Line and byte of the first.
    first: Option<(u64, u64)>,
}

/// Line ends, invalid bytes and NULs of the text so far.
#[derive(Debug, Default)]
pub(super) struct Lines {
    line_feeds: u64,
    carriage_returns: u64,
    invalid: Faults,
    nuls: Faults,
    likely: Option<&'static str>,
}

impl Lines {
    /// Takes the next piece of text, which begins at byte `position` and in which are `invalid` bytes.
    pub(super) fn push(&mut self, text: &[u8], position: u64, invalid: Invalid) {
        if let Some(at) = invalid.first {
            let place = (self.line_at(&text[..at]), position + at as u64);
            self.invalid.first.get_or_insert(place);
            self.invalid.count += invalid.count;
        }
        if let Some(at) = memchr::memchr(0, text) {
            let place = (self.line_at(&text[..at]), position + at as u64);
            self.nuls.first.get_or_insert(place);
            self.nuls.count += count(0, text);
        }
        self.line_feeds += count(b'\n', text);
        if self.line_feeds == 0 {
            self.carriage_returns += count(b'\r', text);
        }
    }

    /// Keeps the likely encoding of `raw`, which is not valid in the one that is read.
    pub(super) fn note_likely(&mut self, raw: &[u8]) {
        self.likely.get_or_insert_with(|| likely(raw).name());
    }

    /// Number of the line behind `text`, which follows the lines so far.
    fn line_at(&self, text: &[u8]) -> u64 {
        let line_feeds = self.line_feeds + count(b'\n', text);
        if line_feeds > 0 {
            line_feeds + 1
        } else {
            self.carriage_returns + count(b'\r', text) + 1
        }
    }

    pub(super) fn findings(&self, guess: &Guess) -> Vec<Finding> {
        let invalid = self.invalid.first.map(|place| {
            let name = guess.name();
            let (line, byte) = place;
            let msg = format!("Line {line} is not valid {name} at byte {byte} of the text: state the encoding, or correct the file.");
            let mut invalid = self.invalid.finding(FindingType::InvalidEncoding, msg);
            invalid.suggestion = self
                .likely
                .map(str::to_ascii_lowercase)
                .filter(|likely| *likely != name && guess.encoding.is_ascii_compatible())
                .map(|likely| format!("encoding={likely}"));
            invalid
        });
        let nuls = self.nuls.first.map(|(line, byte)| {
            let msg = format!("Line {line} contains a NUL character at byte {byte} of the text: remove NUL characters from the file.");
            self.nuls.finding(FindingType::NulBytes, msg)
        });
        invalid.into_iter().chain(nuls).collect()
    }
}

impl Faults {
    fn finding(&self, finding_type: FindingType, msg: String) -> Finding {
        let mut found = finding(finding_type, Severity::Error, msg);
        found.line = self.first.map(|(line, _)| line);
        found.count = Some(self.count);
        found
    }
}

fn count(byte: u8, text: &[u8]) -> u64 {
    memchr::memchr_iter(byte, text).count() as u64
}
