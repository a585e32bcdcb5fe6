//! Names in a directory that others use too: a partial file is one process's alone, nothing is written through a link,
//! and what may be somebody else's is replaced only where that is allowed.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::record::{RecordError, is_same};

/// What a partial file is known to have, where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartialContent {
    /// The beginning of what is to be downloaded.
    Resumable,
    /// What an earlier call has left of something else.
    Obsolete,
    /// Perhaps what somebody else needs.
    Unknown,
}

/// Opens the partial file for this process alone. It is empty, unless it has the beginning.
///
/// # Errors
///
/// [`ErrorKind::ResourceBusy`] if another process has it, [`ErrorKind::AlreadyExists`] if it may be somebody else's
/// and must not be replaced, and what else hinders. Then nothing has happened to what is there.
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
        // A link would lead to another file, and a pipe would be waited for.
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
        // With no bytes there is nothing to lose, and a call may have been killed before it was recorded.
        PartialContent::Unknown if may_replace || file.metadata()?.len() == 0 => replace(partial),
        PartialContent::Unknown => Err(unknown_file()),
    }
}

/// Gives a partial file that was claimed its name.
///
/// # Errors
///
/// [`ErrorKind::AlreadyExists`] if something has the name and must not be replaced, [`ErrorKind::NotFound`] if the
/// partial file is not there any more, and what else hinders. Then the partial file stays.
pub(super) fn rename_to_final(
    file: &File,
    partial: &Path,
    path: &Path,
    may_replace: bool,
) -> io::Result<()> {
    if !is_at(file, partial) {
        return Err(io::Error::new(
            ErrorKind::NotFound,
            "its partial file was removed or replaced meanwhile",
        ));
    }
    if may_replace {
        return fs::rename(partial, path);
    }
    match fs::hard_link(partial, path) {
        Ok(()) => {
            // The file has its name, and that it keeps the other one is no reason to fail.
            let _ = fs::remove_file(partial);
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        // Some file systems have no links.
        Err(_) => ensure_absent(path).and_then(|()| fs::rename(partial, path)),
    }
}

/// Whether nothing has this name, not even a link to nowhere.
///
/// # Errors
///
/// [`ErrorKind::AlreadyExists`] if something has.
pub(super) fn ensure_absent(path: &Path) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        Err(ErrorKind::AlreadyExists.into())
    } else {
        Ok(())
    }
}

/// Another process is at work on the same file.
pub(super) fn in_use() -> io::Error {
    io::Error::new(ErrorKind::ResourceBusy, RecordError::InUse)
}

fn unknown_file() -> io::Error {
    let advice =
        "no earlier download is known to have left it; remove it, or allow that it is replaced";
    io::Error::new(ErrorKind::AlreadyExists, advice)
}

/// Another file in the place of what is there: what is written to it reaches no other name of that.
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
    // Who had the lock before may just have given the file its name.
    if is_free && is_at(&file, partial) {
        Ok(file)
    } else {
        Err(in_use())
    }
}

/// Whether a file is still the one at its path, and no link led to it.
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
    fn a_partial_file_stays_or_makes_way_by_what_is_known_of_it() {
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
    fn a_partial_file_is_in_one_hand() {
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
    fn a_name_that_is_taken_is_replaced_only_where_that_is_allowed() {
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
