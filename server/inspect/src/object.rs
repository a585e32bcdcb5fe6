//! The object as a stream of bytes that reports its progress.

use std::io::{self, Read};

use crate::progress::{Progress, Reporter};
use crate::source::{Source, ended_early};

/// The object from its first byte to its last.
///
/// A source that ends before the object's size is an error, so the end of the stream is the end of the object.
pub(crate) struct ObjectReader<'a> {
    reader: Box<dyn Read + Send>,
    read: u64,
    size: u64,
    reporter: Reporter<'a>,
    is_ended: bool,
    /// Whether a read failed: what a decoder behind it reports then says nothing about the content.
    failed: bool,
    /// Rows so far, for the progress.
    rows: u64,
}

impl<'a> ObjectReader<'a> {
    pub(crate) fn open(source: &dyn Source, reporter: Reporter<'a>) -> io::Result<Self> {
        Ok(Self {
            reader: source.open(0)?,
            read: 0,
            size: source.size(),
            reporter,
            is_ended: false,
            failed: false,
            rows: 0,
        })
    }

    /// Bytes of the object that were read.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.read
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failed
    }

    pub(crate) fn set_rows(&mut self, rows: u64) {
        self.rows = rows;
    }

    fn read_some(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.size - self.read).unwrap_or(usize::MAX);
        let room = out.len().min(left);
        let count = loop {
            match self.reader.read(&mut out[..room]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        if count == 0 && room > 0 {
            return Err(ended_early());
        }
        self.read += count as u64;
        let progress = Progress {
            bytes_done: self.read,
            rows: self.rows,
        };
        if count > 0 {
            self.reporter.advance(progress).map_err(io::Error::other)?;
        } else if !self.is_ended && left == 0 {
            self.is_ended = true;
            self.reporter.report(progress).map_err(io::Error::other)?;
        }
        Ok(count)
    }
}

impl Read for ObjectReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let result = self.read_some(out);
        self.failed |= result.is_err();
        result
    }
}
