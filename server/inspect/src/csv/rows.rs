//! Rows that wait to be added to their columns.

use std::sync::Arc;

use super::fields::Row;
use crate::column::{Batch, ColumnBuilder};

/// Bytes of text of a batch.
const TEXT_BYTES: usize = 256 * 1024;

/// Rows that a batch has at least: a column that is turned to for less costs more than its values.
const MIN_ROWS: usize = 16;

/// Bytes of text with which a batch is full whatever its rows.
const MAX_TEXT_BYTES: usize = 1024 * 1024;

/// Rows of delimited text.
#[derive(Default)]
pub(super) struct Rows {
    /// Columns of each row.
    width: usize,
    null_values: Arc<[String]>,
    text: String,
    /// Where in `text` the values are, row by row.
    bounds: Vec<(u32, u32)>,
    /// The line in which each row begins.
    lines: Vec<u64>,
}

impl Rows {
    /// Says what the rows that follow have in common.
    pub(super) fn set_form(&mut self, width: usize, null_values: &Arc<[String]>) {
        self.width = width;
        self.null_values = Arc::clone(null_values);
    }

    /// Adds the row that begins on `line`.
    pub(super) fn push(&mut self, row: &Row<'_>, line: u64) {
        let start = self.text.len();
        self.text.push_str(row.text);
        let end = self.bounds.len() + self.width;
        let bounds = row.bounds.iter().take(self.width);
        self.bounds
            .extend(bounds.map(|(from, to)| (position(start + from), position(start + to))));
        // Every row has a value for each column.
        self.bounds.resize(end, (0, 0));
        self.lines.push(line);
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes() >= MAX_TEXT_BYTES
            || (self.text.len() >= TEXT_BYTES && self.lines.len() >= MIN_ROWS)
    }
}

/// A position in the text of a batch, which is not much longer than the longest record.
fn position(position: usize) -> u32 {
    u32::try_from(position).expect("a batch is far below 4 GiB")
}

impl Batch for Rows {
    fn bytes(&self) -> usize {
        self.text.len() + size_of_val(&*self.bounds) + size_of_val(&*self.lines)
    }

    fn clear(&mut self) {
        if self.text.capacity() > 2 * MAX_TEXT_BYTES {
            self.text = String::new();
        }
        self.text.clear();
        self.bounds.clear();
        self.lines.clear();
    }

    fn add_to(&self, index: usize, column: &mut ColumnBuilder) {
        let bounds = self.bounds.iter().skip(index).step_by(self.width.max(1));
        for ((start, end), line) in bounds.zip(&self.lines) {
            let text = &self.text[*start as usize..*end as usize];
            if text.is_empty() || self.null_values.iter().any(|null| null == text) {
                column.push_nulls(1);
            } else {
                column.push_text(text, *line);
            }
        }
    }
}
