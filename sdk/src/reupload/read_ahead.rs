//! Reading a part in a thread that may block, a little ahead of the network.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::source::Source;

/// Bytes of a piece. A part costs the memory of three of them, however large it is: one being read, one that
/// waits, one on its way to the network.
const CHUNK: usize = 128 * 1024;

/// Why the reading stopped, if it did: the network only learns that there is nothing more.
#[derive(Clone, Default)]
pub(super) struct ReadFailure(Arc<Mutex<Option<io::Error>>>);

impl ReadFailure {
    /// The error, once.
    pub fn take(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Keeps the error, and gives one like it.
    fn keep(&self, error: io::Error) -> io::Error {
        let kind = error.kind();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        kind.into()
    }
}

/// Memory of pieces that have gone out, for those to come.
#[derive(Clone, Default)]
pub(super) struct Pool(Arc<Mutex<Vec<Vec<u8>>>>);

impl Pool {
    fn take(&self) -> Vec<u8> {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        free.unwrap_or_else(|| vec![0; CHUNK])
    }

    fn give_back(&self, bytes: Vec<u8>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(bytes);
    }
}

/// The bytes of a range, in pieces, and what becomes of the reading.
pub(super) fn read(
    source: Arc<dyn Source>,
    range: Range<u64>,
    pool: Pool,
) -> (
    impl Stream<Item = io::Result<Bytes>> + Send + use<>,
    ReadFailure,
) {
    let failure = ReadFailure::default();
    let keeper = failure.clone();
    // Not before the first piece is asked for: a thread that waits for a connection may be the one that is needed to
    // make it.
    let begin = async move {
        let (sender, receiver) = mpsc::channel(1);
        spawn_blocking(move || {
            if let Err(error) = pump(&*source, range, &pool, &sender) {
                // Nobody may be left to hear it.
                let _ = sender.blocking_send(Err(keeper.keep(error)));
            }
        });
        stream::unfold(receiver, async |mut receiver| {
            Some((receiver.recv().await?, receiver))
        })
    };
    (stream::once(begin).flatten(), failure)
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
        let size = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        let mut piece = Piece {
            bytes: pool.take(),
            size,
            pool: pool.clone(),
        };
        reader.read_exact(&mut piece.bytes[..size])?;
        left -= size as u64;
        if sender.blocking_send(Ok(Bytes::from_owner(piece))).is_err() {
            break;
        }
    }
    Ok(())
}

/// A piece on its way, whose memory goes back for another one.
struct Piece {
    bytes: Vec<u8>,
    size: usize,
    pool: Pool,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.size]
    }
}

impl Drop for Piece {
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

    use super::{CHUNK, Pool, read};
    use crate::source::Source;

    #[tokio::test]
    async fn the_pieces_are_the_range() {
        let content: Bytes = (0..5 * CHUNK)
            .map(|index| ((index * 7) >> 3).to_le_bytes()[0])
            .collect();
        for (start, end) in [
            (0, 1),
            (3, CHUNK),
            (1, CHUNK + 1),
            (CHUNK, 4 * CHUNK),
            (5, 5 * CHUNK),
        ] {
            let (pieces, failure) = read(
                Arc::new(content.clone()),
                start as u64..end as u64,
                Pool::default(),
            );
            assert_eq!(
                pieces.try_collect::<Vec<_>>().await.unwrap().concat(),
                content[start..end]
            );
            assert!(failure.take().is_none());
        }
    }

    #[tokio::test]
    async fn a_failure_is_kept() {
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
        let (pieces, failure) = read(Arc::new(Broken), 0..10, Pool::default());
        assert!(pieces.try_collect::<Vec<_>>().await.is_err());
        assert_eq!(failure.take().unwrap().to_string(), "no disk");
    }
}
