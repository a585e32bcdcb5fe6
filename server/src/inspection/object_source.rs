//! An object as the inspection reads it: through ranged GETs, from a thread that may block.

use std::io::{self, Read};
use std::pin::Pin;
use std::time::{Duration, Instant};

use bytes::Bytes;
use restow_inspect::Source;
use tokio::io::AsyncRead;
use tokio::runtime::Handle;
use tokio_util::io::SyncIoBridge;

use crate::storage::{Storage, StorageError};

/// How often in a row a broken stream is resumed before the inspection is postponed.
const MAX_RESUMPTIONS: u32 = 3;

/// Pause before a stream is resumed, multiplied by the number of attempts without progress.
const RESUMPTION_PAUSE: Duration = Duration::from_millis(200);

/// The object of a job.
#[derive(Clone, Debug)]
pub struct ObjectSource {
    storage: Storage,
    key: String,
    size: u64,
    until: Option<Instant>,
    runtime: Handle,
}

impl ObjectSource {
    /// The object at `key`, of `size` bytes; to be read outside of the runtime's own threads, and not after `until`: a read
    /// fails with [`io::ErrorKind::TimedOut`] then, and with no other error.
    pub fn new(
        storage: Storage,
        key: String,
        size: u64,
        until: Option<Instant>,
        runtime: Handle,
    ) -> Self {
        Self {
            storage,
            key,
            size,
            until,
            runtime,
        }
    }

    fn check_time(&self) -> io::Result<()> {
        match self.until {
            Some(until) if Instant::now() >= until => Err(io::ErrorKind::TimedOut.into()),
            _ => Ok(()),
        }
    }

    fn stream(&self, offset: u64) -> io::Result<Stream> {
        let body = self
            .runtime
            .block_on(self.storage.read(&self.key, offset, None))
            .map_err(into_io)?;
        let reader: Pin<Box<dyn AsyncRead + Send>> = Box::pin(body.into_async_read());
        Ok(SyncIoBridge::new_with_handle(reader, self.runtime.clone()))
    }
}

type Stream = SyncIoBridge<Pin<Box<dyn AsyncRead + Send>>>;

fn into_io(error: StorageError) -> io::Error {
    io::Error::other(error)
}

impl Source for ObjectSource {
    fn size(&self) -> u64 {
        self.size
    }

    fn open(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        if offset >= self.size {
            return Ok(Box::new(io::empty()));
        }
        let stream = self.stream(offset)?;
        Ok(Box::new(ObjectReader {
            source: self.clone(),
            stream,
            offset,
            resumptions: 0,
        }))
    }

    fn read_range(&self, offset: u64, length: u64) -> io::Result<Bytes> {
        if length == 0 {
            return Ok(Bytes::new());
        }
        self.check_time()?;
        let read = async {
            let body = self
                .storage
                .read(&self.key, offset, Some(length))
                .await
                .map_err(into_io)?;
            body.collect()
                .await
                .map(aws_sdk_s3::primitives::AggregatedBytes::into_bytes)
                .map_err(io::Error::other)
        };
        self.runtime.block_on(read)
    }
}

/// Reads to the end of the object, and resumes where a connection breaks.
struct ObjectReader {
    source: ObjectSource,
    stream: Stream,
    offset: u64,
    resumptions: u32,
}

impl Read for ObjectReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.source.check_time()?;
            let error = match self.stream.read(buffer) {
                Ok(0) if self.offset < self.source.size && !buffer.is_empty() => {
                    io::ErrorKind::UnexpectedEof.into()
                }
                Ok(read) => {
                    self.offset += read as u64;
                    self.resumptions = 0;
                    return Ok(read);
                }
                Err(error) => error,
            };
            if self.resumptions == MAX_RESUMPTIONS {
                return Err(error);
            }
            self.resumptions += 1;
            std::thread::sleep(RESUMPTION_PAUSE * self.resumptions);
            self.stream = self.source.stream(self.offset)?;
        }
    }
}
