//! Reading a part in a blocking thread, slightly ahead of the network.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::source::Source;

/// Size of a chunk in bytes. A part takes the memory of three chunks, whatever its size: one being read, one waiting,
/// one on its way to the network.
pub(super) const CHUNK_SIZE: usize = 128 * 1024;

/// The error that stopped the reading, if any: the network side only sees that the stream ends.
#[derive(Clone, Default)]
pub(super) struct ReadFailure(Arc<Mutex<Option<io::Error>>>);

impl ReadFailure {
    /// The error, once.
    pub fn take(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Keeps the error, and returns another of the same kind.
    fn keep(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        kind.into()
    }
}

/// Memory of sent chunks, to be reused.
#[derive(Clone, Default)]
pub(super) struct Pool(Arc<Mutex<Vec<Vec<u8>>>>);

impl Pool {
    fn take(&self) -> Vec<u8> {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(|| vec![0; CHUNK_SIZE])
    }

    fn give_back(&self, bytes: Vec<u8>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(bytes);
    }
}

/// The bytes of a range in chunks, and the error that stops the reading.
pub(super) fn read(
    source: Arc<dyn Source>,
    range: Range<u64>,
    pool: Pool,
) -> (
    impl Stream<Item = io::Result<Bytes>> + Send + use<>,
    ReadFailure,
) {
    let failure = ReadFailure::default();
    let kept = failure.clone();
    // Only once the first chunk is polled: a thread that waits for a connection may be the one that is needed to open
    // it.
    let start = async move {
        let (sender, receiver) = mpsc::channel(1);
        spawn_blocking(move || {
            if let Err(error) = pump(&*source, range, &pool, &sender) {
                // The receiver may have been dropped.
                let _ = sender.blocking_send(Err(kept.keep(error)));
            }
        });
        stream::unfold(receiver, async |mut receiver| {
            Some((receiver.recv().await?, receiver))
        })
    };
    (stream::once(start).flatten(), failure)
}

fn pump(
    source: &dyn Source,
    range: Range<u64>,
    pool: &Pool,
    sender: &mpsc::Sender<io::Result<Bytes>>,
) -> io::Result<()> {
    let mut left = range.end - range.start;
    let mut reader = source.open(range)?;
    while left > 0 {
        let size = usize::try_from(left).unwrap_or(CHUNK_SIZE).min(CHUNK_SIZE);
        let mut chunk = Chunk {
            bytes: pool.take(),
            size,
            pool: pool.clone(),
        };
        reader.read_exact(&mut chunk.bytes[..size])?;
        left -= size as u64;
        if sender.blocking_send(Ok(Bytes::from_owner(chunk))).is_err() {
            break;
        }
    }
    Ok(())
}

/// A chunk whose memory returns to the pool.
struct Chunk {
    bytes: Vec<u8>,
    size: usize,
    pool: Pool,
}

impl AsRef<[u8]> for Chunk {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.size]
    }
}

impl Drop for Chunk {
    fn drop(&mut self) {
        self.pool.give_back(std::mem::take(&mut self.bytes));
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use bytes::Bytes;
    use futures::TryStreamExt;

    use super::{CHUNK_SIZE, Pool, read};
    use crate::source::Source;

    #[tokio::test]
    async fn chunks_cover_the_range() {
        let content: Bytes = (0..5 * CHUNK_SIZE)
            .map(|index| ((index * 7) >> 3).to_le_bytes()[0])
            .collect();
        for (start, end) in [
            (0, 1),
            (3, CHUNK_SIZE),
            (1, CHUNK_SIZE + 1),
            (CHUNK_SIZE, 4 * CHUNK_SIZE),
            (5, 5 * CHUNK_SIZE),
        ] {
            let (chunks, failure) = read(
                Arc::new(content.clone()),
                start as u64..end as u64,
                Pool::default(),
            );
            assert_eq!(
                chunks.try_collect::<Vec<_>>().await.unwrap().concat(),
                content[start..end]
            );
            assert!(failure.take().is_none());
        }
    }

    #[tokio::test]
    async fn read_failure_is_kept() {
        struct Broken;
        impl Source for Broken {
            fn name(&self) -> String {
                "broken".to_string()
            }
            fn size(&self) -> u64 {
                10
            }
            fn open(&self, _: std::ops::Range<u64>) -> io::Result<Box<dyn io::Read + Send>> {
                Err(io::Error::other("no disk"))
            }
        }
        let (chunks, failure) = read(Arc::new(Broken), 0..10, Pool::default());
        assert!(chunks.try_collect::<Vec<_>>().await.is_err());
        assert_eq!(failure.take().unwrap().to_string(), "no disk");
    }
}
