//! Which column of an object is which of the schema.

use std::collections::HashMap;

use restow_api::Column;

/// A column that is in both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<'a> {
    pub(super) schema: &'a Column,
    pub(super) object: &'a Column,
    /// Position of the column in the schema.
    pub(super) schema_index: usize,
}

/// The columns of a schema and of an object, by name; of several columns with one name the first is matched with the
/// first, and so on.
#[derive(Debug)]
pub(super) struct Matching<'a> {
    /// In the order of the object.
    pub(super) pairs: Vec<Pair<'a>>,
    /// Columns of the object alone, in its order.
    pub(super) added: Vec<&'a Column>,
    /// Columns of the schema alone, in its order.
    pub(super) removed: Vec<&'a Column>,
}

impl<'a> Matching<'a> {
    pub(super) fn new(schema: &'a [Column], object: &'a [Column]) -> Self {
        let mut known = by_occurrence(schema);
        let mut matching = Self {
            pairs: Vec::new(),
            added: Vec::new(),
            removed: Vec::new(),
        };
        let mut occurrences = HashMap::new();
        for column in object {
            let key = (column.name.as_str(), occurrence(&mut occurrences, column));
            match known.remove(&key) {
                Some(schema_index) => matching.pairs.push(Pair {
                    schema: &schema[schema_index],
                    object: column,
                    schema_index,
                }),
                None => matching.added.push(column),
            }
        }
        let mut removed: Vec<usize> = known.into_values().collect();
        removed.sort_unstable();
        matching.removed = removed.into_iter().map(|index| &schema[index]).collect();
        matching
    }
}

/// The index of each column by its name and the number of columns of that name before it.
fn by_occurrence(columns: &[Column]) -> HashMap<(&str, usize), usize> {
    let mut occurrences = HashMap::new();
    let columns = columns.iter().enumerate();
    columns
        .map(|(index, column)| {
            let key = (column.name.as_str(), occurrence(&mut occurrences, column));
            (key, index)
        })
        .collect()
}

fn occurrence<'a>(occurrences: &mut HashMap<&'a str, usize>, column: &'a Column) -> usize {
    let count = occurrences.entry(&column.name).or_default();
    *count += 1;
    *count - 1
}
