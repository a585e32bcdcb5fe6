//! Checks of a footer before it is decoded.
//!
//! The decoder recurses by the depth of the schema, so that a schema that is too deep would end the process with a
//! stack overflow, and it reserves memory for the declared numbers of children, row groups and column chunks.

use std::collections::BTreeSet;
use std::ops::Range;

use super::fault::Fault;
use super::thrift::{Cursor, Kind};
use crate::limits::Limits;

/// Maximum nesting of a schema.
const MAX_SCHEMA_DEPTH: usize = 100;

/// Maximum number of nodes of a schema for each allowed column.
const MAX_NODES_PER_COLUMN: usize = 10;

/// Maximum number of column chunks; each takes about 1 KiB when it is decoded.
const MAX_COLUMN_CHUNKS: usize = 100_000;

/// Maximum of the sum of the depths of all nodes: the type of each is part of those of the nodes around it.
const MAX_TOTAL_DEPTH: usize = 1_000_000;

/// Checks the numbers in `footer`, a `FileMetaData` of Parquet, and returns them with the rows of all row groups.
pub(super) fn check(footer: &[u8], limits: &Limits) -> Result<(Shape, u64), Fault> {
    let shape = Shape::read(footer).ok_or_else(|| Fault::damaged("its footer is damaged"))?;
    if !is_tree(&shape.children) {
        return Err(Fault::damaged("its schema is damaged or too deep"));
    }
    let rows = shape.group_rows.and_then(|rows| u64::try_from(rows).ok());
    let rows = rows.ok_or_else(|| Fault::damaged("its number of rows is impossible"))?;
    let nodes = limits.max_columns.saturating_mul(MAX_NODES_PER_COLUMN);
    let excess = if shape.children.len() > nodes {
        Some(("fields in its schema", nodes))
    } else if shape.name_bytes > limits.max_header_bytes {
        Some(("bytes in the names of its columns", limits.max_header_bytes))
    } else {
        None
    };
    match excess {
        Some((what, limit)) => Err(Fault::Bounded(format!("it has more than {limit} {what}"))),
        None => Ok((shape, rows)),
    }
}

/// What a footer declares.
#[derive(Default)]
pub(super) struct Shape {
    /// Numbers of children of the nodes of the schema, in depth-first order.
    children: Vec<usize>,
    name_bytes: usize,
    /// Where the list of the schema's nodes lies within the footer.
    schema: Range<usize>,
    /// Rows of the file.
    pub(super) rows: i64,
    /// Rows of all row groups; none where their sum is beyond any file.
    pub(super) group_rows: Option<i64>,
    row_groups: usize,
    column_chunks: usize,
    /// Leaves with encrypted pages.
    pub(super) encrypted: BTreeSet<usize>,
    /// Whether what is known of column chunks is encrypted as well.
    has_hidden: bool,
}

impl Shape {
    fn read(footer: &[u8]) -> Option<Self> {
        let mut shape = Self {
            group_rows: Some(0),
            ..Self::default()
        };
        Cursor::new(footer).structure(|cursor, id, kind| match (id, kind) {
            (2, Kind::List) => {
                let start = footer.len() - cursor.remaining();
                cursor.structures(|cursor| shape.node(cursor))?;
                shape.schema = start..footer.len() - cursor.remaining();
                Some(())
            }
            (3, Kind::Integer) => {
                shape.rows = cursor.integer()?;
                Some(())
            }
            (4, Kind::List) => {
                shape.row_groups += cursor.structures(|cursor| shape.row_group(cursor))?;
                Some(())
            }
            (_, kind) => cursor.skip(kind),
        })?;
        Some(shape)
    }

    /// Whether the row groups are not decoded: they take too much memory, or are encrypted.
    pub(super) fn row_groups_fault(&self) -> Option<Fault> {
        let chunks = self.row_groups.saturating_add(self.column_chunks);
        if chunks > MAX_COLUMN_CHUNKS {
            return Some(Fault::Bounded(format!(
                "the file has {chunks} column chunks, more than the maximum of {MAX_COLUMN_CHUNKS}"
            )));
        }
        let fault = || Fault::Unsupported("encryption".to_owned());
        self.has_hidden.then(fault)
    }

    /// A footer with the same schema and number of rows, and without row groups.
    pub(super) fn without_row_groups(&self, footer: &[u8]) -> Vec<u8> {
        // Field 1, the version, is 1; field 2 is the schema.
        let mut bytes = vec![0x15, 2, 0x19];
        bytes.extend_from_slice(&footer[self.schema.clone()]);
        // Fields 3 and 4 are no rows, and an empty list of structures; then the end.
        bytes.extend_from_slice(&[0x16, 0, 0x19, 0x0C, 0]);
        bytes
    }

    /// Reads a `RowGroup`.
    fn row_group(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        cursor.structure(|cursor, id, kind| match (id, kind) {
            (1, Kind::List) => {
                let mut leaf = 0;
                self.column_chunks += cursor.structures(|cursor| {
                    self.column_chunk(cursor, leaf)?;
                    leaf += 1;
                    Some(())
                })?;
                Some(())
            }
            (3, Kind::Integer) => {
                let rows = cursor.integer()?;
                // One that is negative would make up for rows of others.
                self.group_rows = self
                    .group_rows
                    .filter(|_| rows >= 0)
                    .and_then(|sum| sum.checked_add(rows));
                Some(())
            }
            (_, kind) => cursor.skip(kind),
        })
    }

    /// Reads a `ColumnChunk`.
    fn column_chunk(&mut self, cursor: &mut Cursor<'_>, leaf: usize) -> Option<()> {
        cursor.structure(|cursor, id, kind| {
            if id == 8 {
                self.encrypted.insert(leaf);
            }
            self.has_hidden |= id == 9;
            cursor.skip(kind)
        })
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

/// Whether numbers of children, in depth-first order, describe one tree of at most [`MAX_SCHEMA_DEPTH`] levels.
fn is_tree(children: &[usize]) -> bool {
    // Children that are still to come, of each node on the way from the root.
    let mut open = vec![1_usize];
    let mut total_depth = 0;
    for count in children {
        while open.last() == Some(&0) {
            open.pop();
        }
        let Some(left) = open.last_mut() else {
            return false;
        };
        *left -= 1;
        open.push(*count);
        total_depth += open.len();
        if *count > children.len() || open.len() > MAX_SCHEMA_DEPTH || total_depth > MAX_TOTAL_DEPTH
        {
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
