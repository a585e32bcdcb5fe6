//! Numbers that are written as text.

use super::digits::split_digits;
use super::scalar::{Number, Scalar};

/// Largest whole number up to which a 64-bit float holds every whole number.
const MAX_EXACT_INTEGER: u64 = 1 << 53;

/// The powers of ten that a 64-bit float holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

impl Number {
    /// A number beyond the range of 64-bit floats.
    pub(crate) const INFINITE: Self = Self::Float {
        number: f64::INFINITY,
        whole: 0,
        fraction: 0,
        has_exponent: true,
    };

    /// Whether a 64-bit float does not hold it, though it is whole.
    pub(crate) fn is_long(self) -> bool {
        match self {
            Self::Integer(integer) => integer.unsigned_abs() > MAX_EXACT_INTEGER,
            Self::Whole { .. } => true,
            Self::Float { .. } => false,
        }
    }

    /// The nearest 64-bit float.
    #[expect(clippy::cast_precision_loss, reason = "the nearest float is wanted")]
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            Self::Integer(integer) => integer as f64,
            Self::Whole { number, .. } | Self::Float { number, .. } => number,
        }
    }
}

/// `text` as a number with the given decimal mark; as [`Scalar::Numeral`] with leading zeros, else as [`Scalar::Text`].
pub(crate) fn number(text: &str, decimal: u8) -> Scalar {
    let bytes = text.as_bytes();
    let is_negative = bytes.first() == Some(&b'-');
    let (whole, rest) = split_digits(&bytes[usize::from(is_negative)..]);
    if whole.len() > 1 && whole[0] == b'0' {
        return if rest.is_empty() {
            Scalar::Numeral
        } else {
            Scalar::Text
        };
    }
    if rest.is_empty() {
        return whole_number(text, whole, is_negative);
    }
    let Some((fraction, exponent)) = split_fraction(rest, decimal) else {
        return Scalar::Text;
    };
    let has_exponent = !exponent.is_empty();
    if (whole.is_empty() && fraction.is_empty()) || (has_exponent && !is_exponent(exponent)) {
        return Scalar::Text;
    }
    let exact = (!has_exponent)
        .then(|| exact_float(whole, fraction))
        .flatten();
    let number = match exact {
        Some(number) if is_negative => -number,
        Some(number) => number,
        None => parse(text, decimal),
    };
    if !number.is_finite() {
        return Scalar::Text;
    }
    Scalar::Number(Number::Float {
        number,
        whole: if whole == b"0" { 0 } else { whole.len() },
        fraction: fraction.len(),
        has_exponent,
    })
}

fn whole_number(text: &str, digits: &[u8], is_negative: bool) -> Scalar {
    match digits.len() {
        0 => Scalar::Text,
        1..=18 => {
            let magnitude = digits
                .iter()
                .fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
            Scalar::Number(Number::Integer(if is_negative {
                -magnitude
            } else {
                magnitude
            }))
        }
        count => match (text.parse::<i64>(), text.parse::<f64>()) {
            (Ok(integer), _) => Scalar::Number(Number::Integer(integer)),
            (_, Ok(number)) if number.is_finite() => Scalar::Number(Number::Whole {
                number,
                digits: count,
            }),
            _ => Scalar::Text,
        },
    }
}

/// The digits behind the decimal mark, and what follows them; none where there is a mark without digits.
fn split_fraction(rest: &[u8], decimal: u8) -> Option<(&[u8], &[u8])> {
    match rest.split_first() {
        Some((mark, fraction)) if *mark == decimal => {
            let (digits, rest) = split_digits(fraction);
            (!digits.is_empty()).then_some((digits, rest))
        }
        _ => Some((&[], rest)),
    }
}

fn is_exponent(bytes: &[u8]) -> bool {
    let ([b'e' | b'E', b'+' | b'-', digits @ ..] | [b'e' | b'E', digits @ ..]) = bytes else {
        return false;
    };
    !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// The number where one division of two floats, both exact, gives the nearest one.
#[expect(
    clippy::cast_precision_loss,
    reason = "the digits are checked to be exact"
)]
fn exact_float(whole: &[u8], fraction: &[u8]) -> Option<f64> {
    if whole.len() + fraction.len() > 18 {
        return None;
    }
    let digits = whole.iter().chain(fraction);
    let mantissa = digits.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    (mantissa <= MAX_EXACT_INTEGER).then(|| mantissa as f64 / POWERS[fraction.len()])
}

/// The nearest float of a well-formed number.
fn parse(text: &str, decimal: u8) -> f64 {
    let parsed = if decimal == b'.' {
        text.parse()
    } else {
        text.replacen(char::from(decimal), ".", 1).parse()
    };
    parsed.unwrap_or(f64::NAN)
}
