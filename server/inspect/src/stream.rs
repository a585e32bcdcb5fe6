//! The object as one buffered stream that reports its progress.

use std::io::{self, BufRead, Read};

use crate::progress::{Progress, Reporter};
use crate::source::{Source, ended_early};

/// Bytes that are read at once.
const BUFFER_BYTES: usize = 256 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The object from its first byte behind a byte order mark to its last.
///
/// A source that ends before the object's size is an error, so the end of the stream is the end of the object.
pub(crate) struct Stream<'a> {
    reader: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// Bytes of `buffer` that are read and not consumed.
    start: usize,
    end: usize,
    /// Bytes of the object that came from `reader`.
    read: u64,
    size: u64,
    ended: bool,
    reporter: Reporter<'a>,
    /// Rows so far, for the progress.
    pub(crate) rows: u64,
}

impl<'a> Stream<'a> {
    /// Opens `source` and skips a UTF-8 byte order mark.
    pub(crate) fn open(source: &dyn Source, reporter: Reporter<'a>) -> io::Result<Self> {
        let mut stream = Self {
            reader: source.open(0)?,
            buffer: vec![0; BUFFER_BYTES],
            start: 0,
            end: 0,
            read: 0,
            size: source.size(),
            ended: false,
            reporter,
            rows: 0,
        };
        while stream.end < BYTE_ORDER_MARK.len() && stream.fill()? > 0 {}
        if stream.buffer[..stream.end].starts_with(BYTE_ORDER_MARK) {
            stream.start = BYTE_ORDER_MARK.len();
        }
        Ok(stream)
    }

    /// Offset in the object of the next byte.
    pub(crate) fn position(&self) -> u64 {
        self.read - (self.end - self.start) as u64
    }

    /// Reads once behind what is buffered. 0 means the end of the object.
    fn fill(&mut self) -> io::Result<usize> {
        let left = usize::try_from(self.size - self.read).unwrap_or(usize::MAX);
        let room = (self.buffer.len() - self.end).min(left);
        let count = loop {
            match self
                .reader
                .read(&mut self.buffer[self.end..self.end + room])
            {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        if count == 0 && left > 0 {
            return Err(ended_early());
        }
        self.end += count;
        self.read += count as u64;
        Ok(count)
    }

    fn progress(&self) -> Progress {
        Progress {
            bytes_done: self.read,
            rows: self.rows,
        }
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Stream<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            let progress = self.progress();
            if self.fill()? > 0 {
                self.reporter.advance(progress).map_err(io::Error::other)?;
            } else if !self.ended {
                self.ended = true;
                self.reporter.report(progress).map_err(io::Error::other)?;
            }
        }
        Ok(&self.buffer[self.start..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.start += count;
    }
}
