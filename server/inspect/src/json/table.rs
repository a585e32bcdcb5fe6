//! Columns, counts and sample of the records read so far.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use restow_api::{Finding, FindingType, ReadOptions, Severity};
use serde::de::IgnoredAny;
use serde_json::Value;

use super::faults::{Fault, Faults};
use super::object::{Members, read_members};
use super::plain::read_plain;
use super::rows::{Rows, is_null};
use super::value::shown;
use crate::column::{ColumnBuilder, ColumnOptions, Columns, Nested, Room};
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
    /// Records that are not yet added to their columns.
    batch: Rows,
    null_values: Arc<[String]>,
    sample: Sample,
    max_value_bytes: usize,
    room: Room,
    rows: u64,
    pub(super) faults: Faults,
}

impl Table {
    pub(super) fn new(options: &ReadOptions, limits: &Limits) -> Self {
        let null_values = options.null_values.iter().flatten();
        let null_values = null_values.map(|value| value.0.clone()).collect();
        let mut batch = Rows::default();
        batch.set_null_values(&null_values);
        Self {
            keys: Keys::new(limits),
            members: Vec::new(),
            batch,
            null_values,
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
        let (result, duplicate) =
            match self.read(record, |record, members| read_plain(record, members)) {
                (Some(()), duplicate) => (Ok(()), duplicate),
                (None, _) => self.read(record, |record, members| read_members(record, members)),
            };
        if let Err(error) = result {
            self.faults.add_syntax(record, line, &error);
            return;
        }
        if let Some(index) = duplicate {
            let name = &self.keys.seen[index].name;
            self.faults.add(Fault::DuplicateKey, line, || {
                format!("Line {line}: the key \"{name}\" comes twice in an object; its last value counts.")
            });
        }
        self.add(record, line);
    }

    /// Reads the members of a record by `read`; returns what that does, and a column of which the record has several values.
    fn read<'r, T>(
        &mut self,
        record: &'r str,
        read: impl FnOnce(&'r str, &mut RecordMembers<'_>) -> T,
    ) -> (T, Option<usize>) {
        self.members.clear();
        self.keys.record += 1;
        let mut members = RecordMembers {
            keys: &mut self.keys,
            members: &mut self.members,
            start: record.as_ptr() as usize,
            duplicate: None,
        };
        let result = read(record, &mut members);
        (result, members.duplicate)
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
        let is_sampled = self.sample.is_open();
        let mut row = Vec::new();
        let start = self.batch.begin(record, line);
        for (index, range) in self.members.drain(..) {
            let json = &record[range.clone()];
            if is_sampled {
                let is_null = !self.null_values.is_empty() && is_null(json, &self.null_values);
                let json = if is_null { "null" } else { json };
                row.resize(row.len().max(index + 1), Value::Null);
                row[index] = shown(json, self.max_value_bytes);
            }
            let seen = &mut self.keys.seen[index];
            seen.present += 1;
            if json.starts_with(['{', '[']) {
                let nested = seen.nested.get_or_insert_default();
                nested.push(json, line, &mut self.room);
            }
            self.batch
                .push(index, start + range.start, start + range.end);
        }
        if is_sampled {
            self.sample.push_values(row);
        }
        if self.batch.is_full() {
            let mut batch = std::mem::take(&mut self.batch);
            batch.sort(self.keys.columns.len());
            self.batch = self.keys.columns.push(batch);
            self.batch.set_null_values(&self.null_values);
        }
    }

    /// What was read. Of rows that could not be read, the number of rows is not known.
    pub(super) fn finish(mut self, findings: &mut Findings) -> Inspection {
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
        self.batch.sort(self.keys.columns.len());
        let columns = self.keys.columns.finish(self.batch).into_iter();
        let columns = columns.zip(self.keys.seen).map(|(mut column, seen)| {
            column.push_nulls(rows - seen.present);
            column.with_nested(seen.nested).finish(findings)
        });
        let columns: Vec<_> = columns.collect();
        let sample = self.sample.finish(&vec![None; columns.len()]);
        Inspection {
            row_count: is_whole.then_some(rows),
            columns,
            sample,
            ..Inspection::default()
        }
    }
}

/// The keys so far.
struct Keys {
    columns: Columns<Rows>,
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
    name: String,
    /// What is within the objects and lists of the column: it is added at once, since all columns share the room for it.
    nested: Option<Box<Nested<ColumnBuilder>>>,
    /// Rows that have the key.
    present: u64,
    /// Last record that has the key, so that a second value is noticed.
    record: u64,
}

impl Keys {
    fn new(limits: &Limits) -> Self {
        Self {
            columns: Columns::new(),
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
        let column = ColumnBuilder::new(name.to_owned(), index, self.options);
        self.columns.add(column);
        self.seen.push(Seen {
            name: name.to_owned(),
            nested: None,
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
            Some(seen) if seen.name == key => Some(next),
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
