//! The header row.

use std::collections::HashSet;
use std::io::BufRead;
use std::ops::ControlFlow;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::error::{ContentError, ContentErrorCode, InspectError};
use crate::limits::Limits;
use crate::stream::Stream;

/// Reads the header row: the names of the columns, in order.
///
/// An empty name becomes `column_3`, by its position from 1. Of equal names all but the first get their position, as in
/// `price_3`, so that each name is unique.
pub(super) fn read(
    stream: &mut Stream<'_>,
    delimiter: u8,
    limits: &Limits,
) -> Result<Vec<String>, InspectError> {
    let mut header = Header::new(delimiter, limits);
    loop {
        let chunk = stream.fill_buf()?;
        let at_end = chunk.is_empty();
        // A line end completes the last record, unless it is within quotes.
        let (consumed, flow) = header.push(if at_end { b"\n" } else { chunk })?;
        if flow.is_break() {
            stream.consume(if at_end { 0 } else { consumed });
            return Ok(header.names()?);
        }
        if at_end {
            return Err(header.unfinished().into());
        }
        stream.consume(consumed);
    }
}

/// A header row that is being read, in buffers of the size of its limits.
struct Header {
    reader: Reader,
    text: Vec<u8>,
    text_len: usize,
    /// Ends of the fields in `text`; one more than there may be columns.
    ends: Vec<usize>,
    columns: usize,
}

impl Header {
    fn new(delimiter: u8, limits: &Limits) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            text: vec![0; limits.max_header_bytes],
            text_len: 0,
            ends: vec![0; limits.max_columns + 1],
            columns: 0,
        }
    }

    /// Continues reading in `chunk`; returns how many bytes were read, and breaks at the end of the record.
    fn push(&mut self, chunk: &[u8]) -> Result<(usize, ControlFlow<()>), ContentError> {
        let (result, consumed, written, fields) = self.reader.read_record(
            chunk,
            &mut self.text[self.text_len..],
            &mut self.ends[self.columns..],
        );
        self.text_len += written;
        self.columns += fields;
        match result {
            ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                Ok((consumed, ControlFlow::Continue(())))
            }
            ReadRecordResult::OutputFull => Err(self.too_long()),
            ReadRecordResult::OutputEndsFull => Err(self.too_many()),
            ReadRecordResult::Record if self.columns == self.ends.len() => Err(self.too_many()),
            ReadRecordResult::Record => Ok((consumed, ControlFlow::Break(()))),
        }
    }

    fn names(&self) -> Result<Vec<String>, ContentError> {
        let text = std::str::from_utf8(&self.text[..self.text_len]).ok();
        let mut names = Vec::with_capacity(self.columns);
        let mut taken = HashSet::with_capacity(self.columns);
        let mut start = 0;
        for (index, end) in self.ends[..self.columns].iter().enumerate() {
            let name = text
                .and_then(|text| text.get(start..*end))
                .ok_or_else(not_utf8)?;
            names.push(unique(name, index + 1, &mut taken));
            start = *end;
        }
        Ok(names)
    }

    fn too_long(&self) -> ContentError {
        let limit = self.text.len();
        let message = format!("the header row is longer than {limit} bytes");
        ContentError::new(ContentErrorCode::RecordTooLong, message).with("limit", limit)
    }

    fn too_many(&self) -> ContentError {
        let limit = self.ends.len() - 1;
        let message = format!("the header row has more than {limit} columns");
        ContentError::new(ContentErrorCode::TooManyColumns, message).with("limit", limit)
    }

    fn unfinished(&self) -> ContentError {
        let message = if self.text_len == 0 && self.columns == 0 {
            "there is no header row: the object has blank lines only"
        } else {
            "a quoted name in the header row is never closed"
        };
        ContentError::new(ContentErrorCode::Malformed, message)
    }
}

fn not_utf8() -> ContentError {
    ContentError::new(
        ContentErrorCode::UnsupportedEncoding,
        "the header row is not valid UTF-8",
    )
    .with("line", 1)
}

fn unique(name: &str, position: usize, taken: &mut HashSet<String>) -> String {
    let mut unique = if name.is_empty() {
        format!("column_{position}")
    } else if taken.contains(name) {
        format!("{name}_{position}")
    } else {
        name.to_owned()
    };
    while !taken.insert(unique.clone()) {
        unique.push('_');
    }
    unique
}
