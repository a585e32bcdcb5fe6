//! What is wrong with the records of a JSON file.

use restow_api::{Finding, FindingType, Severity};

use crate::findings::{Findings, finding};

/// Places that a finding lists.
const MAX_EXAMPLES: usize = 5;

/// Words for numbers that JSON does not have.
const NOT_NUMBERS: [&str; 4] = ["NaN", "Infinity", "nan", "inf"];

/// Words that other languages have for JSON's own, and those.
const OTHER_WORDS: [(&str, &str); 5] = [
    ("None", "null"),
    ("nil", "null"),
    ("undefined", "null"),
    ("True", "true"),
    ("False", "false"),
];

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
                let what = in_words(record, rest, error);
                format!("Line {line} is not valid JSON: {what}.")
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

/// What is wrong with the syntax of `record`, and what to do, for mistakes that are often made.
fn in_words(record: &str, rest: &str, error: &serde_json::Error) -> String {
    let found = OTHER_WORDS.into_iter().find_map(|(word, instead)| {
        let at_error = record.len() - rest.len();
        let starts = [at_error, at_error.saturating_sub(1)];
        let is_here = |start: &usize| {
            record
                .get(*start..)
                .is_some_and(|text| text.starts_with(word))
        };
        starts.iter().any(is_here).then_some((word, instead))
    });
    let is_object = record.starts_with('{');
    if let Some((word, instead)) = found {
        format!("{word} is not JSON; write {instead}")
    } else if error.is_eof() && is_object {
        "the object does not end in its line; write each object in one line, or state the format json"
            .to_owned()
    } else if is_object && rest.trim_start().starts_with('{') {
        "behind the object another one begins; write each in a line of its own, or state the format json"
            .to_owned()
    } else if rest.starts_with('\'') {
        "a text is in single quotes; write double quotes".to_owned()
    } else if !is_object && !record.starts_with(['[', ']', '}', ',']) && error.column() <= 1 {
        "it does not begin with an object; write one object a line, or state the format of the file"
            .to_owned()
    } else {
        let reason = error.to_string();
        let reason = reason
            .rsplit_once(" at line ")
            .map_or(reason.as_str(), |(reason, _)| reason);
        let byte = error.column();
        format!("{reason}, at byte {byte} of the line; correct it")
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
