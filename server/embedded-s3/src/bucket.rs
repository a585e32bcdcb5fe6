//! One bucket on the local disk: its objects, and its multipart uploads that are not objects yet.
//!
//! ```text
//! {bucket}/lock                      held while a process uses the bucket
//! {bucket}/uploads/{upload id}/      upload.json and one file per part
//! {bucket}/objects/{sequence}/       object.json and the same part files
//! {bucket}/incoming/                 incomplete files; emptied at start
//! ```
//!
//! - A key is never a file name: it is stored in `upload.json` and `object.json`, and indexed in
//!   memory at start.
//! - Everything appears by one rename of something complete and synchronised, so that a crash
//!   leaves either all of it or nothing.
//! - Completing an upload renames its directory into `objects/`; no byte of a part is copied.
//! - Of two objects with one key the greater sequence number is the newer; without `object.json`
//!   there is no object.
//! - An upload's lock is taken before the bucket's, and both only where blocking is allowed.

mod blocking;
mod body;
mod complete;
mod digest;
mod directory;
mod locks;
mod object;
mod objects;
mod page;
mod part;
mod put;
mod upload;
mod uploads;

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

pub(crate) use body::{MAX_BODY_SIZE, ReceivedBody};
pub(crate) use complete::ListedPart;
pub(crate) use digest::Digest;
pub(crate) use object::{Headers, Object, Precondition};
pub(crate) use page::{Page, PageSize};
pub(crate) use part::{Part, PartNumber};
pub(crate) use upload::{ListedUpload, UploadId, UploadMarker};

use crate::error::Result;
use blocking::blocking;
use object::Objects;
use upload::Upload;

/// A bucket, open for this process alone.
pub(crate) struct Bucket {
    directory: PathBuf,
    min_part_size: u64,
    uploads: RwLock<BTreeMap<(String, UploadId), Arc<Upload>>>,
    objects: RwLock<Objects>,
    /// Held while objects are published and deleted; the greatest sequence number in use.
    publishing: Mutex<u64>,
    /// The kernel releases it when the process ends, for whatever reason.
    _lock: File,
}

impl Bucket {
    /// Opens the bucket in `directory`, creating it when missing, and removes what a crash left
    /// behind.
    pub(crate) fn open(directory: &Path, min_part_size: u64) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        let lock = lock(&directory.join("lock"))?;
        directory::empty(&directory.join("incoming"))?;
        fs::create_dir_all(directory.join("uploads"))?;
        fs::create_dir_all(directory.join("objects"))?;
        directory::sync(directory)?;
        directory.parent().map_or(Ok(()), directory::sync)?;
        let (objects, sequence) = object::load(&directory.join("objects"))?;
        Ok(Self {
            uploads: RwLock::new(upload::load(&directory.join("uploads"))?),
            objects: RwLock::new(objects),
            publishing: Mutex::new(sequence),
            directory: directory.to_owned(),
            min_part_size,
            _lock: lock,
        })
    }

    fn uploads_directory(&self) -> PathBuf {
        self.directory.join("uploads")
    }

    fn objects_directory(&self) -> PathBuf {
        self.directory.join("objects")
    }

    fn incoming_directory(&self) -> PathBuf {
        self.directory.join("incoming")
    }

    /// Runs `work`, which may wait for the disk and for locks, on a thread that may block. It runs
    /// to its end even when the future is dropped.
    pub(crate) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let bucket = Arc::clone(self);
        blocking(move || work(&bucket)).await
    }
}

fn lock(path: &Path) -> io::Result<File> {
    let file = File::options().create(true).append(true).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(io::Error::new(
            io::ErrorKind::WouldBlock,
            format!("another process has locked {}", path.display()),
        )),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
