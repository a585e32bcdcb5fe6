//! What is wrong with the records of a JSON file.

use restow_api::{Finding, FindingType, Severity};

use crate::findings::{Findings, finding};

/// Places that a finding lists.
const MAX_EXAMPLES: usize = 5;

/// Words for numbers that JSON does not have.
const NOT_NUMBERS: [&str; 4] = ["NaN", "Infinity", "nan", "inf"];

/// Something that is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A number that JSON does not have.
    Number,
    /// Behind the object is a comma.
    Comma,
    /// The record is another JSON value than an object.
    NotAnObject,
    /// The record is not valid JSON.
    Syntax,
    /// There is no comma between two elements, or one too many.
    Separator,
    /// The record is not valid UTF-8.
    Encoding,
    /// The record is too long.
    TooLong,
    /// The object ends within a record.
    Truncated,
    /// The object has a key twice.
    DuplicateKey,
}

impl Fault {
    fn finding_type(self) -> FindingType {
        match self {
            Self::Number => FindingType::InvalidNumber,
            Self::Comma | Self::NotAnObject | Self::Syntax | Self::Separator => {
                FindingType::InvalidJson
            }
            Self::Encoding => FindingType::InvalidEncoding,
            Self::TooLong => FindingType::InspectionBounded,
            Self::Truncated => FindingType::Damaged,
            Self::DuplicateKey => FindingType::DuplicateKeys,
        }
    }

    fn severity(self) -> Severity {
        match self {
            Self::DuplicateKey => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// The faults so far.
#[derive(Debug, Default)]
pub(super) struct Faults {
    found: Vec<Found>,
}

/// All faults of one kind.
#[derive(Debug)]
struct Found {
    fault: Fault,
    /// The first one, in words.
    msg: String,
    line: u64,
    count: u64,
    lines: Vec<u64>,
}

impl Faults {
    /// Adds a fault in this line; `msg` is for the first one of its kind.
    pub(super) fn add(&mut self, fault: Fault, line: u64, msg: impl FnOnce() -> String) {
        if let Some(found) = self.found.iter_mut().find(|found| found.fault == fault) {
            found.count += 1;
            if found.lines.len() < MAX_EXAMPLES && found.lines.last() != Some(&line) {
                found.lines.push(line);
            }
        } else {
            self.found.push(Found {
                fault,
                msg: msg(),
                line,
                count: 1,
                lines: vec![line],
            });
        }
    }

    /// Adds what is wrong with the syntax of `record`, which begins in this line.
    pub(super) fn add_syntax(&mut self, record: &str, line: u64, error: &serde_json::Error) {
        let line = line + error.line().saturating_sub(1) as u64;
        let rest = rest_at(record, error);
        if let Some(word) = not_a_number(record, rest) {
            self.add(Fault::Number, line, || {
                format!("Line {line}: {word} is not JSON; write null.")
            });
        } else if rest.trim_start().starts_with(',') && record.starts_with('{') {
            self.add(Fault::Comma, line, || {
                format!("Line {line}: behind the object is a comma; remove it.")
            });
        } else {
            self.add(Fault::Syntax, line, || {
                let reason = error.to_string();
                let reason = reason
                    .rsplit_once(" at line ")
                    .map_or(reason.as_str(), |(reason, _)| reason);
                format!(
                    "Line {line} is not valid JSON: {reason}, at byte {} of the line.",
                    error.column()
                )
            });
        }
    }

    /// Whether a record could not be read.
    pub(super) fn has_errors(&self) -> bool {
        self.found
            .iter()
            .any(|found| found.fault.severity() == Severity::Error)
    }

    /// Adds the findings, one for each kind of fault.
    pub(super) fn finish(self, findings: &mut Findings) {
        findings.extend(self.found.into_iter().map(Found::into_finding));
    }
}

impl Found {
    fn into_finding(self) -> Finding {
        let msg = match self.count {
            1 => self.msg,
            count => format!("{} This occurs {count} times.", self.msg),
        };
        Finding {
            line: Some(self.line),
            count: Some(self.count),
            examples: self
                .lines
                .iter()
                .map(|line| format!("line {line}"))
                .collect(),
            ..finding(self.fault.finding_type(), self.fault.severity(), msg)
        }
    }
}

/// The record from the byte on at which reading failed.
fn rest_at<'t>(record: &'t str, error: &serde_json::Error) -> &'t str {
    let lines_before = error.line().saturating_sub(1);
    let start: usize = record
        .split_inclusive('\n')
        .take(lines_before)
        .map(str::len)
        .sum();
    let byte = (start + error.column().saturating_sub(1)).min(record.len());
    &record[record.floor_char_boundary(byte)..]
}

/// The word for a number at which reading failed: at its first byte, or at the second where that could begin another word.
fn not_a_number(record: &str, rest: &str) -> Option<&'static str> {
    let byte = record.len() - rest.len();
    let starts = byte.saturating_sub(1)..=byte;
    let word = |start: usize| {
        let text = record.get(start..)?;
        NOT_NUMBERS.into_iter().find(|word| text.starts_with(word))
    };
    starts.rev().find_map(word)
}
