//! Lines before the header: titles, comments and `sep=`.

use restow_api::{Finding, FindingType, ReadOptions, Severity};

use super::header;
use super::profile::{HeadRecord, Profile};
use super::stated::Stated;
use crate::findings::finding;

/// Rows by which header and decimal mark are detected.
const MAX_ROWS: usize = 200;

/// Rows by which it is detected whether a header follows comments.
const HEADER_ROWS: usize = 20;

/// Fields by which header and decimal mark are detected.
const MAX_FIELDS: usize = 50_000;

/// What is before the header.
pub(super) struct Preamble {
    pub(super) skip_lines: u64,
    pub(super) comment: Option<u8>,
    /// Index of the first record that is a row or the header.
    first: usize,
    /// Its line.
    pub(super) first_line: u64,
}

/// Detects what is before the header of a text of which `skipped` lines were skipped already.
pub(super) fn detect(
    profile: &Profile<'_>,
    skipped: u64,
    options: &ReadOptions,
    stated: &Stated,
) -> Preamble {
    let comment = stated
        .comment
        .or_detect(|| has_comments(profile).then_some(b'#'));
    let is_comment = |record: &HeadRecord<'_>| comment.is_some() && record.may_be_comment;
    // Without a header, a first row with one value is a row.
    let may_have_titles = options.skip_lines.is_none() && options.header != Some(false);
    let titles = if may_have_titles {
        titles(profile, is_comment)
    } else {
        0
    };
    let mut rows = (0..profile.records.len()).filter(|index| !is_comment(&profile.records[*index]));
    let first = rows.nth(titles).unwrap_or(profile.records.len());
    let lines = match profile.records.get(first) {
        Some(record) if titles > 0 => record.lines_before,
        _ => 0,
    };
    Preamble {
        skip_lines: skipped + lines,
        comment,
        first,
        first_line: skipped
            + 1
            + profile
                .records
                .get(first)
                .map_or(0, |record| record.lines_before),
    }
}

/// Whether lines that begin with `#` are comments: they have another number of fields than the rows, or are above what is a
/// header itself.
fn has_comments(profile: &Profile<'_>) -> bool {
    let fields = profile.consistency().fields;
    let is_comment = |record: &HeadRecord<'_>| record.may_be_comment;
    let Some(first_row) = profile
        .records
        .iter()
        .position(|record| !is_comment(record))
    else {
        return false;
    };
    let (leading, others) = profile.records.split_at(first_row);
    let mut further = others.iter().filter(|record| is_comment(record));
    if fields < 2 {
        return first_row > 0 && further.next().is_none();
    }
    if further.clone().any(|record| record.fields == fields) {
        return false;
    }
    let may_be_header = leading.last().is_some_and(|record| record.fields == fields);
    (first_row > 0 || further.next().is_some())
        && (!may_be_header || begins_with_header(profile, others))
}

/// Whether the first of `records` is the header of the others.
fn begins_with_header(profile: &Profile<'_>, records: &[HeadRecord<'_>]) -> bool {
    let rows = records.iter().filter(|record| !record.may_be_comment);
    let rows: Vec<Vec<String>> = rows
        .take(HEADER_ROWS)
        .map(|record| record.texts(profile.syntax))
        .collect();
    header::names_values(&rows)
}

/// Number of records before the header that are titles.
fn titles(profile: &Profile<'_>, is_comment: impl Fn(&HeadRecord<'_>) -> bool) -> usize {
    let fields = profile.consistency().fields;
    let rows = || profile.records.iter().filter(|record| !is_comment(record));
    if fields < 2 {
        return 0;
    }
    // Below and above titles, spreadsheets have rows without values.
    let is_title = |record: &&HeadRecord<'_>| profile.is_title(record, fields);
    let is_empty = |record: &&HeadRecord<'_>| record.is_empty(profile.syntax);
    let titles = rows()
        .take_while(|record| is_title(record) || is_empty(record))
        .count();
    let has_title = rows().take(titles).any(|record| is_title(&record));
    let has_header = rows()
        .nth(titles)
        .is_some_and(|record| record.is_all_text(profile.syntax));
    if titles == rows().count() || !(has_title || has_header) {
        0
    } else {
        titles
    }
}

/// The delimiter of a first line `sep=;`, which Excel reads.
pub(super) fn delimiter_line(head: &str) -> Option<u8> {
    let line = head.lines().next()?.split('\r').next()?;
    let line = line.trim_matches('"');
    let rest = line
        .get(..4)?
        .eq_ignore_ascii_case("sep=")
        .then(|| &line.as_bytes()[4..]);
    match rest {
        Some([delimiter]) if delimiter.is_ascii() => Some(*delimiter),
        _ => None,
    }
}

impl Preamble {
    /// The header, or the first row, and the rows behind it.
    pub(super) fn rows(&self, profile: &Profile<'_>) -> Vec<Vec<String>> {
        let mut fields = 0;
        profile.records[self.first..]
            .iter()
            .filter(|record| self.comment.is_none() || !record.may_be_comment)
            .take(MAX_ROWS)
            .take_while(|record| {
                let is_first = fields == 0;
                fields += record.fields;
                is_first || fields <= MAX_FIELDS
            })
            .map(|record| record.texts(profile.syntax))
            .collect()
    }

    pub(super) fn finding(&self, options: &ReadOptions) -> Option<Finding> {
        let lines = self.skip_lines;
        if options.skip_lines.is_some() || lines == 0 {
            return None;
        }
        let msg = match lines {
            1 => "The first line was skipped, and the rows begin behind it.".to_owned(),
            _ => format!("The first {lines} lines were skipped, and the rows begin behind them."),
        };
        let mut skipped = finding(FindingType::PreambleSkipped, Severity::Info, msg);
        skipped.line = Some(1);
        skipped.count = Some(lines);
        skipped.suggestion = Some(format!("skip_lines={lines}"));
        Some(skipped)
    }
}
