//! Records of interrupted transfers, which later calls resume: small files in the user's state directory.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use md5::{Digest, Md5};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

/// Directory of the records of unfinished uploads and downloads: `$XDG_STATE_HOME/restow` (by
/// default `~/.local/state/restow`) on Linux, the directory for local application data elsewhere. `None` if the
/// user has no home directory.
pub fn state_dir() -> Option<PathBuf> {
    let project = ProjectDirs::from("", "", "restow")?;
    Some(
        project
            .state_dir()
            .unwrap_or_else(|| project.data_local_dir())
            .to_owned(),
    )
}

/// The file of one record, locked by this process until it is dropped.
#[derive(Debug)]
pub(crate) struct RecordFile<T> {
    path: PathBuf,
    lock_path: PathBuf,
    _lock: File,
    _record: PhantomData<fn(T)>,
}

/// Why a record cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    /// Another process has locked the record.
    #[error("another process is transferring the same file")]
    InUse,
    /// There is no directory for records.
    #[error("the user has no home directory")]
    NoHomeDirectory,
    /// The directory or the record cannot be used.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl<T: Serialize + DeserializeOwned> RecordFile<T> {
    /// Opens and locks the record with this key.
    ///
    /// # Errors
    ///
    /// [`RecordError`]. A transfer also works without a record, but cannot be resumed as easily.
    pub fn open(directory: &Path, kind: &str, key: &[&str]) -> Result<Self, RecordError> {
        let directory = directory.join(kind);
        let failed = |path: &Path| {
            let path = path.to_owned();
            |source| RecordError::Io { path, source }
        };
        fs::create_dir_all(&directory).map_err(failed(&directory))?;
        // A hash, since keys may be longer than a filename. A collision is of no use to an attacker.
        let name = hex::encode(Md5::digest(key.join("\0")));
        let (path, lock_path) = (
            directory.join(format!("{name}.json")),
            directory.join(format!("{name}.lock")),
        );
        loop {
            let lock = File::create(&lock_path).map_err(failed(&lock_path))?;
            match lock.try_lock() {
                Ok(()) if is_at(&lock, &lock_path) => {
                    return Ok(Self {
                        path,
                        lock_path,
                        _lock: lock,
                        _record: PhantomData,
                    });
                }
                // The previous owner has removed the file since it was opened.
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(RecordError::InUse),
                Err(TryLockError::Error(source)) => {
                    return Err(RecordError::Io {
                        path: lock_path,
                        source,
                    });
                }
            }
        }
    }

    /// Reads the record; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be read or parsed.
    pub fn read(&self) -> io::Result<Option<T>> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|_| ErrorKind::InvalidData.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces the record atomically: after a crash there is the old or the new one.
    ///
    /// # Errors
    ///
    /// If it cannot be written; the old one is kept.
    pub fn write(&self, record: &T) -> Result<(), RecordError> {
        let directory = self.path.parent().unwrap_or(Path::new("."));
        let write = || {
            let mut file = NamedTempFile::new_in(directory)?;
            file.write_all(&serde_json::to_vec_pretty(record)?)?;
            file.as_file().sync_all()?;
            file.persist(&self.path)?;
            Ok(())
        };
        write().map_err(|source| RecordError::Io {
            path: self.path.clone(),
            source,
        })
    }

    /// Removes the record.
    pub fn remove(&self) {
        // The next reader of a record that is left behind finds that it is outdated.
        let _ = fs::remove_file(&self.path);
    }
}

impl<T> Drop for RecordFile<T> {
    fn drop(&mut self) {
        // While it is locked: a process that opened it before finds that it no longer exists.
        let _ = fs::remove_file(&self.lock_path);
    }
}

/// Whether a file is still the one at its path.
fn is_at(file: &File, path: &Path) -> bool {
    matches!((file.metadata(), fs::metadata(path)), (Ok(one), Ok(other)) if is_same(&one, &other))
}

/// Whether an open file and the one at its path are the same.
#[cfg(unix)]
pub(crate) fn is_same(open: &Metadata, found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (open.dev(), open.ino()) == (found.dev(), found.ino())
}

/// On other systems an open file stays at its path.
#[cfg(not(unix))]
pub(crate) fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{RecordError, RecordFile};

    type Number = RecordFile<u32>;

    #[test]
    fn record_is_found_by_its_key() {
        let directory = tempfile::tempdir().unwrap();
        let record = Number::open(directory.path(), "uploads", &["a", "b"]).unwrap();
        assert_eq!(record.read().unwrap(), None);
        record.write(&1).unwrap();
        record.write(&2).unwrap();
        drop(record);
        assert_eq!(
            Number::open(directory.path(), "uploads", &["ab"])
                .unwrap()
                .read()
                .unwrap(),
            None
        );
        let record = Number::open(directory.path(), "uploads", &["a", "b"]).unwrap();
        assert_eq!(record.read().unwrap(), Some(2));
        record.remove();
        assert_eq!(record.read().unwrap(), None);
        drop(record);
        assert_eq!(
            fs::read_dir(directory.path().join("uploads"))
                .unwrap()
                .count(),
            0
        );
    }

    #[test]
    fn record_is_locked_exclusively() {
        let directory = tempfile::tempdir().unwrap();
        let _first = Number::open(directory.path(), "uploads", &["a"]).unwrap();
        assert!(matches!(
            Number::open(directory.path(), "uploads", &["a"]),
            Err(RecordError::InUse)
        ));
        assert!(Number::open(directory.path(), "uploads", &["b"]).is_ok());
    }

    #[test]
    fn truncated_record_fails_and_is_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let record = Number::open(directory.path(), "uploads", &["a"]).unwrap();
        fs::write(&record.path, "{\"half").unwrap();
        assert!(record.read().is_err());
        record.write(&3).unwrap();
        assert_eq!(record.read().unwrap(), Some(3));
    }
}
