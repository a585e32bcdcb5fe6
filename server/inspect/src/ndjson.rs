//! One JSON object a line.
//!
//! - Lines end with LF or CRLF; blank ones are skipped. Every other line is one JSON object.
//! - Columns are the keys of the objects, in the order in which they first appear. A missing key is null; of a key that
//!   an object has twice, the last value counts in the sample.
//! - Types are those of JSON: numbers are integers or floats, objects and arrays are not looked into. Strings are dates
//!   or timestamps where they are all written so, by the rules of [`text`](crate::text). What does not go together is a
//!   string.
//!
//! Arrow's own reader wants a schema, and its inference builds the whole tree of a line, which takes up to fifty
//! times its bytes. Here nothing is built: values are slices of the line, and nesting of any depth costs no stack.

mod object;
mod table;

use std::io::{BufRead, Read};

use self::table::Table;
use crate::error::{ContentError, ContentErrorCode, InspectError};
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::stream::Stream;

/// Reads JSON lines to their end.
pub(crate) fn inspect(mut stream: Stream<'_>, limits: &Limits) -> Result<Inspection, InspectError> {
    let limit = limits.max_record_bytes;
    let mut table = Table::new(limits);
    let mut line = Vec::new();
    for number in 1.. {
        let offset = stream.position();
        line.clear();
        // One byte for the line end, one that shows that the line is too long.
        let count = stream
            .by_ref()
            .take(limit as u64 + 2)
            .read_until(b'\n', &mut line)?;
        if count == 0 {
            break;
        }
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        if line.len() > limit {
            let message = format!("line {number} is longer than {limit} bytes");
            return Err(at_line(ContentErrorCode::RecordTooLong, message, number)
                .with("limit", limit)
                .into());
        }
        push(&mut table, line, number, offset)?;
        stream.rows = table.rows();
    }
    if table.rows() == 0 {
        let message = "there is no row: the object has blank lines only";
        return Err(ContentError::new(ContentErrorCode::Malformed, message).into());
    }
    Ok(table.finish())
}

fn push(table: &mut Table, line: &[u8], number: u64, offset: u64) -> Result<(), ContentError> {
    let text = std::str::from_utf8(line).map_err(|error| {
        let byte = offset + error.valid_up_to() as u64;
        let message = format!("line {number} is not valid UTF-8 at byte {byte} of the object");
        at_line(ContentErrorCode::UnsupportedEncoding, message, number).with("byte", byte)
    })?;
    let text = text.trim_matches([' ', '\t', '\r']);
    if text.is_empty() {
        return Ok(());
    }
    if !text.starts_with('{') {
        return Err(at_line(
            ContentErrorCode::Malformed,
            format!("line {number} is not a JSON object"),
            number,
        ));
    }
    table.push(text).map_err(|error| match error {
        object::Error::Names(error) => error.with("line", number),
        object::Error::Syntax(error) => {
            let message = format!("line {number} is not a JSON object: {error}");
            at_line(ContentErrorCode::Malformed, message, number)
        }
    })
}

fn at_line(code: ContentErrorCode, message: String, line: u64) -> ContentError {
    ContentError::new(code, message).with("line", line)
}
