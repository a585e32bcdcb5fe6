//! The header of a page, read without trust in its sizes.

use ::parquet::basic::Encoding;

use super::thrift::{Cursor, Kind};

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageKind {
    /// Values, with their levels packed together with them.
    Data,
    /// Values, with their levels before them, never packed.
    DataV2,
    /// The values to which those of the data pages refer.
    Dictionary,
    /// Anything else, which readers skip.
    Other,
}

/// The header of a page, a `PageHeader` of Parquet.
#[derive(Clone, Debug)]
pub(super) struct PageHeader {
    pub(super) kind: PageKind,
    /// Size of the page behind the header, in bytes.
    pub(super) packed_bytes: u32,
    /// Size of the page when it is unpacked, in bytes.
    pub(super) unpacked_bytes: u32,
    /// Values in the page, with nulls and empty lists; entries of a dictionary.
    pub(super) values: u32,
    pub(super) encoding: Encoding,
    /// Number of an encoding that is not known here.
    pub(super) unknown_encoding: Option<i64>,
    pub(super) definition_encoding: Encoding,
    pub(super) repetition_encoding: Encoding,
    /// Only of [`PageKind::DataV2`].
    pub(super) nulls: u32,
    /// Only of [`PageKind::DataV2`].
    pub(super) rows: u32,
    /// Only of [`PageKind::DataV2`].
    pub(super) definition_bytes: u32,
    /// Only of [`PageKind::DataV2`].
    pub(super) repetition_bytes: u32,
    /// Whether the values are packed; only in [`PageKind::DataV2`] they may not be.
    pub(super) is_packed: bool,
}

impl Default for PageHeader {
    fn default() -> Self {
        Self {
            kind: PageKind::Other,
            packed_bytes: 0,
            unpacked_bytes: 0,
            values: 0,
            encoding: Encoding::PLAIN,
            unknown_encoding: None,
            definition_encoding: Encoding::RLE,
            repetition_encoding: Encoding::RLE,
            nulls: 0,
            rows: 0,
            definition_bytes: 0,
            repetition_bytes: 0,
            is_packed: true,
        }
    }
}

impl PageHeader {
    /// Reads the header at the beginning of `bytes`; returns it with its length. None where it is damaged or longer.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut header = Self::default();
        let mut cursor = Cursor::new(bytes);
        cursor.structure(|cursor, id, kind| match (id, kind) {
            (1, Kind::Integer) => {
                header.kind = match cursor.integer()? {
                    0 => PageKind::Data,
                    2 => PageKind::Dictionary,
                    3 => PageKind::DataV2,
                    _ => PageKind::Other,
                };
                Some(())
            }
            (2, Kind::Integer) => number(&mut header.unpacked_bytes, cursor),
            (3, Kind::Integer) => number(&mut header.packed_bytes, cursor),
            (5 | 7, Kind::Struct) => {
                cursor.structure(|cursor, id, kind| header.page(cursor, id, kind))
            }
            (8, Kind::Struct) => {
                cursor.structure(|cursor, id, kind| header.page_v2(cursor, id, kind))
            }
            (_, kind) => cursor.skip(kind),
        })?;
        Some((header, bytes.len() - cursor.remaining()))
    }

    /// Whether the page has values of the column itself.
    pub(super) fn is_data(&self) -> bool {
        matches!(self.kind, PageKind::Data | PageKind::DataV2)
    }

    /// A `DataPageHeader` or a `DictionaryPageHeader`, which begin alike.
    fn page(&mut self, cursor: &mut Cursor<'_>, id: i16, kind: Kind) -> Option<()> {
        match (id, kind) {
            (1, Kind::Integer) => number(&mut self.values, cursor),
            (2, Kind::Integer) => {
                self.encoding = self.encoding(cursor)?;
                Some(())
            }
            (3, Kind::Integer) => {
                self.definition_encoding = self.encoding(cursor)?;
                Some(())
            }
            (4, Kind::Integer) => {
                self.repetition_encoding = self.encoding(cursor)?;
                Some(())
            }
            (_, kind) => cursor.skip(kind),
        }
    }

    fn page_v2(&mut self, cursor: &mut Cursor<'_>, id: i16, kind: Kind) -> Option<()> {
        match (id, kind) {
            (1, Kind::Integer) => number(&mut self.values, cursor),
            (2, Kind::Integer) => number(&mut self.nulls, cursor),
            (3, Kind::Integer) => number(&mut self.rows, cursor),
            (4, Kind::Integer) => {
                self.encoding = self.encoding(cursor)?;
                Some(())
            }
            (5, Kind::Integer) => number(&mut self.definition_bytes, cursor),
            (6, Kind::Integer) => number(&mut self.repetition_bytes, cursor),
            (7, Kind::True | Kind::False) => {
                self.is_packed = kind == Kind::True;
                Some(())
            }
            (_, kind) => cursor.skip(kind),
        }
    }

    fn encoding(&mut self, cursor: &mut Cursor<'_>) -> Option<Encoding> {
        let number = cursor.integer()?;
        let encoding = known(number);
        if encoding.is_none() {
            self.unknown_encoding = Some(number);
        }
        Some(encoding.unwrap_or(Encoding::PLAIN))
    }
}

/// Reads a number of 32 bits that is not negative.
fn number(number: &mut u32, cursor: &mut Cursor<'_>) -> Option<()> {
    *number = i32::try_from(cursor.integer()?).ok()?.try_into().ok()?;
    Some(())
}

/// The encoding with this number in Parquet's `Encoding`.
fn known(number: i64) -> Option<Encoding> {
    Some(match number {
        0 => Encoding::PLAIN,
        2 => Encoding::PLAIN_DICTIONARY,
        3 => Encoding::RLE,
        #[expect(deprecated, reason = "old files have levels of this encoding")]
        4 => Encoding::BIT_PACKED,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        8 => Encoding::RLE_DICTIONARY,
        9 => Encoding::BYTE_STREAM_SPLIT,
        _ => return None,
    })
}
