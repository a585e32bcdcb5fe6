//! Objects: found by key, read across their parts, and removed when the last reader is done.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::runtime::Handle;
use tokio_util::io::ReaderStream;

use super::{Part, directory};
use crate::error::{Error, Result};

/// The bucket's objects by key, in the order of the keys' bytes.
pub(super) type Objects = BTreeMap<String, Arc<Object>>;

/// File that makes its directory an object.
pub(super) const MANIFEST: &str = "object.json";

/// Bytes read from the disk at a time.
const BLOCK_SIZE: usize = 256 * 1024;

/// The headers that a client gave when it created the object, and that are returned with it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Headers {
    /// `Content-Type`.
    pub(crate) content_type: Option<String>,
    /// `Content-Disposition`.
    pub(crate) content_disposition: Option<String>,
    /// `x-amz-meta-*`, without that prefix.
    pub(crate) metadata: BTreeMap<String, String>,
}

/// The content of `object.json`.
#[derive(Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) key: String,
    pub(super) headers: Headers,
    pub(super) etag: String,
    pub(super) last_modified: DateTime<Utc>,
    /// In the order of their numbers.
    pub(super) parts: Vec<Part>,
}

/// A precondition on the object that has the key now, if any does.
#[derive(Clone, Debug, Default)]
pub(crate) enum Precondition {
    /// No condition.
    #[default]
    None,
    /// No object has the key: `If-None-Match: *`.
    Absent,
    /// An object has the key, with this `ETag` if one is given: `If-Match`.
    Present(Option<String>),
}

impl Precondition {
    pub(super) fn check(&self, current: Option<&Arc<Object>>) -> Result<()> {
        let holds = match self {
            Self::None => true,
            Self::Absent => current.is_none(),
            Self::Present(None) => current.is_some(),
            Self::Present(Some(etag)) => current.is_some_and(|object| object.etag() == etag),
        };
        if holds {
            Ok(())
        } else {
            Err(Error::PreconditionFailed)
        }
    }
}

/// An object that can be read even while it is replaced or deleted.
pub(crate) struct Object {
    directory: PathBuf,
    manifest: Manifest,
    size: u64,
    /// Set once the key no longer refers to it; the files are removed with the last reader.
    retired: AtomicBool,
}

impl Object {
    pub(super) fn new(directory: PathBuf, manifest: Manifest) -> Self {
        let size = manifest.parts.iter().map(|part| part.size).sum();
        Self {
            directory,
            manifest,
            size,
            retired: AtomicBool::new(false),
        }
    }

    /// The object's key.
    pub(crate) fn key(&self) -> &str {
        &self.manifest.key
    }

    /// The headers that it was created with.
    pub(crate) fn headers(&self) -> &Headers {
        &self.manifest.headers
    }

    /// Its `ETag`, without quotes.
    pub(crate) fn etag(&self) -> &str {
        &self.manifest.etag
    }

    /// When it was created.
    pub(crate) fn last_modified(&self) -> DateTime<Utc> {
        self.manifest.last_modified
    }

    /// Its size in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The bytes of `range`, in blocks, part file after part file.
    pub(crate) fn read(
        self: Arc<Self>,
        range: Range<u64>,
    ) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static {
        let object = Arc::clone(&self);
        let mut end = 0;
        let slices = (0..self.manifest.parts.len()).filter_map(move |index| {
            let start = end;
            end += object.manifest.parts[index].size;
            let slice = range.start.max(start)..range.end.min(end);
            (!slice.is_empty()).then(|| (index, slice.start - start..slice.end - start))
        });
        stream::iter(slices)
            .then(move |(index, slice)| Arc::clone(&self).read_part(index, slice))
            .try_flatten()
    }

    async fn read_part(
        self: Arc<Self>,
        index: usize,
        slice: Range<u64>,
    ) -> io::Result<impl Stream<Item = io::Result<Bytes>>> {
        let path = self.directory.join(self.manifest.parts[index].file_name());
        let mut file = tokio::fs::File::open(path).await?;
        file.seek(SeekFrom::Start(slice.start)).await?;
        Ok(ReaderStream::with_capacity(
            file.take(slice.end - slice.start),
            BLOCK_SIZE,
        ))
    }

    /// Removes the files of parts that were uploaded but are not of this object.
    pub(super) fn discard_parts<'a>(&self, unlisted: impl Iterator<Item = &'a Part>) {
        for part in unlisted {
            directory::discard(&self.directory.join(part.file_name()));
        }
    }

    /// Removes the manifest, so that the object is gone when the bucket is next opened.
    pub(super) fn retire(&self) -> io::Result<()> {
        match fs::remove_file(self.directory.join(MANIFEST)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => directory::sync(&self.directory)?,
        }
        self.retired.store(true, Ordering::Release);
        Ok(())
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        if !*self.retired.get_mut() {
            return;
        }
        let directory = std::mem::take(&mut self.directory);
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || directory::discard(&directory))),
            Err(_) => directory::discard(&directory),
        }
    }
}

/// Reads the objects in `objects`, removes what is left of others, and returns the greatest sequence
/// number in use.
pub(super) fn load(objects: &Path) -> io::Result<(Objects, u64)> {
    let mut directories = BTreeMap::new();
    for path in directory::entries(objects)? {
        let path = path?;
        if let Some(sequence) = directory::name(&path).and_then(|name| name.parse::<u64>().ok()) {
            directories.insert(sequence, path);
        }
    }
    let greatest = directories.keys().next_back().copied().unwrap_or(0);
    let mut index = Objects::new();
    for path in directories.into_values() {
        if !path.join(MANIFEST).try_exists()? {
            directory::discard(&path);
            continue;
        }
        let manifest: Manifest = directory::read_json(&path.join(MANIFEST))?;
        let key = manifest.key.clone();
        if let Some(replaced) = index.insert(key, Arc::new(Object::new(path, manifest))) {
            replaced.retire()?;
        }
    }
    Ok((index, greatest))
}
