//! Statistics of values as they are written, each as whatever it can be.

use std::cmp::Ordering;

use restow_api::{Column, ColumnType};

use crate::statistics::{
    Budget, Extremes, Numbers, TextExtremes, Values, hash, set_extremes, set_values,
};
use crate::text::{Number, OtherDate, Patterns, Scalar};

/// Distinguishes a JSON value from the string with the same characters.
const NOT_TEXT: u64 = 0x5851_F42D_4C95_7F2D;

/// Statistics of the values so far.
#[derive(Debug)]
pub(super) struct Written {
    values: Values,
    texts: TextExtremes,
    integers: Extremes<i64>,
    /// Whole numbers beyond 64 bits, as far as they have less than 39 digits.
    wholes: Extremes<i128>,
    /// All other numbers.
    floats: Extremes<f64>,
    /// Seconds and nanoseconds.
    times: Extremes<(i64, u32)>,
    /// Numbers, and times in seconds.
    numbers: Numbers,
    /// Dates in other patterns.
    dates: Option<Box<OtherDates>>,
    budget: Budget,
}

/// Dates of which it is not known whether the day or the month comes first.
#[derive(Debug)]
struct OtherDates {
    day_first: Dates,
    month_first: Dates,
}

#[derive(Debug)]
struct Dates {
    extremes: Extremes<i64>,
    numbers: Numbers,
}

impl Written {
    pub(super) fn new(budget: Budget) -> Self {
        Self {
            values: Values::new(budget),
            texts: TextExtremes::default(),
            integers: Extremes::default(),
            wholes: Extremes::default(),
            floats: Extremes::default(),
            times: Extremes::default(),
            numbers: Numbers::new(budget),
            dates: None,
            budget,
        }
    }

    /// Adds a value; `is_text` unless it is a JSON value other than a string.
    #[inline]
    pub(super) fn add(&mut self, scalar: Scalar, text: &str, is_text: bool) {
        let number = match scalar {
            Scalar::Number(number) => {
                self.add_number(number, text);
                number.as_f64()
            }
            Scalar::Moment(moment) => {
                self.times.add((moment.seconds, moment.nanoseconds), text);
                self.numbers.add_time(moment.as_f64());
                moment.as_f64()
            }
            Scalar::OtherDate(date) => {
                self.add_date(date, text);
                0.0
            }
            Scalar::Boolean | Scalar::Numeral | Scalar::NullMarker(_) | Scalar::Text => 0.0,
        };
        let kind = if is_text { 0 } else { NOT_TEXT };
        self.values.add(hash(text.as_bytes()) ^ kind, number, text);
        self.texts.add(text);
    }

    /// Adds an object or a list.
    pub(super) fn add_nested(&mut self, json: &str) {
        self.values.add(hash(json.as_bytes()) ^ NOT_TEXT, 0.0, json);
        self.texts.add(json);
    }

    #[inline]
    fn add_number(&mut self, number: Number, text: &str) {
        match number {
            Number::Integer(integer) => self.integers.add(integer, text),
            Number::Whole { number, .. } => match text.parse() {
                Ok(whole) => self.wholes.add(whole, text),
                Err(_) => self.floats.add(number, text),
            },
            Number::Float { number, .. } => self.floats.add(number, text),
        }
        self.numbers.add(number.as_f64());
    }

    fn add_date(&mut self, date: OtherDate, text: &str) {
        let budget = self.budget;
        let dates = self.dates.get_or_insert_with(|| {
            Box::new(OtherDates {
                day_first: Dates::new(budget),
                month_first: Dates::new(budget),
            })
        });
        if let Some(seconds) = date.day_first {
            dates.day_first.add(seconds, text);
        }
        if let Some(seconds) = date.month_first {
            dates.month_first.add(seconds, text);
        }
    }

    /// Sets what is known in `column`, whose type is set.
    pub(super) fn finish_into(self, column: &mut Column, patterns: Patterns) {
        let mut values = self.values;
        match column.column_type {
            ColumnType::Object | ColumnType::Array => return,
            ColumnType::Integer | ColumnType::Float | ColumnType::Decimal => {
                if column.column_type == ColumnType::Float {
                    values.merge_equal_numbers();
                }
                self.numbers.finish_into(column, Some(&values));
                set_extremes(column, numeric(self.integers, self.wholes, self.floats));
            }
            ColumnType::Date if column.date_pattern.is_some() => {
                if let (Some(dates), Some((_, month_first))) = (self.dates, patterns.only()) {
                    let OtherDates {
                        day_first,
                        month_first: months,
                    } = *dates;
                    let dates = if month_first { months } else { day_first };
                    dates.numbers.finish_into(column, None);
                    set_extremes(column, dates.extremes.texts());
                }
            }
            ColumnType::Date | ColumnType::Timestamp => {
                self.numbers.finish_into(column, Some(&values));
                set_extremes(column, self.times.texts());
            }
            ColumnType::String => {
                if let Some((shortest, longest)) = self.texts.lengths() {
                    (column.min_length, column.max_length) = (Some(shortest), Some(longest));
                }
                set_extremes(column, self.texts.texts());
            }
            _ => set_extremes(column, self.texts.texts()),
        }
        set_values(column, values, true);
    }
}

impl Dates {
    fn new(budget: Budget) -> Self {
        Self {
            extremes: Extremes::default(),
            numbers: Numbers::new(budget),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds of dates are below 2^53"
    )]
    fn add(&mut self, seconds: i64, text: &str) {
        self.extremes.add(seconds, text);
        self.numbers.add_time(seconds as f64);
    }
}

/// Least and greatest number of all.
fn numeric(
    integers: Extremes<i64>,
    wholes: Extremes<i128>,
    floats: Extremes<f64>,
) -> Option<(String, String)> {
    let wholes = wholes.map_keys(Key::Whole);
    let floats = floats.map_keys(Key::Float);
    let mut extremes = integers.map_keys(|integer| Key::Whole(integer.into()));
    extremes.merge(wholes);
    extremes.merge(floats);
    extremes.texts()
}

/// A number that is compared with one of another kind.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Whole(i128),
    Float(f64),
}

impl Key {
    #[expect(clippy::cast_precision_loss, reason = "the other number is a float")]
    fn as_f64(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Float(float) => float,
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => Some(a.cmp(b)),
            (a, b) => a.as_f64().partial_cmp(&b.as_f64()),
        }
    }
}
