//! A file that a download goes to: under another name until it is whole, and gone on with after a failure.

use std::io::{self, ErrorKind, Read, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tokio::fs::{self, File};
use tokio::io::AsyncSeekExt;
use tokio::task::spawn_blocking;

use super::checksum::Checksum;
use super::object::Object;
use super::transfer::Transfer;
use crate::error::{Error, Result};
use crate::record::{RecordError, RecordFile};

/// Bytes that are read at once of what has arrived.
const CHUNK: usize = 256 * 1024;

/// Whose first bytes the partial file has.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DownloadRecord {
    /// For whoever finds the record: which file this is about.
    path: String,
    version: u64,
    size: u64,
    etag: String,
}

/// The file, and where it will be.
pub(super) struct PartialFile {
    path: PathBuf,
    partial: PathBuf,
    file: File,
    /// `None` where nothing can be recorded: then the next call begins anew.
    record: Option<RecordFile<DownloadRecord>>,
}

impl PartialFile {
    /// Opens the file, with what an earlier call has left of the same version.
    pub async fn open(path: &Path, state_dir: Option<&Path>, transfer: &mut Transfer<'_>) -> Result<Self> {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let mut partial = path.clone().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let failed = |source| Error::File { path: partial.clone(), source };
        if path.is_dir() {
            return Err(Error::File { path, source: ErrorKind::IsADirectory.into() });
        }

        let record = state_dir.map(|directory| place(directory, &path, &transfer.object));
        let record = record.transpose().map_err(failed)?.flatten();
        let wanted = wanted(&path, &transfer.object);
        let is_recorded = record.as_ref().is_some_and(|record| record.read().ok().flatten().as_ref() == Some(&wanted));
        if !is_recorded {
            // Before the file: no record may ever stand for bytes of another version.
            record.as_ref().inspect(|record| record.remove());
        }
        let options = || fs::OpenOptions::new().write(true).create(true).truncate(!is_recorded).to_owned();
        let mut file = options().open(&partial).await.map_err(failed)?;
        let held = file.metadata().await.map_err(failed)?.len();
        if held > transfer.object.size {
            file.set_len(0).await.map_err(failed)?;
        } else if held > 0 {
            let checksum = digest(&partial, held, transfer.new_checksum().await?).await.map_err(failed)?;
            file.seek(SeekFrom::Start(held)).await.map_err(failed)?;
            transfer.go_on_after(held, checksum);
        }
        if !is_recorded && let Some(record) = &record {
            // Without it the next call begins anew.
            let _ = record.write(&wanted);
        }
        Ok(Self { path, partial, file, record })
    }

    /// What the bytes that are not there yet go to.
    pub fn writer(&mut self) -> &mut File {
        &mut self.file
    }

    /// Gives the file its name.
    pub async fn finish(self) -> Result<()> {
        let failed = |source| Error::File { path: self.path.clone(), source };
        self.file.sync_data().await.map_err(failed)?;
        fs::rename(&self.partial, &self.path).await.map_err(failed)?;
        self.record.inspect(RecordFile::remove);
        Ok(())
    }

    /// What hindered the download, as the caller should hear of it. What has arrived stays, unless it is wrong.
    pub fn fail(self, error: Error) -> Error {
        if matches!(error, Error::Corrupted { .. }) {
            // What stays would be found wrong again.
            let _ = std::fs::remove_file(&self.partial);
            self.record.inspect(RecordFile::remove);
        }
        match error {
            Error::Write(source) => Error::File { path: self.partial, source },
            error => error,
        }
    }
}

fn wanted(path: &Path, object: &Object<'_>) -> DownloadRecord {
    let Object { version, size, etag, .. } = object;
    DownloadRecord { path: path.display().to_string(), version: version.get(), size: *size, etag: etag.clone() }
}

/// The place of the record; `None` if there can be none.
fn place(directory: &Path, path: &Path, object: &Object<'_>) -> io::Result<Option<RecordFile<DownloadRecord>>> {
    let (endpoint, dataset_id) = (object.client.endpoint(), object.dataset_id.to_string());
    match RecordFile::open(directory, "downloads", &[endpoint, &dataset_id, &path.to_string_lossy()]) {
        Ok(record) => Ok(Some(record)),
        Err(RecordError::InUse) => Err(io::Error::new(ErrorKind::ResourceBusy, RecordError::InUse)),
        Err(RecordError::Io { .. } | RecordError::NoHome) => Ok(None),
    }
}

/// Adds the first bytes of what is there to the digests.
async fn digest(partial: &Path, length: u64, checksum: Option<Checksum>) -> io::Result<Option<Checksum>> {
    let Some(mut checksum) = checksum else { return Ok(None) };
    let partial = partial.to_owned();
    let digesting = spawn_blocking(move || {
        let mut file = std::fs::File::open(partial)?.take(length);
        let mut buffer = vec![0; CHUNK];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(Some(checksum)),
                read => checksum.update(&buffer[..read]),
            }
        }
    });
    digesting.await.unwrap_or_else(|panic| Err(io::Error::other(panic)))
}
