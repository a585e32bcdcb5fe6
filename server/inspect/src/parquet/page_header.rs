//! The sizes that a page's header declares.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use super::thrift::{Cursor, Kind};

/// Maximum number of entries of a dictionary, all of which are in memory at once.
const MAX_DICTIONARY_ENTRIES: u64 = 1_000_000;

/// `PLAIN`, `PLAIN_DICTIONARY`, `RLE`, `BIT_PACKED`, `DELTA_BINARY_PACKED`, `RLE_DICTIONARY` and `BYTE_STREAM_SPLIT`,
/// whose decoders allocate by the requested number of values. Those of the other delta encodings allocate by lengths
/// within the page.
const BOUNDED_ENCODINGS: [u64; 7] = [0, 2, 3, 4, 5, 8, 9];

/// The sizes in a page's header, a `PageHeader` of Parquet; of a number that occurs twice, the larger.
#[derive(Debug, Default)]
pub(super) struct PageHeader {
    /// Size of the page in bytes when it is uncompressed.
    pub(super) unpacked_bytes: u64,
    /// Values in the page, with nulls.
    pub(super) values: u64,
    dictionary_entries: u64,
    /// Bytes at the beginning of a page of the second version, which are never packed.
    definition_level_bytes: u64,
    repetition_level_bytes: u64,
    has_unbounded_encoding: bool,
}

impl PageHeader {
    /// Reads a header; none where it is damaged.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut header = Self::default();
        Cursor::new(bytes).structure(|cursor, id, kind| match (id, kind) {
            (2, Kind::Integer) => raise(&mut header.unpacked_bytes, cursor),
            (5, Kind::Struct) => {
                cursor.structure(|cursor, id, kind| header.data_page(cursor, id, kind))
            }
            (7, Kind::Struct) => {
                cursor.structure(|cursor, id, kind| header.dictionary_page(cursor, id, kind))
            }
            (8, Kind::Struct) => {
                cursor.structure(|cursor, id, kind| header.data_page_v2(cursor, id, kind))
            }
            (_, kind) => cursor.skip(kind),
        })?;
        Some(header)
    }

    /// Whether the readers need no more memory for the page than its declared sizes.
    pub(super) fn is_bounded(&self) -> bool {
        !self.has_unbounded_encoding && self.dictionary_entries <= MAX_DICTIONARY_ENTRIES
    }

    /// Whether `page`, compressed with gzip, has at most the declared size: its reader decompresses all of it.
    pub(super) fn holds_gzip(&self, page: &[u8]) -> bool {
        // The version of the page is not known here, so both possible starts are checked; data that is not
        // compressed does not decompress.
        let levels = self
            .definition_level_bytes
            .saturating_add(self.repetition_level_bytes);
        [0, levels].into_iter().all(|start| {
            let packed = usize::try_from(start).ok().and_then(|start| page.get(start..)).unwrap_or_default();
            let mut unpacked = MultiGzDecoder::new(packed).take(self.unpacked_bytes + 1);
            // Data that is damaged before it is too large fails in the reader as well.
            !matches!(io::copy(&mut unpacked, &mut io::sink()), Ok(bytes) if bytes > self.unpacked_bytes)
        })
    }

    fn data_page(&mut self, cursor: &mut Cursor<'_>, id: i16, kind: Kind) -> Option<()> {
        match (id, kind) {
            (1, Kind::Integer) => raise(&mut self.values, cursor),
            (2, Kind::Integer) => self.encoding(cursor),
            (_, kind) => cursor.skip(kind),
        }
    }

    fn dictionary_page(&mut self, cursor: &mut Cursor<'_>, id: i16, kind: Kind) -> Option<()> {
        match (id, kind) {
            (1, Kind::Integer) => raise(&mut self.dictionary_entries, cursor),
            (2, Kind::Integer) => self.encoding(cursor),
            (_, kind) => cursor.skip(kind),
        }
    }

    fn data_page_v2(&mut self, cursor: &mut Cursor<'_>, id: i16, kind: Kind) -> Option<()> {
        match (id, kind) {
            (1, Kind::Integer) => raise(&mut self.values, cursor),
            (4, Kind::Integer) => self.encoding(cursor),
            (5 | 6, Kind::Integer) => {
                let level_bytes = number(cursor)?;
                if id == 5 {
                    self.definition_level_bytes = level_bytes;
                } else {
                    self.repetition_level_bytes = level_bytes;
                }
                Some(())
            }
            (_, kind) => cursor.skip(kind),
        }
    }

    fn encoding(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        self.has_unbounded_encoding |= !BOUNDED_ENCODINGS.contains(&number(cursor)?);
        Some(())
    }
}

/// Reads a number of 32 bits that is not negative.
fn number(cursor: &mut Cursor<'_>) -> Option<u64> {
    i32::try_from(cursor.integer()?).ok()?.try_into().ok()
}

fn raise(claim: &mut u64, cursor: &mut Cursor<'_>) -> Option<()> {
    *claim = number(cursor)?.max(*claim);
    Some(())
}
