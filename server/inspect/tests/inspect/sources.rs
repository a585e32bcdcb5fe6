//! Objects in memory, and the functions with which tests inspect them.

use std::io::{self, Read};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use restow_api::{Column, ColumnType, Finding, FindingType, ReadOptions};
use restow_inspect::{InspectError, Inspection, Limits, Source, inspect};

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
    let filename = format!("data.{extension}");
    run_with(object, &filename, &ReadOptions::default(), limits)
}

pub fn run_with(
    object: Object,
    filename: &str,
    options: &ReadOptions,
    limits: &Limits,
) -> Result<Inspection, InspectError> {
    let source: Arc<dyn Source> = Arc::new(object);
    let found = inspect(&source, filename, options, limits, &mut |_| {
        ControlFlow::Continue(())
    })?;
    found.findings.iter().for_each(check_words);
    Ok(found)
}

/// A finding is one or more sentences.
#[track_caller]
fn check_words(finding: &Finding) {
    let msg = &finding.msg;
    assert!(
        !msg.starts_with(|first: char| first.is_lowercase()) && msg.ends_with('.'),
        "{msg}"
    );
}

/// What an object contains, with whatever findings.
#[track_caller]
pub fn look(bytes: impl Into<Bytes>, extension: &str) -> Inspection {
    run(Object::new(bytes), extension, &Limits::default()).expect("the source does not fail")
}

/// What an object contains that is read as stated, with whatever findings.
#[track_caller]
pub fn look_with(bytes: impl Into<Bytes>, extension: &str, options: &ReadOptions) -> Inspection {
    let filename = format!("data.{extension}");
    run_with(Object::new(bytes), &filename, options, &Limits::default())
        .expect("the source does not fail")
}

/// What a sound object holds.
#[track_caller]
pub fn read(bytes: impl Into<Bytes>, extension: &str) -> Inspection {
    let found = look(bytes, extension);
    assert_eq!(found.rejection(), None, "the object is sound");
    found
}

/// What is wrong with an object.
#[track_caller]
pub fn refuse(bytes: impl Into<Bytes>, extension: &str, limits: &Limits) -> Finding {
    let found = run(Object::new(bytes), extension, limits).expect("the source does not fail");
    found.rejection().expect("the object is rejected").clone()
}

/// Names of the columns.
pub fn names(found: &Inspection) -> Vec<&str> {
    found
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect()
}

/// Types of the findings.
pub fn types(found: &Inspection) -> Vec<FindingType> {
    found
        .findings
        .iter()
        .map(|finding| finding.finding_type)
        .collect()
}

/// The only finding of a type.
#[track_caller]
pub fn only(found: &Inspection, finding_type: FindingType) -> &Finding {
    let mut all = found
        .findings
        .iter()
        .filter(|finding| finding.finding_type == finding_type);
    let first = all
        .next()
        .unwrap_or_else(|| panic!("{finding_type:?} in {:?}", found.findings));
    assert_eq!(all.next(), None);
    first
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
