//! Bodies of requests, received into files of their own before anything refers to them.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use md5::{Digest as _, Md5};
use s3s::StdError;
use tempfile::NamedTempFile;
use tokio::time::timeout;

use super::blocking::blocking;
use super::part::{Part, PartNumber};
use super::{Bucket, Digest};
use crate::error::{Error, Result};

/// Maximum size in bytes of one part, and of an object from one PUT: 5 GiB
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html>).
pub(crate) const MAX_BODY_SIZE: u64 = 5 * 1024 * 1024 * 1024;

/// Bytes that are collected before they are hashed and written; with the frame that exceeds it, the
/// maximum of one body in memory.
const BLOCK_SIZE: usize = 256 * 1024;

/// Timeout for the next byte. S3 closes idle connections too, with `RequestTimeout`.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

/// A complete body in a file that vanishes unless it is made a part.
pub(crate) struct ReceivedBody {
    file: NamedTempFile,
    digest: Digest,
    size: u64,
}

impl ReceivedBody {
    /// Receives a body of exactly `length` bytes, whose digest must be `expected` when that is
    /// given.
    pub(crate) async fn receive(
        bucket: &Arc<Bucket>,
        mut body: impl Stream<Item = Result<Bytes, StdError>> + Unpin,
        length: u64,
        expected: Option<Digest>,
    ) -> Result<Self> {
        let mut sink = bucket
            .run(|bucket| Sink::create(&bucket.incoming_directory()))
            .await?;
        loop {
            let block = next_block(&mut body).await?;
            if block.is_empty() {
                break;
            }
            sink = blocking(move || sink.append(&block)).await?;
            if sink.size > length {
                return Err(Error::IncompleteBody);
            }
        }
        let received = Self {
            file: sink.file,
            digest: Digest::of(sink.hasher),
            size: sink.size,
        };
        if received.size != length {
            return Err(Error::IncompleteBody);
        }
        match expected {
            Some(expected) if expected != received.digest => Err(Error::BadDigest),
            _ => Ok(received),
        }
    }

    /// Makes the body a part in `directory`, durable but for the directory's own entry.
    pub(super) fn persist(
        self,
        directory: &Path,
        number: PartNumber,
        revision: u32,
    ) -> Result<Part> {
        let file = self.file.as_file();
        file.sync_all()?;
        let last_modified = file.metadata()?.modified()?.into();
        let part = Part {
            number,
            revision,
            digest: self.digest,
            size: self.size,
            last_modified,
        };
        self.file
            .persist(directory.join(part.file_name()))
            .map_err(|failed| failed.error)?;
        Ok(part)
    }
}

struct Sink {
    file: NamedTempFile,
    hasher: Md5,
    size: u64,
}

impl Sink {
    fn create(directory: &Path) -> Result<Self> {
        Ok(Self {
            file: NamedTempFile::new_in(directory)?,
            hasher: Md5::new(),
            size: 0,
        })
    }

    fn append(mut self, block: &[Bytes]) -> Result<Self> {
        for bytes in block {
            self.hasher.update(bytes);
            self.file.as_file_mut().write_all(bytes)?;
            self.size += bytes.len() as u64;
        }
        Ok(self)
    }
}

/// The next bytes, at least [`BLOCK_SIZE`] of them unless the body ends; none at its end.
async fn next_block(
    body: &mut (impl Stream<Item = Result<Bytes, StdError>> + Unpin),
) -> Result<Vec<Bytes>> {
    let mut block = Vec::new();
    let mut collected = 0;
    while collected < BLOCK_SIZE {
        match timeout(IDLE_TIMEOUT, body.next()).await {
            Err(_elapsed) => return Err(Error::RequestTimeout),
            Ok(None) => break,
            Ok(Some(Err(_cut_or_forged))) => return Err(Error::IncompleteBody),
            Ok(Some(Ok(bytes))) => {
                collected += bytes.len();
                block.push(bytes);
            }
        }
    }
    Ok(block)
}
