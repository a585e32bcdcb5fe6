//! Directories and files that outlive a crash.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

/// Makes the names in a directory durable, as `fsync` does the bytes of a file.
pub(super) fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// Creates the directory, or removes all that is in it.
pub(super) fn empty(directory: &Path) -> io::Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::create_dir(directory),
    }
}

/// The paths of what a directory holds.
pub(super) fn entries(directory: &Path) -> io::Result<impl Iterator<Item = io::Result<PathBuf>>> {
    Ok(fs::read_dir(directory)?.map(|entry| Ok(entry?.path())))
}

/// A path's last component, where it is one that this crate would have made.
pub(super) fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// Writes `value` to `path` in one step; `incoming` takes it until it is complete. The caller
/// synchronises the directory.
pub(super) fn write_json(incoming: &Path, path: &Path, value: &impl Serialize) -> io::Result<()> {
    let mut writer = BufWriter::new(NamedTempFile::new_in(incoming)?);
    serde_json::to_writer(&mut writer, value)?;
    writer.flush()?;
    let file = writer
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    Ok(())
}

/// Reads what [`write_json`] wrote, and names the file when it is damaged.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    let json = fs::read(path)?;
    serde_json::from_slice(&json).map_err(|error| damaged(path, &error))
}

/// The error for a path whose content was not written by this crate.
pub(super) fn damaged(path: &Path, why: &dyn std::fmt::Display) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("{} is damaged: {why}", path.display()),
    )
}

/// Removes what nothing refers to any more. A failure costs disk space only, so it is logged and
/// forgotten.
pub(super) fn discard(path: &Path) {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    if let Err(error) = removed {
        tracing::warn!(%error, path = %path.display(), "cannot remove what is no longer needed");
    }
}
