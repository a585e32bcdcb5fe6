//! Files in a directory shared with other processes: a partial file is locked by one process, nothing is written through
//! a link, and a file of unknown origin is replaced only where the caller allows it.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::record::{RecordError, is_same};

/// What an existing partial file contains, as far as its record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartialContent {
    /// The first bytes of the version to download.
    Resumable,
    /// Bytes of another version or dataset, from an earlier call.
    Obsolete,
    /// Bytes of unknown origin.
    Unknown,
}

/// Opens and locks the partial file. It is empty unless its content is resumable.
///
/// # Errors
///
/// [`ErrorKind::ResourceBusy`] if another process has locked it, [`ErrorKind::AlreadyExists`] if its origin is unknown and
/// it must not be replaced, and other errors of the file system. An existing file is then unchanged.
pub(super) fn claim(
    partial: &Path,
    leftover: PartialContent,
    may_replace: bool,
) -> io::Result<File> {
    let found = match partial.symlink_metadata() {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return create(partial),
        Err(error) => return Err(error),
    };
    if !found.is_file() {
        // Opening would follow a link, and block on a pipe.
        return if may_replace {
            replace(partial)
        } else {
            Err(unknown_file())
        };
    }
    let file = locked(
        File::options().read(true).write(true).open(partial)?,
        partial,
    )?;
    match leftover {
        PartialContent::Resumable => Ok(file),
        PartialContent::Obsolete => replace(partial),
        // An empty file may be that of a call that was killed before it was recorded.
        PartialContent::Unknown if may_replace || file.metadata()?.len() == 0 => replace(partial),
        PartialContent::Unknown => Err(unknown_file()),
    }
}

/// Renames a claimed partial file to its final name.
///
/// # Errors
///
/// [`ErrorKind::AlreadyExists`] if a file has the name and must not be replaced, [`ErrorKind::NotFound`] if the partial
/// file no longer exists, and other errors of the file system. The partial file is then kept.
pub(super) fn rename_to_final(
    file: &File,
    partial: &Path,
    path: &Path,
    may_replace: bool,
) -> io::Result<()> {
    if !is_at(file, partial) {
        return Err(io::Error::new(
            ErrorKind::NotFound,
            "its partial file was removed or replaced during the download",
        ));
    }
    if may_replace {
        return fs::rename(partial, path);
    }
    match fs::hard_link(partial, path) {
        Ok(()) => {
            // The file has its final name; that the other one remains is no failure.
            let _ = fs::remove_file(partial);
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        // Some file systems have no hard links.
        Err(_) => ensure_absent(path).and_then(|()| fs::rename(partial, path)),
    }
}

/// Fails if this name exists, even as a dangling link.
///
/// # Errors
///
/// [`ErrorKind::AlreadyExists`] if it exists.
fn ensure_absent(path: &Path) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        Err(ErrorKind::AlreadyExists.into())
    } else {
        Ok(())
    }
}

/// The error of a file that another process has locked.
pub(super) fn in_use() -> io::Error {
    io::Error::new(ErrorKind::ResourceBusy, RecordError::InUse)
}

fn unknown_file() -> io::Error {
    let advice = "no recorded download wrote it; remove it, or allow it to be replaced";
    io::Error::new(ErrorKind::AlreadyExists, advice)
}

/// Removes the file and creates a new one, so that writes do not reach its other hard links.
fn replace(partial: &Path) -> io::Result<File> {
    fs::remove_file(partial)?;
    create(partial)
}

fn create(partial: &Path) -> io::Result<File> {
    locked(
        File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(partial)?,
        partial,
    )
}

fn locked(file: File, partial: &Path) -> io::Result<File> {
    // Some file systems have no locks.
    let is_free = !matches!(file.try_lock(), Err(TryLockError::WouldBlock));
    // The previous owner of the lock may just have renamed the file.
    if is_free && is_at(&file, partial) {
        Ok(file)
    } else {
        Err(in_use())
    }
}

/// Whether a file is still the one at its path, and not behind a link.
fn is_at(file: &File, path: &Path) -> bool {
    let both = (file.metadata(), path.symlink_metadata());
    matches!(both, (Ok(open), Ok(found)) if found.is_file() && is_same(&open, &found))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::ErrorKind;
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::{PartialContent, claim, rename_to_final};

    /// A directory, and a partial file in it with this content.
    fn partial(content: &str) -> (TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let partial = directory.path().join("a.partial");
        fs::write(&partial, content).unwrap();
        (directory, partial)
    }

    #[test]
    fn partial_file_is_kept_by_its_origin() {
        for (leftover, may_replace, content, expected) in [
            (PartialContent::Resumable, false, "first", Some("first")),
            (PartialContent::Resumable, true, "first", Some("first")),
            (PartialContent::Obsolete, false, "other", Some("")),
            (PartialContent::Unknown, false, "mine", None),
            (PartialContent::Unknown, true, "mine", Some("")),
            (PartialContent::Unknown, false, "", Some("")),
        ] {
            let (directory, partial) = partial(content);
            let other_name = directory.path().join("other name");
            fs::hard_link(&partial, &other_name).unwrap();
            let claimed = claim(&partial, leftover, may_replace);
            assert_eq!(
                claimed.err().map(|error| error.kind()),
                expected.is_none().then_some(ErrorKind::AlreadyExists)
            );
            assert_eq!(
                fs::read_to_string(&partial).unwrap(),
                expected.unwrap_or(content)
            );
            assert_eq!(fs::read_to_string(&other_name).unwrap(), content);
        }
    }

    #[test]
    fn partial_file_is_locked_exclusively() {
        let (_directory, partial) = partial("first");
        let first = claim(&partial, PartialContent::Resumable, false).unwrap();
        for leftover in [
            PartialContent::Resumable,
            PartialContent::Obsolete,
            PartialContent::Unknown,
        ] {
            assert_eq!(
                claim(&partial, leftover, true).unwrap_err().kind(),
                ErrorKind::ResourceBusy
            );
        }
        assert_eq!(fs::read_to_string(&partial).unwrap(), "first");
        drop(first);
        assert!(claim(&partial, PartialContent::Obsolete, false).is_ok());
    }

    #[test]
    fn existing_file_is_replaced_only_if_allowed() {
        let (directory, partial) = partial("whole");
        let path = directory.path().join("a");
        let file = claim(&partial, PartialContent::Resumable, false).unwrap();
        fs::write(&path, "mine").unwrap();
        assert_eq!(
            rename_to_final(&file, &partial, &path, false)
                .unwrap_err()
                .kind(),
            ErrorKind::AlreadyExists
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        rename_to_final(&file, &partial, &path, true).unwrap();
        assert_eq!(
            (
                fs::read_to_string(&path).unwrap().as_str(),
                partial.exists()
            ),
            ("whole", false)
        );

        fs::rename(&path, &partial).unwrap();
        rename_to_final(&file, &partial, &path, false).unwrap();
        assert_eq!(
            (
                fs::read_to_string(&path).unwrap().as_str(),
                partial.exists()
            ),
            ("whole", false)
        );
        fs::write(&partial, "another").unwrap();
        assert_eq!(
            rename_to_final(&file, &partial, &path, true)
                .unwrap_err()
                .kind(),
            ErrorKind::NotFound
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole");
    }
}
