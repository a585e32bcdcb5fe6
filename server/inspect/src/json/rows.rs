//! Records that wait to be added to their columns.

use std::sync::Arc;

use crate::column::{Batch, ColumnBuilder};

/// Bytes of text of a batch.
const TEXT_BYTES: usize = 256 * 1024;

/// Values of a batch.
const VALUES: usize = 32 * 1024;

/// Records that a batch has at least: a column that is turned to for less costs more than its values.
const MIN_ROWS: usize = 16;

/// Bytes of text with which a batch is full whatever its records.
const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// Values of JSON records.
#[derive(Default)]
pub(super) struct Rows {
    null_values: Arc<[String]>,
    text: String,
    /// The values in the order of the records.
    values: Vec<Value>,
    /// The same values by their columns.
    sorted: Vec<Value>,
    /// Where in `sorted` the values of each column end; their beginning until they are sorted.
    ends: Vec<u32>,
    /// The line in which each record begins.
    lines: Vec<u64>,
}

/// A value of a record.
#[derive(Clone, Copy, Default)]
struct Value {
    column: u32,
    /// Index of the record.
    row: u32,
    /// Where the value is in the text.
    start: u32,
    end: u32,
}

impl Rows {
    pub(super) fn set_null_values(&mut self, null_values: &Arc<[String]>) {
        self.null_values = Arc::clone(null_values);
    }

    /// Begins a record in this line; returns where it is in the text.
    pub(super) fn begin(&mut self, record: &str, line: u64) -> usize {
        let start = self.text.len();
        self.text.push_str(record);
        self.lines.push(line);
        start
    }

    /// Adds a value of the last record, which is there in the text.
    pub(super) fn push(&mut self, column: usize, start: usize, end: usize) {
        self.values.push(Value {
            column: small(column),
            row: small(self.lines.len() - 1),
            start: small(start),
            end: small(end),
        });
    }

    pub(super) fn is_full(&self) -> bool {
        let is_large = self.text.len() >= TEXT_BYTES || self.values.len() >= VALUES;
        self.text.len() >= MAX_TEXT_BYTES || (is_large && self.lines.len() >= MIN_ROWS)
    }

    /// Sorts the values by their columns, of which there are `columns`. It is done once, when all values are there.
    pub(super) fn sort(&mut self, columns: usize) {
        self.ends.clear();
        self.ends.resize(columns + 1, 0);
        for value in &self.values {
            self.ends[value.column as usize + 1] += 1;
        }
        let mut sum = 0;
        for end in &mut self.ends {
            sum += *end;
            *end = sum;
        }
        self.sorted.resize(self.values.len(), Value::default());
        for value in &self.values {
            let place = &mut self.ends[value.column as usize];
            self.sorted[*place as usize] = *value;
            *place += 1;
        }
    }
}

/// A batch is not much longer than the longest record.
fn small(number: usize) -> u32 {
    u32::try_from(number).expect("a batch is far below 4 GiB")
}

impl Batch for Rows {
    fn bytes(&self) -> usize {
        self.text.len()
            + 2 * size_of_val(&*self.values)
            + size_of_val(&*self.ends)
            + size_of_val(&*self.lines)
    }

    fn clear(&mut self) {
        if self.text.capacity() > 2 * MAX_TEXT_BYTES || self.values.capacity() > 4 * VALUES {
            *self = Self::default();
        }
        self.text.clear();
        self.values.clear();
        self.sorted.clear();
        self.lines.clear();
    }

    fn add_to(&self, index: usize, column: &mut ColumnBuilder) {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        let values = start as usize..self.ends[index] as usize;
        for value in &self.sorted[values] {
            let mut json = &self.text[value.start as usize..value.end as usize];
            if !self.null_values.is_empty() && is_null(json, &self.null_values) {
                json = "null";
            }
            column.push_json_value(json, self.lines[value.row as usize]);
        }
    }
}

/// Whether `json` is a string that means null.
pub(super) fn is_null(json: &str, null_values: &[String]) -> bool {
    json.starts_with('"')
        && serde_json::from_str::<String>(json).is_ok_and(|text| null_values.contains(&text))
}
