//! The type of a column as far as it decides what its readers can read.

use restow_api::{Column, ColumnType};

/// How a format says of which type a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Every value is text, and readers decide what they read in it.
    Delimited,
    /// A value is a number, a text or one of the others, without a width.
    Json,
    /// The file declares the type of each column.
    Declared,
}

impl Family {
    pub(super) fn of(format: Option<&str>) -> Self {
        match format {
            Some("csv" | "tsv" | "txt") => Self::Delimited,
            Some("ndjson" | "json") => Self::Json,
            _ => Self::Declared,
        }
    }
}

/// The unit of times; a finer one is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// Digits that a decimal of text may have on each side of the mark: more than any value has.
const TEXT_DIGITS: i32 = 1_000;

/// How a column contains others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Struct,
    List,
    Map,
}

/// A type, reduced to what matters to readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Null,
    Boolean,
    Integer {
        bits: u32,
        is_signed: bool,
    },
    /// With the number of bits of whole numbers that it holds exactly.
    Float {
        exact_bits: u32,
    },
    Decimal {
        precision: i32,
        scale: i32,
    },
    Date,
    Time(Unit),
    Timestamp {
        unit: Unit,
        is_zoned: bool,
    },
    /// Timestamps of which some have a zone and others have none.
    Moments,
    Text,
    /// Values of different types in one column of JSON.
    Mixed,
    Bytes,
    FixedBytes(u32),
    Nested(Container),
    /// A type that is equal to itself alone.
    Other(&'a str),
    /// A type of which width, unit or zone is not known.
    Unknown,
}

impl<'a> Kind<'a> {
    pub(super) fn of(column: &'a Column, family: Family) -> Self {
        let kind = match column.data_type.as_deref() {
            Some(data_type) => Self::of_data_type(data_type),
            None => Self::of_type(column.column_type, family),
        };
        match family {
            Family::Declared => kind,
            Family::Delimited | Family::Json => kind.without_declaration(),
        }
    }

    fn of_type(column_type: ColumnType, family: Family) -> Self {
        match (column_type, family) {
            (ColumnType::Null, _) => Self::Null,
            (ColumnType::Boolean, _) => Self::Boolean,
            (ColumnType::Date, _) => Self::Date,
            (ColumnType::Object, _) => Self::Nested(Container::Struct),
            (ColumnType::Array, _) => Self::Nested(Container::List),
            (ColumnType::String, Family::Json) => Self::Mixed,
            (ColumnType::String, _) => Self::Text,
            (ColumnType::Time | ColumnType::Binary, _) | (_, Family::Declared) => Self::Unknown,
            (ColumnType::Decimal, _) => Self::text_decimal(1),
            (ColumnType::Timestamp, _) => Self::Moments,
            (ColumnType::Integer, _) => Self::Integer {
                bits: 64,
                is_signed: true,
            },
            (ColumnType::Float, _) => Self::Float { exact_bits: 53 },
        }
    }

    fn of_data_type(data_type: &'a str) -> Self {
        let (name, arguments) = match data_type.find(['[', '(', '<']) {
            Some(at) => (
                &data_type[..at],
                data_type[at + 1..].trim_end_matches([']', ')', '>']),
            ),
            None => (data_type, ""),
        };
        let other = Self::Other(data_type);
        let integer = |bits, is_signed| Self::Integer { bits, is_signed };
        match name {
            "null" => Self::Null,
            "bool" => Self::Boolean,
            "int8" => integer(8, true),
            "int16" => integer(16, true),
            "int32" => integer(32, true),
            "int64" => integer(64, true),
            "uint8" => integer(8, false),
            "uint16" => integer(16, false),
            "uint32" => integer(32, false),
            "uint64" => integer(64, false),
            "halffloat" => Self::Float { exact_bits: 11 },
            "float" => Self::Float { exact_bits: 24 },
            "double" => Self::Float { exact_bits: 53 },
            "decimal32" | "decimal64" | "decimal128" | "decimal256" => {
                decimal(arguments).unwrap_or(other)
            }
            "date32" | "date64" => Self::Date,
            "time32" | "time64" => unit(arguments).map_or(other, Self::Time),
            "timestamp" => timestamp(arguments).unwrap_or(other),
            "string" | "large_string" | "string_view" => Self::Text,
            "binary" | "large_binary" | "binary_view" => Self::Bytes,
            "fixed_size_binary" => arguments.parse().map_or(other, Self::FixedBytes),
            "struct" => Self::Nested(Container::Struct),
            "list" | "large_list" | "fixed_size_list" => Self::Nested(Container::List),
            "map" => Self::Nested(Container::Map),
            _ => other,
        }
    }
    /// The kind of values in text, whose width, unit and precision nothing declares: they are those of the readers.
    fn without_declaration(self) -> Self {
        let unit_of_readers = |unit: Unit| unit.max(Unit::Microseconds);
        match self {
            Self::Decimal { scale, .. } => Self::text_decimal(scale),
            Self::Time(unit) => Self::Time(unit_of_readers(unit)),
            Self::Timestamp { unit, is_zoned } => Self::Timestamp {
                unit: unit_of_readers(unit),
                is_zoned,
            },
            other => other,
        }
    }

    /// A decimal of text: whole numbers of any number of digits, or any numbers of so many digits.
    fn text_decimal(scale: i32) -> Self {
        let scale = if scale > 0 { TEXT_DIGITS } else { 0 };
        Self::Decimal {
            precision: TEXT_DIGITS + scale,
            scale,
        }
    }
}

fn decimal<'a>(arguments: &str) -> Option<Kind<'a>> {
    let (precision, scale) = arguments.split_once(',')?;
    Some(Kind::Decimal {
        precision: precision.trim().parse().ok()?,
        scale: scale.trim().parse().ok()?,
    })
}

fn timestamp<'a>(arguments: &str) -> Option<Kind<'a>> {
    let (name, zone) = match arguments.split_once(',') {
        Some((name, zone)) => (name, Some(zone)),
        None => (arguments, None),
    };
    Some(Kind::Timestamp {
        unit: unit(name)?,
        is_zoned: zone.is_some(),
    })
}

fn unit(name: &str) -> Option<Unit> {
    match name {
        "s" => Some(Unit::Seconds),
        "ms" => Some(Unit::Milliseconds),
        "us" => Some(Unit::Microseconds),
        "ns" => Some(Unit::Nanoseconds),
        _ => None,
    }
}
