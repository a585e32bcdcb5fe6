//! The file of a download: under a `.partial` name until it is complete, and resumed after a failure.

use std::fs;
use std::io::{self, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tokio::io::AsyncSeekExt;
use uuid::Uuid;

use super::claim::{PartialContent, claim, in_use, rename_to_final};
use super::object::Object;
use super::transfer::Transfer;
use crate::error::{Error, Result};
use crate::record::{RecordError, RecordFile};

/// The version whose first bytes the partial file contains. A path has one record for all versions.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DownloadRecord {
    /// For people who read the record: the file that it is about.
    path: String,
    endpoint: String,
    dataset_id: Uuid,
    version: i64,
    size: u64,
    etag: String,
}

/// The partial file, and its final path.
pub(super) struct PartialFile {
    path: PathBuf,
    partial: PathBuf,
    may_replace: bool,
    /// Locked, since there may be no record to lock.
    file: tokio::fs::File,
    /// `None` where records are unavailable: the partial file cannot be resumed then.
    record: Option<RecordFile<DownloadRecord>>,
}

impl PartialFile {
    /// Opens the partial file beside `path`, which is absolute and no link, and resumes that of an earlier call for the
    /// same version.
    pub async fn open(
        path: &Path,
        state_dir: Option<&Path>,
        may_replace: bool,
        transfer: &mut Transfer<'_>,
    ) -> Result<Self> {
        let mut partial = path.to_owned().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let failed = |source| Error::File {
            path: partial.clone(),
            source,
        };

        let wanted = wanted(path, &transfer.object);
        let record = state_dir
            .map(|directory| open_record(directory, &wanted))
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
            // A record must never name bytes of another version.
            record.write(&wanted).unwrap_or_else(|_| record.remove());
        }
        let held = file.metadata().map_err(failed)?.len();
        if held > transfer.object.size {
            file.set_len(0).map_err(failed)?;
        } else if held > 0 {
            let mut checksum = transfer.new_checksum().await?;
            if let Some(begun) = checksum {
                // A clone, since some systems do not let a locked file be opened again.
                let file = file.try_clone().map_err(failed)?;
                checksum = Some(begun.add_file(file, held).await.map_err(failed)?);
            }
            transfer.resume_after(held, checksum);
        }
        let mut file = tokio::fs::File::from_std(file);
        file.seek(SeekFrom::End(0)).await.map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            partial,
            may_replace,
            file,
            record,
        })
    }

    /// The writer of the missing bytes.
    pub fn writer(&mut self) -> &mut tokio::fs::File {
        &mut self.file
    }

    /// Renames the file to its final name.
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

    /// Converts the error for the caller. The partial file is kept, unless it is corrupted.
    pub fn fail(self, error: Error) -> Error {
        if matches!(error, Error::Corrupted { .. }) {
            // A resumed download would fail again.
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

fn wanted(path: &Path, object: &Object<'_>) -> DownloadRecord {
    // The same key for all links to the directory.
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

/// Opens the record; `None` if records are unavailable.
fn open_record(
    directory: &Path,
    wanted: &DownloadRecord,
) -> io::Result<Option<RecordFile<DownloadRecord>>> {
    match RecordFile::open(directory, "downloads", &[&wanted.path]) {
        Ok(record) => Ok(Some(record)),
        Err(RecordError::InUse) => Err(in_use()),
        Err(RecordError::Io { .. } | RecordError::NoHomeDirectory) => Ok(None),
    }
}

/// What the partial file contains, by its record.
fn leftover(record: &RecordFile<DownloadRecord>, wanted: &DownloadRecord) -> PartialContent {
    match record.read() {
        Ok(None) => PartialContent::Unknown,
        Ok(Some(found)) if found == *wanted => PartialContent::Resumable,
        Ok(Some(_)) | Err(_) => PartialContent::Obsolete,
    }
}
