//! Statistics of the values of a column, from every one of them, in memory that does not grow with them.
//!
//! ```text
//! Statistics ─┬─ values     distinct values and the most frequent ones: exact for few, else estimated
//!             ├─ extremes   least and greatest, as written
//!             ├─ moments    mean and standard deviation of numbers
//!             └─ reservoir  histogram of numbers and times: exact for few values, else from a sample
//! ```
//!
//! A column of text has the same parts, but learns only at its end which of them count; see [`column`](crate::column).

mod budget;
mod extremes;
mod moments;
mod numbers;
mod reservoir;
mod values;

use std::fmt::Display;

use restow_api::{Column, TopValue};
use serde_json::Value;

pub(crate) use self::budget::Budget;
pub(crate) use self::extremes::{Extremes, TextExtremes};
pub(crate) use self::numbers::Numbers;
pub(crate) use self::values::{Values, hash};
use crate::sample::as_written;

/// Most frequent values that are listed.
const TOP: usize = 5;

/// Statistics of typed values, all of one type: one of the methods is called for each. Nulls are counted by the caller.
#[derive(Debug)]
pub(crate) struct Statistics {
    values: Values,
    texts: TextExtremes,
    ordered: Extremes<i128>,
    floats: Extremes<f64>,
    numbers: Numbers,
    is_binary: bool,
}

impl Statistics {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            values: Values::new(budget),
            texts: TextExtremes::default(),
            ordered: Extremes::default(),
            floats: Extremes::default(),
            numbers: Numbers::new(budget),
            is_binary: false,
        }
    }

    pub(crate) fn boolean(&mut self, value: bool) {
        self.values.add(hash(&[u8::from(value)]), 0.0, value);
        self.ordered.add(i128::from(value), value);
    }

    /// A whole number, with or without sign.
    pub(crate) fn integer(&mut self, value: i128) {
        self.decimal(value, as_number(value), value);
    }

    /// A number of fixed precision: its digits as a whole number, itself, and how it is shown.
    pub(crate) fn decimal(&mut self, unscaled: i128, number: f64, shown: impl Display) {
        self.values
            .add(hash(&unscaled.to_le_bytes()), number, &shown);
        self.ordered.add(unscaled, &shown);
        self.numbers.add(number);
    }

    /// A floating-point number and how it is shown. NaN is neither least nor greatest; with NaN or infinities among the numbers
    /// they have neither mean nor histogram.
    pub(crate) fn float(&mut self, value: f64, shown: impl Display) {
        // Zeros are equal, and so are all NaNs, whatever their bits.
        let bits = if value == 0.0 {
            0
        } else if value.is_nan() {
            f64::NAN.to_bits()
        } else {
            value.to_bits()
        };
        self.values.add(hash(&bits.to_le_bytes()), value, &shown);
        self.floats.add(value, &shown);
        self.numbers.add(value);
    }

    /// A date, a time of day, a timestamp or a duration: in a unit that orders the values, in seconds, and how it is shown.
    pub(crate) fn time(&mut self, ticks: i128, seconds: f64, shown: impl Display) {
        self.values.add(hash(&ticks.to_le_bytes()), seconds, &shown);
        self.ordered.add(ticks, &shown);
        self.numbers.add_time(seconds);
    }

    pub(crate) fn text(&mut self, value: &str) {
        self.values.add(hash(value.as_bytes()), 0.0, value);
        self.texts.add(value);
    }

    /// Bytes that are not text: their distinct values are counted, and nothing else.
    pub(crate) fn bytes(&mut self, value: &[u8]) {
        self.is_binary = true;
        self.values.add(hash(value), 0.0, "");
    }

    /// Sets what is known in `column`, whose type is set.
    pub(crate) fn finish_into(self, column: &mut Column) {
        if let Some((shortest, longest)) = self.texts.lengths() {
            (column.min_length, column.max_length) = (Some(shortest), Some(longest));
        }
        self.numbers.finish_into(column, Some(&self.values));
        let extremes = self
            .ordered
            .texts()
            .or_else(|| self.floats.texts())
            .or_else(|| self.texts.texts());
        set_extremes(column, extremes);
        set_values(column, self.values, !self.is_binary);
    }
}

/// Sets least and greatest value, which are numbers or texts.
pub(crate) fn set_extremes(column: &mut Column, extremes: Option<(String, String)>) {
    let Some((least, greatest)) = extremes else {
        return;
    };
    let json = |text| match as_written(column.column_type, text) {
        Value::Bool(value) => Value::String(value.to_string()),
        other => other,
    };
    (column.min, column.max) = (Some(json(least)), Some(json(greatest)));
}

/// Sets the number of distinct values, and the most frequent ones unless they cannot be shown.
pub(crate) fn set_values(column: &mut Column, values: Values, is_shown: bool) {
    column.distinct = Some(values.distinct());
    if !is_shown {
        return;
    }
    let top = values.top(TOP).into_iter();
    column.top = top
        .map(|entry| TopValue {
            value: as_written(column.column_type, entry.text.unwrap_or_default().into()),
            count: entry.count,
            is_exact: entry.is_exact,
        })
        .collect();
}

#[expect(
    clippy::cast_precision_loss,
    reason = "for mean and histogram, which are floating-point numbers"
)]
fn as_number(value: i128) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests;
