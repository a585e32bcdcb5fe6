//! Dates and timestamps in the notation of ISO 8601.

use super::digits::{split_digits, two_digits, within};

/// A date or a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Seconds since 1970-01-01T00:00:00, in UTC where there is a zone.
    pub(crate) seconds: i64,
    pub(crate) nanoseconds: u32,
    /// None for a date.
    pub(crate) time: Option<Time>,
}

/// How a time of day is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    pub(crate) has_zone: bool,
    /// Whether it has more digits than microseconds.
    pub(crate) has_nanoseconds: bool,
}

impl Moment {
    #[expect(clippy::cast_precision_loss, reason = "for histograms")]
    pub(crate) fn as_f64(self) -> f64 {
        self.seconds as f64 + f64::from(self.nanoseconds) / 1e9
    }
}

/// `text` as a date or a timestamp.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    let (date, rest) = text.as_bytes().split_at_checked(10)?;
    let midnight = seconds(date)?;
    match rest {
        [] => Some(Moment {
            seconds: midnight,
            nanoseconds: 0,
            time: None,
        }),
        [b'T' | b' ', time @ ..] => timestamp(midnight, time),
        _ => None,
    }
}

/// Midnight of a date.
fn seconds(date: &[u8]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else {
        return None;
    };
    let year = i64::from(two_digits(*y1, *y2)?) * 100 + i64::from(two_digits(*y3, *y4)?);
    midnight(year, two_digits(*m1, *m2)?, two_digits(*d1, *d2)?)
}

/// Seconds from 1970-01-01 to a day of the Gregorian calendar in the years 1 to 9999.
pub(super) fn midnight(year: i64, month: u8, day: u8) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days).contains(&day) || !(1..=9999).contains(&year) {
        return None;
    }
    // Years begin in March here, so that a leap day is the last of its year.
    let (year, month) = if month > 2 {
        (year, i64::from(month) - 3)
    } else {
        (year - 1, i64::from(month) + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    let days = year * 365 + leap_days + (month * 153 + 2) / 5 + i64::from(day) - 1;
    Some((days - DAYS_TO_1970) * 86_400)
}

/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

/// `HH:MM`, and optionally seconds (up to 60, for leap seconds), fraction and zone.
fn timestamp(midnight: i64, bytes: &[u8]) -> Option<Moment> {
    let [h1, h2, b':', m1, m2, rest @ ..] = bytes else {
        return None;
    };
    let minutes = i64::from(within(*h1, *h2, 23)?) * 60 + i64::from(within(*m1, *m2, 59)?);
    let (seconds, fraction, rest) = match rest {
        [b':', s1, s2, b'.', rest @ ..] => {
            let (fraction, rest) = split_digits(rest);
            if fraction.is_empty() {
                return None;
            }
            (within(*s1, *s2, 60)?, fraction, rest)
        }
        [b':', s1, s2, rest @ ..] => (within(*s1, *s2, 60)?, &[][..], rest),
        rest => (0, &[][..], rest),
    };
    let (has_zone, offset) = zone(rest)?;
    Some(Moment {
        seconds: midnight + minutes * 60 + i64::from(seconds) - offset * 60,
        nanoseconds: nanoseconds(fraction),
        time: Some(Time {
            has_zone,
            has_nanoseconds: fraction.len() > 6,
        }),
    })
}

fn nanoseconds(fraction: &[u8]) -> u32 {
    let digits = fraction.iter().chain(std::iter::repeat(&b'0')).take(9);
    digits.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}

/// Whether there is a zone, and the minutes by which it is ahead of UTC; no result where `bytes` is not one.
fn zone(bytes: &[u8]) -> Option<(bool, i64)> {
    let bytes = match bytes {
        [] => return Some((false, 0)),
        b"Z" | b" UTC" => return Some((true, 0)),
        // What follows the space begins with a sign, or is none.
        [b' ', zone @ ..] | zone => zone,
    };
    let (sign, h1, h2, m1, m2) = match bytes {
        [sign, h1, h2] => (*sign, *h1, *h2, b'0', b'0'),
        [sign, h1, h2, m1, m2] | [sign, h1, h2, b':', m1, m2] => (*sign, *h1, *h2, *m1, *m2),
        _ => return None,
    };
    let minutes = i64::from(within(h1, h2, 23)?) * 60 + i64::from(within(m1, m2, 59)?);
    match sign {
        b'+' => Some((true, minutes)),
        b'-' => Some((true, -minutes)),
        _ => None,
    }
}
