//! What the values of a primitive field stand for: physical and logical type in one.

use ::parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as PhysicalType};
use ::parquet::schema::types::Type;
use restow_api::ColumnType;

/// Length of a UUID in bytes.
const UUID_BYTES: i32 = 16;

/// Length of an interval in bytes: months, days and milliseconds.
const INTERVAL_BYTES: i32 = 12;

/// Length of a floating-point number of half precision in bytes.
const HALF_BYTES: i32 = 2;

/// Most digits of a decimal; Arrow has at most 76.
const MAX_PRECISION: i32 = 1000;

/// Decimals of more digits are `decimal256`.
const MAX_DECIMAL128_PRECISION: i32 = 38;

/// The type of a primitive field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Logical {
    /// Every value is null.
    Null,
    Boolean,
    Integer {
        bits: u8,
        is_signed: bool,
    },
    /// A floating-point number of 16 bits.
    Half,
    Float,
    Double,
    Decimal {
        precision: i32,
        scale: i32,
    },
    Date,
    Time {
        unit: Unit,
    },
    Timestamp {
        unit: Unit,
        /// Whether it is an instant, and no time of an unknown zone.
        is_utc: bool,
    },
    /// A timestamp of 96 bits: day and nanoseconds within it.
    Int96,
    Text,
    Binary,
    Fixed {
        bytes: i32,
    },
    Uuid,
    Interval,
}

/// Unit of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl Unit {
    fn of(unit: TimeUnit) -> Self {
        match unit {
            TimeUnit::MILLIS => Self::Milliseconds,
            TimeUnit::MICROS => Self::Microseconds,
            TimeUnit::NANOS => Self::Nanoseconds,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::Microseconds => "us",
            Self::Nanoseconds => "ns",
        }
    }

    /// How many of the unit a second has.
    pub(super) fn per_second(self) -> i64 {
        match self {
            Self::Milliseconds => 1_000,
            Self::Microseconds => 1_000_000,
            Self::Nanoseconds => 1_000_000_000,
        }
    }
}

impl Logical {
    /// The type of a primitive `field`. An annotation that does not go with the physical type counts for nothing.
    pub(super) fn of(field: &Type) -> Self {
        let physical = field.get_physical_type();
        let info = field.get_basic_info();
        let annotated = match info.logical_type_ref() {
            Some(logical) => annotated(logical, field),
            None => converted(info.converted_type(), field),
        };
        annotated
            .filter(|logical| logical.fits(field))
            .unwrap_or_else(|| plain(physical, field))
    }

    fn fits(self, field: &Type) -> bool {
        use PhysicalType::{BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY, INT32, INT64};
        let has_length = |length| field_length(field) == Some(length);
        match (self, field.get_physical_type()) {
            (Self::Null, _)
            | (
                Self::Date
                | Self::Time {
                    unit: Unit::Milliseconds,
                },
                INT32,
            )
            | (
                Self::Time { .. } | Self::Timestamp { .. } | Self::Integer { bits: 64, .. },
                INT64,
            )
            | (Self::Text, BYTE_ARRAY) => true,
            (
                Self::Decimal { precision, scale },
                INT32 | INT64 | BYTE_ARRAY | FIXED_LEN_BYTE_ARRAY,
            ) => (1..=MAX_PRECISION).contains(&precision) && (0..=precision).contains(&scale),
            (Self::Integer { bits, .. }, INT32) => bits <= 32,
            (Self::Uuid, FIXED_LEN_BYTE_ARRAY) => has_length(UUID_BYTES),
            (Self::Interval, FIXED_LEN_BYTE_ARRAY) => has_length(INTERVAL_BYTES),
            (Self::Half, FIXED_LEN_BYTE_ARRAY) => has_length(HALF_BYTES),
            _ => false,
        }
    }

    /// The name in Arrow's notation.
    pub(super) fn data_type(self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Boolean => "bool".to_owned(),
            Self::Integer { bits, is_signed } => {
                format!("{}int{bits}", if is_signed { "" } else { "u" })
            }
            Self::Half => "halffloat".to_owned(),
            Self::Float => "float".to_owned(),
            Self::Double => "double".to_owned(),
            Self::Decimal { precision, scale } => {
                let bits = if precision > MAX_DECIMAL128_PRECISION {
                    256
                } else {
                    128
                };
                format!("decimal{bits}({precision}, {scale})")
            }
            Self::Date => "date32[day]".to_owned(),
            Self::Time {
                unit: Unit::Milliseconds,
            } => "time32[ms]".to_owned(),
            Self::Time { unit } => format!("time64[{}]", unit.name()),
            Self::Timestamp { unit, is_utc } => {
                format!(
                    "timestamp[{}{}]",
                    unit.name(),
                    if is_utc { ", tz=UTC" } else { "" }
                )
            }
            Self::Int96 => "timestamp[ns]".to_owned(),
            Self::Text => "string".to_owned(),
            Self::Binary => "binary".to_owned(),
            Self::Fixed { bytes } => format!("fixed_size_binary[{bytes}]"),
            Self::Uuid => "uuid".to_owned(),
            Self::Interval => "month_day_nano_interval".to_owned(),
        }
    }

    pub(super) fn column_type(self) -> ColumnType {
        match self {
            Self::Null => ColumnType::Null,
            Self::Boolean => ColumnType::Boolean,
            Self::Integer { .. } => ColumnType::Integer,
            Self::Half | Self::Float | Self::Double => ColumnType::Float,
            Self::Decimal { .. } => ColumnType::Decimal,
            Self::Date => ColumnType::Date,
            Self::Time { .. } => ColumnType::Time,
            Self::Timestamp { .. } | Self::Int96 => ColumnType::Timestamp,
            Self::Text | Self::Uuid | Self::Interval => ColumnType::String,
            Self::Binary | Self::Fixed { .. } => ColumnType::Binary,
        }
    }
}

/// Of an annotation of today's writers.
fn annotated(logical: &LogicalType, field: &Type) -> Option<Logical> {
    Some(match logical {
        LogicalType::String | LogicalType::Enum | LogicalType::Json => Logical::Text,
        LogicalType::Decimal(decimal) => Logical::Decimal {
            precision: decimal.precision,
            scale: decimal.scale,
        },
        LogicalType::Date => Logical::Date,
        LogicalType::Time(time) => Logical::Time {
            unit: Unit::of(time.unit),
        },
        LogicalType::Timestamp(timestamp) => Logical::Timestamp {
            unit: Unit::of(timestamp.unit),
            is_utc: timestamp.is_adjusted_to_u_t_c,
        },
        LogicalType::Integer(integer) => Logical::Integer {
            bits: u8::try_from(integer.bit_width).ok()?,
            is_signed: integer.is_signed,
        },
        LogicalType::Unknown => Logical::Null,
        LogicalType::Uuid => Logical::Uuid,
        LogicalType::Float16 => Logical::Half,
        // Some have no annotation of this kind, and only the older one.
        _ => return converted(field.get_basic_info().converted_type(), field),
    })
}

/// Of an annotation of older writers; today's write both.
fn converted(converted: ConvertedType, field: &Type) -> Option<Logical> {
    let integer = |bits, is_signed| Logical::Integer { bits, is_signed };
    let timestamp = |unit| Logical::Timestamp { unit, is_utc: true };
    Some(match converted {
        ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Logical::Text,
        ConvertedType::DECIMAL => Logical::Decimal {
            precision: field_precision(field),
            scale: field_scale(field),
        },
        ConvertedType::DATE => Logical::Date,
        ConvertedType::TIME_MILLIS => Logical::Time {
            unit: Unit::Milliseconds,
        },
        ConvertedType::TIME_MICROS => Logical::Time {
            unit: Unit::Microseconds,
        },
        ConvertedType::TIMESTAMP_MILLIS => timestamp(Unit::Milliseconds),
        ConvertedType::TIMESTAMP_MICROS => timestamp(Unit::Microseconds),
        ConvertedType::UINT_8 => integer(8, false),
        ConvertedType::UINT_16 => integer(16, false),
        ConvertedType::UINT_32 => integer(32, false),
        ConvertedType::UINT_64 => integer(64, false),
        ConvertedType::INT_8 => integer(8, true),
        ConvertedType::INT_16 => integer(16, true),
        ConvertedType::INT_32 => integer(32, true),
        ConvertedType::INT_64 => integer(64, true),
        ConvertedType::INTERVAL => Logical::Interval,
        _ => return None,
    })
}

fn plain(physical: PhysicalType, field: &Type) -> Logical {
    let integer = |bits| Logical::Integer {
        bits,
        is_signed: true,
    };
    match physical {
        PhysicalType::BOOLEAN => Logical::Boolean,
        PhysicalType::INT32 => integer(32),
        PhysicalType::INT64 => integer(64),
        PhysicalType::INT96 => Logical::Int96,
        PhysicalType::FLOAT => Logical::Float,
        PhysicalType::DOUBLE => Logical::Double,
        PhysicalType::BYTE_ARRAY => Logical::Binary,
        PhysicalType::FIXED_LEN_BYTE_ARRAY => Logical::Fixed {
            bytes: field_length(field).unwrap_or(0),
        },
    }
}

fn field_length(field: &Type) -> Option<i32> {
    match field {
        Type::PrimitiveType { type_length, .. } => Some(*type_length),
        Type::GroupType { .. } => None,
    }
}

fn field_precision(field: &Type) -> i32 {
    match field {
        Type::PrimitiveType { precision, .. } => *precision,
        Type::GroupType { .. } => 0,
    }
}

fn field_scale(field: &Type) -> i32 {
    match field {
        Type::PrimitiveType { scale, .. } => *scale,
        Type::GroupType { .. } => 0,
    }
}
