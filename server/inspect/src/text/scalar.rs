//! What a text can be.

use super::moment::Moment;
use super::null_marker::NullMarker;
use super::pattern::OtherDate;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scalar {
    Boolean,
    Number(Number),
    /// Digits that a number would not keep: with leading zeros or a plus sign.
    Numeral,
    Moment(Moment),
    /// A date that is not written as `YYYY-MM-DD`.
    OtherDate(OtherDate),
    /// One of the texts that often mean null.
    NullMarker(NullMarker),
    Text,
}

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// A whole number within 64 bits with sign.
    Integer(i64),
    /// A whole number beyond that, of so many digits.
    Whole { number: f64, digits: usize },
    /// A number with a fraction or an exponent.
    Float {
        number: f64,
        /// Digits before the decimal mark, without a zero that stands alone.
        whole: usize,
        /// Digits behind the decimal mark.
        fraction: usize,
        has_exponent: bool,
    },
}
