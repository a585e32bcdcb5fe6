//! How the values of a column are written: what the full type needs beside the kinds.

use restow_api::ColumnType;

use super::kinds::{Kind, Kinds};
use crate::text::{NullMarker, Number, Patterns, Scalar};

/// Most digits of a decimal in Arrow.
const MAX_DECIMAL_DIGITS: usize = 76;

/// How the values so far are written.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) patterns: Patterns,
    pub(super) markers: NullMarker,
    /// Most digits before the decimal mark, and behind it.
    whole_digits: usize,
    fraction_digits: usize,
    has_exponent: bool,
    /// Numbers beyond the range of 64-bit floats.
    pub(super) overflows: u64,
    has_nanoseconds: bool,
}

impl Shape {
    #[inline]
    pub(super) fn add(&mut self, scalar: Scalar) {
        match scalar {
            Scalar::Number(number) => self.add_number(number),
            Scalar::Moment(moment) => {
                self.has_nanoseconds |= moment.time.is_some_and(|time| time.has_nanoseconds);
            }
            Scalar::OtherDate(date) => self.patterns.add(date),
            Scalar::NullMarker(marker) => self.markers.add(marker),
            Scalar::Boolean | Scalar::Numeral | Scalar::Text => {}
        }
    }

    #[inline]
    fn add_number(&mut self, number: Number) {
        match number {
            // Digits are only wanted of a decimal, and less than nineteen are no more than those of the number that makes it one.
            Number::Integer(integer) => {
                if number.is_long() {
                    let digits = integer.unsigned_abs().ilog10() as usize + 1;
                    self.whole_digits = self.whole_digits.max(digits);
                }
            }
            Number::Whole { digits, .. } => self.whole_digits = self.whole_digits.max(digits),
            Number::Float {
                whole,
                fraction,
                has_exponent,
                number,
            } => {
                self.overflows += u64::from(number.is_infinite());
                self.whole_digits = self.whole_digits.max(whole);
                self.fraction_digits = self.fraction_digits.max(fraction);
                self.has_exponent |= has_exponent;
            }
        }
    }
}

/// The full type in Arrow's notation; none for objects and lists, and where Arrow has no type that holds every value.
pub(super) fn data_type(column_type: ColumnType, kinds: &Kinds, shape: &Shape) -> Option<String> {
    let name = match column_type {
        ColumnType::Null => "null",
        ColumnType::Boolean => "bool",
        ColumnType::Integer => "int64",
        ColumnType::Float => "double",
        ColumnType::Date => "date32[day]",
        ColumnType::String => "string",
        ColumnType::Decimal => return decimal(shape),
        ColumnType::Timestamp => return timestamp(kinds, shape),
        ColumnType::Time | ColumnType::Binary | ColumnType::Object | ColumnType::Array => {
            return None;
        }
    };
    Some(name.to_owned())
}

fn decimal(shape: &Shape) -> Option<String> {
    let scale = shape.fraction_digits;
    let precision = shape.whole_digits + scale;
    let bits = if precision <= 38 { 128 } else { 256 };
    let fits = precision <= MAX_DECIMAL_DIGITS && !shape.has_exponent;
    fits.then(|| format!("decimal{bits}({precision}, {scale})"))
}

/// A timestamp with a zone and one without have no common type.
fn timestamp(kinds: &Kinds, shape: &Shape) -> Option<String> {
    let unit = if shape.has_nanoseconds { "ns" } else { "us" };
    match (
        kinds.count(Kind::Timestamp),
        kinds.count(Kind::ZonedTimestamp),
    ) {
        (_, 0) => Some(format!("timestamp[{unit}]")),
        (0, _) => Some(format!("timestamp[{unit}, tz=UTC]")),
        _ => None,
    }
}
