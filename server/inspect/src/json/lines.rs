//! One JSON object a line.

use std::io::{BufRead, Read};

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
    let mut table = Table::new(options, limits);
    let mut line = Vec::new();
    let mut has_content = false;
    for number in 1.. {
        let Some(is_ended) = read_line(stream, &mut line, limits.max_record_bytes)? else {
            break;
        };
        let content = line.trim_ascii();
        if !has_content && content.starts_with(b"[") {
            findings.push(array(number, content));
            return Ok(Inspection::default());
        }
        has_content |= !content.is_empty();
        if line.len() > limits.max_record_bytes {
            let limit = limits.max_record_bytes;
            table.faults.add(Fault::TooLong, number, || {
                format!("Line {number} is longer than {limit} bytes.")
            });
            if !is_ended && !skip_line(stream, limit)? {
                break;
            }
        } else {
            push(&mut table, content, number);
        }
        stream.rows = table.rows();
    }
    if !has_content {
        let msg = "There is no row: the object is empty or has blank lines only.";
        findings.push(finding(FindingType::NoRows, Severity::Error, msg));
        return Ok(Inspection::default());
    }
    Ok(table.finish(findings))
}

/// Reads a line, of which more than `max_bytes` are kept if it is longer; returns whether its end was read, or
/// nothing at the end of the object.
fn read_line(
    stream: &mut Stream<'_>,
    line: &mut Vec<u8>,
    max_bytes: usize,
) -> Result<Option<bool>, InspectError> {
    line.clear();
    // With a line end of two bytes.
    let limit = max_bytes as u64 + 2;
    if stream.by_ref().take(limit).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    let is_ended = line.last() == Some(&b'\n');
    for end in [b'\n', b'\r'] {
        if line.last() == Some(&end) {
            line.pop();
        }
    }
    Ok(Some(is_ended))
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
