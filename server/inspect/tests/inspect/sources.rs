//! Objects in memory, and the functions with which tests inspect them.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use restow_api::{Column, ColumnType};
use restow_inspect::{ContentError, InspectError, Inspection, Limits, Source, inspect};

/// What happens at an offset of a [`Object`].
#[derive(Clone, Copy, Debug)]
pub enum Fault {
    /// Reading fails.
    Error,
    /// The bytes end.
    End,
}

/// An object in memory.
#[derive(Default)]
pub struct Object {
    bytes: Bytes,
    /// Whether a read gives 1 to 7 bytes at a time.
    trickles: bool,
    fault: Option<(u64, Fault)>,
    /// Bytes that were read.
    pub read: AtomicU64,
}

impl Object {
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            ..Self::default()
        }
    }

    pub fn trickling(bytes: impl Into<Bytes>) -> Self {
        Self {
            trickles: true,
            ..Self::new(bytes)
        }
    }

    pub fn failing(bytes: impl Into<Bytes>, offset: u64, fault: Fault) -> Self {
        Self {
            fault: Some((offset, fault)),
            ..Self::new(bytes)
        }
    }
}

impl Source for Object {
    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn open(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        let bytes = self.bytes.clone();
        Ok(Box::new(ObjectReader {
            bytes,
            at: offset,
            trickles: self.trickles,
            fault: self.fault,
            turn: 0,
        }))
    }

    fn read_range(&self, offset: u64, length: u64) -> io::Result<Bytes> {
        self.read.fetch_add(length, Ordering::Relaxed);
        let (start, end) = (index(offset), index(offset + length));
        match self.fault {
            Some((at, Fault::Error)) if at < offset + length => Err(failure()),
            Some((at, Fault::End)) if at < offset + length => {
                Ok(self.bytes.slice(start..start.max(index(at))))
            }
            _ => Ok(self.bytes.slice(start..end)),
        }
    }
}

struct ObjectReader {
    bytes: Bytes,
    at: u64,
    trickles: bool,
    fault: Option<(u64, Fault)>,
    turn: usize,
}

impl Read for ObjectReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let end = self
            .fault
            .map_or(self.bytes.len() as u64, |(at, _)| at.max(self.at));
        match self.fault {
            Some((_, Fault::Error)) if self.at == end => return Err(failure()),
            _ => {}
        }
        self.turn += 1;
        if self.trickles && self.turn.is_multiple_of(5) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let most = if self.trickles {
            1 + self.turn % 7
        } else {
            usize::MAX
        };
        let count = out.len().min(most).min(index(end - self.at));
        out[..count].copy_from_slice(&self.bytes[index(self.at)..][..count]);
        self.at += count as u64;
        Ok(count)
    }
}

fn index(offset: u64) -> usize {
    usize::try_from(offset).unwrap()
}

fn failure() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "the store is away")
}

pub fn run(object: Object, extension: &str, limits: &Limits) -> Result<Inspection, InspectError> {
    let source: Arc<dyn Source> = Arc::new(object);
    inspect(&source, Some(extension), limits, &mut |_| {
        ControlFlow::Continue(())
    })
}

/// What a sound object holds.
#[track_caller]
pub fn read(bytes: impl Into<Bytes>, extension: &str) -> Inspection {
    run(Object::new(bytes), extension, &Limits::default()).expect("the object is sound")
}

/// What is wrong with an object.
#[track_caller]
pub fn refuse(bytes: impl Into<Bytes>, extension: &str, limits: &Limits) -> ContentError {
    match run(Object::new(bytes), extension, limits) {
        Err(InspectError::Content(error)) => error,
        other => panic!("expected bad content, got {other:?}"),
    }
}

/// Names, types and nulls of columns.
pub fn summary(columns: &[Column]) -> Vec<(&str, ColumnType, Option<u64>)> {
    columns
        .iter()
        .map(|column| (column.name.as_str(), column.column_type, column.nulls))
        .collect()
}

/// Random numbers that are the same in every run (xorshift64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        index(self.0 % end as u64)
    }

    pub fn byte(&mut self) -> u8 {
        u8::try_from(self.below(256)).unwrap()
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }
}
