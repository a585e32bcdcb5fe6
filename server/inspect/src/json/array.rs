//! One JSON array of objects; also objects one behind the other, since they often go by the same extension.

use std::io::BufRead;

use restow_api::{Finding, FindingType, ReadOptions, Severity};

use super::faults::Fault;
use super::split::Scan;
use super::table::Table;
use crate::error::InspectError;
use crate::findings::{Findings, finding};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::stream::Stream;

/// Reads a JSON text to its end.
///
/// One that is no table has no rows: an error where the caller states the format, else only a warning, since most JSON is no table.
pub(crate) fn inspect(
    stream: &mut Stream<'_>,
    options: &ReadOptions,
    limits: &Limits,
    findings: &mut Findings,
) -> Result<Inspection, InspectError> {
    let severity = match options.format {
        Some(_) => Severity::Error,
        None => Severity::Warning,
    };
    let mut reader = Reader {
        table: Table::new(options, limits),
        record: Vec::new(),
        line: 1,
        max_bytes: limits.max_record_bytes,
    };
    match reader.next(stream)? {
        None => {
            findings.push(finding(
                FindingType::NoRows,
                Severity::Error,
                "The object is empty.",
            ));
            Ok(Inspection::default())
        }
        Some(b'[') => {
            stream.consume(1);
            reader.array(stream, severity, findings)
        }
        Some(b'{') => reader.objects(stream, severity, findings),
        Some(_) => {
            reader.value(stream)?;
            let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&reader.record).is_ok();
            findings.push(if is_json {
                no_table("a single value", severity)
            } else {
                not_json(reader.line)
            });
            Ok(Inspection::default())
        }
    }
}

struct Reader {
    table: Table,
    /// The value that is being read.
    record: Vec<u8>,
    line: u64,
    max_bytes: usize,
}

/// How the reading of a value ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Complete,
    TooLong,
    Truncated,
}

impl Reader {
    /// The elements of an array, behind its bracket.
    fn array(
        mut self,
        stream: &mut Stream<'_>,
        severity: Severity,
        findings: &mut Findings,
    ) -> Result<Inspection, InspectError> {
        let mut is_first = true;
        let mut has_comma = false;
        loop {
            match self.next(stream)? {
                None => {
                    self.truncated();
                    break;
                }
                Some(b']') => {
                    stream.consume(1);
                    if has_comma {
                        self.separator("before the end of the array is a comma");
                    }
                    self.end(stream)?;
                    break;
                }
                Some(b',') => {
                    stream.consume(1);
                    if has_comma || is_first {
                        self.separator("a comma follows no element");
                    }
                    has_comma = true;
                    continue;
                }
                Some(b'{') => {}
                Some(_) if is_first => {
                    findings.push(no_table("an array of other values than objects", severity));
                    return Ok(Inspection::default());
                }
                Some(_) => {}
            }
            if !is_first && !has_comma {
                self.separator("between two elements is no comma");
            }
            (is_first, has_comma) = (false, false);
            if !self.element(stream)? {
                break;
            }
        }
        let mut inspection = self.table.finish(findings);
        inspection.format = Some("json".to_owned());
        Ok(inspection)
    }

    /// Objects one behind the other.
    fn objects(
        mut self,
        stream: &mut Stream<'_>,
        severity: Severity,
        findings: &mut Findings,
    ) -> Result<Inspection, InspectError> {
        let line = self.line;
        let ending = self.value(stream)?;
        if ending == Ending::TooLong || (ending == Ending::Complete && self.next(stream)?.is_none())
        {
            findings.push(no_table("a single object", severity));
            return Ok(Inspection::default());
        }
        let mut is_whole = self.push(line, ending);
        while is_whole && self.next(stream)?.is_some() {
            is_whole = self.element(stream)?;
        }
        findings.push(lines(severity));
        let mut inspection = self.table.finish(findings);
        inspection.format = Some("ndjson".to_owned());
        Ok(inspection)
    }

    /// Reads an element; returns false if nothing can be read behind it.
    fn element(&mut self, stream: &mut Stream<'_>) -> Result<bool, InspectError> {
        let line = self.line;
        let ending = self.value(stream)?;
        let is_whole = self.push(line, ending);
        stream.rows = self.table.rows();
        Ok(is_whole)
    }

    /// Adds the value that was read and begins in this line.
    fn push(&mut self, line: u64, ending: Ending) -> bool {
        match ending {
            Ending::TooLong => {
                let limit = self.max_bytes;
                self.table.faults.add(Fault::TooLong, line, || {
                    format!("The element that begins in line {line} is longer than {limit} bytes; what follows is not read.")
                });
            }
            Ending::Truncated => self.truncated(),
            Ending::Complete => match std::str::from_utf8(&self.record) {
                Ok(record) => self.table.push(record, line),
                Err(_) => self.table.faults.add(Fault::Encoding, line, || {
                    format!("The element that begins in line {line} is not valid UTF-8: state the file's encoding.")
                }),
            },
        }
        ending == Ending::Complete
    }

    /// Reads a value into `record`.
    fn value(&mut self, stream: &mut Stream<'_>) -> Result<Ending, InspectError> {
        self.record.clear();
        let mut scan = Scan::default();
        loop {
            let chunk = stream.fill_buf()?;
            if chunk.is_empty() {
                let is_complete = scan.is_complete_at_end();
                return Ok(if is_complete {
                    Ending::Complete
                } else {
                    Ending::Truncated
                });
            }
            let (count, is_end) = scan.push(chunk);
            if self.record.len() + count > self.max_bytes {
                return Ok(Ending::TooLong);
            }
            self.record.extend_from_slice(&chunk[..count]);
            self.line += line_ends(&chunk[..count]);
            stream.consume(count);
            if is_end {
                return Ok(Ending::Complete);
            }
        }
    }

    /// The next byte that is no space, which stays in the stream; none at the end.
    fn next(&mut self, stream: &mut Stream<'_>) -> Result<Option<u8>, InspectError> {
        loop {
            let chunk = stream.fill_buf()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let spaces = chunk
                .iter()
                .take_while(|byte| byte.is_ascii_whitespace())
                .count();
            let next = chunk.get(spaces).copied();
            self.line += line_ends(&chunk[..spaces]);
            stream.consume(spaces);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    /// Behind the array is nothing.
    fn end(&mut self, stream: &mut Stream<'_>) -> Result<(), InspectError> {
        if self.next(stream)?.is_some() {
            self.separator("behind the array is further content");
        }
        Ok(())
    }

    fn separator(&mut self, what: &str) {
        let line = self.line;
        self.table.faults.add(Fault::Separator, line, || {
            format!("Line {line} is not valid JSON: {what}.")
        });
    }

    fn truncated(&mut self) {
        let line = self.line;
        self.table.faults.add(Fault::Truncated, line, || {
            format!("The object ends in line {line} before the JSON does: it is truncated, or a quote or bracket is never closed.")
        });
    }
}

fn line_ends(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The content is valid JSON of another form.
fn no_table(what: &str, severity: Severity) -> Finding {
    let msg = format!("The content is {what}, no array of objects: it has no rows and columns.");
    finding(FindingType::InvalidJson, severity, msg)
}

fn not_json(line: u64) -> Finding {
    Finding {
        line: Some(line),
        ..finding(
            FindingType::InvalidJson,
            Severity::Error,
            format!(
                "Line {line} is not JSON: neither an array of objects nor an object begins there."
            ),
        )
    }
}

/// The content is objects without an array around them.
fn lines(severity: Severity) -> Finding {
    let is_stated = severity == Severity::Error;
    let msg = "The content is one JSON object behind the other, without an array around them: it is read as JSON lines.";
    Finding {
        suggestion: is_stated.then(|| "format=ndjson".to_owned()),
        ..finding(
            FindingType::LooksLikeJson,
            if is_stated { severity } else { Severity::Info },
            msg,
        )
    }
}
