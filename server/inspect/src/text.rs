//! The narrowest type of a value that is written as text.
//!
//! - boolean: `true` and `false`, also `True`, `TRUE`, `False`, `FALSE`. Not 0 and 1, not yes and no.
//! - integer: an optional `-` and digits, within 64 bits with sign. A leading zero (`007`, a postcode) or `+` (a
//!   telephone number) makes a string, since reading it as a number would lose it.
//! - float: digits with a fraction or an exponent, the digits before the point may be missing (`.5`); and integers
//!   beyond 64 bits. `NaN`, `inf` and what overflows to infinity are strings: JSON has no such numbers, and both are words.
//! - date: `YYYY-MM-DD`, a day of the Gregorian calendar in the years 0001 to 9999.
//! - timestamp: a date, `T` or a space, `HH:MM`, and optionally `:SS`, a fraction, and `Z`, `±HH`, `±HHMM` or `±HH:MM`.
//! - string: everything else, also any of the above within spaces.

use restow_api::ColumnType;

/// The narrowest type of `text`, which is not empty.
pub(crate) fn narrowest(text: &str) -> ColumnType {
    match text.as_bytes() {
        [b't' | b'T' | b'f' | b'F', ..] => boolean(text),
        // A number also has a minus sign here, but behind an `e`.
        [_, _, _, b'0'..=b'9', b'-', ..] => moment(text),
        [b'0'..=b'9' | b'-' | b'.', ..] => number(text),
        _ => ColumnType::String,
    }
}

fn boolean(text: &str) -> ColumnType {
    match text {
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => ColumnType::Boolean,
        _ => ColumnType::String,
    }
}

/// [`ColumnType::Integer`] or [`ColumnType::Float`] where `text` is a number, else [`ColumnType::String`].
pub(crate) fn number(text: &str) -> ColumnType {
    let unsigned = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let (whole, rest) = split_digits(unsigned);
    if whole.len() > 1 && whole[0] == b'0' {
        return ColumnType::String;
    }
    if rest.is_empty() && (1..=18).contains(&whole.len()) {
        return ColumnType::Integer;
    }
    let Some(exponent) = skip_fraction(whole, rest) else {
        return ColumnType::String;
    };
    if !exponent.is_empty() && !is_exponent(exponent) {
        return ColumnType::String;
    }
    if rest.is_empty() && text.parse::<i64>().is_ok() {
        return ColumnType::Integer;
    }
    let may_overflow = !exponent.is_empty() || whole.len() > 300;
    if may_overflow && !text.parse::<f64>().is_ok_and(f64::is_finite) {
        return ColumnType::String;
    }
    ColumnType::Float
}

fn split_digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    let count = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    bytes.split_at(count)
}

/// What follows the fraction in `rest`, which follows the digits `whole`; none where there is no number.
fn skip_fraction<'a>(whole: &[u8], rest: &'a [u8]) -> Option<&'a [u8]> {
    if let [b'.', fraction @ ..] = rest {
        let (digits, rest) = split_digits(fraction);
        (!digits.is_empty()).then_some(rest)
    } else {
        (!whole.is_empty()).then_some(rest)
    }
}

fn is_exponent(bytes: &[u8]) -> bool {
    let ([b'e' | b'E', b'+' | b'-', digits @ ..] | [b'e' | b'E', digits @ ..]) = bytes else {
        return false;
    };
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// [`ColumnType::Date`] or [`ColumnType::Timestamp`] where `text` is one, else [`ColumnType::String`].
pub(crate) fn moment(text: &str) -> ColumnType {
    let Some((date, rest)) = text.as_bytes().split_at_checked(10) else {
        return ColumnType::String;
    };
    if !is_date(date) {
        return ColumnType::String;
    }
    match rest {
        [] => ColumnType::Date,
        [b'T' | b' ', time @ ..] if is_time(time) => ColumnType::Timestamp,
        _ => ColumnType::String,
    }
}

fn is_date(bytes: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else {
        return false;
    };
    let (Some(century), Some(year), Some(month), Some(day)) = (
        two_digits(*y1, *y2),
        two_digits(*y3, *y4),
        two_digits(*m1, *m2),
        two_digits(*d1, *d2),
    ) else {
        return false;
    };
    let is_leap = if year == 0 {
        century % 4 == 0
    } else {
        year % 4 == 0
    };
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day) && (century, year) != (0, 0)
}

/// `HH:MM`, and optionally seconds (up to 60, for leap seconds), fraction and zone.
fn is_time(bytes: &[u8]) -> bool {
    let [h1, h2, b':', m1, m2, rest @ ..] = bytes else {
        return false;
    };
    if !within(*h1, *h2, 23) || !within(*m1, *m2, 59) {
        return false;
    }
    let [b':', s1, s2, rest @ ..] = rest else {
        return is_zone(rest);
    };
    if !within(*s1, *s2, 60) {
        return false;
    }
    match skip_fraction(b"0", rest) {
        Some(zone) => is_zone(zone),
        None => false,
    }
}

fn is_zone(bytes: &[u8]) -> bool {
    match bytes {
        [] | [b'Z'] => true,
        [b'+' | b'-', h1, h2] => within(*h1, *h2, 23),
        [b'+' | b'-', h1, h2, m1, m2] | [b'+' | b'-', h1, h2, b':', m1, m2] => {
            within(*h1, *h2, 23) && within(*m1, *m2, 59)
        }
        _ => false,
    }
}

fn within(tens: u8, ones: u8, max: u8) -> bool {
    two_digits(tens, ones).is_some_and(|value| value <= max)
}

fn two_digits(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

#[cfg(test)]
mod tests;
