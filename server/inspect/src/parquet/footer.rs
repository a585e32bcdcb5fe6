//! Checks of a footer before it is decoded.
//!
//! The decoder recurses by the depth of the schema, so that a schema that is too deep would end the process with a
//! stack overflow, and it reserves memory for the declared numbers of children, row groups and column chunks.

use super::thrift::{Cursor, Kind};
use crate::error::{ContentError, ContentErrorCode};
use crate::limits::Limits;

/// Maximum nesting of a schema.
const MAX_SCHEMA_DEPTH: usize = 100;

/// Maximum number of nodes of a schema for each allowed column.
const MAX_NODES_PER_COLUMN: usize = 10;

/// Maximum number of column chunks; each takes about 1 KiB when it is decoded.
const MAX_COLUMN_CHUNKS: usize = 500_000;

/// Checks the numbers in `footer`, a `FileMetaData` of Parquet.
pub(super) fn check(footer: &[u8], limits: &Limits) -> Result<(), ContentError> {
    let shape = Shape::read(footer).ok_or_else(|| malformed("has a damaged footer"))?;
    let limit = limits.max_columns;
    let columns = shape.children.first().copied().unwrap_or(0);
    if columns > limit || shape.children.len() > limit.saturating_mul(MAX_NODES_PER_COLUMN) {
        let message = format!("the Parquet file has more than {limit} columns");
        return Err(
            ContentError::new(ContentErrorCode::TooManyColumns, message).with("limit", limit)
        );
    }
    if shape.name_bytes > limits.max_header_bytes {
        let limit = limits.max_header_bytes;
        let message = format!("the names of the columns have more than {limit} bytes in total");
        return Err(
            ContentError::new(ContentErrorCode::TooManyColumns, message).with("limit", limit)
        );
    }
    if !is_tree(&shape.children) {
        return Err(malformed("has a schema that is damaged or too deep"));
    }
    if shape.row_groups.saturating_add(shape.column_chunks) > MAX_COLUMN_CHUNKS {
        return Err(too_large(
            &format!("{} column chunks", shape.column_chunks),
            MAX_COLUMN_CHUNKS,
        ));
    }
    Ok(())
}

/// The error for a Parquet file that is damaged.
pub(super) fn malformed(what: &str) -> ContentError {
    ContentError::new(
        ContentErrorCode::Malformed,
        format!("the Parquet file {what}"),
    )
}

/// The footer has `size`, of which `limit` is allowed.
pub(super) fn too_large(size: &str, limit: usize) -> ContentError {
    let message = format!("the footer of the Parquet file has {size}; the maximum is {limit}");
    ContentError::new(ContentErrorCode::FooterTooLarge, message).with("limit", limit)
}

/// Numbers of what a footer holds.
#[derive(Default)]
struct Shape {
    /// Numbers of children of the nodes of the schema, in depth-first order.
    children: Vec<usize>,
    name_bytes: usize,
    row_groups: usize,
    column_chunks: usize,
}

impl Shape {
    fn read(footer: &[u8]) -> Option<Self> {
        let mut shape = Self::default();
        Cursor::new(footer).structure(|cursor, id, kind| match (id, kind) {
            (2, Kind::List) => cursor.structures(|cursor| shape.node(cursor)).map(drop),
            (4, Kind::List) => {
                shape.row_groups += cursor.structures(|cursor| {
                    shape.column_chunks += row_group(cursor)?;
                    Some(())
                })?;
                Some(())
            }
            (_, kind) => cursor.skip(kind),
        })?;
        Some(shape)
    }

    /// Reads a `SchemaElement`.
    fn node(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let mut children = 0;
        cursor.structure(|cursor, id, kind| match (id, kind) {
            (4, Kind::Binary) => {
                self.name_bytes += cursor.binary_length()?;
                Some(())
            }
            (5, Kind::Integer) => {
                children = usize::try_from(cursor.integer()?).ok()?;
                Some(())
            }
            (_, kind) => cursor.skip(kind),
        })?;
        self.children.push(children);
        Some(())
    }
}

/// Reads a `RowGroup`; returns how many column chunks it has.
fn row_group(cursor: &mut Cursor<'_>) -> Option<usize> {
    let mut chunks = 0;
    cursor.structure(|cursor, id, kind| match (id, kind) {
        (1, Kind::List) => {
            chunks += cursor.structures(|cursor| cursor.skip(Kind::Struct))?;
            Some(())
        }
        (_, kind) => cursor.skip(kind),
    })?;
    Some(chunks)
}

/// Whether numbers of children, in depth-first order, describe one tree of at most [`MAX_SCHEMA_DEPTH`] levels.
fn is_tree(children: &[usize]) -> bool {
    // Children that are still to come, of each node on the way from the root.
    let mut open = vec![1_usize];
    for count in children {
        while open.last() == Some(&0) {
            open.pop();
        }
        let Some(left) = open.last_mut() else {
            return false;
        };
        *left -= 1;
        open.push(*count);
        if *count > children.len() || open.len() > MAX_SCHEMA_DEPTH {
            return false;
        }
    }
    open.iter().all(|left| *left == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tree_has_exactly_the_declared_nodes() {
        assert!(is_tree(&[2, 0, 1, 0]));
        assert!(is_tree(&[0]));
        assert!(!is_tree(&[]));
        assert!(!is_tree(&[2, 0]));
        assert!(!is_tree(&[1, 0, 0]));
        assert!(!is_tree(&[usize::MAX, 0]));
        let deep: Vec<usize> = std::iter::repeat_n(1, 1000).chain([0]).collect();
        assert!(!is_tree(&deep));
    }
}
