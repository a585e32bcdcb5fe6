//! Columns, counts and sample of the rows read so far.

use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch, StringArray};
use restow_api::ColumnType;

use crate::column::ColumnBuilder;
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::sample::Sample;
use crate::text;

/// Columns, counts and sample of the rows read so far.
pub(super) struct Table {
    columns: Vec<ColumnBuilder>,
    nulls: Vec<u64>,
    sample: Sample,
    rows: u64,
}

impl Table {
    pub(super) fn new(names: Vec<String>, limits: &Limits) -> Self {
        Self {
            nulls: vec![0; names.len()],
            columns: names.into_iter().map(ColumnBuilder::new).collect(),
            sample: Sample::new(limits),
            rows: 0,
        }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds the rows of `batch`, whose columns are all strings.
    pub(super) fn push(&mut self, batch: &RecordBatch) {
        let fields: Vec<&StringArray> = batch.columns().iter().map(AsArray::as_string).collect();
        for row in 0..batch.num_rows() {
            if !self.sample.is_open() {
                break;
            }
            self.sample.push(
                fields
                    .iter()
                    .map(|field| field.is_valid(row).then(|| field.value(row))),
            );
        }
        for ((column, nulls), field) in self.columns.iter_mut().zip(&mut self.nulls).zip(fields) {
            *nulls += field.null_count() as u64;
            widen(column, field);
        }
        self.rows += batch.num_rows() as u64;
    }

    pub(super) fn finish(self) -> Inspection {
        let types: Vec<ColumnType> = self
            .columns
            .iter()
            .map(ColumnBuilder::column_type)
            .collect();
        let columns = self
            .columns
            .into_iter()
            .zip(self.nulls)
            .map(|(column, nulls)| column.finish(nulls));
        Inspection {
            format: None,
            row_count: Some(self.rows),
            columns: columns.collect(),
            sample: self.sample.finish(&types),
        }
    }
}

/// Widens `column` for every value of `field`; a string is not looked at, since nothing is wider.
fn widen(column: &mut ColumnBuilder, field: &StringArray) {
    for value in field.iter().flatten() {
        if column.column_type() == ColumnType::String {
            return;
        }
        column.widen(text::narrowest(value));
    }
}
