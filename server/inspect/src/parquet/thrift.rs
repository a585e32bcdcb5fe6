//! The part of Thrift's compact protocol that is needed to check sizes before anything is allocated for them.
//!
//! Every function returns `None` for bytes that are not valid in the protocol, or nested deeper than Parquet's structures.

/// Maximum nesting; Parquet's structures have 8 levels.
const MAX_DEPTH: u8 = 32;

/// Type of a value on the wire.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The boolean true; as a field it is in the field's own byte.
    True,
    /// The boolean false, likewise.
    False,
    /// One byte.
    Byte,
    /// A whole number of 16, 32 or 64 bits.
    Integer,
    /// Eight bytes.
    Double,
    /// A length and that many bytes.
    Binary,
    /// A list or a set.
    List,
    /// A map.
    Map,
    /// A structure.
    Struct,
}

impl Kind {
    fn from_wire(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::True),
            2 => Some(Self::False),
            3 => Some(Self::Byte),
            4..=6 => Some(Self::Integer),
            7 => Some(Self::Double),
            8 => Some(Self::Binary),
            9 | 10 => Some(Self::List),
            11 => Some(Self::Map),
            12 => Some(Self::Struct),
            _ => None,
        }
    }
}

/// A position within bytes of the protocol.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    depth: u8,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, depth: 0 }
    }

    /// Reads a structure: `field` is called with the number of every field and must read or [`skip`](Self::skip) its value.
    pub(super) fn structure(
        &mut self,
        mut field: impl FnMut(&mut Self, i16, Kind) -> Option<()>,
    ) -> Option<()> {
        self.nested(|cursor| {
            let mut id = 0_i16;
            loop {
                let header = cursor.byte()?;
                if header == 0 {
                    return Some(());
                }
                id = match header >> 4 {
                    0 => i16::try_from(cursor.integer()?).ok()?,
                    delta => id.checked_add(i16::from(delta))?,
                };
                field(cursor, id, Kind::from_wire(header & 0x0F)?)?;
            }
        })
    }

    /// Reads the head of a list: its length, which is at most that of the remaining bytes, and the type of its items.
    pub(super) fn list(&mut self) -> Option<(usize, Kind)> {
        let header = self.byte()?;
        // Some writers leave out the type of an empty list.
        if header == 0 {
            return Some((0, Kind::Byte));
        }
        let length = match header >> 4 {
            15 => usize::try_from(self.varint()?).ok()?,
            length => usize::from(length),
        };
        (length <= self.bytes.len()).then_some((length, Kind::from_wire(header & 0x0F)?))
    }

    /// Reads a list of structures: `item` is called for each, and must read it. Returns the length of the list.
    pub(super) fn structures(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<usize> {
        let (length, kind) = self.list()?;
        if length > 0 && kind != Kind::Struct {
            return None;
        }
        for _ in 0..length {
            item(self)?;
        }
        Some(length)
    }

    /// Bytes that are left, for the position within them.
    pub(super) fn remaining(&self) -> usize {
        self.bytes.len()
    }

    /// Reads a whole number of any width.
    pub(super) fn integer(&mut self) -> Option<i64> {
        let zigzag = self.varint()?;
        let magnitude = i64::try_from(zigzag >> 1).ok()?;
        Some(if zigzag & 1 == 0 {
            magnitude
        } else {
            -magnitude - 1
        })
    }

    /// Skips bytes that follow their length; returns how many.
    pub(super) fn binary_length(&mut self) -> Option<usize> {
        let length = usize::try_from(self.varint()?).ok()?;
        self.advance(length)?;
        Some(length)
    }

    /// Skips the value of a field.
    pub(super) fn skip(&mut self, kind: Kind) -> Option<()> {
        match kind {
            Kind::True | Kind::False => Some(()),
            Kind::Byte => self.advance(1),
            Kind::Integer => self.varint().map(drop),
            Kind::Double => self.advance(8),
            Kind::Binary => self.binary_length().map(drop),
            Kind::List => self.nested(|cursor| {
                let (length, kind) = cursor.list()?;
                (0..length).try_for_each(|_| cursor.skip_item(kind))
            }),
            Kind::Map => self.nested(Self::skip_map),
            Kind::Struct => self.structure(Self::skip_field),
        }
    }

    /// Skips a field of a structure.
    pub(super) fn skip_field(&mut self, _id: i16, kind: Kind) -> Option<()> {
        self.skip(kind)
    }

    /// Skips an item of a list or a map, where a boolean takes a byte.
    fn skip_item(&mut self, kind: Kind) -> Option<()> {
        match kind {
            Kind::True | Kind::False => self.advance(1),
            kind => self.skip(kind),
        }
    }

    fn skip_map(&mut self) -> Option<()> {
        let length = usize::try_from(self.varint()?).ok()?;
        if length == 0 {
            return Some(());
        }
        if length > self.bytes.len() {
            return None;
        }
        let kinds = self.byte()?;
        let (key, value) = (Kind::from_wire(kinds >> 4)?, Kind::from_wire(kinds & 0x0F)?);
        (0..length).try_for_each(|_| {
            self.skip_item(key)?;
            self.skip_item(value)
        })
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn advance(&mut self, count: usize) -> Option<()> {
        self.bytes = self.bytes.get(count..)?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}
