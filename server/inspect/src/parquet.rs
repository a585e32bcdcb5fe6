//! Parquet, from its footer and the first pages of its columns.
//!
//! - A column is a field of the schema's root; a group is one column, an object or an array.
//! - Types are those of the schema, see [`schema`]; nulls are known where every row group has them in its
//!   statistics, and of a required column.
//! - The sample has the values of the first [`MAX_SAMPLE_COLUMNS`](sample::MAX_SAMPLE_COLUMNS) columns, null in the others. It
//!   is empty where a page cannot be read: with a codec or an encoding that is not read here, encrypted, or larger
//!   than the limits.
//!
//! A footer declares sizes, and its decoder allocates and recurses by them. [`footer`] checks them first, and
//! [`pages`] those of each page.

mod footer;
mod page_header;
mod pages;
mod sample;
mod schema;
mod thrift;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ::parquet::file::metadata::{
    FooterTail, ParquetMetaData, ParquetMetaDataOptions, ParquetMetaDataReader,
    ParquetStatisticsPolicy,
};
use bytes::Bytes;

use crate::error::{ContentError, ContentErrorCode, InspectError};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::progress::{Progress, Reporter};
use crate::source::{Source, read_exact};

/// Magic number at both ends, and the length of the footer before the second.
const TAIL_BYTES: u64 = 8;
const MAGIC_BYTES: u64 = 4;

/// Reads the footer and the sample.
pub(crate) fn inspect(
    source: &Arc<dyn Source>,
    limits: &Limits,
    mut reporter: Reporter<'_>,
) -> Result<Inspection, InspectError> {
    let footer = read_footer(&**source, limits)?;
    footer::check(&footer, limits)?;
    let metadata = decode(&footer)?;
    let rows = u64::try_from(metadata.file_metadata().num_rows())
        .map_err(|_| footer::malformed("has a negative number of rows"))?;
    let mut progress = Progress {
        bytes_done: footer.len() as u64 + TAIL_BYTES,
        rows,
    };
    let sample = sample::read(source, &metadata, limits, |bytes_read| {
        progress.bytes_done += bytes_read;
        reporter.report(progress).map_err(InspectError::from)
    })?;
    Ok(Inspection {
        format: None,
        row_count: Some(rows),
        columns: schema::columns(&metadata),
        sample,
    })
}

fn read_footer(source: &dyn Source, limits: &Limits) -> Result<Bytes, InspectError> {
    let size = source.size();
    if size < MAGIC_BYTES + TAIL_BYTES {
        return Err(footer::malformed("is too short").into());
    }
    let tail = read_exact(source, size - TAIL_BYTES, TAIL_BYTES)?;
    let tail = FooterTail::try_from(&*tail).map_err(|_| {
        footer::malformed("does not end with a Parquet footer: it may be truncated")
    })?;
    if tail.is_encrypted_footer() {
        let message = "the Parquet file has an encrypted footer";
        return Err(ContentError::new(ContentErrorCode::UnsupportedEncoding, message).into());
    }
    let length = tail.metadata_length() as u64;
    if length > size - MAGIC_BYTES - TAIL_BYTES {
        return Err(footer::malformed("is shorter than its footer").into());
    }
    if length > limits.max_footer_bytes as u64 {
        return Err(footer::too_large(&format!("{length} bytes"), limits.max_footer_bytes).into());
    }
    Ok(read_exact(source, size - TAIL_BYTES - length, length)?)
}

fn decode(footer: &[u8]) -> Result<ParquetMetaData, ContentError> {
    // Of the statistics only the counts of nulls are used; the others take most of the memory.
    let options = ParquetMetaDataOptions::default()
        .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
        .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
    // The decoder has assertions that damaged footers violate, and a panic must not end the worker. It only reads
    // the bytes, so that no state is left inconsistent.
    let decode = || ParquetMetaDataReader::decode_metadata_with_options(footer, Some(&options));
    match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(Ok(metadata)) => Ok(metadata),
        Ok(Err(_)) | Err(_) => Err(footer::malformed("has a damaged footer")),
    }
}
