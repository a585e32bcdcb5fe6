//! The difference between an object and the version that it is to replace, judged from the readers' side.

mod columns;
mod dialect;
mod fit;
mod kind;
mod matching;
mod policy;
mod range;
mod rename;
mod schema;
mod side;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use restow_api::diff::Difference;
use restow_api::{Change, ChangeKind, Column, Compression, SchemaDiff, Verdict};
use serde_json::Value;

pub use self::policy::refused;
pub use self::side::{Base, Side};

use self::columns::Families;
use self::kind::Family;
use self::matching::Matching;
use self::rename::Rename;

/// How `object` differs from `base`, which is none for the first version of a dataset.
///
/// Columns are matched by name and judged by their values: a change is breaking if a value does not fit what readers of
/// the schema had to cope with, or if it is not known whether every value does. Where the columns of one side are not known,
/// the verdict is breaking although no change says why.
pub fn schema_diff(base: Option<&Base<'_>>, object: &Side<'_>) -> SchemaDiff {
    let (verdict, changes) = match base {
        None => (Verdict::Compatible, Vec::new()),
        Some(base) if base.is_same => (Verdict::Identical, Vec::new()),
        Some(base) => judged(base, object),
    };
    SchemaDiff {
        current_version: base.map(|base| base.version),
        verdict,
        changes,
        row_count: Difference {
            from: base.and_then(|base| base.side.row_count),
            to: object.row_count,
        },
        file_size: Difference {
            from: base.map(|base| base.side.file_size),
            to: Some(object.file_size),
        },
    }
}

fn judged(base: &Base<'_>, object: &Side<'_>) -> (Verdict, Vec<Change>) {
    let mut changes = Vec::new();
    changes.extend(change_of_format(&base.side, object));
    if base.side.format == object.format {
        changes.extend(dialect::change_of_dialect(&base.side, object));
    }
    let schema = base.schema.or(base.side.columns);
    if let (Some(schema), Some(columns)) = (schema, object.columns) {
        changes.extend(changes_of_columns(base, schema, object, columns));
    }
    changes.extend(change_of_rows(base.side.row_count, object.row_count));
    // Stable: of equal severity they stay in this order.
    changes.sort_by_key(|change| !change.breaking);
    let is_known = schema.is_some() && object.columns.is_some();
    let is_compatible = is_known && changes.iter().all(|change| !change.breaking);
    let verdict = if is_compatible {
        Verdict::Compatible
    } else {
        Verdict::Breaking
    };
    (verdict, changes)
}

fn changes_of_columns(
    base: &Base<'_>,
    schema: &[Column],
    object: &Side<'_>,
    columns: &[Column],
) -> Vec<Change> {
    let matching = Matching::new(schema, columns);
    let families = Families {
        schema: Family::of(base.side.format),
        object: Family::of(object.format),
    };
    let has_names = object.dialect.and_then(|dialect| dialect.header) != Some(false);
    let renames = renames_of(base, &matching);
    let mut changes: Vec<Change> = renames.iter().map(Rename::change).collect();
    let is_renamed = |name: &str| {
        let mut renames = renames.iter();
        renames.any(|rename| rename.from.name == name || rename.to.name == name)
    };
    let removed = matching.removed.iter();
    changes.extend(
        removed
            .filter(|column| !is_renamed(&column.name))
            .map(|column| columns::removed(&column.name, column)),
    );
    changes.extend(columns::changes_of_pairs(&matching, families));
    let added = matching.added.iter();
    changes.extend(
        added
            .filter(|column| !is_renamed(&column.name))
            .map(|column| columns::added(&column.name, column)),
    );
    changes.extend(columns::change_of_order(&matching, has_names));
    changes
}

/// The renames that the statistics of the version suggest, since its schema has none. Names that occur several times
/// are left out: which of the columns is meant would not be clear.
fn renames_of<'a>(base: &Base<'a>, matching: &Matching<'a>) -> Vec<Rename<'a>> {
    let paired = matching.pairs.iter().map(|pair| pair.object);
    let columns = matching.removed.iter().chain(&matching.added).copied();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for column in paired.chain(columns) {
        *counts.entry(&column.name).or_default() += 1;
    }
    let unique = |columns: &[&'a Column]| -> Vec<&'a Column> {
        let columns = columns.iter().copied();
        columns
            .filter(|column| counts.get(column.name.as_str()) == Some(&1))
            .collect()
    };
    let names: HashSet<&str> = unique(&matching.removed)
        .into_iter()
        .map(|column| column.name.as_str())
        .collect();
    let of_version = base.side.columns.unwrap_or_default().iter();
    let removed: Vec<&Column> = of_version
        .filter(|column| names.contains(column.name.as_str()))
        .collect();
    rename::renames(&removed, &unique(&matching.added))
}

fn change_of_format(from: &Side<'_>, to: &Side<'_>) -> Option<Change> {
    if from.format == to.format && from.compression == to.compression {
        return None;
    }
    let (before, after) = (name_of_format(from), name_of_format(to));
    let words = |name: &Option<String>| {
        name.clone()
            .unwrap_or_else(|| "of no known format".to_owned())
    };
    Some(Change {
        kind: ChangeKind::FormatChanged,
        column: None,
        msg: format!(
            "The file was {} and is {} now: readers of the one cannot read the other.",
            words(&before),
            words(&after)
        ),
        from: before.map(Value::from),
        to: after.map(Value::from),
        breaking: true,
    })
}

/// The format with the compression, as in an extension: `csv.gz`.
fn name_of_format(side: &Side<'_>) -> Option<String> {
    let compression = match side.compression {
        Compression::None => "",
        Compression::Gzip => ".gz",
        Compression::Zstd => ".zst",
    };
    side.format.map(|format| format!("{format}{compression}"))
}

fn change_of_rows(from: Option<u64>, to: Option<u64>) -> Option<Change> {
    let (from, to) = (from?, to?);
    (to < from).then(|| Change {
        kind: ChangeKind::RowsLost,
        column: None,
        from: Some(Value::from(from)),
        to: Some(Value::from(to)),
        breaking: false,
        msg: format!(
            "There were {from} rows and are {to} now: {} fewer.",
            from - to
        ),
    })
}

/// The schema of the dataset after `object` is committed, whose difference from the version before is `diff`.
///
/// A compatible object adds its new columns and narrows nothing, a breaking one replaces the schema. An object whose
/// columns are not known leaves it as it is.
pub fn next_schema(
    schema: Option<&[Column]>,
    object: &Side<'_>,
    diff: &SchemaDiff,
) -> Option<Vec<Column>> {
    match (schema, object.columns, diff.verdict) {
        (Some(schema), None, _) | (Some(schema), _, Verdict::Identical) => Some(schema.to_vec()),
        (Some(schema), Some(columns), Verdict::Compatible) => Some(schema::merged(schema, columns)),
        (_, columns, _) => columns.map(schema::of_columns),
    }
}
