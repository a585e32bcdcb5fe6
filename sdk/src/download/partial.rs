//! A file that a download goes to: under another name until it is whole, and gone on with after a failure.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::io::AsyncSeekExt;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::checksum::Checksum;
use super::claim::{PartialContent, claim, ensure_absent, in_use, rename_to_final};
use super::object::Object;
use super::transfer::Transfer;
use crate::error::{Error, Result};
use crate::record::{RecordError, RecordFile};

/// Bytes that are read at once of what has arrived.
const CHUNK: usize = 256 * 1024;

/// Whose first bytes the partial file has. A file has one record, whatever goes to it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DownloadRecord {
    /// For whoever finds the record: which file this is about.
    path: String,
    endpoint: String,
    dataset_id: Uuid,
    version: i64,
    size: u64,
    etag: String,
}

/// The file, and where it will be.
pub(super) struct PartialFile {
    path: PathBuf,
    partial: PathBuf,
    may_replace: bool,
    /// Locked, so that it is in one hand also where nothing can be recorded.
    file: tokio::fs::File,
    /// `None` where nothing can be recorded: then nobody knows later what the partial file is.
    record: Option<RecordFile<DownloadRecord>>,
}

impl PartialFile {
    /// Opens the file, with what an earlier call has left of the same version.
    pub async fn open(
        path: &Path,
        state_dir: Option<&Path>,
        may_replace: bool,
        transfer: &mut Transfer<'_>,
    ) -> Result<Self> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        check(&path, may_replace).map_err(|source| Error::File {
            path: path.clone(),
            source,
        })?;
        let mut partial = path.clone().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let failed = |source| Error::File {
            path: partial.clone(),
            source,
        };

        let wanted = wanted(&path, &transfer.object);
        let record = state_dir
            .map(|directory| place(directory, &wanted))
            .transpose()
            .map_err(failed)?
            .flatten();
        let leftover = record
            .as_ref()
            .map_or(PartialContent::Unknown, |record| leftover(record, &wanted));
        let file = claim(&partial, leftover, may_replace).map_err(failed)?;
        if let Some(record) = record
            .as_ref()
            .filter(|_| leftover != PartialContent::Resumable)
        {
            // No record may ever stand for bytes of another version.
            record.write(&wanted).unwrap_or_else(|_| record.remove());
        }
        let held = file.metadata().map_err(failed)?.len();
        if held > transfer.object.size {
            file.set_len(0).map_err(failed)?;
        } else if held > 0 {
            let checksum = digest(&file, held, transfer.new_checksum().await?)
                .await
                .map_err(failed)?;
            transfer.resume_after(held, checksum);
        }
        let mut file = tokio::fs::File::from_std(file);
        file.seek(SeekFrom::End(0)).await.map_err(failed)?;
        Ok(Self {
            path,
            partial,
            may_replace,
            file,
            record,
        })
    }

    /// What the bytes that are not there yet go to.
    pub fn writer(&mut self) -> &mut tokio::fs::File {
        &mut self.file
    }

    /// Gives the file its name.
    pub async fn finish(self) -> Result<()> {
        let Self {
            path,
            partial,
            may_replace,
            file,
            record,
        } = self;
        let failed = |source| Error::File {
            path: path.clone(),
            source,
        };
        file.sync_data().await.map_err(failed)?;
        let file = file.into_std().await;
        rename_to_final(&file, &partial, &path, may_replace).map_err(failed)?;
        record.inspect(RecordFile::remove);
        Ok(())
    }

    /// What hindered the download, as the caller should hear of it. What has arrived stays, unless it is wrong.
    pub fn fail(self, error: Error) -> Error {
        if matches!(error, Error::Corrupted { .. }) {
            // What stays would be found wrong again.
            let _ = fs::remove_file(&self.partial);
            self.record.inspect(RecordFile::remove);
        }
        match error {
            Error::Write(source) => Error::File {
                path: self.partial,
                source,
            },
            error => error,
        }
    }
}

/// Whether a file may get this name in the end.
fn check(path: &Path, may_replace: bool) -> io::Result<()> {
    if !may_replace {
        ensure_absent(path)?;
    }
    if path.is_dir() {
        Err(ErrorKind::IsADirectory.into())
    } else {
        Ok(())
    }
}

fn wanted(path: &Path, object: &Object<'_>) -> DownloadRecord {
    // A file is the same one whichever links lead to its directory.
    let directory = path
        .parent()
        .and_then(|directory| directory.canonicalize().ok());
    let path = directory
        .zip(path.file_name())
        .map_or_else(|| path.to_owned(), |(directory, name)| directory.join(name));
    DownloadRecord {
        path: path.to_string_lossy().into_owned(),
        endpoint: object.client.endpoint().to_string(),
        dataset_id: object.dataset_id,
        version: object.version,
        size: object.size,
        etag: object.etag.clone(),
    }
}

/// The place of the record; `None` if there can be none.
fn place(
    directory: &Path,
    wanted: &DownloadRecord,
) -> io::Result<Option<RecordFile<DownloadRecord>>> {
    match RecordFile::open(directory, "downloads", &[&wanted.path]) {
        Ok(record) => Ok(Some(record)),
        Err(RecordError::InUse) => Err(in_use()),
        Err(RecordError::Io { .. } | RecordError::NoHomeDirectory) => Ok(None),
    }
}

/// What the record tells of the partial file.
fn leftover(record: &RecordFile<DownloadRecord>, wanted: &DownloadRecord) -> PartialContent {
    match record.read() {
        Ok(None) => PartialContent::Unknown,
        Ok(Some(found)) if found == *wanted => PartialContent::Resumable,
        Ok(Some(_)) | Err(_) => PartialContent::Obsolete,
    }
}

/// Adds the first bytes of a file that was just opened to the digests.
async fn digest(
    file: &File,
    length: u64,
    checksum: Option<Checksum>,
) -> io::Result<Option<Checksum>> {
    let Some(mut checksum) = checksum else {
        return Ok(None);
    };
    // Not opened again: some systems keep others from reading what is locked.
    let mut file = file.try_clone()?.take(length);
    let waiting = Arc::new(());
    let waited_for = Arc::downgrade(&waiting);
    let digesting = spawn_blocking(move || {
        let mut buffer = vec![0; CHUNK];
        loop {
            // Whoever gave the download up may call again, and the file would still be locked.
            if waited_for.strong_count() == 0 {
                return Err(ErrorKind::Interrupted.into());
            }
            match file.read(&mut buffer)? {
                0 => return Ok(Some(checksum)),
                read => checksum.update(&buffer[..read]),
            }
        }
    });
    let digested = digesting
        .await
        .unwrap_or_else(|panic| Err(io::Error::other(panic)));
    drop(waiting);
    digested
}
