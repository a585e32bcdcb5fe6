//! Numbers of fixed precision, of any number of digits.

use std::fmt::{self, Display, Formatter};

/// Bytes of the widest number that is calculated with.
const WORD_BYTES: usize = 16;

/// A whole number and how many of its digits are behind the decimal point.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decimal {
    unscaled: Unscaled,
    scale: usize,
}

#[derive(Clone, Debug, PartialEq)]
enum Unscaled {
    Word(i128),
    /// Digits of a number beyond 128 bits, with its sign.
    Wide(String),
}

impl Decimal {
    /// `scale` is from 0 to the greatest precision.
    pub(super) fn new(unscaled: i128, scale: i32) -> Self {
        Self {
            unscaled: Unscaled::Word(unscaled),
            scale: usize::try_from(scale).unwrap_or(0),
        }
    }

    /// Of a number in two's complement, most significant byte first.
    pub(super) fn of_bytes(bytes: &[u8], scale: i32) -> Self {
        let sign = if bytes.first().is_some_and(|byte| byte & 0x80 != 0) {
            0xFF
        } else {
            0
        };
        // Without the bytes that only repeat the sign.
        let excess = bytes.len().saturating_sub(WORD_BYTES);
        let (extension, rest) = bytes.split_at(excess);
        let is_word = extension.iter().all(|byte| *byte == sign)
            && (extension.is_empty() || rest.first().is_some_and(|byte| (byte ^ sign) & 0x80 == 0));
        if !is_word {
            let scale = usize::try_from(scale).unwrap_or(0);
            let unscaled = Unscaled::Wide(wide_digits(bytes, sign != 0));
            return Self { unscaled, scale };
        }
        let mut word = [sign; WORD_BYTES];
        word[WORD_BYTES - rest.len()..].copy_from_slice(rest);
        Self::new(i128::from_be_bytes(word), scale)
    }

    /// The number without its decimal point, if it has at most 128 bits.
    pub(super) fn unscaled(&self) -> Option<i128> {
        match self.unscaled {
            Unscaled::Word(word) => Some(word),
            Unscaled::Wide(_) => None,
        }
    }

    /// The digits of a number beyond 128 bits.
    pub(super) fn digits(&self) -> &[u8] {
        match &self.unscaled {
            Unscaled::Word(_) => &[],
            Unscaled::Wide(digits) => digits.as_bytes(),
        }
    }

    /// The nearest floating-point number.
    #[expect(clippy::cast_precision_loss, reason = "for mean and histogram")]
    pub(super) fn to_f64(&self) -> f64 {
        let scale = 10_f64.powi(i32::try_from(self.scale).unwrap_or(i32::MAX));
        self.unscaled().map_or(f64::NAN, |word| word as f64 / scale)
    }
}

impl Display for Decimal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let number = match &self.unscaled {
            Unscaled::Word(word) => word.to_string(),
            Unscaled::Wide(digits) => digits.clone(),
        };
        let (sign, digits) = match number.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", number.as_str()),
        };
        if self.scale == 0 {
            return f.write_str(&number);
        }
        let digits = format!("{digits:0>width$}", width = self.scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

/// The decimal digits of a number in two's complement, by repeated division.
fn wide_digits(bytes: &[u8], is_negative: bool) -> String {
    /// The greatest power of ten below 2^32.
    const BASE: u64 = 1_000_000_000;
    let mut magnitude = bytes.to_vec();
    if is_negative {
        negate(&mut magnitude);
    }
    let mut groups = Vec::new();
    while magnitude.iter().any(|byte| *byte != 0) {
        let mut rest = 0;
        for byte in &mut magnitude {
            let value = rest << 8 | u64::from(*byte);
            *byte = u8::try_from(value / BASE).unwrap_or(u8::MAX);
            rest = value % BASE;
        }
        groups.push(rest);
    }
    let mut digits = String::from(if is_negative { "-" } else { "" });
    for (index, group) in groups.iter().rev().enumerate() {
        if index == 0 {
            digits.push_str(&group.to_string());
        } else {
            let padded = format!("{group:09}");
            digits.push_str(&padded);
        }
    }
    digits
}

fn negate(bytes: &mut [u8]) {
    let mut carry = true;
    for byte in bytes.iter_mut().rev() {
        let (negated, overflows) = (!*byte).overflowing_add(carry.into());
        (*byte, carry) = (negated, overflows);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_is_kept() {
        assert_eq!(Decimal::new(1234, 2).to_string(), "12.34");
        assert_eq!(Decimal::new(-5, 3).to_string(), "-0.005");
        assert_eq!(Decimal::new(110, 0).to_string(), "110");
        assert_eq!(Decimal::of_bytes(&[0xFF], 1).to_string(), "-0.1");
        assert_eq!(Decimal::of_bytes(&[], 0).to_string(), "0");
        let extended = [[0xFF; 4].as_slice(), &(-7_i128).to_be_bytes()].concat();
        assert_eq!(Decimal::of_bytes(&extended, 0).unscaled(), Some(-7));
    }

    #[test]
    fn numbers_beyond_128_bits_keep_every_digit() {
        // 2^136 and its negative.
        let mut bytes = vec![0; 32];
        bytes[14] = 1;
        let digits = "87112285931760246646623899502532662132736";
        assert_eq!(Decimal::of_bytes(&bytes, 0).to_string(), digits);
        negate(&mut bytes);
        assert_eq!(
            Decimal::of_bytes(&bytes, 0).to_string(),
            format!("-{digits}")
        );
        // A byte before 16 that is no sign: 2^127.
        let word = [[0].as_slice(), &i128::MIN.to_be_bytes()].concat();
        let wide = Decimal::of_bytes(&word, 1).to_string();
        assert_eq!(wide, "17014118346046923173168730371588410572.8");
    }
}
