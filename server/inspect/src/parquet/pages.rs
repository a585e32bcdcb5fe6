//! The pages of one column chunk, within limits.
//!
//! A page declares its size and its number of values in its header, and few bytes can expand to gigabytes. So the header is
//! read and checked here before anything is allocated for the page, and unpacking never goes beyond what it declares.

use std::io;
use std::sync::Arc;

use ::parquet::basic::{Compression, Encoding};
use ::parquet::column::page::{Page, PageMetadata, PageReader};
use ::parquet::errors::{ParquetError, Result};
use bytes::{Bytes, BytesMut};

use super::codec::unpack;
use super::delta;
use super::fault::Fault;
use super::meter::Meter;
use super::page_header::{PageHeader, PageKind};
use super::permit::Permit;
use crate::source::{Source, read_exact};

/// Bytes that are read at once; a page may take more.
const BLOCK_BYTES: u64 = 4 * 1024 * 1024;

/// Maximum size in bytes of a page's header.
const MAX_HEADER_BYTES: u64 = 64 * 1024;

/// Bytes beyond which only one thread at a time may hold pages.
const LARGE_BYTES: u64 = 8 * 1024 * 1024;

/// Memory of an entry of a dictionary beside its bytes.
const ENTRY_BYTES: u64 = 32;

/// Where a column chunk lies, and how it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    pub(super) start: u64,
    pub(super) end: u64,
    /// Values with nulls and empty lists.
    pub(super) values: u64,
    pub(super) codec: Compression,
    pub(super) max_definition: i16,
    pub(super) max_repetition: i16,
}

/// Reads the pages of one column chunk in turn.
pub(super) struct Pages {
    source: Arc<dyn Source>,
    chunk: Chunk,
    /// Where the next page's header begins.
    at: u64,
    /// Bytes that were read last, and their offset.
    block: Bytes,
    block_offset: u64,
    values_seen: u64,
    /// Memory that the dictionary takes as long as the chunk is read.
    dictionary_bytes: u64,
    /// Held from the first large page to the end of the chunk.
    permit: Option<Permit>,
    meter: Arc<Meter>,
}

impl Pages {
    pub(super) fn new(source: Arc<dyn Source>, chunk: Chunk, meter: Arc<Meter>) -> Self {
        Self {
            source,
            chunk,
            at: chunk.start,
            block: Bytes::new(),
            block_offset: 0,
            values_seen: 0,
            dictionary_bytes: 0,
            permit: None,
            meter,
        }
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.chunk.end || self.values_seen >= self.chunk.values
    }

    fn next(&mut self) -> std::result::Result<Option<Page>, Fault> {
        while !self.is_at_end() {
            let header = self.header()?;
            let length = u64::from(header.packed_bytes);
            if length > self.chunk.end - self.at {
                return Err(Fault::damaged("a page goes beyond its column chunk"));
            }
            if header.kind == PageKind::Other {
                self.at += length;
                continue;
            }
            self.check(&header)?;
            self.fill(length)?;
            let packed = self
                .block_from(self.at)
                .slice(..header.packed_bytes as usize);
            self.at += length;
            let bytes = self.unpacked(&header, packed)?;
            return self.page(&header, bytes).map(Some);
        }
        Ok(None)
    }

    /// Reads the header at the present position and moves behind it.
    fn header(&mut self) -> std::result::Result<PageHeader, Fault> {
        let most = MAX_HEADER_BYTES.min(self.chunk.end - self.at);
        let available = self.block_from(self.at);
        let read = match PageHeader::read(&available) {
            None if (available.len() as u64) < most => {
                self.fill(most)?;
                PageHeader::read(&self.block_from(self.at))
            }
            read => read,
        };
        let (header, length) =
            read.ok_or_else(|| Fault::damaged("the header of a page is damaged"))?;
        self.at += length as u64;
        if self.at > self.chunk.end {
            return Err(Fault::damaged("a page goes beyond its column chunk"));
        }
        Ok(header)
    }

    /// What is at hand from `offset`.
    fn block_from(&self, offset: u64) -> Bytes {
        let start = offset
            .checked_sub(self.block_offset)
            .and_then(|start| usize::try_from(start).ok())
            .filter(|start| *start <= self.block.len());
        start.map_or_else(Bytes::new, |start| self.block.slice(start..))
    }

    /// Reads on until `length` bytes from the present position are at hand; they lie within the chunk.
    fn fill(&mut self, length: u64) -> std::result::Result<(), Fault> {
        let rest = self.block_from(self.at);
        let missing = length.saturating_sub(rest.len() as u64);
        if missing == 0 {
            return Ok(());
        }
        let from = self.at + rest.len() as u64;
        let missing = missing.max(BLOCK_BYTES.min(self.chunk.end - from));
        let read = read_exact(&*self.source, from, missing).map_err(Fault::Source)?;
        self.block = if rest.is_empty() {
            read
        } else {
            let mut joined = BytesMut::with_capacity(rest.len() + read.len());
            joined.extend_from_slice(&rest);
            joined.extend_from_slice(&read);
            joined.freeze()
        };
        self.block_offset = self.at;
        self.meter.add_bytes(missing)
    }

    /// Checks what `header` declares before anything is allocated by it.
    fn check(&mut self, header: &PageHeader) -> std::result::Result<(), Fault> {
        if let Some(encoding) = header.unknown_encoding {
            return Err(Fault::Unsupported(format!("the encoding {encoding}")));
        }
        let limit = self.meter.max_page_bytes;
        let mut bytes = u64::from(header.unpacked_bytes) + self.dictionary_bytes;
        if header.kind == PageKind::Dictionary {
            self.dictionary_bytes +=
                u64::from(header.unpacked_bytes) + u64::from(header.values) * ENTRY_BYTES;
            bytes = self.dictionary_bytes;
        } else {
            let values = u64::from(header.values);
            if values > self.chunk.values - self.values_seen {
                return Err(Fault::damaged(
                    "a page has more values than its column chunk",
                ));
            }
            self.values_seen += values;
        }
        bytes += u64::from(header.packed_bytes);
        if bytes > limit {
            return Err(Fault::Bounded(format!(
                "a page is larger than the maximum of {limit} bytes"
            )));
        }
        if bytes > LARGE_BYTES && self.permit.is_none() {
            self.permit = Some(self.meter.permits.take());
        }
        self.meter.load_page(header, self.chunk.max_repetition > 0)
    }

    fn unpacked(&self, header: &PageHeader, packed: Bytes) -> std::result::Result<Bytes, Fault> {
        let size = header.unpacked_bytes as usize;
        let levels = level_bytes(header);
        if levels > packed.len() || levels > size {
            return Err(Fault::damaged("a page is shorter than its levels"));
        }
        if self.chunk.codec == Compression::UNCOMPRESSED || !header.is_packed {
            return Ok(packed);
        }
        let mut bytes = Vec::with_capacity(size);
        bytes.extend_from_slice(&packed[..levels]);
        // A page of nothing but nulls may have no values at all, not even packed ones.
        if size > levels {
            unpack(
                self.chunk.codec,
                &packed[levels..],
                size - levels,
                &mut bytes,
            )?;
        }
        Ok(bytes.into())
    }

    fn page(&self, header: &PageHeader, buf: Bytes) -> std::result::Result<Page, Fault> {
        self.check_encoding(header, &buf)?;
        let num_values = header.values;
        let encoding = header.encoding;
        Ok(match header.kind {
            PageKind::Dictionary => Page::DictionaryPage {
                buf,
                num_values,
                encoding,
                is_sorted: false,
            },
            PageKind::DataV2 => Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                num_nulls: header.nulls,
                num_rows: header.rows,
                def_levels_byte_len: header.definition_bytes,
                rep_levels_byte_len: header.repetition_bytes,
                is_compressed: false,
                statistics: None,
            },
            PageKind::Data | PageKind::Other => Page::DataPage {
                buf,
                num_values,
                encoding,
                def_level_encoding: header.definition_encoding,
                rep_level_encoding: header.repetition_encoding,
                statistics: None,
            },
        })
    }

    /// Checks the encodings of which the decoders allocate by numbers within the page.
    fn check_encoding(&self, header: &PageHeader, page: &[u8]) -> std::result::Result<(), Fault> {
        let values = || self.values_of(header, page).unwrap_or_default();
        let count = u64::from(header.values);
        let bytes = match header.encoding {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => delta::suffix_bytes(values(), count),
            Encoding::DELTA_BYTE_ARRAY => delta::value_bytes(values(), count),
            _ => Some(0),
        };
        let limit = self.meter.max_page_bytes;
        match bytes {
            Some(bytes) if bytes <= limit => Ok(()),
            Some(_) => Err(Fault::Bounded(format!(
                "the values of a page take more than the maximum of {limit} bytes"
            ))),
            None => Err(Fault::damaged("the lengths in a page are damaged")),
        }
    }

    /// The part of `page` behind its levels.
    fn values_of<'p>(&self, header: &PageHeader, page: &'p [u8]) -> Option<&'p [u8]> {
        if header.kind != PageKind::Data {
            return page.get(level_bytes(header)..);
        }
        let repetition = (self.chunk.max_repetition, header.repetition_encoding);
        let definition = (self.chunk.max_definition, header.definition_encoding);
        let mut rest = page;
        for (max_level, encoding) in [repetition, definition] {
            if max_level == 0 {
                continue;
            }
            let length = if encoding == Encoding::RLE {
                let (length, _) = rest.split_first_chunk::<4>()?;
                4 + u32::from_le_bytes(*length) as usize
            } else {
                let bits = u64::from(i16::BITS - max_level.leading_zeros());
                usize::try_from((u64::from(header.values) * bits).div_ceil(8)).ok()?
            };
            rest = rest.get(length..)?;
        }
        Some(rest)
    }
}

/// Bytes of the levels at the beginning of a page of the second version.
fn level_bytes(header: &PageHeader) -> usize {
    header.definition_bytes as usize + header.repetition_bytes as usize
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.next().map_err(ParquetError::from)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Err(not_seekable())
    }

    fn skip_next_page(&mut self) -> Result<()> {
        Err(not_seekable())
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        Ok(self.is_at_end())
    }
}

/// Pages are read in turn, and none is skipped.
fn not_seekable() -> ParquetError {
    Fault::Source(io::ErrorKind::Unsupported.into()).into()
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}
