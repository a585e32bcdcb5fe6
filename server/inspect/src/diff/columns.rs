//! Columns compared, with the fields in them.

use std::collections::HashMap;

use restow_api::{Change, ChangeKind, Column};
use serde_json::Value;

use super::fit::{Fit, Typed, fit, type_name};
use super::kind::{Family, Kind};
use super::matching::{Matching, Pair};

/// The families of the schema and of the object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Families {
    pub(super) schema: Family,
    pub(super) object: Family,
}

/// The changes of every column that is in both, and of the fields in it.
pub(super) fn changes_of_pairs(matching: &Matching<'_>, families: Families) -> Vec<Change> {
    let mut changes = Vec::new();
    for pair in &matching.pairs {
        compare(&pair.object.name, pair, families, &mut changes);
    }
    changes
}

fn compare(path: &str, pair: &Pair<'_>, families: Families, changes: &mut Vec<Change>) {
    let schema = Typed::new(pair.schema, families.schema);
    let object = Typed::new(pair.object, families.object);
    let fit = fit(&schema, &object);
    let is_nested = matches!(schema.kind, Kind::Nested(_)) && schema.kind == object.kind;
    changes.extend(change_of_type(path, &schema, &object, fit));
    if is_nested {
        compare_fields(path, pair, families, changes);
    }
    if schema.kind != Kind::Null {
        changes.extend(change_of_nulls(path, pair));
    }
}

fn change_of_type(path: &str, schema: &Typed<'_>, object: &Typed<'_>, fit: Fit) -> Option<Change> {
    let (kind, breaking, reason) = match fit {
        Fit::Same => return None,
        Fit::Fits(reason) => (ChangeKind::TypeFits, false, reason),
        Fit::Breaks(reason) => (ChangeKind::TypeBreaks, true, reason),
    };
    let (from, to) = (schema.name(), object.name());
    let msg = if from == to {
        format!("Column `{path}` is still {from}, but {reason}.")
    } else {
        format!("Column `{path}` was {from} and is {to} now: {reason}.")
    };
    Some(change(kind, path, Some(from), Some(to), breaking, msg))
}

fn compare_fields(path: &str, pair: &Pair<'_>, families: Families, changes: &mut Vec<Change>) {
    let (schema, object) = (pair.schema, pair.object);
    if !lists_fields(schema) || !lists_fields(object) {
        changes.extend(change_of_unknown_fields(path, schema, object));
        return;
    }
    let matching = Matching::new(&schema.fields, &object.fields);
    for field in &matching.removed {
        let path = format!("{path}.{}", field.name);
        changes.push(removed(&path, field));
    }
    for field in &matching.added {
        let path = format!("{path}.{}", field.name);
        changes.push(added(&path, field));
    }
    for field in &matching.pairs {
        let path = format!("{path}.{}", field.object.name);
        compare(&path, field, families, changes);
    }
}

/// Whether the fields of a nested column are known, if only that there are none.
fn lists_fields(column: &Column) -> bool {
    !column.fields.is_empty() || column.data_type.as_deref() == Some("struct<>")
}

/// The change of a nested column where the fields of one side are not listed: no list has an element, they are too deep, or
/// a release before this did not keep them.
fn change_of_unknown_fields(path: &str, schema: &Column, object: &Column) -> Option<Change> {
    let (from, to) = (type_name(schema), type_name(object));
    if from == to || schema.data_type.is_none() {
        return None;
    }
    let (kind, breaking, reason) = if has_no_element(schema) {
        let reason = "no list had an element before";
        (ChangeKind::TypeFits, false, reason)
    } else if has_no_element(object) {
        (ChangeKind::TypeFits, false, "no list has an element")
    } else {
        let reason = "its fields are not those that readers know";
        (ChangeKind::TypeBreaks, true, reason)
    };
    let msg = format!("Column `{path}` was {from} and is {to} now: {reason}.");
    Some(change(kind, path, Some(from), Some(to), breaking, msg))
}

fn has_no_element(column: &Column) -> bool {
    column.fields.is_empty() && column.data_type.as_deref() == Some("list<null>")
}

fn change_of_nulls(path: &str, pair: &Pair<'_>) -> Option<Change> {
    let (schema, object) = (pair.schema, pair.object);
    // Of a field that cannot be null itself, what is null is the column around it.
    if object.nullable == Some(false) {
        return None;
    }
    let breaking = schema.nullable == Some(false);
    let msg = match object.nulls {
        Some(0) if breaking => return change_of_nullable(path, object),
        Some(0) => return None,
        Some(nulls) if breaking => {
            format!("has {nulls} null values, but was declared to have none: readers may fail")
        }
        None if breaking => {
            "can have null values now, but was declared to have none: readers may fail".to_owned()
        }
        Some(nulls) if schema.nulls == Some(0) => {
            format!("has {nulls} null values, and had none before")
        }
        _ => return None,
    };
    Some(Change {
        kind: ChangeKind::NullsAppeared,
        column: Some(path.to_owned()),
        from: Some(Value::from(0)),
        to: object.nulls.map(Value::from),
        breaking,
        msg: format!("Column `{path}` {msg}."),
    })
}

/// The change of a column without null values that was declared to have none and is no longer.
fn change_of_nullable(path: &str, object: &Column) -> Option<Change> {
    object.nullable?;
    let to = type_name(object);
    let from = format!("{to} not null");
    let msg = format!("Column `{path}` is declared as nullable now, but has no null value.");
    Some(change(
        ChangeKind::TypeFits,
        path,
        Some(&from),
        Some(to),
        false,
        msg,
    ))
}

/// The change of a column that is new.
pub(super) fn added(path: &str, column: &Column) -> Change {
    let to = type_name(column);
    let msg = format!("Column `{path}` ({to}) is new.");
    change(ChangeKind::ColumnAdded, path, None, Some(to), false, msg)
}

/// The change of a column that is missing.
pub(super) fn removed(path: &str, column: &Column) -> Change {
    let from = type_name(column);
    let msg = format!("Column `{path}` ({from}) is missing: readers that use it will fail.");
    change(ChangeKind::ColumnRemoved, path, Some(from), None, true, msg)
}

fn change(
    kind: ChangeKind,
    path: &str,
    from: Option<&str>,
    to: Option<&str>,
    breaking: bool,
    msg: String,
) -> Change {
    Change {
        kind,
        column: Some(path.to_owned()),
        from: from.map(Value::from),
        to: to.map(Value::from),
        breaking,
        msg,
    }
}

/// The change of the order of the columns that are in both. Readers of delimited text without a header know columns by
/// their position alone.
pub(super) fn change_of_order(matching: &Matching<'_>, has_names: bool) -> Option<Change> {
    let positions: HashMap<usize, usize> = ranks(matching);
    let moved = matching
        .pairs
        .iter()
        .enumerate()
        .find(|(rank, pair)| positions.get(&pair.schema_index) != Some(rank));
    let (rank, pair) = moved?;
    let before = positions.get(&pair.schema_index)?;
    let name = &pair.object.name;
    let reason = if has_names {
        "readers that use names are not concerned"
    } else {
        "without a header, readers know columns by their position"
    };
    Some(Change {
        kind: ChangeKind::OrderChanged,
        column: Some(name.clone()),
        from: Some(Value::from(before + 1)),
        to: Some(Value::from(rank + 1)),
        breaking: !has_names,
        msg: format!(
            "Columns are in another order: of those that were there before, `{name}` was number {} and is number {} now; \
             {reason}.",
            before + 1,
            rank + 1
        ),
    })
}

/// The rank of each matched column of the schema among them, by its index in the schema.
fn ranks(matching: &Matching<'_>) -> HashMap<usize, usize> {
    let mut indexes: Vec<usize> = matching
        .pairs
        .iter()
        .map(|pair| pair.schema_index)
        .collect();
    indexes.sort_unstable();
    let ranks = indexes.into_iter().enumerate();
    ranks.map(|(rank, index)| (index, rank)).collect()
}
