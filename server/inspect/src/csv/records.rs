//! The records behind the header, in batches of bounded size.

use std::sync::Arc;

use arrow_csv::ReaderBuilder;
use arrow_csv::reader::Decoder;
use arrow_schema::{ArrowError, DataType, Field, Schema};

use super::table::Table;
use crate::error::{ContentError, ContentErrorCode};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::utf8::Utf8Stream;

/// Most fields of a batch: the decoder allocates for them before it has read any.
const BATCH_FIELDS: usize = 128 * 1024;

const BATCH_ROWS: usize = 1024;

/// Bytes behind which a batch ends with the next record.
const BATCH_BYTES: usize = 1024 * 1024;

/// Takes the records from pieces of the object.
pub(super) struct Records {
    decoder: Decoder,
    utf8: Utf8Stream,
    table: Table,
    columns: usize,
    batch_rows: usize,
    /// Bytes in the decoder.
    batch_bytes: usize,
    /// Bytes since the last piece in which a record ended: at most those of the record that is being read.
    record_bytes: usize,
    max_record_bytes: usize,
}

impl Records {
    pub(super) fn new(names: Vec<String>, delimiter: u8, limits: &Limits) -> Self {
        let fields: Vec<Field> = names
            .iter()
            .map(|name| Field::new(name, DataType::Utf8, true))
            .collect();
        let batch_rows = (BATCH_FIELDS / names.len().max(1)).clamp(1, BATCH_ROWS);
        let builder = ReaderBuilder::new(Arc::new(Schema::new(fields)));
        Self {
            decoder: builder
                .with_delimiter(delimiter)
                .with_batch_size(batch_rows)
                .build_decoder(),
            utf8: Utf8Stream::default(),
            columns: names.len(),
            batch_rows,
            table: Table::new(names, limits),
            batch_bytes: 0,
            record_bytes: 0,
            max_record_bytes: limits.max_record_bytes,
        }
    }

    /// Rows that are counted, without those of the batch that is being read.
    pub(super) fn rows(&self) -> u64 {
        self.table.rows()
    }

    /// Takes the records from the next piece of the object, which begins at `offset`.
    pub(super) fn push(&mut self, piece: &[u8], offset: u64) -> Result<(), ContentError> {
        // The decoder joins the fields of a batch before it checks them, so that it accepts a character of which a
        // delimiter split the bytes, and hands out halves of it. The bytes as they stand have to be checked.
        match self.utf8.push(piece) {
            Ok(()) => self.decode(piece),
            Err(index) => {
                self.decode(&piece[..index])?;
                Err(self.not_utf8(offset + index as u64))
            }
        }
    }

    /// Ends the last record.
    pub(super) fn finish(mut self) -> Result<Inspection, ContentError> {
        if !self.utf8.is_complete() {
            return Err(self.error(
                ContentErrorCode::UnsupportedEncoding,
                "ends in the midst of a UTF-8 character",
            ));
        }
        // A line end completes every record but one within quotes; that one only the end of the input completes.
        self.decode(b"\n")?;
        let buffered = self.buffered();
        let unclosed = self.error(
            ContentErrorCode::Malformed,
            "has a quoted field that is never closed",
        );
        if self.decoder.decode(&[]).is_err() || self.buffered() > buffered {
            return Err(unclosed);
        }
        self.flush()?;
        Ok(self.table.finish())
    }

    fn decode(&mut self, mut rest: &[u8]) -> Result<(), ContentError> {
        while !rest.is_empty() {
            // The decoder gives its records out only between two records. Behind a line end of which the record before
            // it ended, that is certain.
            let by_line = self.batch_bytes >= BATCH_BYTES;
            let slice = if by_line { first_line(rest) } else { rest };
            let buffered = self.buffered();
            let consumed = self
                .decoder
                .decode(slice)
                .map_err(|error| self.ragged(&error))?;
            let completed = self.buffered() > buffered;
            rest = &rest[consumed..];
            self.batch_bytes += consumed;
            self.record_bytes = if completed {
                0
            } else {
                self.record_bytes + consumed
            };
            if self.record_bytes > self.max_record_bytes {
                return Err(self.too_long());
            }
            if self.decoder.capacity() == 0 || (by_line && completed) {
                self.flush()?;
            }
        }
        Ok(())
    }

    /// Hands the records of the decoder to the table.
    fn flush(&mut self) -> Result<(), ContentError> {
        let batch = self.decoder.flush().map_err(|error| {
            self.error(
                ContentErrorCode::Malformed,
                &format!("ends a batch of rows that cannot be read: {error}"),
            )
        })?;
        if let Some(batch) = batch {
            self.table.push(&batch);
        }
        self.batch_bytes = 0;
        Ok(())
    }
}

/// Where the reading is, and what can be wrong there.
impl Records {
    /// Whole records in the decoder.
    fn buffered(&self) -> usize {
        self.batch_rows - self.decoder.capacity()
    }

    /// Number of the record that is being read, from 1.
    fn row(&self) -> u64 {
        self.table.rows() + self.buffered() as u64 + 1
    }

    fn error(&self, code: ContentErrorCode, what: &str) -> ContentError {
        let row = self.row();
        ContentError::new(code, format!("row {row} {what}")).with("row", row)
    }

    fn too_long(&self) -> ContentError {
        let limit = self.max_record_bytes;
        let what =
            format!("is longer than {limit} bytes, or has a quoted field that is never closed");
        self.error(ContentErrorCode::RecordTooLong, &what)
            .with("limit", limit)
    }

    fn not_utf8(&self, byte: u64) -> ContentError {
        let what = format!("is not valid UTF-8 at byte {byte} of the object");
        self.error(ContentErrorCode::UnsupportedEncoding, &what)
            .with("byte", byte)
    }

    /// The decoder rejects a record only for its number of fields, and reports that as text: "expected 2 got 3", or
    /// "got more than 2" where it stopped counting.
    fn ragged(&self, error: &ArrowError) -> ContentError {
        let expected = self.columns;
        let text = error.to_string();
        let found = text
            .rsplit_once("got ")
            .map_or("another number of", |(_, found)| found);
        let what = format!("has {found} fields, the header has {expected}");
        let error = self
            .error(ContentErrorCode::Malformed, &what)
            .with("expected", expected);
        match found
            .rsplit(' ')
            .next()
            .and_then(|number| number.parse::<u64>().ok())
        {
            Some(number) if found.contains("more than") => error.with("found", number + 1),
            Some(number) => error.with("found", number),
            None => error,
        }
    }
}

/// The bytes up to and with the first line end.
fn first_line(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    &bytes[..end.map_or(bytes.len(), |end| end + 1)]
}
