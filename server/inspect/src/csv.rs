//! Delimited text with a header row.
//!
//! - The first record names the columns, see [`header`]. Blank lines are skipped.
//! - Fields are quoted by `"`, which is doubled within quotes; records end with LF, CRLF or CR.
//! - An empty field, quoted or not, is null. Types are those of [`text`](crate::text), and of a column the narrowest
//!   that every row fits.
//! - Every record has as many fields as the header.

mod header;
mod records;
mod table;

use std::io::BufRead;

use self::records::Records;
use crate::error::InspectError;
use crate::inspection::Inspection;
use crate::limits::Limits;
use crate::stream::Stream;

/// Reads delimited text to its end.
pub(crate) fn inspect(
    mut stream: Stream<'_>,
    delimiter: u8,
    limits: &Limits,
) -> Result<Inspection, InspectError> {
    let names = header::read(&mut stream, delimiter, limits)?;
    let mut records = Records::new(names, delimiter, limits);
    loop {
        let offset = stream.position();
        let chunk = stream.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        let length = chunk.len();
        records.push(chunk, offset)?;
        stream.consume(length);
        stream.rows = records.rows();
    }
    Ok(records.finish()?)
}
