//! Checks of the directory that holds SQLite, the embedded S3 and the first token.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use bytesize::ByteSize;
use rustix::fs::{Access, access, statvfs};

use super::{Finding, Findings};

/// Free space in bytes below which a warning is due, and below which writing is about to fail.
const LITTLE_SPACE: u64 = 1 << 30;
const NO_SPACE: u64 = 64 << 20;

const NAME: &str = "data_dir";

/// Checks that the directory can be written, that others cannot read the database in it, and that there is space.
pub(super) fn check(directory: &Path, database: Option<&Path>, findings: &mut Findings) {
    let shown = directory.display();
    if let Err(error) = access(
        directory,
        Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK,
    ) {
        return findings.add(Finding::failed(
            NAME,
            format!("{shown} cannot be read and written: {error}"),
            "create it, or give it to the user that runs the server",
        ));
    }
    findings.add(match statvfs(directory) {
        Ok(status) => space(directory, status.f_bavail.saturating_mul(status.f_frsize)),
        Err(error) => Finding::warning(
            NAME,
            format!("the free space of {shown} is not known: {error}"),
            "check that the disk is not full",
        ),
    });
    let Some(file) = database else { return };
    let mode = fs::metadata(file).map_or(0, |metadata| metadata.permissions().mode());
    if mode & 0o077 != 0 {
        findings.add(Finding::warning(
            "database_file",
            format!(
                "other users of this machine may read or write {} (mode {:o}), which holds sample rows and the hashes of tokens",
                file.display(),
                mode & 0o777
            ),
            "run chmod 600 on it and on its -wal and -shm files",
        ));
    }
}

fn space(directory: &Path, free: u64) -> Finding {
    let shown = directory.display();
    let message = format!("{shown} can be written, and has {} free", ByteSize(free));
    let advice = "free space on the disk, or move the data directory: SQLite and the embedded S3 write to it";
    match free {
        0..NO_SPACE => Finding::failed(NAME, message, advice),
        NO_SPACE..LITTLE_SPACE => Finding::warning(NAME, message, advice),
        _ => Finding::ok(NAME, message),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn little_space_is_reported() {
        let status = |free| space(Path::new("/data"), free).status;
        assert_eq!(status(0), Status::Failed);
        assert_eq!(status(100 << 20), Status::Warning);
        assert_eq!(status(2 << 30), Status::Ok);
    }
}
