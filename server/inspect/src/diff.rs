//! The columns of two versions compared.

use std::collections::HashMap;

use restow_api::{Column, ColumnChange, ColumnType, SchemaDiff};

/// How `columns`, those of an uploaded object, differ from those of the `current` version, given with its number.
///
/// Columns are matched by name; their order and their counts of nulls do not matter. Added and changed columns come in
/// the order of the object, removed ones in that of the current version.
///
/// The object is compatible when no column is removed and every changed one only widens, so that its type holds every
/// value of the old one: null → anything, integer → decimal or float, date → timestamp. Nothing else widens: a reader
/// of numbers cannot read text, and a column that has become narrower (or all null) no longer is what it was. Without a
/// current version everything is added and compatible.
pub fn schema_diff(current: Option<(u64, &[Column])>, columns: &[Column]) -> SchemaDiff {
    let (current_version, old) = current.unzip();
    let old = old.unwrap_or_default();
    let old_types: HashMap<&str, ColumnType> = types_by_name(old);
    let new_types: HashMap<&str, ColumnType> = types_by_name(columns);
    let is_added = |column: &&Column| !old_types.contains_key(column.name.as_str());
    let is_removed = |column: &&Column| !new_types.contains_key(column.name.as_str());
    let added: Vec<Column> = columns.iter().filter(is_added).cloned().collect();
    let removed: Vec<Column> = old.iter().filter(is_removed).cloned().collect();
    let changed: Vec<ColumnChange> = columns
        .iter()
        .filter_map(|column| change(&old_types, column))
        .collect();
    let compatible =
        removed.is_empty() && changed.iter().all(|change| widens(change.from, change.to));
    SchemaDiff {
        current_version,
        added,
        removed,
        changed,
        compatible,
    }
}

/// The difference from the current version, given by its number, where the columns of one of the two are not known: none
/// is listed, and nothing says that readers can read the object.
pub fn unknown_diff(current_version: u64) -> SchemaDiff {
    SchemaDiff {
        current_version: Some(current_version),
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
        compatible: false,
    }
}

fn types_by_name(columns: &[Column]) -> HashMap<&str, ColumnType> {
    columns
        .iter()
        .map(|column| (column.name.as_str(), column.column_type))
        .collect()
}

fn change(old_types: &HashMap<&str, ColumnType>, column: &Column) -> Option<ColumnChange> {
    let from = *old_types.get(column.name.as_str())?;
    let to = column.column_type;
    (from != to).then(|| ColumnChange {
        name: column.name.clone(),
        from,
        to,
    })
}

fn widens(from: ColumnType, to: ColumnType) -> bool {
    use ColumnType::{Date, Decimal, Float, Integer, Null, Timestamp};
    matches!(
        (from, to),
        (Null, _) | (Integer, Decimal | Float) | (Date, Timestamp)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(columns: &[(&str, ColumnType)]) -> Vec<Column> {
        let column = |(name, column_type): &(&str, ColumnType)| Column {
            name: (*name).to_owned(),
            column_type: *column_type,
            nulls: None,
        };
        columns.iter().map(column).collect()
    }

    #[test]
    fn a_first_version_is_compatible() {
        let new = columns(&[("a", ColumnType::Integer)]);
        let diff = schema_diff(None, &new);
        assert_eq!(
            (diff.current_version, diff.added, diff.compatible),
            (None, new, true)
        );
    }

    #[test]
    fn differences_are_listed_in_stable_order() {
        let old = columns(&[
            ("gone 1", ColumnType::String),
            ("same", ColumnType::Float),
            ("narrower", ColumnType::Float),
            ("wider", ColumnType::Date),
            ("gone 2", ColumnType::Null),
        ]);
        let new = columns(&[
            ("new 2", ColumnType::Date),
            ("wider", ColumnType::Timestamp),
            ("same", ColumnType::Float),
            ("new 1", ColumnType::Date),
            ("narrower", ColumnType::Integer),
        ]);
        let diff = schema_diff(Some((7, &old)), &new);
        let names = |columns: &[Column]| {
            columns
                .iter()
                .map(|column| column.name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(diff.current_version, Some(7));
        assert_eq!(names(&diff.added), ["new 2", "new 1"]);
        assert_eq!(names(&diff.removed), ["gone 1", "gone 2"]);
        let changed: Vec<_> = diff
            .changed
            .iter()
            .map(|change| (change.name.as_str(), change.from, change.to))
            .collect();
        assert_eq!(
            changed,
            [
                ("wider", ColumnType::Date, ColumnType::Timestamp),
                ("narrower", ColumnType::Float, ColumnType::Integer)
            ]
        );
        assert!(!diff.compatible);
    }

    #[test]
    fn only_wider_types_are_compatible() {
        let compatible = |from, to| {
            schema_diff(
                Some((1, &columns(&[("a", from)]))),
                &columns(&[("a", to), ("b", ColumnType::Null)]),
            )
            .compatible
        };
        assert!(compatible(ColumnType::Integer, ColumnType::Integer));
        assert!(compatible(ColumnType::Null, ColumnType::Object));
        assert!(compatible(ColumnType::Integer, ColumnType::Float));
        assert!(compatible(ColumnType::Integer, ColumnType::Decimal));
        assert!(compatible(ColumnType::Date, ColumnType::Timestamp));
        assert!(!compatible(ColumnType::Float, ColumnType::Integer));
        assert!(!compatible(ColumnType::Integer, ColumnType::String));
        assert!(!compatible(ColumnType::Integer, ColumnType::Null));
        assert!(!compatible(ColumnType::Boolean, ColumnType::Integer));
    }
}
