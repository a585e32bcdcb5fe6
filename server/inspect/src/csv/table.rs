//! Columns, counts and sample of the rows read so far.

use std::sync::Arc;

use restow_api::{Column, ColumnType, FindingType, Severity};

use super::fields::Row;
use super::rows::Rows;
use crate::column::{ColumnBuilder, ColumnOptions, Columns};
use crate::dialect::Dialect;
use crate::findings::{Findings, finding};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::sample::Sample;

/// Columns, counts and sample of the rows read so far.
pub(super) struct Table {
    /// The first columns, those within the limit.
    columns: Columns<Rows>,
    /// Rows that are not yet added to `columns`.
    batch: Rows,
    /// Names of all columns.
    names: Vec<String>,
    null_values: Arc<[String]>,
    sample: Sample,
    rows: u64,
    /// Rows of nulls, which are in no batch.
    null_rows: u64,
}

impl Table {
    pub(super) fn new(names: Vec<String>, dialect: &Dialect, limits: &Limits) -> Self {
        let options = ColumnOptions {
            decimal: dialect.decimal,
            ..ColumnOptions::new(limits)
        };
        let mut columns = Columns::new();
        for (index, name) in names.iter().take(limits.max_columns).enumerate() {
            columns.add(ColumnBuilder::new(name.clone(), index, options));
        }
        let mut table = Self {
            columns,
            batch: Rows::default(),
            names,
            null_values: dialect.null_values.as_slice().into(),
            sample: Sample::new(limits),
            rows: 0,
            null_rows: 0,
        };
        table.begin_batch();
        table
    }

    fn begin_batch(&mut self) {
        self.batch.set_form(self.columns.len(), &self.null_values);
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds the row that begins on `line`.
    pub(super) fn push(&mut self, row: &Row<'_>, line: u64) {
        if self.sample.is_open() {
            let null_values = &self.null_values;
            let is_null =
                |text: &str| text.is_empty() || null_values.iter().any(|null| null == text);
            let texts = row.texts().take(self.names.len());
            self.sample
                .push(texts.map(|text| (!is_null(text)).then_some(text)));
        }
        self.batch.push(row, line);
        self.rows += 1;
        if self.batch.is_full() {
            self.batch = self.columns.push(std::mem::take(&mut self.batch));
            self.begin_batch();
        }
    }

    /// Adds rows of nulls.
    pub(super) fn push_nulls(&mut self, count: u64) {
        for _ in 0..count {
            if !self.sample.is_open() {
                break;
            }
            self.sample.push(self.names.iter().map(|_| None));
        }
        self.null_rows += count;
        self.rows += count;
    }

    /// What is known; `is_cut` if there is more in the object that could not be read.
    pub(super) fn finish(self, is_cut: bool, findings: &mut Findings) -> Inspection {
        let null_rows = self.null_rows;
        let read = self.columns.len();
        let all = self.names.len();
        if all > read {
            let msg = format!(
                "There are {all} columns: the types and statistics of those behind the first {read} are not known."
            );
            let mut bounded = finding(FindingType::InspectionBounded, Severity::Warning, msg);
            bounded.count = Some((all - read) as u64);
            findings.push(bounded);
        }
        let mut columns: Vec<Column> = self
            .columns
            .finish(self.batch)
            .into_iter()
            .map(|mut column| {
                column.push_nulls(null_rows);
                column.finish(findings)
            })
            .collect();
        if is_cut {
            columns = columns
                .into_iter()
                .map(|column| Column::new(column.name, column.column_type))
                .collect();
        }
        let rest = self.names.into_iter().skip(read);
        columns.extend(rest.map(|name| Column::new(name, ColumnType::String)));
        let types: Vec<_> = columns
            .iter()
            .map(|column| Some(column.column_type))
            .collect();
        Inspection {
            row_count: (!is_cut).then_some(self.rows),
            columns,
            sample: self.sample.finish(&types),
            ..Inspection::default()
        }
    }
}
