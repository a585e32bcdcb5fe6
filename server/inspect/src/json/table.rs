//! Columns, counts and sample of the records read so far.

use std::collections::HashMap;
use std::ops::Range;

use restow_api::{Finding, FindingType, ReadOptions, Severity};
use serde::de::IgnoredAny;
use serde_json::Value;

use super::faults::{Fault, Faults};
use super::object::{Members, read_members};
use super::value::shown;
use crate::column::{ColumnBuilder, ColumnOptions, Room};
use crate::findings::{Findings, finding};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::sample::Sample;

/// Bytes that a key takes beside its name, roughly.
const KEY_BYTES: usize = 32;

/// Columns, counts and sample of the records read so far.
pub(super) struct Table {
    keys: Keys,
    /// Members of the record that is being read: their columns, and where their values are in it.
    members: Vec<(usize, Range<usize>)>,
    null_values: Vec<String>,
    sample: Sample,
    max_value_bytes: usize,
    room: Room,
    rows: u64,
    pub(super) faults: Faults,
}

impl Table {
    pub(super) fn new(options: &ReadOptions, limits: &Limits) -> Self {
        let null_values = options.null_values.iter().flatten();
        Self {
            keys: Keys::new(limits),
            members: Vec::new(),
            null_values: null_values.map(|value| value.0.clone()).collect(),
            sample: Sample::new(limits),
            max_value_bytes: limits.max_sample_value_bytes,
            room: Room::new(),
            rows: 0,
            faults: Faults::default(),
        }
    }

    /// Rows so far.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds a record that begins in this line: one JSON object, without spaces around it. Any other is counted as a fault.
    pub(super) fn push(&mut self, record: &str, line: u64) {
        if !record.starts_with('{') {
            self.add_other(record, line);
            return;
        }
        self.members.clear();
        self.keys.record += 1;
        let mut members = RecordMembers {
            keys: &mut self.keys,
            members: &mut self.members,
            start: record.as_ptr() as usize,
            duplicate: None,
        };
        let result = read_members(record, &mut members);
        let duplicate = members.duplicate;
        if let Err(error) = result {
            self.faults.add_syntax(record, line, &error);
            return;
        }
        if let Some(index) = duplicate {
            let name = self.keys.seen[index].column.name();
            self.faults.add(Fault::DuplicateKey, line, || {
                format!("Line {line}: the key \"{name}\" comes twice in an object; its last value counts.")
            });
        }
        self.add(record, line);
    }

    /// Counts a record that is no object as a fault.
    fn add_other(&mut self, record: &str, line: u64) {
        match serde_json::from_str::<IgnoredAny>(record) {
            Ok(_) => self.faults.add(Fault::NotAnObject, line, || {
                format!(
                    "Line {line} is JSON, but not an object; write an object with a key for each column."
                )
            }),
            Err(error) => self.faults.add_syntax(record, line, &error),
        }
    }

    /// Adds the members of `record` to their columns.
    fn add(&mut self, record: &str, line: u64) {
        self.rows += 1;
        let mut row = self.sample.is_open().then(Vec::new);
        for (index, range) in self.members.drain(..) {
            let mut json = &record[range];
            if !self.null_values.is_empty() && is_null(json, &self.null_values) {
                json = "null";
            }
            if let Some(row) = &mut row {
                row.resize(row.len().max(index + 1), Value::Null);
                row[index] = shown(json, self.max_value_bytes);
            }
            let seen = &mut self.keys.seen[index];
            seen.present += 1;
            seen.column.push_json(json, line, &mut self.room);
        }
        if let Some(row) = row {
            self.sample.push_values(row);
        }
    }

    /// What was read. Of rows that could not be read, the number of rows is not known.
    pub(super) fn finish(self, findings: &mut Findings) -> Inspection {
        let rows = self.rows;
        let is_whole = !self.faults.has_errors();
        self.faults.finish(findings);
        self.keys.report(findings);
        if self.room.is_exceeded {
            let (levels, fields) = (Room::MAX_DEPTH, Room::MAX_FIELDS);
            let msg = format!(
                "Objects are nested deeper than {levels} levels or have more than {fields} fields: fields beyond are not listed."
            );
            findings.push(finding(FindingType::InspectionBounded, Severity::Info, msg));
        }
        if let Some((line, name)) = self.room.repeated {
            let msg = format!(
                "Line {line}: the key \"{name}\" comes twice in a nested object: its first value counts in the statistics, and its last one in the sample. Write each key once."
            );
            findings.push(Finding {
                line: Some(line),
                ..finding(FindingType::DuplicateKeys, Severity::Warning, msg)
            });
        }
        let finish = |mut seen: Seen| {
            seen.column.push_nulls(rows - seen.present);
            seen.column.finish(findings)
        };
        let columns: Vec<_> = self.keys.seen.into_iter().map(finish).collect();
        let sample = self.sample.finish(&vec![None; columns.len()]);
        Inspection {
            row_count: is_whole.then_some(rows),
            columns,
            sample,
            ..Inspection::default()
        }
    }
}

/// Whether `json` is a string that means null.
fn is_null(json: &str, null_values: &[String]) -> bool {
    json.starts_with('"')
        && serde_json::from_str::<String>(json).is_ok_and(|text| null_values.contains(&text))
}

/// The keys so far.
struct Keys {
    seen: Vec<Seen>,
    by_name: HashMap<String, usize>,
    options: ColumnOptions,
    max_bytes: usize,
    bytes: usize,
    /// Number of the record that is being read.
    record: u64,
    is_exceeded: bool,
}

/// A key that was seen.
struct Seen {
    column: ColumnBuilder,
    /// Rows that have the key.
    present: u64,
    /// Last record that has the key, so that a second value is noticed.
    record: u64,
}

impl Keys {
    fn new(limits: &Limits) -> Self {
        Self {
            seen: Vec::new(),
            by_name: HashMap::new(),
            options: ColumnOptions::new(limits),
            max_bytes: limits.max_header_bytes,
            bytes: 0,
            record: 0,
            is_exceeded: false,
        }
    }

    /// The column of `name`; none if there is no room for a further one.
    fn find(&mut self, name: &str) -> Option<usize> {
        if let Some(index) = self.by_name.get(name) {
            return Some(*index);
        }
        self.bytes += name.len() + KEY_BYTES;
        if self.bytes > self.max_bytes {
            self.is_exceeded = true;
            return None;
        }
        let index = self.seen.len();
        self.by_name.insert(name.to_owned(), index);
        self.seen.push(Seen {
            column: ColumnBuilder::new(name.to_owned(), index, self.options),
            present: 0,
            record: 0,
        });
        Some(index)
    }

    fn report(&self, findings: &mut Findings) {
        let max_columns = self.options.max_columns;
        if self.is_exceeded {
            let columns = self.seen.len();
            let msg = format!(
                "There are more keys than the {columns} that are listed: use a key for data only in nested objects."
            );
            findings.push(finding(
                FindingType::InspectionBounded,
                Severity::Warning,
                msg,
            ));
        }
        if self.seen.len() > max_columns {
            let msg = format!(
                "There are more than {max_columns} columns: those beyond have no statistics."
            );
            findings.push(finding(
                FindingType::InspectionBounded,
                Severity::Warning,
                msg,
            ));
        }
    }
}

/// The record that is being read.
struct RecordMembers<'c> {
    keys: &'c mut Keys,
    members: &'c mut Vec<(usize, Range<usize>)>,
    /// Address of the record.
    start: usize,
    /// A column of which the record has several values.
    duplicate: Option<usize>,
}

impl<'t> Members<'t> for RecordMembers<'_> {
    fn key(&mut self, key: &str) -> Option<usize> {
        // Objects mostly have the same keys in the same order.
        let next = self.members.last().map_or(0, |(last, _)| last + 1);
        match self.keys.seen.get(next) {
            Some(seen) if seen.column.name() == key => Some(next),
            _ => self.keys.find(key),
        }
    }

    fn value(&mut self, index: Option<usize>, json: &'t str) {
        let Some(index) = index else {
            return;
        };
        // The value is a slice of the record.
        let start = json.as_ptr() as usize - self.start;
        let range = start..start + json.len();
        let seen = &mut self.keys.seen[index];
        if seen.record == self.keys.record {
            self.duplicate = Some(index);
            self.members.retain(|(column, _)| *column != index);
        }
        seen.record = self.keys.record;
        self.members.push((index, range));
    }
}
