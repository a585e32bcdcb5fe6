//! The bytes of pages, for Parquet's own readers, within limits.
//!
//! A page declares its size and its number of values in its header, and the readers allocate by that: a few bytes can
//! expand to gigabytes. They read a header by [`ChunkReader::get_read`] and the page behind it by
//! [`ChunkReader::get_bytes`], so that [`page_header`](super::page_header) can look at it before the page is unpacked.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::parquet::basic::Compression;
use ::parquet::bloom_filter::Sbbf;
use ::parquet::column::page::PageReader;
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::metadata::RowGroupMetaData;
use ::parquet::file::reader::{ChunkReader, Length, RowGroupReader};
use ::parquet::file::serialized_reader::SerializedPageReader;
use ::parquet::record::reader::RowIter;
use ::parquet::schema::types::Type;
use bytes::Bytes;
use bytes::buf::{Buf, Reader};

use super::page_header::PageHeader;
use crate::limits::Limits;
use crate::source::{Source, read_exact};

/// Bytes that are read at once, which small pages share.
const BLOCK_BYTES: u64 = 256 * 1024;

/// Maximum size in bytes of a page's header.
const MAX_HEADER_BYTES: u64 = 64 * 1024;

/// Maximum number of items read for the sample of a column of lists: all items of a row are in memory at once.
const MAX_ITEMS: u64 = 1_000_000;

/// The pages of one column: of one field of the schema's root with all primitive fields within.
pub(super) struct Column {
    source: Arc<dyn Source>,
    state: Arc<Mutex<State>>,
}

struct State {
    /// Bytes that were read last, and their offset.
    block: Bytes,
    block_offset: u64,
    bytes_read: u64,
    /// Bytes that may still be read and unpacked.
    bytes_left: u64,
    /// Items of lists that may still be read.
    items_left: u64,
    /// Error of the source; the readers make one of their own of it.
    failure: Option<io::Error>,
}

impl Column {
    pub(super) fn new(source: Arc<dyn Source>, limits: &Limits) -> Self {
        let state = State {
            block: Bytes::new(),
            block_offset: 0,
            bytes_read: 0,
            bytes_left: limits.max_page_bytes as u64,
            items_left: MAX_ITEMS,
            failure: None,
        };
        Self {
            source,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Number of bytes that were read, or the error of the source that ended the reading.
    pub(super) fn finish(&self) -> io::Result<u64> {
        let mut state = lock(&self.state);
        state.failure.take().map_or(Ok(state.bytes_read), Err)
    }
}

/// The readers may panic while they hold the lock, and every intermediate state is valid.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A row group, as far as one column is read of it.
pub(super) struct RowGroup<'a> {
    column: &'a Column,
    metadata: &'a RowGroupMetaData,
}

impl<'a> RowGroup<'a> {
    pub(super) fn new(column: &'a Column, metadata: &'a RowGroupMetaData) -> Self {
        Self { column, metadata }
    }
}

impl RowGroupReader for RowGroup<'_> {
    fn metadata(&self) -> &RowGroupMetaData {
        self.metadata
    }

    fn num_columns(&self) -> usize {
        self.metadata.num_columns()
    }

    fn get_column_page_reader(&self, index: usize) -> Result<Box<dyn PageReader>> {
        let chunk = self.metadata.column(index);
        let pages = Pages {
            source: Arc::clone(&self.column.source),
            compression: readable(chunk.compression())?,
            is_repeated: chunk.column_descr().max_rep_level() > 0,
            headers: Mutex::default(),
            state: Arc::clone(&self.column.state),
        };
        let rows = usize::try_from(self.metadata.num_rows())?;
        Ok(Box::new(SerializedPageReader::new(
            Arc::new(pages),
            chunk,
            rows,
            None,
        )?))
    }

    fn get_column_bloom_filter(&self, _index: usize) -> Option<&Sbbf> {
        None
    }

    fn get_row_iter(&self, projection: Option<Type>) -> Result<RowIter<'_>> {
        RowIter::from_row_group(projection, self)
    }
}

/// `compression`, where pages within the limits stay within them when they are unpacked.
///
/// The reader of LZ4 in Hadoop's framing, which has been replaced by `LZ4_RAW`, falls back to one without bounds.
fn readable(compression: Compression) -> Result<Compression> {
    match compression {
        Compression::LZ4 => Err(refused("LZ4 in Hadoop's framing")),
        other => Ok(other),
    }
}

/// The pages of one column chunk.
struct Pages {
    source: Arc<dyn Source>,
    compression: Compression,
    /// Whether the column is within a list.
    is_repeated: bool,
    /// What the last two calls of [`ChunkReader::get_read`] gave, with its offset. One is the header of the next page; the
    /// other may be the page, where the reader looked at the header beforehand.
    headers: Mutex<[(u64, Bytes); 2]>,
    state: Arc<Mutex<State>>,
}

impl Pages {
    /// The bytes from `start`, at least `length`; more where they are at hand.
    fn block(&self, state: &mut State, start: u64, length: u64) -> Result<Bytes> {
        let end = start
            .checked_add(length)
            .filter(|end| *end <= self.source.size());
        let end = end.ok_or_else(|| refused("a page beyond the end of the file"))?;
        let block_end = state.block_offset + state.block.len() as u64;
        if start < state.block_offset || end > block_end {
            let length = length.max(BLOCK_BYTES.min(self.source.size() - start));
            charge(&mut state.bytes_left, length)?;
            match read_exact(&*self.source, start, length) {
                Ok(bytes) => (state.block, state.block_offset) = (bytes, start),
                Err(error) => {
                    state.failure = Some(error);
                    return Err(refused("a failing source"));
                }
            }
            state.bytes_read += length;
        }
        Ok(state
            .block
            .slice(usize::try_from(start - state.block_offset)?..))
    }

    /// The header of the page that begins at `start`.
    fn header_before(&self, start: u64) -> Option<PageHeader> {
        let headers = lock(&self.headers);
        let before = headers.iter().filter(|(offset, _)| *offset < start);
        let (offset, bytes) = before.max_by_key(|(offset, _)| *offset)?;
        let length = usize::try_from(start - offset).ok()?;
        PageHeader::read(bytes.get(..length)?)
    }

    /// Checks the claims of the header of `page`, which begins at `start`.
    fn check(&self, state: &mut State, start: u64, page: &[u8]) -> Result<()> {
        let header = self
            .header_before(start)
            .ok_or_else(|| refused("a damaged header"))?;
        if !header.is_bounded() {
            return Err(refused("an encoding or a dictionary without bounds"));
        }
        if matches!(self.compression, Compression::GZIP(_)) && !header.holds_gzip(page) {
            return Err(refused("a page that is larger than its header declares"));
        }
        charge(&mut state.bytes_left, header.unpacked_bytes)?;
        charge(
            &mut state.items_left,
            if self.is_repeated { header.values } else { 0 },
        )
    }
}

impl Length for Pages {
    fn len(&self) -> u64 {
        self.source.size()
    }
}

impl ChunkReader for Pages {
    type T = Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        let length = MAX_HEADER_BYTES.min(self.source.size().saturating_sub(start));
        let block = self.block(&mut lock(&self.state), start, length)?;
        let mut headers = lock(&self.headers);
        headers.rotate_left(1);
        headers[1] = (start, block.clone());
        Ok(block.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let mut state = lock(&self.state);
        let page = self
            .block(&mut state, start, length as u64)?
            .slice(..length);
        self.check(&mut state, start, &page)?;
        Ok(page)
    }
}

fn charge(left: &mut u64, amount: u64) -> Result<()> {
    *left = left
        .checked_sub(amount)
        .ok_or_else(|| refused("more than the limits"))?;
    Ok(())
}

fn refused(what: &str) -> ParquetError {
    ParquetError::General(format!("{what} is not read for a sample"))
}
