//! The content to upload, read part by part; it must not change during the upload.

use std::io::{self, Read};
use std::sync::{Arc, Weak};

use bytes::Bytes;
use futures::future::{Either, ready};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use tokio::task::spawn_blocking;

use super::held::Held;
use super::plan::Part;
use super::read_ahead::{self, Pool, ReadFailure};
use crate::digest::{Digest, LANES, md5, md5_lanes};
use crate::error::{Error, Result};
use crate::source::{LocalFile, Source};

/// Largest part, in bytes, that is digested together with others: larger ones would leave the page cache before they
/// are read again to be sent.
const MAX_LANE_PART_SIZE: u64 = 64 * 1024 * 1024;

/// A source, read in the background.
#[derive(Clone)]
pub(super) struct Content {
    source: Arc<dyn Source>,
    /// What `source` has, where that is small.
    held: Option<Held>,
    pool: Pool,
}

impl Content {
    pub fn new(source: Box<dyn Source>) -> Self {
        Self {
            source: source.into(),
            held: None,
            pool: Pool::default(),
        }
    }

    /// A file, and its bytes where they are held.
    pub fn of_file(file: LocalFile, held: Option<Held>) -> Self {
        Self {
            held,
            ..Self::new(Box::new(file))
        }
    }

    /// Size in bytes.
    pub fn size(&self) -> u64 {
        self.source.size()
    }

    /// The error of an empty source.
    pub fn empty(&self) -> Error {
        Error::EmptySource(self.source.name())
    }

    /// The error of a source that has changed.
    pub fn changed(&self) -> Error {
        Error::SourceChanged(self.source.name())
    }

    /// The error of a source that cannot be read.
    pub fn unreadable(&self, source: io::Error) -> Error {
        Error::Source {
            name: self.source.name(),
            source,
        }
    }

    /// Fails if the source reports that it has changed.
    pub async fn check_unchanged(&self) -> Result<()> {
        match self
            .in_background(|watched| watched.source.is_unchanged())
            .await
        {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.changed()),
            Err(error) => Err(self.unreadable(error)),
        }
    }

    /// MD5 of a part.
    pub async fn md5(&self, part: Part) -> Result<Digest> {
        self.check_result(
            self.in_background(move |watched| md5(watched.open(part)?, part.length))
                .await,
        )
        .await
    }

    /// MD5s of parts in their order, computed ahead of the consumer.
    pub fn digests(&self, parts: &[Part]) -> impl Stream<Item = Result<(Part, Digest)>> + use<> {
        let groups: Vec<Vec<Part>> = groups(parts).map(<[Part]>::to_vec).collect();
        let content = self.clone();
        let digested = move |group: Vec<Part>| {
            if let Some(digest) = content.held.as_ref().and_then(|held| held.md5_of(&group)) {
                let digests: Result<Vec<(Part, Digest)>> = Ok(vec![(group[0], digest)]);
                return Either::Left(ready(digests));
            }
            let content = content.clone();
            let digests = content.in_background(move |watched| digest_group(watched, &group));
            Either::Right(async move { content.check_result(digests.await).await })
        };
        let groups = stream::iter(groups).map(digested).buffered(2);
        groups
            .map_ok(|digests| stream::iter(digests).map(Ok))
            .try_flatten()
    }

    /// The bytes of a part.
    pub fn read(
        &self,
        part: Part,
    ) -> (
        impl Stream<Item = io::Result<Bytes>> + Send + use<>,
        ReadFailure,
    ) {
        if let Some(chunks) = self.held.as_ref().and_then(|held| held.chunks_of(part)) {
            let chunks = stream::iter(chunks.map(io::Result::Ok));
            return (chunks.left_stream(), ReadFailure::default());
        }
        let (source, pool) = (self.source.clone(), self.pool.clone());
        let (chunks, failure) = read_ahead::read(source, part.range(), pool);
        (chunks.right_stream(), failure)
    }

    /// The result of a read; if it ended early, checks whether the source has become shorter.
    async fn check_result<T>(&self, read: io::Result<T>) -> Result<T> {
        let error = match read {
            Ok(read) => return Ok(read),
            Err(error) => error,
        };
        if error.kind() == io::ErrorKind::UnexpectedEof {
            self.check_unchanged().await?;
        }
        Err(self.unreadable(error))
    }

    /// Starts at once, and stops reading once the returned future is dropped.
    fn in_background<T, F>(&self, work: F) -> impl Future<Output = io::Result<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Watched) -> io::Result<T> + Send + 'static,
    {
        let (waiting, watched) = (Arc::new(()), self.source.clone());
        let watched = Watched {
            source: watched,
            waiting: Arc::downgrade(&waiting),
        };
        let working = spawn_blocking(move || work(&watched));
        async move {
            let outcome = working
                .await
                .unwrap_or_else(|panic| Err(io::Error::other(panic)));
            drop(waiting);
            outcome
        }
    }
}

/// A source whose readers fail once the future that waits for them is dropped.
struct Watched {
    source: Arc<dyn Source>,
    waiting: Weak<()>,
}

impl Watched {
    fn open(&self, part: Part) -> io::Result<WatchedReader> {
        Ok(WatchedReader {
            reader: self.source.open(part.range())?,
            waiting: self.waiting.clone(),
        })
    }
}

struct WatchedReader {
    reader: Box<dyn Read + Send>,
    waiting: Weak<()>,
}

impl Read for WatchedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.waiting.strong_count() == 0 {
            return Err(io::Error::other("the read was cancelled"));
        }
        self.reader.read(buffer)
    }
}

/// Consecutive parts that are digested together: of one length and not too large.
fn groups(parts: &[Part]) -> impl Iterator<Item = &[Part]> {
    let same_length = parts.chunk_by(|one, other| one.length == other.length);
    same_length.flat_map(|alike| {
        let group_size = if alike[0].length <= MAX_LANE_PART_SIZE {
            LANES
        } else {
            1
        };
        alike.chunks(group_size)
    })
}

fn digest_group(watched: &Watched, group: &[Part]) -> io::Result<Vec<(Part, Digest)>> {
    let readers = group.iter().map(|part| watched.open(*part));
    let readers = readers.collect::<io::Result<Vec<_>>>()?;
    let digests = match <[_; LANES]>::try_from(readers) {
        Ok(readers) => md5_lanes(readers, group[0].length)?.to_vec(),
        Err(readers) => {
            let one_by_one = readers
                .into_iter()
                .zip(group)
                .map(|(reader, part)| md5(reader, part.length));
            one_by_one.collect::<io::Result<_>>()?
        }
    };
    Ok(group.iter().copied().zip(digests).collect())
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use bytes::Bytes;
    use futures::TryStreamExt;

    use super::{Content, MAX_LANE_PART_SIZE, groups};
    use crate::reupload::plan::{Part, Plan};

    fn plan(file_size: u64, part_size: u64) -> Vec<Part> {
        Plan::new(
            NonZeroU64::new(file_size).unwrap(),
            i64::try_from(part_size).ok(),
        )
        .unwrap()
        .parts()
        .collect()
    }

    fn sizes(file_size: u64, part_size: u64) -> Vec<usize> {
        groups(&plan(file_size, part_size))
            .map(<[Part]>::len)
            .collect()
    }

    #[test]
    fn parts_of_one_length_are_grouped() {
        assert_eq!(sizes(95, 10), [4, 4, 1, 1]);
        assert_eq!(sizes(10, 10), [1]);
        assert_eq!(sizes(8 * MAX_LANE_PART_SIZE, MAX_LANE_PART_SIZE), [4, 4]);
        assert_eq!(
            sizes(2 * MAX_LANE_PART_SIZE + 2, MAX_LANE_PART_SIZE + 1),
            [1, 1]
        );
    }

    #[tokio::test]
    async fn digests_follow_the_order_of_parts() {
        let bytes: Bytes = (0..10_007_u32)
            .map(|index| ((index * 31) >> 2).to_le_bytes()[0])
            .collect();
        let content = Content::new(Box::new(bytes.clone()));
        let parts = plan(10_007, 999);
        let digests: Vec<_> = content.digests(&parts).try_collect().await.unwrap();
        assert_eq!(digests.len(), 11);
        for ((part, digest), planned) in digests.into_iter().zip(parts) {
            assert_eq!(part, planned);
            assert_eq!(digest, content.md5(planned).await.unwrap());
        }
    }
}
