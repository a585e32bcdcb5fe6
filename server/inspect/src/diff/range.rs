//! Ranges of whole numbers.

use restow_api::Column;
use serde_json::Value;

/// The whole numbers from the least to the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    least: i128,
    greatest: i128,
}

impl Range {
    /// The range of the values of `column`, where it is known.
    pub(super) fn of_values(column: &Column) -> Option<Self> {
        Some(Self {
            least: whole_number(column.min.as_ref()?)?,
            greatest: whole_number(column.max.as_ref()?)?,
        })
    }

    /// The range of an integer of at most 64 bits.
    pub(super) fn of_integer(bits: u32, is_signed: bool) -> Self {
        let size = 1_i128 << if is_signed { bits - 1 } else { bits };
        Self {
            least: if is_signed { -size } else { 0 },
            greatest: size - 1,
        }
    }

    /// The range in which a float of `bits` significant bits holds every whole number.
    pub(super) fn exact_in_float(bits: u32) -> Self {
        let size = 1_i128 << bits;
        Self {
            least: -size,
            greatest: size,
        }
    }

    /// The numbers of at most `digits` decimal digits.
    pub(super) fn of_digits(digits: i32) -> Self {
        let digits = u32::try_from(digits).unwrap_or_default();
        let size = 10_i128.checked_pow(digits).unwrap_or(i128::MAX);
        Self {
            least: 1 - size,
            greatest: size - 1,
        }
    }

    /// Whether at least half of the numbers that lie in one of the two ranges lie in both.
    pub(super) fn mostly_overlaps(self, other: Self) -> bool {
        let size = |least: i128, greatest: i128| greatest.saturating_sub(least).saturating_add(1);
        let both = size(
            self.least.max(other.least),
            self.greatest.min(other.greatest),
        );
        let either = size(
            self.least.min(other.least),
            self.greatest.max(other.greatest),
        );
        both >= either / 2 && both > 0
    }

    /// The end of the range that lies outside `room`.
    pub(super) fn outside(self, room: Self) -> Option<i128> {
        if self.greatest > room.greatest {
            Some(self.greatest)
        } else {
            (self.least < room.least).then_some(self.least)
        }
    }
}

fn whole_number(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => number.to_string().parse().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
