//! The local file, which must not change while it is uploaded.

use std::io::{self, Read, Seek, SeekFrom};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::Stream;
use md5::{Digest, Md5};
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::plan::Part;
use crate::error::{Error, Result};

/// Size in bytes of the pieces in which a part is read: this much memory a part, however large it is.
const CHUNK: usize = 256 * 1024;

/// A file as it was when its upload began.
#[derive(Debug)]
pub(super) struct Source {
    path: PathBuf,
    size: NonZeroU64,
    modified: Option<SystemTime>,
}

impl Source {
    /// Notes what the file is now.
    pub async fn open(path: &Path) -> Result<Self> {
        let (size, modified) = fingerprint(path).await?;
        let size = NonZeroU64::new(size).ok_or_else(|| Error::EmptyFile(path.to_owned()))?;
        Ok(Self { path: path.to_owned(), size, modified })
    }

    /// Size in bytes.
    pub fn size(&self) -> NonZeroU64 {
        self.size
    }

    /// The error that says that the file has changed.
    pub fn changed(&self) -> Error {
        Error::FileChanged(self.path.clone())
    }

    /// Compares size and time of modification with those of the beginning.
    pub async fn check_unchanged(&self) -> Result<()> {
        let now = fingerprint(&self.path).await?;
        if now == (self.size.get(), self.modified) { Ok(()) } else { Err(self.changed()) }
    }

    /// Base64 of the MD5 of a part, as `Content-MD5` wants it.
    pub async fn md5(&self, part: Part) -> Result<String> {
        let path = self.path.clone();
        let digest = tokio::task::spawn_blocking(move || digest(&path, part)).await;
        let digest = digest.unwrap_or_else(|error| Err(io::Error::other(error)));
        digest.map_err(|source| self.unreadable(source))
    }

    /// The bytes of a part, read as they are asked for.
    pub async fn read(&self, part: Part) -> Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>> {
        let open = async {
            let mut file = File::open(&self.path).await?;
            file.seek(SeekFrom::Start(part.offset)).await?;
            Ok(ReaderStream::with_capacity(file.take(part.length), CHUNK))
        };
        open.await.map_err(|source| self.unreadable(source))
    }

    fn unreadable(&self, source: io::Error) -> Error {
        Error::File { path: self.path.clone(), source }
    }
}

async fn fingerprint(path: &Path) -> Result<(u64, Option<SystemTime>)> {
    let failed = |source| Error::File { path: path.to_owned(), source };
    let metadata = fs::metadata(path).await.map_err(failed)?;
    if !metadata.is_file() {
        return Err(failed(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")));
    }
    Ok((metadata.len(), metadata.modified().ok()))
}

/// A file that has become shorter gives the digest of what is left; the check for changes tells.
fn digest(path: &Path, part: Part) -> io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(part.offset))?;
    let mut bytes = file.take(part.length);
    let mut chunk = vec![0; CHUNK];
    let mut md5 = Md5::new();
    loop {
        match bytes.read(&mut chunk)? {
            0 => return Ok(STANDARD.encode(md5.finalize())),
            read => md5.update(&chunk[..read]),
        }
    }
}
