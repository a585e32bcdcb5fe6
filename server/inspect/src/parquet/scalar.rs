//! One value, as what it stands for.

use std::fmt::{self, Display, Formatter};

use ::parquet::data_type::{
    BoolType, ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96, Int96Type,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Number, Value};

use super::civil;
use super::decimal::{self, Decimal};
use super::logical::{Logical, Unit};
use crate::sample::{as_written, shortened};
use crate::statistics::Statistics;

/// The Julian day of 1970-01-01, from which timestamps of 96 bits count.
const JULIAN_DAY_OF_EPOCH: i64 = 2_440_588;

/// A decimal of more bytes than this has more digits than any precision.
const MAX_DECIMAL_BYTES: usize = 512;

const SECONDS_PER_DAY: i64 = 86_400;

/// A value that is not null.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar<'v> {
    /// A value of a column that has none.
    Null,
    Boolean(bool),
    Integer(i128),
    /// Of 16 or 32 bits, which decide how many digits it has.
    Single(f32),
    Double(f64),
    Decimal(Decimal),
    /// Days since 1970-01-01.
    Date(i64),
    Time {
        count: i64,
        unit: Unit,
    },
    Timestamp {
        count: i64,
        unit: Unit,
        is_utc: bool,
    },
    /// Days since 1970-01-01, and nanoseconds within the day.
    Moment {
        days: i64,
        nanoseconds: i64,
    },
    Text(&'v str),
    Uuid([u8; 16]),
    Interval([u32; 3]),
    Bytes(&'v [u8]),
    /// Bytes that should be text and are not.
    NoText,
}

impl Scalar<'_> {
    /// Bytes that it takes beyond those of a number.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            _ => 0,
        }
    }
}

/// Values of one of Parquet's physical types.
pub(super) trait Physical: DataType {
    /// The `value` of a column of type `logical`.
    fn scalar(value: &Self::T, logical: Logical) -> Scalar<'_>;
}

impl Physical for BoolType {
    fn scalar(value: &bool, _logical: Logical) -> Scalar<'_> {
        Scalar::Boolean(*value)
    }
}

impl Physical for Int32Type {
    #[inline]
    fn scalar(value: &i32, logical: Logical) -> Scalar<'_> {
        match logical {
            Logical::Integer {
                is_signed: false, ..
            } => Scalar::Integer(value.cast_unsigned().into()),
            _ => of_integer((*value).into(), logical),
        }
    }
}

impl Physical for Int64Type {
    #[inline]
    fn scalar(value: &i64, logical: Logical) -> Scalar<'_> {
        match logical {
            Logical::Integer {
                is_signed: false, ..
            } => Scalar::Integer(value.cast_unsigned().into()),
            _ => of_integer(*value, logical),
        }
    }
}

impl Physical for Int96Type {
    fn scalar(value: &Int96, _logical: Logical) -> Scalar<'_> {
        let [low, high, day] = *value.data() else {
            return Scalar::Null;
        };
        let nanoseconds = (u64::from(high) << 32 | u64::from(low)).cast_signed();
        let per_day = SECONDS_PER_DAY * Unit::Nanoseconds.per_second();
        Scalar::Moment {
            days: i64::from(day.cast_signed()) - JULIAN_DAY_OF_EPOCH
                + nanoseconds.div_euclid(per_day),
            nanoseconds: nanoseconds.rem_euclid(per_day),
        }
    }
}

impl Physical for FloatType {
    fn scalar(value: &f32, _logical: Logical) -> Scalar<'_> {
        Scalar::Single(*value)
    }
}

impl Physical for DoubleType {
    fn scalar(value: &f64, _logical: Logical) -> Scalar<'_> {
        Scalar::Double(*value)
    }
}

impl Physical for ByteArrayType {
    fn scalar(value: &Self::T, logical: Logical) -> Scalar<'_> {
        of_bytes(value.data(), logical)
    }
}

impl Physical for FixedLenByteArrayType {
    fn scalar(value: &Self::T, logical: Logical) -> Scalar<'_> {
        of_bytes(value.data(), logical)
    }
}

fn of_integer(value: i64, logical: Logical) -> Scalar<'static> {
    match logical {
        Logical::Null => Scalar::Null,
        Logical::Decimal { scale, .. } => Scalar::Decimal(Decimal::new(value.into(), scale)),
        Logical::Date => Scalar::Date(value),
        Logical::Time { unit } => Scalar::Time { count: value, unit },
        Logical::Timestamp { unit, is_utc } => Scalar::Timestamp {
            count: value,
            unit,
            is_utc,
        },
        _ => Scalar::Integer(value.into()),
    }
}

fn of_bytes(bytes: &[u8], logical: Logical) -> Scalar<'_> {
    let scalar = match logical {
        Logical::Null => Some(Scalar::Null),
        Logical::Text => Some(std::str::from_utf8(bytes).map_or(Scalar::NoText, Scalar::Text)),
        Logical::Decimal { scale, .. } if bytes.len() <= MAX_DECIMAL_BYTES => {
            Some(Scalar::Decimal(Decimal::of_bytes(bytes, scale)))
        }
        Logical::Uuid => bytes.try_into().ok().map(Scalar::Uuid),
        Logical::Interval => bytes
            .as_chunks::<4>()
            .0
            .try_into()
            .ok()
            .map(|[a, b, c]: [[u8; 4]; 3]| Scalar::Interval([a, b, c].map(u32::from_le_bytes))),
        Logical::Half => {
            let half = bytes.try_into().ok().map(u16::from_le_bytes);
            half.map(|half| Scalar::Single(of_half(half)))
        }
        _ => None,
    };
    scalar.unwrap_or(Scalar::Bytes(bytes))
}

/// The number of 16 bits as one of 32: 1 bit of sign, 5 of exponent, 10 of fraction.
fn of_half(half: u16) -> f32 {
    let fraction = f32::from(half & 0x3FF) / 1024.0;
    let magnitude = match half >> 10 & 0x1F {
        0 => fraction * 2_f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        exponent => (1.0 + fraction) * 2_f32.powi(i32::from(exponent) - 15),
    };
    if half & 0x8000 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

impl Scalar<'_> {
    /// The value as JSON, as the values of text formats are shown. A value longer than `max_bytes` is cut.
    pub(super) fn json(&self, logical: Logical, max_bytes: usize) -> Value {
        match self {
            Self::Null | Self::NoText => Value::Null,
            Self::Boolean(value) => Value::Bool(*value),
            Self::Text(text) => Value::String(shortened(text, max_bytes)),
            Self::Bytes(bytes) => {
                // As text they are longer than the bytes, so that one byte too many is cut as well.
                let head = &bytes[..bytes.len().min(max_bytes + 1)];
                Value::String(shortened(&BASE64.encode(head), max_bytes))
            }
            other => as_written(logical.column_type(), other.to_string()),
        }
    }

    /// Adds the value to `statistics`; returns whether it is sound.
    #[inline]
    pub(super) fn add_to(&self, statistics: &mut Statistics) -> bool {
        match self {
            Self::Null => {}
            Self::NoText => return false,
            Self::Boolean(value) => statistics.boolean(*value),
            Self::Integer(value) => statistics.integer(*value),
            Self::Single(value) => statistics.float((*value).into(), self),
            Self::Double(value) => statistics.float(*value, self),
            Self::Decimal(decimal) => match decimal.unscaled() {
                Some(unscaled) => statistics.decimal(unscaled, decimal.to_f64(), self),
                // Beyond 128 bits there is no order at hand, and the distinct values are counted.
                None => statistics.bytes(decimal.digits()),
            },
            Self::Date(days) => {
                let seconds = as_f64(*days) * as_f64(SECONDS_PER_DAY);
                statistics.time(
                    (*days).into(),
                    if self.is_infinite() {
                        f64::INFINITY
                    } else {
                        seconds
                    },
                    self,
                );
            }
            Self::Time { count, unit } | Self::Timestamp { count, unit, .. } => {
                let seconds = as_f64(*count) / as_f64(unit.per_second());
                statistics.time(
                    (*count).into(),
                    if self.is_infinite() {
                        f64::INFINITY
                    } else {
                        seconds
                    },
                    self,
                );
            }
            Self::Moment { days, nanoseconds } => {
                let per_day = SECONDS_PER_DAY * Unit::Nanoseconds.per_second();
                let ticks = i128::from(*days) * i128::from(per_day) + i128::from(*nanoseconds);
                let seconds = as_f64(*days) * as_f64(SECONDS_PER_DAY) + as_f64(*nanoseconds) / 1e9;
                statistics.time(ticks, seconds, self);
            }
            Self::Text(text) => statistics.text(text),
            Self::Uuid(_) | Self::Interval(_) => statistics.text(&self.to_string()),
            Self::Bytes(bytes) => statistics.bytes(bytes),
        }
        true
    }

    /// Whether a date or timestamp stands for infinity, as PostgreSQL and `DuckDB` have it.
    fn is_infinite(&self) -> bool {
        match self {
            Self::Date(days) => days.abs() == i64::from(i32::MAX),
            Self::Timestamp { count, .. } => count.unsigned_abs() == i64::MAX.unsigned_abs(),
            _ => false,
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "for histograms, which have 20 bins"
)]
fn as_f64(value: i64) -> f64 {
    value as f64
}

impl Display for Scalar<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null | Self::NoText | Self::Bytes(_) => Ok(()),
            Self::Boolean(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Single(value) => single(*value, f),
            Self::Double(value) => double(*value, f),
            Self::Decimal(decimal) => decimal.fmt(f),
            Self::Date(days) | Self::Timestamp { count: days, .. } if self.is_infinite() => {
                f.write_str(if *days < 0 { "-infinity" } else { "infinity" })
            }
            Self::Date(days) => f.write_str(&civil::date(*days)),
            Self::Time { count, unit } => f.write_str(&civil::time(*count, *unit)),
            Self::Timestamp {
                count,
                unit,
                is_utc,
            } => f.write_str(&civil::timestamp(*count, *unit, *is_utc)),
            Self::Moment { days, nanoseconds } => {
                let unit = Unit::Nanoseconds;
                f.write_str(&civil::day_and_time(*days, *nanoseconds, unit, false))
            }
            Self::Text(text) => f.write_str(text),
            Self::Uuid(bytes) => uuid(*bytes, f),
            Self::Interval([months, days, milliseconds]) => {
                let seconds = decimal::Decimal::new((*milliseconds).into(), 3);
                write!(f, "P{months}M{days}DT{seconds}S")
            }
        }
    }
}

/// With as many digits as tell it from its neighbours, of 32 bits.
fn single(value: f32, f: &mut Formatter<'_>) -> fmt::Result {
    if value.is_finite() {
        return double(value.to_string().parse().map_err(|_| fmt::Error)?, f);
    }
    double(value.into(), f)
}

/// As JSON writes it, or with the names that JavaScript and Arrow have for what JSON cannot write.
fn double(value: f64, f: &mut Formatter<'_>) -> fmt::Result {
    match Number::from_f64(value) {
        Some(number) => number.fmt(f),
        None if value.is_nan() => f.write_str("NaN"),
        None if value > 0.0 => f.write_str("Infinity"),
        None => f.write_str("-Infinity"),
    }
}

fn uuid(bytes: [u8; 16], f: &mut Formatter<'_>) -> fmt::Result {
    for (index, byte) in bytes.into_iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            f.write_str("-")?;
        }
        write!(f, "{byte:02x}")?;
    }
    Ok(())
}
