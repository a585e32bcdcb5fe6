//! Whether the values of a column fit the type that readers know.

use restow_api::Column;
use serde_json::Value;

use super::kind::{Family, Kind, Unit};
use super::range::Range;

/// A column with what its format says of its type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typed<'a> {
    pub(super) column: &'a Column,
    pub(super) family: Family,
    pub(super) kind: Kind<'a>,
}

impl<'a> Typed<'a> {
    pub(super) fn new(column: &'a Column, family: Family) -> Self {
        Self {
            column,
            family,
            kind: Kind::of(column, family),
        }
    }

    /// The type as it is shown.
    pub(super) fn name(&self) -> &'a str {
        type_name(self.column)
    }
}

/// The type of `column` as it is shown.
pub(super) fn type_name(column: &Column) -> &str {
    let data_type = column.data_type.as_deref();
    data_type.unwrap_or(column.column_type.as_str())
}

/// What the type of a column means for readers of its type in the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is the same.
    Same,
    /// It is another, and every value fits; says why.
    Fits(String),
    /// Values do not fit, or it is not known whether they do; says why.
    Breaks(String),
}

/// The pattern of dates that is not stated.
const ISO_DATE: &str = "YYYY-MM-DD";

fn fits(reason: impl Into<String>) -> Fit {
    Fit::Fits(reason.into())
}

fn breaks(reason: impl Into<String>) -> Fit {
    Fit::Breaks(reason.into())
}

/// Whether the values of `object` fit the type of `schema`, without the fields of nested columns.
pub(super) fn fit(schema: &Typed<'_>, object: &Typed<'_>) -> Fit {
    if is_same(schema, object) {
        return Fit::Same;
    }
    match (schema.kind, object.kind) {
        (Kind::Null, _) => fits("no value before had a type"),
        (_, Kind::Null) => fits("it has no value"),
        (Kind::Text | Kind::Mixed, _) => in_text(schema, object),
        (_, Kind::Unknown) => breaks("its type is not known exactly"),
        (Kind::Date, Kind::Date | Kind::Text) => in_date(schema, object),
        (known, other) if known == other => fits("readers see the same values"),
        (Kind::Integer { .. } | Kind::Float { .. } | Kind::Decimal { .. }, _) => {
            in_number(schema, object)
        }
        (Kind::Time(_) | Kind::Timestamp { .. } | Kind::Moments, _) => in_time(schema, object),
        (Kind::Bytes, Kind::FixedBytes(_)) => fits("every value is bytes"),
        _ => other_values(schema, object),
    }
}

/// Whether nothing is known that differs. A schema of a release before this has types without their width, and compares
/// as if the width were the same. Nested columns differ by their fields.
fn is_same(schema: &Typed<'_>, object: &Typed<'_>) -> bool {
    let (known, other) = (schema.column, object.column);
    let is_same_type = known.data_type.is_none() || known.data_type == other.data_type;
    let is_nested = matches!(schema.kind, Kind::Nested(_)) && schema.kind == object.kind;
    is_nested
        || known.column_type == other.column_type
            && (schema.kind != Kind::Date || known.date_pattern == other.date_pattern)
            && is_same_type
}

fn in_text(schema: &Typed<'_>, object: &Typed<'_>) -> Fit {
    match (object.family, schema.kind, object.kind) {
        (Family::Declared, _, Kind::Unknown) => breaks("its type is not known exactly"),
        (_, _, Kind::Nested(_)) => other_values(schema, object),
        (Family::Delimited, _, _) => fits("readers of text can read any value"),
        (_, Kind::Mixed, _) => fits("its values had different types before"),
        (Family::Json, _, Kind::Date | Kind::Time(_) | Kind::Timestamp { .. }) => {
            fits("the values are still text")
        }
        (_, Kind::Text, Kind::Text) => fits("readers see the same values"),
        _ => other_values(schema, object),
    }
}

fn in_number(schema: &Typed<'_>, object: &Typed<'_>) -> Fit {
    match (schema.kind, object.kind) {
        (Kind::Integer { bits, is_signed }, Kind::Integer { .. }) => {
            in_range(schema, object, Range::of_integer(bits, is_signed))
        }
        (Kind::Float { exact_bits }, Kind::Integer { .. }) => {
            in_range(schema, object, Range::exact_in_float(exact_bits))
        }
        (Kind::Decimal { precision, scale }, Kind::Integer { .. }) => {
            in_range(schema, object, Range::of_digits(precision - scale))
        }
        (Kind::Float { exact_bits: wide }, Kind::Float { exact_bits: narrow }) if narrow < wide => {
            fits("its numbers have fewer digits")
        }
        (
            Kind::Decimal { precision, scale },
            Kind::Decimal {
                precision: new_precision,
                scale: new_scale,
            },
        ) if new_scale <= scale && new_precision - new_scale <= precision - scale => {
            fits("its numbers have no more digits")
        }
        (Kind::Decimal { scale, .. }, Kind::Float { .. })
            if scale > 0 && object.family != Family::Declared =>
        {
            fits("its numbers have no more digits")
        }
        (Kind::Integer { .. } | Kind::Float { .. }, Kind::Decimal { .. })
            if object.family != Family::Declared =>
        {
            breaks(format!(
                "{}values are beyond the numbers that {} holds exactly",
                extremes(object.column),
                schema.name()
            ))
        }
        (Kind::Integer { .. }, Kind::Float { .. }) => breaks(format!(
            "readers of whole numbers cannot read numbers with a fraction or an exponent{}",
            fraction(object.column)
        )),
        _ => other_values(schema, object),
    }
}

/// Whether every whole number of `object` is in `room`.
fn in_range(schema: &Typed<'_>, object: &Typed<'_>, room: Range) -> Fit {
    let declared = match object.kind {
        Kind::Integer { bits, is_signed } => Range::of_integer(bits, is_signed),
        _ => return other_values(schema, object),
    };
    let range = Range::of_values(object.column);
    match (range, range.unwrap_or(declared).outside(room)) {
        (_, None) => fits("every value fits"),
        (Some(_), Some(value)) => breaks(format!(
            "{} cannot hold {value}{}",
            schema.name(),
            if matches!(schema.kind, Kind::Float { .. }) {
                " exactly"
            } else {
                ""
            }
        )),
        (None, Some(_)) => breaks(format!(
            "its least and greatest values are not known, and {} cannot hold every {}",
            schema.name(),
            object.name()
        )),
    }
}

fn in_time(schema: &Typed<'_>, object: &Typed<'_>) -> Fit {
    match (schema.kind, object.kind) {
        (Kind::Timestamp { .. } | Kind::Moments, Kind::Date)
            if object.column.date_pattern.is_none() =>
        {
            fits("a date is a timestamp at midnight")
        }
        (Kind::Moments, Kind::Timestamp { .. }) => fits("its times had zones and none before"),
        (Kind::Timestamp { .. }, Kind::Moments) => {
            breaks("some of its times have a time zone and others have none")
        }
        (Kind::Time(known), Kind::Time(unit)) => in_unit(schema, known, unit),
        (
            Kind::Timestamp {
                unit: known,
                is_zoned,
            },
            Kind::Timestamp {
                unit,
                is_zoned: has_zone,
            },
        ) => match (is_zoned, has_zone) {
            (true, false) => breaks("its times have no time zone any more"),
            (false, true) => breaks("its times have a time zone now"),
            _ => in_unit(schema, known, unit),
        },
        _ => other_values(schema, object),
    }
}

fn in_unit(schema: &Typed<'_>, known: Unit, unit: Unit) -> Fit {
    if unit <= known {
        fits("the unit is coarser")
    } else {
        breaks(format!("{} has no room for its finer unit", schema.name()))
    }
}

fn other_values(schema: &Typed<'_>, object: &Typed<'_>) -> Fit {
    breaks(format!(
        "readers of {} cannot read {}",
        schema.name(),
        match object.kind {
            Kind::Mixed => "values of different types",
            _ => object.name(),
        }
    ))
}

/// Dates among dates. A column of text is one of dates if all of its values are, and it is only not certain in which of
/// the patterns that it names.
fn in_date(schema: &Typed<'_>, object: &Typed<'_>) -> Fit {
    let known = schema.column.date_pattern.as_deref().unwrap_or(ISO_DATE);
    let found = match object.kind {
        Kind::Date => object.column.date_pattern.as_deref().or(Some(ISO_DATE)),
        _ => object.column.date_pattern.as_deref(),
    };
    let Some(found) = found else {
        return other_values(schema, object);
    };
    if found
        .split('|')
        .any(|pattern| without_padding(pattern) == without_padding(known))
    {
        fits(format!("its dates can be read as {known}"))
    } else {
        breaks(format!(
            "its dates are written as {found} instead of {known}"
        ))
    }
}

/// A pattern without regard to leading zeros, which a file has or lacks by the days that are in it.
fn without_padding(pattern: &str) -> String {
    let mut letters: Vec<char> = pattern.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

/// The extreme values of a column, as the beginning of a sentence about them.
fn extremes(column: &Column) -> String {
    match (&column.min, &column.max) {
        (Some(min), Some(max)) => format!("they go from {} to {}, and ", text(min), text(max)),
        _ => String::new(),
    }
}

/// An extreme value with a fraction, as an example.
fn fraction(column: &Column) -> String {
    let values = [&column.max, &column.min];
    let mut texts = values.into_iter().flatten().map(text);
    let example = texts.find(|text| text.parse::<i128>().is_err());
    example.map_or_else(String::new, |example| format!(" like {example}"))
}

/// A value without the quotes of JSON.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
