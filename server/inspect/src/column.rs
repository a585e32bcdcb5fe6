//! Columns of text and of JSON: their types and statistics, from values as they are written.
//!
//! The type of a column is known only at its end, so that everything is kept that may count then:
//!
//! ```text
//! ColumnBuilder ─┬─ kinds       how often values are of which kind, and where the first one is: the type, and findings
//!                ├─ shape       digits, date patterns and null markers
//!                ├─ written     statistics of values as text, as numbers and as times
//!                └─ nested      columns within objects and lists (JSON)
//! ```
//!
//! [`Columns`] are those of a table, which two threads fill.

mod columns;
mod finish;
mod kinds;
mod nested;
mod report;
mod shape;
mod written;

use restow_api::ColumnType;

pub(crate) use self::columns::{Batch, Columns};
pub(crate) use self::nested::{Nested, Room};

use self::kinds::{Kind, Kinds};
use self::shape::Shape;
use self::written::Written;
use crate::limits::Limits;
use crate::statistics::Budget;
use crate::text::{self, Scalar};

/// How the values of a column of text are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ColumnOptions {
    /// Decimal mark of numbers: `.` or `,`.
    pub(crate) decimal: u8,
    /// Most columns that get statistics; of further ones the name, type and nulls are kept.
    pub(crate) max_columns: usize,
}

impl ColumnOptions {
    /// Columns within `limits`, with a decimal point.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            decimal: b'.',
            max_columns: limits.max_columns,
        }
    }
}

/// A column of which rows are still being read.
#[derive(Debug)]
pub(crate) struct ColumnBuilder {
    name: String,
    nulls: u64,
    decimal: u8,
    is_json: bool,
    kinds: Kinds,
    shape: Shape,
    /// None for columns that get no statistics.
    written: Option<Box<Written>>,
    /// None before the first object or list.
    nested: Option<Box<Nested<Self>>>,
}

impl ColumnBuilder {
    /// The column at `index` of its file; the first ones get better statistics than the others.
    pub(crate) fn new(name: String, index: usize, options: ColumnOptions) -> Self {
        let has_statistics = index < options.max_columns;
        Self {
            written: has_statistics.then(|| Box::new(Written::new(Budget::of_column(index)))),
            decimal: options.decimal,
            ..Self::without_statistics(name)
        }
    }

    fn without_statistics(name: String) -> Self {
        Self {
            name,
            nulls: 0,
            decimal: b'.',
            is_json: false,
            kinds: Kinds::default(),
            shape: Shape::default(),
            written: None,
            nested: None,
        }
    }

    /// The same column with what is within its objects and lists.
    pub(crate) fn with_nested(self, nested: Option<Box<Nested<Self>>>) -> Self {
        Self { nested, ..self }
    }

    /// Narrowest type of the values so far.
    pub(crate) fn column_type(&self) -> ColumnType {
        self.kinds.column_type(self.shape.patterns)
    }

    /// Adds a value that is not null, on this line of the file.
    #[inline]
    pub(crate) fn push_text(&mut self, text: &str, line: u64) {
        let scalar = text::scalar(text, self.decimal);
        self.push(scalar, text, true, line);
    }

    /// Adds a JSON value as it is written, null or not, on this line of the file. What is within an object or a list is not
    /// looked at.
    pub(crate) fn push_json_value(&mut self, json: &str, line: u64) {
        self.is_json = true;
        match json.as_bytes()[0] {
            b'n' => self.push_nulls(1),
            b'"' => self.push_json_text(json, line),
            b't' | b'f' => self.push(Scalar::Boolean, json, false, line),
            start @ (b'{' | b'[') => {
                let kind = if start == b'{' {
                    Kind::Object
                } else {
                    Kind::Array
                };
                self.kinds.add(kind, line);
                if let Some(written) = &mut self.written {
                    written.add_nested(json);
                }
            }
            _ => self.push_json_number(json, line),
        }
    }

    fn push_json_text(&mut self, json: &str, line: u64) {
        let content = &json[1..json.len() - 1];
        if content.contains('\\') {
            // Half a surrogate pair is valid JSON and no text: its escape stands for it.
            let decoded = serde_json::from_str::<String>(json).ok();
            return self.push(
                Scalar::Text,
                decoded.as_deref().unwrap_or(content),
                true,
                line,
            );
        }
        self.push(text::string(content), content, true, line);
    }

    fn push_json_number(&mut self, json: &str, line: u64) {
        let scalar = match text::number(json, b'.') {
            number @ Scalar::Number(_) => number,
            // Beyond the range of a float; or a whole number with so many digits.
            _ => Scalar::Number(text::Number::INFINITE),
        };
        self.push(scalar, json, false, line);
    }

    #[inline]
    fn push(&mut self, scalar: Scalar, text: &str, is_text: bool, line: u64) {
        self.kinds.add(Kind::of(scalar), line);
        self.shape.add(scalar);
        if let Some(written) = &mut self.written {
            written.add(scalar, text, is_text);
        }
    }

    /// Adds null values.
    pub(crate) fn push_nulls(&mut self, count: u64) {
        self.nulls += count;
    }
}

#[cfg(test)]
mod tests;
