//! The records of the head by one syntax.

use super::head::Head;
use super::value::Look;
use crate::csv::{Record, Scan, Splitter, Syntax, line};

/// Most records that are looked at.
const MAX_RECORDS: usize = 10_000;

/// A record of the head.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeadRecord<'t> {
    /// The record without its line end.
    pub(super) content: &'t str,
    pub(super) record: Record,
    /// Lines between the beginning of the head and the record.
    pub(super) lines_before: u64,
    pub(super) fields: usize,
    /// Whether it may be a comment.
    pub(super) may_be_comment: bool,
}

/// The records of the head by one syntax, without blank lines.
pub(super) struct Profile<'t> {
    pub(super) syntax: Syntax,
    pub(super) records: Vec<HeadRecord<'t>>,
    /// Fields in which text follows the closing quote, and quotes that are not closed.
    pub(super) faults: usize,
}

/// Records by which it is judged how many columns have values.
const WIDTH_RECORDS: usize = 1000;

/// How alike the records are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Consistency {
    /// The most frequent number of fields; the greater of equally frequent ones.
    pub(super) fields: usize,
    /// Records with that number.
    pub(super) records: usize,
    /// Records from the first one that may be the header, without comments.
    pub(super) total: usize,
    /// Records before that one.
    pub(super) titles: usize,
}

impl Consistency {
    pub(super) fn is_perfect(&self) -> bool {
        self.records == self.total && self.titles == 0
    }

    /// Records with the most frequent number of fields, per mille.
    pub(super) fn share(&self) -> usize {
        self.records * 1000 / self.total.max(1)
    }
}

impl<'t> Profile<'t> {
    pub(super) fn new(head: Head<'t>, syntax: Syntax) -> Self {
        let mut profile = Self {
            syntax,
            records: Vec::new(),
            faults: 0,
        };
        let (mut rest, mut lines_before) = (head.text, 0);
        while !rest.is_empty() && profile.records.len() < MAX_RECORDS {
            let may_be_comment = head
                .comment
                .is_some_and(|comment| rest.as_bytes()[0] == comment);
            let scan = if may_be_comment {
                line(rest.as_bytes(), head.is_whole)
            } else {
                syntax.scan(rest.as_bytes(), head.is_whole)
            };
            let Scan::Record(record) = scan else {
                // The end of the head cuts a record, unless it is the end of the text.
                profile.faults += usize::from(head.is_whole);
                break;
            };
            let content = &rest[..record.content];
            profile.faults += usize::from(record.stray.is_some());
            if !content.trim_matches(' ').is_empty() {
                profile.records.push(HeadRecord {
                    content,
                    record,
                    lines_before,
                    fields: count(syntax, content, &record),
                    may_be_comment,
                });
            }
            lines_before += 1 + record.line_breaks;
            rest = &rest[record.length..];
        }
        profile
    }

    /// Whether `record` may be a title above a table of `fields` columns: text in few fields, or in the first alone.
    ///
    /// A header with few names above rows that end with delimiters is none.
    pub(super) fn is_title(&self, record: &HeadRecord<'_>, fields: usize) -> bool {
        let mut texts = record.content.split(char::from(self.syntax.delimiter));
        let first = texts.next().unwrap_or_default();
        if Look::of(first) != Look::Text {
            return false;
        }
        let is_alone = fields > 2 && texts.all(|text| text.trim().is_empty());
        is_alone || (record.fields * 2 <= fields && record.fields * 2 <= self.width(fields))
    }

    /// Columns of the records of `fields` fields up to the last one that has a value.
    fn width(&self, fields: usize) -> usize {
        let delimiter = char::from(self.syntax.delimiter);
        let records = self.records.iter().filter(|record| record.fields == fields);
        let width = |record: &HeadRecord<'_>| {
            let filled = record.content.trim_end_matches([delimiter, ' ']);
            let empty = record.content[filled.len()..].matches(delimiter).count();
            fields.saturating_sub(empty)
        };
        records
            .take(WIDTH_RECORDS)
            .map(width)
            .max()
            .unwrap_or(fields)
    }

    /// How alike the records are, comments left out.
    pub(super) fn consistency(&self) -> Consistency {
        let records: Vec<&HeadRecord<'_>> = self
            .records
            .iter()
            .filter(|record| !record.may_be_comment)
            .collect();
        let records = if records.is_empty() {
            self.records.iter().collect()
        } else {
            records
        };
        let fields = most_frequent(records.iter().map(|record| record.fields));
        let titles = records
            .iter()
            .take_while(|record| fields > 1 && self.is_title(record, fields))
            .count();
        let titles = if titles == records.len() { 0 } else { titles };
        Consistency {
            fields,
            records: records[titles..]
                .iter()
                .filter(|record| record.fields == fields)
                .count(),
            total: records.len() - titles,
            titles,
        }
    }
}

impl HeadRecord<'_> {
    /// Whether no field has a value.
    pub(super) fn is_empty(&self, syntax: Syntax) -> bool {
        let mut texts = self.content.split(char::from(syntax.delimiter));
        texts.all(|text| text.trim().is_empty())
    }

    /// Whether every field has a text that is no number and no date.
    pub(super) fn is_all_text(&self, syntax: Syntax) -> bool {
        let texts = self.texts(syntax);
        texts.iter().all(|text| Look::of(text) == Look::Text)
    }

    /// The texts of its fields.
    pub(super) fn texts(&self, syntax: Syntax) -> Vec<String> {
        let mut splitter = Splitter::new(syntax, usize::MAX);
        splitter
            .split(self.content, &self.record)
            .texts()
            .map(str::to_owned)
            .collect()
    }
}

/// `text` behind its first `count` lines.
pub(super) fn behind_lines(text: &str, count: u64) -> &str {
    let mut rest = text;
    for _ in 0..count {
        match line(rest.as_bytes(), true) {
            Scan::Record(record) if !rest.is_empty() => rest = &rest[record.length..],
            _ => break,
        }
    }
    rest
}

fn count(syntax: Syntax, content: &str, record: &Record) -> usize {
    if record.is_quoted {
        syntax.count_fields(content.as_bytes())
    } else {
        syntax.count_plain(content.as_bytes())
    }
}

/// The most frequent of `counts`; the greatest of equally frequent ones, 0 of none.
fn most_frequent(counts: impl Iterator<Item = usize>) -> usize {
    let mut counts: Vec<usize> = counts.collect();
    counts.sort_unstable();
    let mut best = (0, 0);
    for group in counts.chunk_by(|a, b| a == b) {
        best = best.max((group.len(), group[0]));
    }
    best.1
}
