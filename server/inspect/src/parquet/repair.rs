//! Footers with fields of their writer's own, under numbers that the format has since given to others.

use std::ops::Range;

use super::thrift::{Cursor, Kind};

/// `footer` without such fields; none if it has none.
///
/// Decoders that go by the number of a field alone misread everything behind one, others skip it.
pub(super) fn repaired(footer: &[u8]) -> Option<Vec<u8>> {
    let mut foreign = Foreign {
        length: footer.len(),
        ranges: Vec::new(),
    };
    Cursor::new(footer).structure(|cursor, id, kind| match (id, kind) {
        (4, Kind::List) => cursor
            .structures(|cursor| foreign.find_in_row_group(cursor))
            .map(drop),
        (_, kind) => cursor.skip(kind),
    })?;
    if foreign.ranges.is_empty() {
        return None;
    }
    let mut bytes = Vec::with_capacity(footer.len());
    let mut start = 0;
    for range in foreign.ranges {
        bytes.extend_from_slice(&footer[start..range.start]);
        start = range.end;
    }
    bytes.extend_from_slice(&footer[start..]);
    Some(bytes)
}

/// Where such fields are.
struct Foreign {
    /// Bytes of the footer.
    length: usize,
    ranges: Vec<Range<usize>>,
}

impl Foreign {
    fn find_in_row_group(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        cursor.structure(|cursor, id, kind| match (id, kind) {
            (1, Kind::List) => cursor
                .structures(|cursor| self.find_in_column_chunk(cursor))
                .map(drop),
            (_, kind) => cursor.skip(kind),
        })
    }

    fn find_in_column_chunk(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        cursor.structure(|cursor, id, kind| match (id, kind) {
            (3, Kind::Struct) => self.find_in_metadata(cursor),
            (_, kind) => cursor.skip(kind),
        })
    }

    /// Finds the first one in `ColumnMetaData`; what is behind it goes with it, since numbers count from those before.
    fn find_in_metadata(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let mut end = self.length - cursor.remaining();
        let mut first = None;
        cursor.structure(|cursor, id, kind| {
            let start = end;
            cursor.skip(kind)?;
            end = self.length - cursor.remaining();
            if is_foreign(id, kind) {
                first.get_or_insert(start);
            }
            Some(())
        })?;
        self.ranges.extend(first.map(|start| start..end));
        Some(())
    }
}

/// Whether a field of `ColumnMetaData` has another type than the format's: place and length of a Bloom filter are numbers,
/// and the statistics behind them structures. None of them is needed here.
fn is_foreign(id: i16, kind: Kind) -> bool {
    match id {
        14 | 15 => kind != Kind::Integer,
        16 | 17 => kind != Kind::Struct,
        _ => false,
    }
}
