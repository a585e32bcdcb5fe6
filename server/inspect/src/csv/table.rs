//! Columns, counts and sample of the rows read so far.

use restow_api::{Column, ColumnType, FindingType, Severity};

use super::fields::Row;
use crate::column::{ColumnBuilder, ColumnOptions};
use crate::dialect::Dialect;
use crate::findings::{Findings, finding};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::sample::Sample;

/// Columns, counts and sample of the rows read so far.
pub(super) struct Table {
    /// The first columns, those within the limit.
    columns: Vec<ColumnBuilder>,
    /// Names of all columns.
    names: Vec<String>,
    null_values: Vec<String>,
    sample: Sample,
    rows: u64,
}

impl Table {
    pub(super) fn new(names: Vec<String>, dialect: &Dialect, limits: &Limits) -> Self {
        let options = ColumnOptions {
            decimal: dialect.decimal,
            ..ColumnOptions::new(limits)
        };
        let columns = names.iter().take(limits.max_columns).enumerate();
        Self {
            columns: columns
                .map(|(index, name)| ColumnBuilder::new(name.clone(), index, options))
                .collect(),
            names,
            null_values: dialect.null_values.clone(),
            sample: Sample::new(limits),
            rows: 0,
        }
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds the row that begins on `line`.
    pub(super) fn push(&mut self, row: &Row<'_>, line: u64) {
        let null_values = self.null_values.as_slice();
        let is_null = |text: &str| text.is_empty() || null_values.iter().any(|null| null == text);
        if self.sample.is_open() {
            let texts = row.texts().take(self.names.len());
            self.sample
                .push(texts.map(|text| (!is_null(text)).then_some(text)));
        }
        for (column, text) in self.columns.iter_mut().zip(row.texts()) {
            if is_null(text) {
                column.push_nulls(1);
            } else {
                column.push_text(text, line);
            }
        }
        self.rows += 1;
    }

    /// Adds rows of nulls.
    pub(super) fn push_nulls(&mut self, count: u64) {
        for _ in 0..count {
            if !self.sample.is_open() {
                break;
            }
            self.sample.push(self.columns.iter().map(|_| None));
        }
        for column in &mut self.columns {
            column.push_nulls(count);
        }
        self.rows += count;
    }

    /// What is known; `is_cut` if there is more in the object that could not be read.
    pub(super) fn finish(self, is_cut: bool, findings: &mut Findings) -> Inspection {
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
            .into_iter()
            .map(|column| column.finish(findings))
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
