//! The records of the whole text, one after the other.

use std::io::BufRead;

use restow_api::{FindingType, Severity};

use super::faults::{Faults, MAX_EXAMPLE_BYTES};
use super::fields::Splitter;
use super::names;
use super::syntax::{Record, Scan, line, line_ends};
use super::table::Table;
use crate::dialect::Dialect;
use crate::error::InspectError;
use crate::findings::{Findings, finding};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::stream::Stream;

/// Most bytes that are read twice, because a quote was not closed where it should be.
const MAX_REREAD_BYTES: usize = 256 * 1024 * 1024;

/// Reads the records.
pub(super) struct Records<'d> {
    dialect: &'d Dialect,
    limits: &'d Limits,
    splitter: Splitter,
    /// None before the first record.
    table: Option<Table>,
    /// Number of the line that is read next.
    line: u64,
    /// Blank lines since the last record.
    blank_lines: u64,
    faults: Faults,
    findings: Findings,
    /// Whether the line that is read is too long to be kept.
    is_discarding: bool,
    reread_bytes: usize,
    /// Whether the header cannot be read, and with it nothing.
    has_ended: bool,
}

impl<'d> Records<'d> {
    pub(super) fn new(dialect: &'d Dialect, limits: &'d Limits) -> Self {
        Self {
            dialect,
            limits,
            splitter: Splitter::new(dialect.syntax, usize::MAX),
            table: None,
            line: 1,
            blank_lines: 0,
            faults: Faults::default(),
            findings: Findings::default(),
            is_discarding: false,
            reread_bytes: 0,
            has_ended: false,
        }
    }

    /// Reads `stream` to its end.
    pub(super) fn read(&mut self, stream: &mut Stream<'_>) -> Result<(), InspectError> {
        loop {
            let is_last = stream.is_at_end();
            // The stream is valid UTF-8 and does not cut characters.
            let text = std::str::from_utf8(stream.available()).unwrap_or_default();
            let used = self.read_text(text, is_last);
            stream.consume(used);
            stream.rows = self.table.as_ref().map_or(0, Table::rows);
            if is_last || self.has_ended {
                return Ok(());
            }
            // What is left is scanned again, so that it must grow by more than a little.
            stream.grow(self.limits.max_record_bytes + 1)?;
        }
    }

    /// Reads the records that end in `text`; returns how many bytes they have.
    fn read_text(&mut self, text: &str, is_last: bool) -> usize {
        let mut used = 0;
        while used < text.len() && !self.has_ended {
            let rest = &text[used..];
            let scan = if self.is_line(rest) {
                line(rest.as_bytes(), is_last)
            } else {
                self.dialect.syntax.scan(rest.as_bytes(), is_last)
            };
            match scan {
                Scan::Record(record) => used += self.take(rest, &record),
                Scan::Partial(_) if self.is_discarding => return text.len(),
                Scan::Partial(open) if is_last || rest.len() > self.limits.max_record_bytes => {
                    used += self.give_up(rest, open);
                }
                Scan::Partial(_) => return used,
            }
        }
        used
    }

    /// Whether a line is read that is no record, so that quotes in it mean nothing.
    fn is_line(&self, rest: &str) -> bool {
        self.is_discarding || self.line <= self.dialect.skip_lines || self.is_comment(rest)
    }

    fn is_comment(&self, rest: &str) -> bool {
        self.dialect
            .comment
            .is_some_and(|comment| rest.as_bytes()[0] == comment)
    }

    /// Takes the record at the beginning of `rest`; returns its bytes.
    fn take(&mut self, rest: &str, record: &Record) -> usize {
        let content = &rest[..record.content];
        let line = self.line;
        if self.is_discarding {
            self.is_discarding = false;
        } else if line <= self.dialect.skip_lines {
        } else if self.is_comment(rest) {
            self.faults.comments.add(line, || content.to_owned());
        } else if self.is_blank(content) {
            self.blank_lines += 1;
        } else if record.content > self.limits.max_record_bytes {
            let open = (record.line_breaks > 0).then_some(0);
            return self.give_up(&rest[..record.length], open);
        } else if record.stray.is_some() {
            self.faults
                .text_after_quote
                .add(line, || first_line(content).to_owned());
            // Without a header nothing behind it makes sense.
            self.has_ended = self.table.is_none();
            if record.line_breaks > 0 && self.may_reread(record.length) {
                self.line += 1;
                return first_line_length(rest);
            }
        } else {
            if record.line_breaks > 0 {
                self.faults
                    .line_breaks
                    .add(line, || first_line(content).to_owned());
            }
            self.add(content, record);
        }
        self.line += 1 + record.line_breaks;
        record.length
    }

    /// Whether there is no value; a line of spaces is one in a table of one column.
    fn is_blank(&self, content: &str) -> bool {
        let has_columns = self
            .table
            .as_ref()
            .is_none_or(|table| table.names().len() > 1);
        content.is_empty()
            || (has_columns
                && content.bytes().all(|byte| byte == b' ')
                && self.dialect.syntax.delimiter != b' ')
    }

    /// Leaves out the line at the beginning of `rest`, which is too long or opens a quote that is never closed.
    fn give_up(&mut self, rest: &str, open: Option<usize>) -> usize {
        let length = first_line_length(rest);
        let first = || first_line(rest).to_owned();
        match open {
            Some(_) => self.faults.unclosed_quote.add(self.line, first),
            None => self.faults.too_long.add(self.line, first),
        }
        self.has_ended = self.table.is_none();
        if length == 0 || !self.may_reread(rest.len()) {
            self.is_discarding = !rest.ends_with(['\n', '\r']);
            self.line += line_ends(rest.as_bytes());
            return rest.len();
        }
        self.line += 1;
        length
    }

    fn may_reread(&mut self, bytes: usize) -> bool {
        self.reread_bytes += bytes;
        self.reread_bytes <= MAX_REREAD_BYTES
    }

    /// Adds the record: it is the header or a row.
    fn add(&mut self, content: &str, record: &Record) {
        if self.table.is_none() {
            let is_header = self.begin(content, record);
            if is_header || self.has_ended {
                return;
            }
        }
        let Some(table) = &mut self.table else {
            return;
        };
        let wanted = table.names().len();
        let row = self.splitter.split(content, record);
        if table.names().len() == 1 && self.blank_lines > 0 {
            table.push_nulls(self.blank_lines);
        }
        self.blank_lines = 0;
        let ends_with_delimiter = self.dialect.ends_with_delimiter
            && row.count == wanted + 1
            && row.texts().last() == Some("");
        if row.count == wanted || ends_with_delimiter {
            table.push(&row, self.line);
        } else {
            let surplus = content.as_bytes().last() == Some(&self.dialect.syntax.delimiter);
            self.faults.ragged.add(self.line, row.count, surplus);
        }
    }

    /// Begins the table with its first record; whether that is the header.
    fn begin(&mut self, content: &str, record: &Record) -> bool {
        let is_header = self.dialect.has_header;
        if content.len() > self.limits.max_header_bytes {
            let msg = format!(
                "The first row is longer than {} bytes: the object is probably in another format, so name or state the right one.",
                self.limits.max_header_bytes
            );
            let mut bounded = finding(FindingType::InspectionBounded, Severity::Error, msg);
            bounded.line = Some(self.line);
            self.findings.push(bounded);
            self.has_ended = true;
            return is_header;
        }
        let row = self.splitter.split(content, record);
        let names = if is_header {
            names::of_header(&row, self.line, &mut self.findings)
        } else {
            names::of_positions(row.count)
        };
        let kept = names.len() + usize::from(self.dialect.ends_with_delimiter);
        self.splitter.set_max_fields(kept);
        self.table = Some(Table::new(names, self.dialect, self.limits));
        self.blank_lines = 0;
        is_header
    }

    /// What was read; `is_cut` if there is more in the object.
    pub(super) fn finish(mut self, is_cut: bool, findings: &mut Findings) -> Inspection {
        findings.append(self.findings);
        let Some(table) = self.table.take() else {
            if !self.has_ended && !self.faults.hide_rows() {
                let msg =
                    "There is no row and no header: the object is empty or has blank lines only.";
                findings.push(finding(FindingType::NoRows, Severity::Error, msg));
            }
            self.faults
                .into_findings(&[], 0, self.limits.max_record_bytes, self.dialect, findings);
            return Inspection::default();
        };
        let hides_rows = self.faults.hide_rows();
        let ragged = self.faults.ragged.tally.count;
        let names = table.names().to_vec();
        self.faults.into_findings(
            &names,
            table.rows(),
            self.limits.max_record_bytes,
            self.dialect,
            findings,
        );
        let mut inspection = table.finish(is_cut, findings);
        inspection.row_count = inspection
            .row_count
            .filter(|_| !hides_rows)
            .map(|rows| rows + ragged);
        if hides_rows || ragged > 0 {
            // Rows whose values belong to no column may have nulls.
            for column in &mut inspection.columns {
                column.nulls = None;
            }
        }
        inspection
    }
}

/// The first line of `text` as an example, of which only the beginning is shown.
fn first_line(text: &str) -> &str {
    let head = &text[..text.floor_char_boundary(MAX_EXAMPLE_BYTES + 1)];
    head.split(['\n', '\r']).next().unwrap_or_default()
}

/// Bytes of the first line of `text` with its line end; 0 where it has none.
fn first_line_length(text: &str) -> usize {
    match line(text.as_bytes(), false) {
        Scan::Record(record) => record.length,
        Scan::Partial(_) => 0,
    }
}
