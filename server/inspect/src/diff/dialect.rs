//! How two objects of one format are read, compared.

use restow_api::{Change, ChangeKind, Column, ColumnType};
use serde_json::Value;

use super::side::Side;

/// The change of the dialect, if one of its properties is known of both and differs.
pub(super) fn change_of_dialect(from: &Side<'_>, to: &Side<'_>) -> Option<Change> {
    let before = properties(from)?;
    let after = properties(to)?;
    let differences: Vec<_> = before
        .into_iter()
        .zip(after)
        .filter_map(|((name, before), (_, after))| Some((name, before?, after?)))
        .filter(|(name, before, after)| !is_readable(name, before, after))
        .collect();
    if differences.is_empty() {
        return None;
    }
    let words: Vec<String> = differences
        .iter()
        .map(|(name, before, after)| format!("{name} was {before} and is {after} now"))
        .collect();
    let msg = format!(
        "The file is written in another way: {}; readers with the old settings misread it.",
        words.join(", ")
    );
    let object = |values: Vec<(&str, Value)>| {
        let values = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        Some(Value::Object(values.collect()))
    };
    let (from, to) = differences
        .into_iter()
        .map(|(name, before, after)| ((name, before), (name, after)))
        .unzip();
    Some(Change {
        kind: ChangeKind::DialectChanged,
        column: None,
        from: object(from),
        to: object(to),
        breaking: true,
        msg,
    })
}

/// The properties that readers have to know, by their names among the read options. An object without fractions has no
/// decimal mark, whatever is said of it.
fn properties(side: &Side<'_>) -> Option<[(&'static str, Option<Value>); 9]> {
    let options = side.dialect?;
    let has_fractions = |columns: &[Column]| {
        let mut types = columns.iter().map(|column| column.column_type);
        types.any(|column_type| column_type == ColumnType::Float)
    };
    let decimal = options.decimal.as_ref();
    let decimal = decimal.filter(|_| side.columns.is_none_or(has_fractions));
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let nulls = options.null_values.as_deref().unwrap_or_default();
    let nulls = nulls.iter().map(|null| Value::from(null.0.as_str()));
    Some([
        ("delimiter", text(&options.delimiter)),
        ("quote", text(&options.quote)),
        ("escape", text(&options.escape)),
        ("encoding", text(&options.encoding)),
        ("header", options.header.map(Value::from)),
        ("skip_lines", options.skip_lines.map(Value::from)),
        ("comment", text(&options.comment)),
        ("decimal", decimal.map(|mark| Value::from(mark.as_str()))),
        ("null_values", Some(nulls.collect())),
    ])
}

/// Whether readers that know `before` can read what is written as `after`: it is equal, encodings but for their case; or
/// it has no comments, no escaped quotes or no null marker that is new to them.
fn is_readable(name: &str, before: &Value, after: &Value) -> bool {
    match (name, before, after) {
        ("encoding", Value::String(before), Value::String(after)) => {
            before.eq_ignore_ascii_case(after)
        }
        ("comment" | "escape", _, Value::String(after)) if after.is_empty() => true,
        ("null_values", Value::Array(before), Value::Array(after)) => {
            after.iter().all(|marker| before.contains(marker))
        }
        _ => before == after,
    }
}
