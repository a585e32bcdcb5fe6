//! What there is to say about the values of a column.

use restow_api::{ColumnType, Finding, FindingType, Severity};

use super::ColumnBuilder;
use super::kinds::{Group, Kind};
use crate::findings::{Findings, finding};

/// Of a column with more values of another type than text, divided by this, it is probably a column of that type.
const MAJORITY: u64 = 2;

/// Adds the findings about `column`.
pub(super) fn report(column: &ColumnBuilder, findings: &mut Findings) {
    let reports = [
        null_markers(column),
        mixed_types(column),
        mixed_zones(column),
        overflow(column),
    ];
    findings.extend(reports.into_iter().flatten());
}

/// All values but null markers have a narrower type.
fn null_markers(column: &ColumnBuilder) -> Option<Finding> {
    let kinds = &column.kinds;
    let count = kinds.count(Kind::NullMarker);
    let mut others = kinds.groups().filter(|group| *group != Group::Text);
    let (only, further) = (others.next(), others.next());
    let is_text = kinds.count(Kind::Text) + kinds.count(Kind::Numeral) > 0;
    if count == 0 || further.is_some() || is_text {
        return None;
    }
    let narrower = only.map_or(ColumnType::Null, |group| {
        kinds.type_of(group, column.shape.patterns)
    });
    if narrower == ColumnType::String {
        return None;
    }
    let markers: Vec<&str> = column.shape.markers.texts().collect();
    let name = &column.name;
    let shown = markers.join(", ");
    let msg = if narrower == ColumnType::Null {
        format!(
            "Column \"{name}\" has no values but {shown}: state them as null values if they mean null."
        )
    } else {
        let values = plural(count, "value");
        format!(
            "Column \"{name}\" is {} but for {values}: {shown}. State them as null values, or it stays text.",
            narrower.as_str()
        )
    };
    let examples = markers
        .iter()
        .take(5)
        .map(|marker| (*marker).to_owned())
        .collect();
    let markers = serde_json::to_string(&markers).unwrap_or_default();
    Some(Finding {
        column: Some(name.clone()),
        line: Some(kinds.line(Kind::NullMarker)),
        count: Some(count),
        examples,
        suggestion: Some(format!("null_values={markers}")),
        ..finding(FindingType::NullMarkers, Severity::Warning, msg)
    })
}

/// Values of types that do not go together.
fn mixed_types(column: &ColumnBuilder) -> Option<Finding> {
    let mut parts: Vec<Part> = parts(column);
    if parts.len() < 2 || !is_mixed(column, &parts) {
        return None;
    }
    parts.sort_by_key(|part| (std::cmp::Reverse(part.count), part.line));
    let rest = &parts[1..];
    let examples: Vec<String> = parts.iter().take(5).map(Part::to_text).collect();
    let name = &column.name;
    let msg = format!(
        "Column \"{name}\" has values of {} types: {}. Give all of them one type, or it is read as text.",
        parts.len(),
        parts
            .iter()
            .map(Part::to_text)
            .collect::<Vec<_>>()
            .join("; ")
    );
    Some(Finding {
        column: Some(name.clone()),
        line: rest.iter().map(|part| part.line).min(),
        count: Some(rest.iter().map(|part| part.count).sum()),
        examples,
        ..finding(FindingType::MixedTypes, Severity::Warning, msg)
    })
}

/// Timestamps with a zone and without one, which have no order.
fn mixed_zones(column: &ColumnBuilder) -> Option<Finding> {
    let kinds = &column.kinds;
    let zoned = kinds.count(Kind::ZonedTimestamp);
    let local = kinds.count(Kind::Timestamp);
    if zoned == 0 || local == 0 || column.column_type() != ColumnType::Timestamp {
        return None;
    }
    let rarer = if zoned < local {
        Kind::ZonedTimestamp
    } else {
        Kind::Timestamp
    };
    let name = &column.name;
    let msg = format!(
        "Column \"{name}\" has {} with a time zone (first in line {}) and {} without one (first in line {}). Give all of them one.",
        plural(zoned, "timestamp"),
        kinds.line(Kind::ZonedTimestamp),
        plural(local, "timestamp"),
        kinds.line(Kind::Timestamp)
    );
    Some(Finding {
        column: Some(name.clone()),
        line: Some(kinds.line(rarer)),
        count: Some(zoned.min(local)),
        ..finding(FindingType::MixedTypes, Severity::Warning, msg)
    })
}

/// The values of a column that go together.
struct Part {
    group: Group,
    column_type: ColumnType,
    count: u64,
    line: u64,
}

impl Part {
    fn to_text(&self) -> String {
        let name = match self.group {
            Group::OtherDate => "date",
            _ => self.column_type.as_str(),
        };
        format!(
            "{name} ({}, first in line {})",
            plural(self.count, "value"),
            self.line
        )
    }
}

/// The groups of values, without null markers.
fn parts(column: &ColumnBuilder) -> Vec<Part> {
    let kinds = &column.kinds;
    let part = |group: Group| {
        let of_group = || {
            kinds
                .of_group(group)
                .filter(|kind| *kind != Kind::NullMarker)
        };
        Some(Part {
            group,
            column_type: kinds.type_of(group, column.shape.patterns),
            count: of_group().map(|kind| kinds.count(kind)).sum(),
            line: of_group().map(|kind| kinds.line(kind)).min()?,
        })
    };
    kinds.groups().filter_map(part).collect()
}

/// Whether the parts are worth a finding. JSON states types; in delimited text a column of text may contain numbers and dates, so
/// that only texts that are the minority are worth it.
fn is_mixed(column: &ColumnBuilder, parts: &[Part]) -> bool {
    let kinds = &column.kinds;
    // A null marker among words is a word.
    let texts = kinds.count(Kind::Text) + kinds.count(Kind::NullMarker);
    let is_code =
        kinds.count(Kind::Numeral) > 0 && parts.iter().any(|part| part.group == Group::Number);
    let states_types = column.is_json && kinds.has_several_json_types();
    states_types || (!is_code && texts.saturating_mul(MAJORITY) < kinds.total())
}

/// JSON numbers beyond the range of a 64-bit float.
fn overflow(column: &ColumnBuilder) -> Option<Finding> {
    let count = column.shape.overflows;
    let name = &column.name;
    let msg = format!(
        "Column \"{name}\" has {} beyond the range of 64-bit floating point: write them as strings.",
        plural(count, "number")
    );
    (count > 0).then(|| Finding {
        column: Some(name.clone()),
        count: Some(count),
        ..finding(FindingType::InvalidNumber, Severity::Warning, msg)
    })
}

fn plural(count: u64, noun: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{end}")
}
