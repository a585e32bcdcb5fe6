//! The file of a SQLite database, which holds the hashes of tokens and what people upload.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Creates the file for its owner alone where there is none; SQLite gives its `-wal` and `-shm` files the same mode. The
/// mode of one that exists is the operator's, who is warned if others can read it.
pub(super) fn prepare(file: &Path) -> io::Result<()> {
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match created {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            warn_of_readers(file);
            Ok(())
        }
        Err(error) => Err(io::Error::new(
            error.kind(),
            format!("{}: {error}", file.display()),
        )),
    }
}

fn warn_of_readers(file: &Path) {
    let mode = fs::metadata(file).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        tracing::warn!(
            file = %file.display(),
            mode = format_args!("{:o}", mode & 0o777),
            "other users of this machine may read or write the database, which holds sample rows and the hashes of \
             tokens; run chmod 600 on it and on its -wal and -shm files"
        );
    }
}
