//! What a value is that is written as text.
//!
//! - boolean: `true` and `false`, also `True`, `TRUE`, `False`, `FALSE`. Not 0 and 1, not yes and no.
//! - integer: an optional `-` and digits, within 64 bits with sign. A leading zero (`007`, a postcode) or `+` (a
//!   telephone number) makes a string, since reading it as a number would lose it.
//! - decimal: a whole number beyond 64 bits.
//! - float: digits with a fraction or an exponent, the digits before the decimal mark may be missing (`.5`). `NaN`, `inf` and what
//!   overflows to infinity are strings: JSON has no such numbers, and both are words.
//! - date: `YYYY-MM-DD`, a day of the Gregorian calendar in the years 0001 to 9999, or one of the [other patterns](pattern).
//! - timestamp: a date, `T` or a space, `HH:MM`, and optionally `:SS`, a fraction, and `Z`, ` UTC`, `±HH`, `±HHMM` or `±HH:MM`.
//! - string: everything else, also any of the above within spaces.

mod digits;
mod moment;
mod null_marker;
mod number;
mod pattern;
mod scalar;

pub(crate) use self::moment::moment;
pub(crate) use self::null_marker::{NullMarker, null_marker};
pub(crate) use self::number::number;
pub(crate) use self::pattern::{OtherDate, Patterns, other_date};
pub(crate) use self::scalar::{Number, Scalar};

/// What `text` is, which is not empty. Numbers have the given decimal mark.
#[inline]
pub(crate) fn scalar(text: &str, decimal: u8) -> Scalar {
    match text.as_bytes() {
        [b't' | b'T' | b'f' | b'F', ..] => boolean(text),
        // A number also has a minus sign here, but behind an `e`.
        [_, _, _, b'0'..=b'9', b'-', ..] => moment(text).map_or(Scalar::Text, Scalar::Moment),
        [b'0'..=b'9', ..] => digits(text, decimal),
        [b'-' | b'.' | b',', ..] => match number(text, decimal) {
            Scalar::Text => marker(text),
            number => number,
        },
        [b'+', digits @ ..] if !digits.is_empty() && digits.iter().all(u8::is_ascii_digit) => {
            Scalar::Numeral
        }
        [b'N' | b'n' | b'#' | b'\\' | b'<' | b'(', ..] => marker(text),
        _ => Scalar::Text,
    }
}

/// What the content of a JSON string is: a text, which may be a date, a timestamp or mean null.
#[inline]
pub(crate) fn string(text: &str) -> Scalar {
    match text.as_bytes() {
        [b'0'..=b'9', ..] => match moment(text) {
            Some(moment) => Scalar::Moment(moment),
            None => other_date(text).map_or(Scalar::Text, Scalar::OtherDate),
        },
        [b'N' | b'n' | b'#' | b'\\' | b'<' | b'(' | b'-', ..] => marker(text),
        _ => Scalar::Text,
    }
}

fn boolean(text: &str) -> Scalar {
    match text {
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Scalar::Boolean,
        _ => Scalar::Text,
    }
}

fn digits(text: &str, decimal: u8) -> Scalar {
    match number(text, decimal) {
        Scalar::Text => other_date(text).map_or(Scalar::Text, Scalar::OtherDate),
        number => number,
    }
}

fn marker(text: &str) -> Scalar {
    null_marker(text).map_or(Scalar::Text, Scalar::NullMarker)
}

#[cfg(test)]
mod tests;
