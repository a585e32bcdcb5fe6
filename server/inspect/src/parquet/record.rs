//! The first rows of a column, put together from the levels of its leaves.

use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};

use super::schema::{Kind, Node};
use crate::limits::Limits;

/// A value of a leaf with its levels: null, or an empty list around it, below the leaf's own level.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) definition: i16,
    pub(super) repetition: i16,
    pub(super) value: Value,
}

/// The entries of one leaf in the first rows.
pub(super) type Rows = Vec<Vec<Entry>>;

/// How large the sample becomes; shared by all leaves, which are read in any order.
///
/// A row is part of the sample if it fits with all rows before it, so that the result is the same in any order.
pub(super) struct Budget {
    pub(super) max_rows: usize,
    pub(super) max_value_bytes: usize,
    max_bytes: usize,
    /// Bytes of the values of each row, also of those that were not kept.
    row_bytes: Mutex<Vec<usize>>,
}

impl Budget {
    pub(super) fn new(limits: &Limits, rows: u64) -> Self {
        let max_rows =
            usize::try_from(rows).map_or(limits.sample_rows, |rows| rows.min(limits.sample_rows));
        Self {
            max_rows,
            max_value_bytes: limits.max_sample_value_bytes,
            max_bytes: limits.max_sample_bytes,
            row_bytes: Mutex::new(vec![0; max_rows]),
        }
    }

    /// Whether a value of `bytes` in `row` is worth keeping.
    pub(super) fn admits(&self, row: usize, bytes: usize) -> bool {
        let mut row_bytes = self
            .row_bytes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        row_bytes[row] += bytes;
        row_bytes[..=row].iter().sum::<usize>() <= self.max_bytes
    }

    /// How many rows fit.
    pub(super) fn rows(&self) -> usize {
        let row_bytes = self
            .row_bytes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut left = self.max_bytes;
        let fits = |bytes: &&usize| match left.checked_sub(**bytes) {
            Some(rest) => {
                left = rest;
                true
            }
            None => false,
        };
        row_bytes.iter().take_while(fits).count()
    }
}

/// The value of `field` in a row, of which `leaves` are the entries of its leaves; none where a leaf was not read.
pub(super) fn value(field: &Node, leaves: &[Option<&[Entry]>]) -> Option<Value> {
    let mut cursors: Vec<Cursor<'_>> = leaves
        .iter()
        .map(|entries| entries.map(|entries| Cursor { entries }))
        .collect::<Option<_>>()?;
    Some(assemble(field, &mut cursors))
}

/// The entries of a leaf that are still to come.
#[derive(Clone, Copy)]
struct Cursor<'e> {
    entries: &'e [Entry],
}

impl<'e> Cursor<'e> {
    fn next(&mut self) -> Option<&'e Entry> {
        let (first, rest) = self.entries.split_first()?;
        self.entries = rest;
        Some(first)
    }
}

/// `cursors` are those of the leaves of `node`, in order.
fn assemble(node: &Node, cursors: &mut [Cursor<'_>]) -> Value {
    let Some(first) = cursors.first().and_then(|cursor| cursor.entries.first()) else {
        return Value::Null;
    };
    if first.definition < node.definition {
        advance(cursors);
        return Value::Null;
    }
    match &node.kind {
        Kind::Leaf(_) => cursors[0]
            .next()
            .map_or(Value::Null, |entry| entry.value.clone()),
        Kind::Struct(fields) => {
            let values = children(fields, cursors);
            let names = fields.iter().map(|field| Value::String(field.name.clone()));
            map(names
                .zip(values)
                .map(|(name, value)| vec![name, value])
                .collect())
        }
        Kind::List {
            definition,
            repetition,
            element,
        } => {
            let mut items = Vec::new();
            repeat(cursors, *definition, *repetition, |cursors| {
                items.push(assemble(element, cursors));
            });
            Value::Array(items)
        }
        Kind::Map {
            definition,
            repetition,
            entry,
        } => {
            let mut entries = Vec::new();
            repeat(cursors, *definition, *repetition, |cursors| {
                entries.push(children(entry, cursors));
            });
            map(entries)
        }
    }
}

/// The values of `fields`, whose leaves are `cursors`.
fn children(fields: &[Node], mut cursors: &mut [Cursor<'_>]) -> Vec<Value> {
    let mut values = Vec::new();
    for field in fields {
        let (own, rest) = cursors.split_at_mut(field.leaves().min(cursors.len()));
        values.push(assemble(field, own));
        cursors = rest;
    }
    values
}

/// Calls `item` for every item of a list. It takes at least one entry of the first leaf.
fn repeat(
    cursors: &mut [Cursor<'_>],
    definition: i16,
    repetition: i16,
    mut item: impl FnMut(&mut [Cursor<'_>]),
) {
    let Some(first) = cursors[0].entries.first() else {
        return;
    };
    if first.definition < definition {
        advance(cursors);
        return;
    }
    loop {
        item(cursors);
        let next = cursors[0].entries.first();
        if next.is_none_or(|entry| entry.repetition < repetition) {
            return;
        }
    }
}

/// Skips the entry that stands for what is null or empty, in every leaf.
fn advance(cursors: &mut [Cursor<'_>]) {
    for cursor in cursors {
        cursor.next();
    }
}

/// An object, if all keys are texts that differ; else a list of pairs.
fn map(entries: Vec<Vec<Value>>) -> Value {
    let mut object = Map::new();
    for entry in &entries {
        let (Some(Value::String(key)), Some(value)) = (entry.first(), entry.get(1)) else {
            return entries.into_iter().map(Value::Array).collect();
        };
        if object.insert(key.clone(), value.clone()).is_some() {
            return entries.into_iter().map(Value::Array).collect();
        }
    }
    Value::Object(object)
}
