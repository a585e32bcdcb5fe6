//! Where records of delimited text end, and how many lines and fields they have.

use memchr::{memchr_iter, memchr2, memchr3};

/// The characters that separate and enclose fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) delimiter: u8,
    pub(crate) quote: Option<u8>,
    /// Character before a quote within quotes, besides the quote itself.
    pub(crate) escape: Option<u8>,
    /// Whether spaces at the beginning of a field and behind a closing quote do not belong to it.
    pub(crate) skips_spaces: bool,
}

/// A record at the beginning of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// Bytes without the line end.
    pub(crate) content: usize,
    /// Bytes with the line end.
    pub(crate) length: usize,
    /// Whether a field is quoted.
    pub(crate) is_quoted: bool,
    /// Line ends within quotes.
    pub(crate) line_breaks: u64,
    /// Where the first text is that follows a closing quote.
    pub(crate) stray: Option<usize>,
}

/// What is at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scan {
    Record(Record),
    /// A record that does not end in the text. If the end of the text is within quotes: where they open.
    Partial(Option<usize>),
}

impl Syntax {
    /// Looks for the end of the record at the beginning of `text`, which is not empty; `is_last` where no text follows.
    pub(crate) fn scan(self, text: &[u8], is_last: bool) -> Scan {
        let stop = match self.quote {
            Some(quote) => memchr3(b'\n', b'\r', quote, text),
            None => memchr2(b'\n', b'\r', text),
        };
        match stop {
            Some(at) if Some(text[at]) == self.quote => self.scan_quoted(text, is_last),
            Some(at) => end(text, at, is_last, Record::default()),
            None => end(text, text.len(), is_last, Record::default()),
        }
    }

    /// Number of fields of a record without line end that has no quotes.
    pub(crate) fn count_plain(self, content: &[u8]) -> usize {
        memchr_iter(self.delimiter, content).count() + 1
    }

    /// Number of fields of a record without line end.
    pub(crate) fn count_fields(self, content: &[u8]) -> usize {
        let mut count = 1;
        let mut at = 0;
        loop {
            if let Some(close) = self
                .opening(content, at)
                .and_then(|open| self.closing(content, open, true))
            {
                at = close;
            }
            match memchr::memchr(self.delimiter, &content[at..]) {
                Some(next) => at += next + 1,
                None => return count,
            }
            count += 1;
        }
    }

    fn scan_quoted(self, text: &[u8], is_last: bool) -> Scan {
        let mut record = Record::default();
        let mut at = 0;
        loop {
            if let Some(open) = self.opening(text, at) {
                let Some(close) = self.closing(text, open, is_last) else {
                    return Scan::Partial(Some(open));
                };
                record.is_quoted = true;
                record.line_breaks += line_ends(&text[open..close]);
                at = if self.skips_spaces {
                    skip_spaces(text, close)
                } else {
                    close
                };
                let next = text.get(at).copied();
                if next.is_some_and(|next| next != self.delimiter && !is_line_end(next)) {
                    record.stray.get_or_insert(at);
                }
            }
            match memchr3(self.delimiter, b'\n', b'\r', &text[at..]) {
                Some(next) if text[at + next] == self.delimiter => at += next + 1,
                Some(next) => return end(text, at + next, is_last, record),
                None => return end(text, text.len(), is_last, record),
            }
        }
    }

    /// The content of the field at `at` of a record, and where the delimiter or the end behind it is. None where something in it is
    /// escaped, or its quotes do not enclose all of it.
    pub(crate) fn enclosed_field(self, record: &[u8], at: usize) -> Option<(usize, usize, usize)> {
        let start = if self.skips_spaces {
            skip_spaces(record, at)
        } else {
            at
        };
        if self.quote.is_none() || record.get(start).copied() != self.quote {
            let rest = &record[start..];
            let end = start + memchr::memchr(self.delimiter, rest).unwrap_or(rest.len());
            return Some((start, end, end));
        }
        let quote = self.quote?;
        let start = start + 1;
        let within = memchr2(quote, self.escape.unwrap_or(quote), record.get(start..)?)?;
        let end = start + within;
        let next = if self.skips_spaces {
            skip_spaces(record, end + 1)
        } else {
            end + 1
        };
        let is_whole = record.get(next).is_none_or(|byte| *byte == self.delimiter);
        (record[end] == quote && is_whole).then_some((start, end, next))
    }

    /// Where the quote is that opens the field at `at`, if one does.
    pub(crate) fn opening(self, text: &[u8], at: usize) -> Option<usize> {
        let at = if self.skips_spaces {
            skip_spaces(text, at)
        } else {
            at
        };
        (self.quote.is_some() && text.get(at).copied() == self.quote).then_some(at)
    }

    /// The place behind the quote that closes the one at `open`.
    pub(crate) fn closing(self, text: &[u8], open: usize, is_last: bool) -> Option<usize> {
        let quote = self.quote?;
        let mut at = open + 1;
        loop {
            at += memchr2(quote, self.escape.unwrap_or(quote), text.get(at..)?)?;
            let next = text.get(at + 1).copied();
            if text[at] != quote || next == Some(quote) {
                at += 2;
            } else if next.is_none() && !is_last {
                return None;
            } else {
                return Some(at + 1);
            }
        }
    }
}

/// The record whose content ends at `at`.
fn end(text: &[u8], at: usize, is_last: bool, record: Record) -> Scan {
    let line_end = match &text[at..] {
        [] | [b'\r'] if !is_last => return Scan::Partial(None),
        [] => 0,
        [b'\r', b'\n', ..] => 2,
        _ => 1,
    };
    Scan::Record(Record {
        content: at,
        length: at + line_end,
        ..record
    })
}

/// The line at the beginning of `text`, as a record.
pub(crate) fn line(text: &[u8], is_last: bool) -> Scan {
    let at = memchr2(b'\n', b'\r', text).unwrap_or(text.len());
    end(text, at, is_last, Record::default())
}

/// Number of line ends in `text`: CRLF, LF or CR.
pub(crate) fn line_ends(text: &[u8]) -> u64 {
    let mut count = memchr_iter(b'\n', text).count();
    for at in memchr_iter(b'\r', text) {
        count += usize::from(text.get(at + 1) != Some(&b'\n'));
    }
    count as u64
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn skip_spaces(text: &[u8], at: usize) -> usize {
    let spaces = text.get(at..).unwrap_or_default();
    at + spaces.iter().take_while(|byte| **byte == b' ').count()
}
