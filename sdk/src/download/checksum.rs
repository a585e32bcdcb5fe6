//! The `ETag` of an object that was uploaded in parts: the MD5 of the MD5s of its parts, and their number. Stores that
//! encrypt with KMS keys make other `ETag`s.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::sync::Arc;

use md5::{Digest as _, Md5};
use tokio::task::spawn_blocking;

use crate::client::Client;
use crate::digest::Digest;
use crate::error::Result;
use crate::generated::types::Version;
use crate::s3::md5_of_etag;

/// Size of a read in bytes.
const CHUNK_SIZE: usize = 256 * 1024;

/// The digests of data that is received in order, and the expected result.
pub(super) struct Checksum {
    part_size: u64,
    expected: Digest,
    parts: Md5,
    part: Md5,
    /// Bytes of the current part so far.
    in_part: u64,
}

impl Checksum {
    /// The checksum of an object of `size` bytes in parts of `part_size` bytes; `None` if its `ETag` has another form.
    pub fn of(etag: &str, size: u64, part_size: u64) -> Option<Self> {
        let (digest, parts) = etag.trim_matches('"').rsplit_once('-')?;
        let planned = size.div_ceil(Some(part_size).filter(|size| *size > 0)?);
        let expected = md5_of_etag(digest).filter(|_| parts.parse() == Ok(planned))?;
        Some(Self {
            part_size,
            expected,
            parts: Md5::new(),
            part: Md5::new(),
            in_part: 0,
        })
    }

    /// The checksum of a version; `None` where its `ETag` is not made of MD5s of parts whose size is known.
    ///
    /// # Errors
    ///
    /// Those of [`Client::call`].
    pub async fn of_version(client: &Client, version: &Version) -> Result<Option<Self>> {
        let size = u64::try_from(version.file_size).unwrap_or_default();
        if let Some(checksum) = Self::of(&version.etag, size, size) {
            // The only part is the whole object, whatever size its job planned for parts.
            return Ok(Some(checksum));
        }
        let job = || client.api().get_job().job_id(version.job_id).send();
        match client.call(job).await {
            Ok(job) => {
                let part_size = job
                    .part_size
                    .map_or(Some(size), |part_size| part_size.try_into().ok());
                Ok(part_size.and_then(|part_size| Self::of(&version.etag, size, part_size)))
            }
            // The jobs of old versions are removed.
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Adds the next bytes.
    pub fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = usize::try_from(self.part_size - self.in_part).unwrap_or(usize::MAX);
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.part.update(now);
            self.in_part += now.len() as u64;
            if self.in_part == self.part_size {
                self.end_part();
            }
            bytes = later;
        }
    }

    /// Adds the next bytes of a file, at most `length`.
    ///
    /// # Errors
    ///
    /// Any error of reading.
    pub async fn add_file(mut self, file: File, length: u64) -> io::Result<Self> {
        let mut file = file.take(length);
        let caller = Arc::new(());
        let caller_alive = Arc::downgrade(&caller);
        let digesting = spawn_blocking(move || {
            let mut buffer = vec![0; CHUNK_SIZE];
            loop {
                // After a cancelled call, the next one would find the file still locked.
                if caller_alive.strong_count() == 0 {
                    return Err(ErrorKind::Interrupted.into());
                }
                match file.read(&mut buffer)? {
                    0 => return Ok(self),
                    read => self.update(&buffer[..read]),
                }
            }
        });
        let digested = digesting
            .await
            .unwrap_or_else(|panic| Err(io::Error::other(panic)));
        drop(caller);
        digested
    }

    fn end_part(&mut self) {
        self.parts.update(self.part.finalize_reset());
        self.in_part = 0;
    }

    /// Whether the digest of all bytes is the expected one.
    pub fn matches(mut self) -> bool {
        if self.in_part > 0 {
            self.end_part();
        }
        Digest::from(self.parts.finalize()) == self.expected
    }
}

#[cfg(test)]
mod tests {
    use md5::{Digest, Md5};

    use super::Checksum;

    fn etag(content: &[u8], part_size: usize) -> String {
        let mut parts = Md5::new();
        content
            .chunks(part_size)
            .for_each(|part| parts.update(Md5::digest(part)));
        format!(
            "{}-{}",
            hex::encode(parts.finalize()),
            content.len().div_ceil(part_size)
        )
    }

    #[test]
    fn chunk_sizes_do_not_change_the_result() {
        let content: Vec<u8> = (0..1000_u16)
            .map(|index| (index * 7).to_le_bytes()[0])
            .collect();
        for part_size in [100, 300, 999, 1000] {
            for piece in [1, 99, 100, 301, 1000] {
                let etag = etag(&content, part_size);
                let mut checksum = Checksum::of(&etag, 1000, part_size as u64).unwrap();
                content
                    .chunks(piece)
                    .for_each(|piece| checksum.update(piece));
                assert!(checksum.matches(), "{piece} of {part_size}");
                let mut checksum = Checksum::of(&etag, 1000, part_size as u64).unwrap();
                checksum.update(&content[1..]);
                assert!(!checksum.matches());
            }
        }
    }

    #[test]
    fn other_etags_give_no_checksum() {
        let digest = "d41d8cd98f00b204e9800998ecf8427e";
        for tag in [
            "",
            "opaque-1",
            digest,
            &format!("{digest}-2"),
            &format!("{digest}-x"),
        ] {
            assert!(Checksum::of(tag, 10, 10).is_none(), "{tag}");
        }
        assert!(Checksum::of(&format!("{digest}-1"), 10, 0).is_none());
        assert!(Checksum::of(&format!("{digest}-1"), 10, 10).is_some());
    }
}
