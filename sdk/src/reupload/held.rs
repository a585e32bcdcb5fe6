//! A small file in memory: it is read once, for its MD5 and to be sent.

use std::io::{self, Read as _};

use bytes::Bytes;

use super::plan::Part;
use super::read_ahead::CHUNK_SIZE;
use crate::digest::{Digest, md5_of_bytes};
use crate::source::{LocalFile, Source};

/// Largest file, in bytes, that is kept in memory during its upload. Threads that read ahead would cost more than reading it.
const MAX_HELD_SIZE: u64 = 1024 * 1024;

/// The content of a small file, and its MD5.
#[derive(Clone)]
pub(super) struct Held {
    bytes: Bytes,
    md5: Digest,
}

impl Held {
    /// Reads a file; `None` if it is too large, empty, or has become shorter since it was opened.
    ///
    /// # Errors
    ///
    /// Any error of reading.
    pub fn read(file: &LocalFile) -> io::Result<Option<Self>> {
        let size = file.size();
        if size == 0 || size > MAX_HELD_SIZE {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        let reader = Source::open(file, 0..size)?;
        reader.take(size).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != size {
            return Ok(None);
        }
        Ok(Some(Self {
            md5: md5_of_bytes(&bytes),
            bytes: bytes.into(),
        }))
    }

    /// The MD5 of parts, if they are one that is the whole file.
    pub fn md5_of(&self, parts: &[Part]) -> Option<Digest> {
        matches!(parts, [only] if self.is_whole(*only)).then_some(self.md5)
    }

    /// The chunks of a part, if it is the whole file.
    pub fn chunks_of(&self, part: Part) -> Option<impl Iterator<Item = Bytes> + Send + use<>> {
        let (bytes, length) = (self.bytes.clone(), self.bytes.len());
        let starts = self
            .is_whole(part)
            .then(|| (0..length).step_by(CHUNK_SIZE))?;
        Some(starts.map(move |start| bytes.slice(start..length.min(start + CHUNK_SIZE))))
    }

    fn is_whole(&self, part: Part) -> bool {
        part.range() == (0..self.bytes.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use super::{CHUNK_SIZE, Held, MAX_HELD_SIZE};
    use crate::reupload::plan::{Part, Plan};
    use crate::source::LocalFile;

    fn held(content: &[u8]) -> Option<Held> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data.csv");
        std::fs::write(&path, content).unwrap();
        Held::read(&LocalFile::open(&path).unwrap()).unwrap()
    }

    fn parts(size: usize, part_size: Option<i64>) -> Vec<Part> {
        let size = NonZeroU64::new(size as u64).unwrap();
        Plan::new(size, part_size).unwrap().parts().collect()
    }

    #[test]
    fn chunks_cover_the_only_part() {
        for size in [1, CHUNK_SIZE, CHUNK_SIZE + 1, 5 * CHUNK_SIZE + 7] {
            let content: Vec<u8> = (0..size)
                .map(|index| (index % 251).to_le_bytes()[0])
                .collect();
            let (held, parts) = (held(&content).unwrap(), parts(size, None));
            let chunks: Vec<_> = held.chunks_of(parts[0]).unwrap().collect();
            assert_eq!(chunks.len(), size.div_ceil(CHUNK_SIZE));
            assert_eq!(chunks.concat(), content);
            assert!(held.md5_of(&parts).is_some());
        }
    }

    #[test]
    fn one_of_several_parts_is_not_held() {
        let (held, parts) = (held(&[7; 100]).unwrap(), parts(100, Some(60)));
        assert!(held.md5_of(&parts).is_none() && held.md5_of(&parts[..1]).is_none());
        assert!(parts.iter().all(|part| held.chunks_of(*part).is_none()));
    }

    #[test]
    fn only_small_files_are_held() {
        let limit = usize::try_from(MAX_HELD_SIZE).unwrap();
        assert!(held(&vec![1; limit]).is_some());
        for size in [0, limit + 1] {
            assert!(held(&vec![1; size]).is_none());
        }
    }
}
