//! One JSON object a line.

use std::io::BufRead;

use restow_api::{Finding, FindingType, ReadOptions, Severity};

use super::faults::Fault;
use super::table::Table;
use crate::error::InspectError;
use crate::findings::{Findings, finding};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::stream::Stream;

/// Lengths of the longest record up to which the rest of a longer one is skipped, so that the lines behind it are read.
const SKIPPED_LIMITS: usize = 8;

/// Reads JSON lines to their end.
pub(crate) fn inspect(
    stream: &mut Stream<'_>,
    options: &ReadOptions,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Inspection, InspectError> {
    let max_bytes = limits.max_record_bytes;
    let mut table = Table::new(options, limits);
    let mut has_content = false;
    for number in 1.. {
        let Some(line) = next_line(stream, max_bytes)? else {
            break;
        };
        let content = stream.available()[..line.content].trim_ascii();
        if !has_content && content.starts_with(b"[") {
            findings.push(array(number, content));
            return Ok(Inspection::default());
        }
        has_content |= !content.is_empty();
        let is_too_long = line.content > max_bytes;
        if is_too_long {
            table.faults.add(Fault::TooLong, number, || {
                format!("Line {number} is longer than {max_bytes} bytes.")
            });
        } else {
            push(&mut table, content, number);
        }
        stream.consume(line.length);
        stream.rows = table.rows();
        if is_too_long && !line.is_ended && !skip_line(stream, max_bytes)? {
            break;
        }
    }
    if !has_content {
        let msg = "There is no row: the object is empty or has blank lines only.";
        findings.push(finding(FindingType::NoRows, Severity::Error, msg));
        return Ok(Inspection::default());
    }
    Ok(table.finish(findings))
}

/// A line at the beginning of what is available.
struct Line {
    /// Bytes without its end.
    content: usize,
    /// Bytes with its end.
    length: usize,
    /// Whether its end was read.
    is_ended: bool,
}

/// Reads until a line is available, or more than `max_bytes` of it. None at the end of the object.
fn next_line(stream: &mut Stream<'_>, max_bytes: usize) -> Result<Option<Line>, InspectError> {
    let mut scanned = 0;
    loop {
        let text = stream.available();
        let end = memchr::memchr(b'\n', &text[scanned..]).map(|end| scanned + end);
        // With the first byte of a line end of two.
        let is_whole = end.is_some() || stream.is_at_end() || text.len() > max_bytes + 1;
        if is_whole {
            let content = &text[..end.unwrap_or(text.len())];
            let content = content.strip_suffix(b"\r").unwrap_or(content);
            return Ok((!text.is_empty()).then_some(Line {
                content: content.len(),
                length: end.map_or(text.len(), |end| end + 1),
                is_ended: end.is_some() || stream.is_at_end(),
            }));
        }
        scanned = text.len();
        stream.grow(max_bytes + 2)?;
    }
}

/// Skips the rest of a line that is too long; returns false if it is not a line at all, but has no end within reach.
fn skip_line(stream: &mut Stream<'_>, max_bytes: usize) -> Result<bool, InspectError> {
    let mut skipped = 0;
    while skipped <= max_bytes.saturating_mul(SKIPPED_LIMITS) {
        let chunk = stream.fill_buf()?;
        if chunk.is_empty() {
            return Ok(true);
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let count = end.map_or(chunk.len(), |end| end + 1);
        stream.consume(count);
        if end.is_some() {
            return Ok(true);
        }
        skipped += count;
    }
    Ok(false)
}

fn push(table: &mut Table, line: &[u8], number: u64) {
    if line.is_empty() {
        // Blank lines are skipped.
    } else if let Ok(text) = std::str::from_utf8(line) {
        table.push(text, number);
    } else {
        table.faults.add(Fault::Encoding, number, || {
            format!(
                "Line {number} is not valid UTF-8: write the file in UTF-8, or state its encoding."
            )
        });
    }
}

/// The content is an array, though its name says lines.
fn array(line: u64, content: &[u8]) -> Finding {
    let msg = format!(
        "Line {line} begins a JSON array, where one object a line is wanted: write a line for each object, or state the format json."
    );
    let behind = content[1..].trim_ascii_start().first();
    let has_objects = matches!(behind, None | Some(b'{'));
    Finding {
        line: Some(line),
        suggestion: has_objects.then(|| "format=json".to_owned()),
        ..finding(FindingType::LooksLikeJson, Severity::Error, msg)
    }
}
