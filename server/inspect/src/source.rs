//! Access to the bytes of an object.

use std::io::{self, Read};

use bytes::Bytes;

/// Random access to the bytes of one object, which does not change.
///
/// Implementations retry what is worth retrying by themselves: an error that comes out ends the inspection with
/// [`InspectError::Read`](crate::InspectError::Read).
pub trait Source: Send + Sync {
    /// Size of the object in bytes.
    fn size(&self) -> u64;

    /// The bytes from `offset` to the end, as a stream. It is dropped early when less is needed.
    fn open(&self, offset: u64) -> io::Result<Box<dyn Read + Send>>;

    /// The `length` bytes from `offset`, which lie within the object.
    fn read_range(&self, offset: u64, length: u64) -> io::Result<Bytes>;
}

/// The `length` bytes of `source` from `offset`.
///
/// Fewer bytes than requested are an error of the store: `offset` and `length` must lie within the object.
pub(crate) fn read_exact(source: &dyn Source, offset: u64, length: u64) -> io::Result<Bytes> {
    let bytes = source.read_range(offset, length)?;
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(ended_early())
    }
}

/// The store gave fewer bytes than the object has.
pub(crate) fn ended_early() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "the store gave fewer bytes than the object has",
    )
}
