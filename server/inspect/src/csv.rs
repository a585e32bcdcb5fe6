//! Delimited text.
//!
//! - How it is written is detected in its head, see [`dialect`](crate::dialect), and every record is held to it.
//! - Records end with LF, CRLF or CR, unless that is within quotes. Blank lines are skipped; in a table of one column, a
//!   blank line between two rows is null.
//! - A field that is empty, quoted or not, or one of the null values is null. Types are those of
//!   [`text`](crate::text), and of a column the narrowest that every row fits.
//! - A record that does not fit is counted and left out, and the reading continues behind it. A quote that is not closed
//!   where it should be costs the line in which it opens, not those behind it.

mod fault_finding;
mod faults;
mod fields;
mod names;
mod records;
mod rows;
mod syntax;
mod table;

use restow_api::{Finding, FindingType, ReadOptions, Severity};

pub(crate) use self::fields::Splitter;
use self::records::Records;
pub(crate) use self::syntax::{Record, Scan, Syntax, line};
use crate::dialect::{self, Dialect, Head, delimiter_name};
use crate::error::InspectError;
use crate::findings::{Findings, finding};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::stream::Stream;

/// Reads delimited text whose extension suggests the delimiter `usual`, to its end.
///
/// `is_certain` is false where the text may also be no table; nothing is returned if it is none.
pub(crate) fn inspect(
    stream: &mut Stream<'_>,
    usual: u8,
    is_certain: bool,
    options: &ReadOptions,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Option<Inspection>, InspectError> {
    let mut detected = Findings::default();
    let (dialect, better) = {
        let text = std::str::from_utf8(stream.available()).unwrap_or_default();
        let head = Head::new(text, stream.is_at_end());
        if let Some(other) = dialect::lookalike(text) {
            findings.push(if is_certain {
                other
            } else {
                // It need not be a table.
                Finding {
                    severity: Severity::Info,
                    ..other
                }
            });
            return Ok(is_certain.then(Inspection::default));
        }
        let dialect = dialect::detect(head, usual, options, &mut detected);
        if !is_certain && !dialect::is_table(head, &dialect) {
            return Ok(None);
        }
        detected.extend(single_column(head, &dialect));
        // What is detected is the best there is.
        let stated = options.delimiter.as_ref();
        let better = stated.and_then(|_| dialect::other_delimiter(head, &dialect));
        (dialect, better)
    };
    findings.append(detected);
    let mut records = Records::new(&dialect, limits);
    records.read(stream)?;
    let mut faults = Findings::default();
    let mut inspection = records.finish(stream.is_cut(), &mut faults);
    if let Some(better) = better {
        let suggestion = format!("delimiter={}", char::from(better));
        faults.suggest(FindingType::RaggedRows, &suggestion);
    }
    findings.append(faults);
    inspection.dialect = Some(dialect.as_options(stream.encoding()));
    Ok(Some(inspection))
}

/// A finding about a table of one column: it is wrong if another delimiter makes columns of every row.
fn single_column(head: Head<'_>, dialect: &Dialect) -> Option<Finding> {
    let delimiter = dialect.syntax.delimiter;
    let has_columns = head
        .text
        .lines()
        .any(|line| line.contains(char::from(delimiter)));
    if head.text.trim().is_empty() || has_columns {
        return None;
    }
    let name = delimiter_name(delimiter);
    let other = dialect::other_delimiter(head, dialect);
    let (severity, msg) = match other {
        None => (
            Severity::Warning,
            format!(
                "There is only one column, since the text contains no {name}: state the delimiter if it is another character."
            ),
        ),
        Some(other) => {
            let severity = if dialect::is_usual(other) {
                Severity::Error
            } else {
                Severity::Warning
            };
            let condition = if dialect::is_usual(other) {
                ""
            } else {
                " if it is one"
            };
            let other = delimiter_name(other);
            let msg = format!(
                "There is only one column by the {name}, but the {other} makes the same number of columns in every row: state it as the delimiter{condition}."
            );
            (severity, msg)
        }
    };
    let mut single = finding(FindingType::SingleColumn, severity, msg);
    single.suggestion = other.map(|other| {
        let character = char::from(other);
        if character.is_control() && other != b'\t' {
            format!("delimiter={}", character.escape_default())
        } else {
            format!("delimiter={character}")
        }
    });
    Some(single)
}
