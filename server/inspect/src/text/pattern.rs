//! Dates in other patterns than `YYYY-MM-DD`.
//!
//! Every value leaves some patterns possible; a column has dates if exactly one is left by all of its values. So `31/12/2024`
//! anywhere in a column decides that the day comes first, and a column in which no day is beyond 12 stays a string.

use super::digits::split_digits;
use super::moment::midnight;

/// The patterns, with the separator and whether the day comes first; year first is told by the four digits.
const PATTERNS: [(&str, &str); 6] = [
    ("YYYY/MM/DD", "YYYY/M/D"),
    ("DD/MM/YYYY", "D/M/YYYY"),
    ("MM/DD/YYYY", "M/D/YYYY"),
    ("DD.MM.YYYY", "D.M.YYYY"),
    ("DD-MM-YYYY", "D-M-YYYY"),
    ("MM-DD-YYYY", "M-D-YYYY"),
];

/// A date in one or two of the other patterns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OtherDate {
    patterns: u8,
    is_unpadded: bool,
    /// Seconds since 1970-01-01, if the year or the day comes first.
    pub(crate) day_first: Option<i64>,
    /// Seconds since 1970-01-01, if the month comes first.
    pub(crate) month_first: Option<i64>,
}

/// The patterns that all dates of a column so far have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patterns {
    possible: u8,
    is_unpadded: bool,
}

impl Default for Patterns {
    fn default() -> Self {
        Self {
            possible: u8::MAX,
            is_unpadded: false,
        }
    }
}

impl Patterns {
    pub(crate) fn add(&mut self, date: OtherDate) {
        self.possible &= date.patterns;
        self.is_unpadded |= date.is_unpadded;
    }

    /// The pattern, if exactly one is left, and whether the month comes first in it.
    pub(crate) fn only(self) -> Option<(&'static str, bool)> {
        if self.possible.count_ones() != 1 {
            return None;
        }
        let pattern = self.names().first().copied()?;
        Some((pattern, pattern.starts_with('M')))
    }

    /// The patterns that are left.
    pub(crate) fn names(self) -> Vec<&'static str> {
        let possible = |(index, _): &(usize, &(&str, &str))| self.possible & (1 << index) != 0;
        let patterns = PATTERNS.iter().enumerate().filter(possible);
        patterns
            .map(|(_, (padded, unpadded))| if self.is_unpadded { *unpadded } else { *padded })
            .collect()
    }
}

/// `text` as a date in one of the other patterns.
pub(crate) fn other_date(text: &str) -> Option<OtherDate> {
    let bytes = text.as_bytes();
    if !(8..=10).contains(&bytes.len()) {
        return None;
    }
    let (a, rest) = split_digits(bytes);
    let (separator, rest) = rest.split_first()?;
    let (b, rest) = split_digits(rest);
    let c = rest.strip_prefix(&[*separator])?;
    if !matches!(b.len(), 1 | 2) || !c.iter().all(u8::is_ascii_digit) {
        return None;
    }
    match (a.len(), separator, c.len()) {
        (4, b'/', 1 | 2) => {
            let date = midnight(value(a), small(b), small(c));
            found(date.map(|date| (0, date)), None, b.len() + c.len() < 4)
        }
        (1 | 2, b'/' | b'-' | b'.', 4) => {
            let (day_first, month_first) = match separator {
                b'/' => (1, Some(2)),
                b'.' => (3, None),
                _ => (4, Some(5)),
            };
            let day = midnight(value(c), small(b), small(a)).map(|date| (day_first, date));
            let month = midnight(value(c), small(a), small(b));
            found(day, month_first.zip(month), a.len() + b.len() < 4)
        }
        _ => None,
    }
}

fn found(
    day_first: Option<(u8, i64)>,
    month_first: Option<(u8, i64)>,
    is_unpadded: bool,
) -> Option<OtherDate> {
    let bit = |date: Option<(u8, i64)>| date.map_or(0, |(pattern, _)| 1 << pattern);
    let patterns = bit(day_first) | bit(month_first);
    (patterns != 0).then_some(OtherDate {
        patterns,
        is_unpadded,
        day_first: day_first.map(|(_, seconds)| seconds),
        month_first: month_first.map(|(_, seconds)| seconds),
    })
}

fn value(digits: &[u8]) -> i64 {
    digits
        .iter()
        .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'))
}

/// The value of at most two digits.
fn small(digits: &[u8]) -> u8 {
    digits
        .iter()
        .fold(0, |sum, digit| sum * 10 + (digit - b'0'))
}
