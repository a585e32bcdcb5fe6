//! What has to be remembered between runs, so that the next one can go on: small files in the user's state
//! directory.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use md5::{Digest, Md5};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

/// The directory in which uploads and downloads that are under way are remembered: `$XDG_STATE_HOME/restow` (by
/// default `~/.local/state/restow`) on Linux, the directory for local application data elsewhere. `None` if the
/// user has no home.
pub fn state_dir() -> Option<PathBuf> {
    let project = ProjectDirs::from("", "", "restow")?;
    Some(
        project
            .state_dir()
            .unwrap_or_else(|| project.data_local_dir())
            .to_owned(),
    )
}

/// The place of one record, held by this process alone until it is dropped.
#[derive(Debug)]
pub(crate) struct RecordFile<T> {
    path: PathBuf,
    lock_path: PathBuf,
    _lock: File,
    _record: PhantomData<fn(T)>,
}

/// Why there is no place for a record.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecordError {
    /// Another process is at work on the same thing.
    #[error("another process is at work on the same file")]
    InUse,
    /// There is no directory for records.
    #[error("the user has no home directory")]
    NoHomeDirectory,
    /// The directory or the record cannot be used.
    #[error("{}: {source}", path.display())]
    Io {
        /// What cannot be used.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
}

impl<T: Serialize + DeserializeOwned> RecordFile<T> {
    /// The place of the record of what these words name.
    ///
    /// # Errors
    ///
    /// [`RecordError`]; nothing depends on a record so much that work could not go on without.
    pub fn open(directory: &Path, kind: &str, words: &[&str]) -> Result<Self, RecordError> {
        let directory = directory.join(kind);
        let failed = |path: &Path| {
            let path = path.to_owned();
            |source| RecordError::Io { path, source }
        };
        fs::create_dir_all(&directory).map_err(failed(&directory))?;
        // A short name for a long one; nobody gains anything by a collision.
        let name = hex::encode(Md5::digest(words.join("\0")));
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
                // Its owner has just removed it.
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

    /// The record; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is none.
    pub fn read(&self) -> io::Result<Option<T>> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|_| ErrorKind::InvalidData.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts the record in the place of the one before: after a crash there is one or the other, whole.
    ///
    /// # Errors
    ///
    /// If it cannot be written; then the one before is still there.
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

    /// Forgets the record.
    pub fn remove(&self) {
        // One that stays is found out of date by whoever reads it next.
        let _ = fs::remove_file(&self.path);
    }
}

impl<T> Drop for RecordFile<T> {
    fn drop(&mut self) {
        // While it is locked: who opened it before finds that it is not there any more.
        let _ = fs::remove_file(&self.lock_path);
    }
}

/// Whether a file is still the one at its path.
fn is_at(file: &File, path: &Path) -> bool {
    matches!((file.metadata(), fs::metadata(path)), (Ok(one), Ok(other)) if is_same(&one, &other))
}

/// Whether a file that is open and the one that is found at its path are one.
#[cfg(unix)]
pub(crate) fn is_same(open: &Metadata, found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (open.dev(), open.ino()) == (found.dev(), found.ino())
}

/// Elsewhere a file that is open stays at its path.
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
    fn a_record_is_read_again_by_the_same_words_only() {
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
    fn a_record_is_in_one_hand() {
        let directory = tempfile::tempdir().unwrap();
        let _first = Number::open(directory.path(), "uploads", &["a"]).unwrap();
        assert!(matches!(
            Number::open(directory.path(), "uploads", &["a"]),
            Err(RecordError::InUse)
        ));
        assert!(Number::open(directory.path(), "uploads", &["b"]).is_ok());
    }

    #[test]
    fn half_a_record_is_an_error_and_can_be_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let record = Number::open(directory.path(), "uploads", &["a"]).unwrap();
        fs::write(&record.path, "{\"half").unwrap();
        assert!(record.read().is_err());
        record.write(&3).unwrap();
        assert_eq!(record.read().unwrap(), Some(3));
    }
}
