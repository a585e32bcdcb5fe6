//! Columns that may have been renamed: a missing one has the content of a new one.

use restow_api::{Change, ChangeKind, Column};
use serde_json::Value;

use super::fit::type_name;
use super::range::Range;

/// Most pairs of a missing and a new column that are compared.
const MAX_PAIRS: usize = 10_000;

/// Fewest distinct values by which a content is recognised; every column of flags looks like every other.
const MIN_DISTINCT: u64 = 3;

/// A missing column and the new one that has its content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rename<'a> {
    pub(super) from: &'a Column,
    pub(super) to: &'a Column,
}

/// The renames that the contents of the `removed` and the `added` columns suggest, each column in one at most.
pub(super) fn renames<'a>(removed: &[&'a Column], added: &[&'a Column]) -> Vec<Rename<'a>> {
    if removed.len().saturating_mul(added.len()) > MAX_PAIRS {
        return Vec::new();
    }
    let mut free: Vec<&'a Column> = added.to_vec();
    let mut renames = Vec::new();
    for from in removed {
        if let Some(index) = free.iter().position(|to| is_alike(from, to)) {
            let to = free.remove(index);
            renames.push(Rename { from, to });
        }
    }
    renames
}

/// Whether two columns have the same type and values that are alike: as many of them, to within a half, in ranges that
/// mostly overlap, or for values that are no whole numbers with an equal end or some equal frequent value.
fn is_alike(a: &Column, b: &Column) -> bool {
    if a.column_type != b.column_type || a.data_type != b.data_type {
        return false;
    }
    let (Some(distinct_a), Some(distinct_b)) = (a.distinct, b.distinct) else {
        return false;
    };
    let (fewer, more) = (
        distinct_a.value.min(distinct_b.value),
        distinct_a.value.max(distinct_b.value),
    );
    if fewer < MIN_DISTINCT || fewer * 2 < more {
        return false;
    }
    match (Range::of_values(a), Range::of_values(b)) {
        (Some(a), Some(b)) => a.mostly_overlaps(b),
        _ => has_equal_values(a, b),
    }
}

fn has_equal_values(a: &Column, b: &Column) -> bool {
    let is_equal = |a: &Option<Value>, b: &Option<Value>| a.is_some() && a == b;
    let mut frequent = a.top.iter().map(|top| &top.value);
    is_equal(&a.min, &b.min)
        || is_equal(&a.max, &b.max)
        || frequent.any(|value| b.top.iter().any(|top| &top.value == value))
}

impl Rename<'_> {
    pub(super) fn change(&self) -> Change {
        let (from, to) = (&self.from.name, &self.to.name);
        Change {
            kind: ChangeKind::ColumnRenamed,
            column: Some(from.clone()),
            from: Some(Value::from(from.as_str())),
            to: Some(Value::from(to.as_str())),
            breaking: true,
            msg: format!(
                "Column `{from}` is missing, and the new column `{to}` ({}) has values like it: it may have been renamed, and \
                 readers that use its old name will fail.",
                type_name(self.to)
            ),
        }
    }
}
