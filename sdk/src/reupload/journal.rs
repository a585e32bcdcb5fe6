//! The record that this machine keeps of the upload of a file.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event::UploadEvent;
use crate::generated::types::PresignedUploadRequest;
use crate::record::{RecordError, RecordFile};
use crate::source::FileState;

/// An upload: of which state of a file, and with which request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadRecord {
    /// For people who read the record: the file that it is about.
    path: String,
    dataset_id: Uuid,
    pub job_id: Uuid,
    file_size: u64,
    /// Nanoseconds since 1970.
    modified: Option<u128>,
    filename: String,
    content_type: String,
    /// Size in bytes of each part but the last.
    part_size: u64,
    /// Whether S3's `ETag`s are known not to be MD5s.
    #[serde(rename = "opaque_tags")]
    pub opaque_etags: bool,
    /// Whether the job was found on the server: another process may be uploading to it.
    #[serde(default)]
    pub is_joined: bool,
    /// Whether S3 holds all parts, and only the completion is missing. If it is `false` and the job has been completed
    /// all the same, another process sent the rest.
    #[serde(default)]
    pub is_sent: bool,
}

impl UploadRecord {
    /// The job, if it was created here and may be cancelled here.
    pub fn own_job(&self) -> Option<Uuid> {
        (!self.is_joined).then_some(self.job_id)
    }
}

/// The record of a file.
pub(super) enum LoadedRecord {
    Missing,
    /// The file and the request are as recorded.
    Matching(Box<UploadRecord>),
    /// The file or the request has changed since.
    Outdated {
        /// Its job, if it is known and was created here.
        job_id: Option<Uuid>,
        /// What does not match.
        reason: &'static str,
    },
}

/// The upload of a file to a dataset, as a record identifies it.
#[derive(Debug, Clone)]
pub(super) struct RecordKey {
    path: PathBuf,
    dataset_id: Uuid,
    state: FileState,
    request: PresignedUploadRequest,
}

impl RecordKey {
    pub fn new(
        path: &Path,
        dataset_id: Uuid,
        state: FileState,
        request: PresignedUploadRequest,
    ) -> Self {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self {
            path,
            dataset_id,
            state,
            request,
        }
    }

    fn record(&self, job_id: Uuid, part_size: u64, is_joined: bool) -> UploadRecord {
        let since_1970 = |modified: SystemTime| modified.duration_since(UNIX_EPOCH).ok();
        UploadRecord {
            path: self.path.display().to_string(),
            dataset_id: self.dataset_id,
            job_id,
            file_size: self.state.size,
            modified: self
                .state
                .modified
                .and_then(since_1970)
                .map(|duration| duration.as_nanos()),
            filename: self.request.filename.to_string(),
            content_type: self.request.content_type.to_string(),
            part_size,
            opaque_etags: false,
            is_joined,
            is_sent: false,
        }
    }

    /// What has changed since an upload was recorded; `None` if nothing has.
    fn difference(&self, record: &UploadRecord) -> Option<&'static str> {
        let now = self.record(record.job_id, record.part_size, record.is_joined);
        if (now.file_size, now.modified) != (record.file_size, record.modified) {
            Some("the file has changed since")
        } else if now.filename != record.filename || now.content_type != record.content_type {
            Some("it had another filename or content type")
        } else {
            None
        }
    }
}

/// The record of one upload, locked by this process.
#[derive(Debug)]
pub(super) struct Journal {
    key: RecordKey,
    file: RecordFile<UploadRecord>,
    current: Mutex<Option<UploadRecord>>,
}

impl Journal {
    /// Opens and locks the record of the upload of a file to a dataset of a server.
    ///
    /// # Errors
    ///
    /// [`RecordError`] if the record cannot be used.
    pub fn open(directory: &Path, endpoint: &str, key: RecordKey) -> Result<Self, RecordError> {
        let (dataset_id, path) = (key.dataset_id.to_string(), key.path.to_string_lossy());
        let file = RecordFile::open(directory, "uploads", &[endpoint, &dataset_id, &path])?;
        Ok(Self {
            key,
            file,
            current: Mutex::default(),
        })
    }

    /// Loads the record of an earlier upload of the same file.
    pub fn load(&self) -> LoadedRecord {
        let record = match self.file.read() {
            Ok(None) => return LoadedRecord::Missing,
            Ok(Some(record)) => record,
            Err(_) => {
                return LoadedRecord::Outdated {
                    job_id: None,
                    reason: "its record cannot be read",
                };
            }
        };
        if let Some(reason) = self.key.difference(&record) {
            return LoadedRecord::Outdated {
                job_id: record.own_job(),
                reason,
            };
        }
        self.set(Some(record.clone()));
        LoadedRecord::Matching(Box::new(record))
    }

    /// Saves a new upload.
    ///
    /// # Errors
    ///
    /// The event to emit if the record cannot be written.
    pub fn save(&self, job_id: Uuid, part_size: u64, is_joined: bool) -> Result<(), UploadEvent> {
        // Later updates must not go to the record of an earlier job.
        self.set(None);
        self.write(self.key.record(job_id, part_size, is_joined))
    }

    /// Saves that S3's `ETag`s are not MD5s.
    pub fn save_opaque_etags(&self) {
        // If this fails, parts that S3 already holds are sent again.
        let _ = self.update(|record| UploadRecord {
            opaque_etags: true,
            ..record
        });
    }

    /// Saves whether S3 holds all parts.
    pub fn save_is_sent(&self, is_sent: bool) {
        let updated = self.update(|record| UploadRecord { is_sent, ..record });
        if updated.is_err() && !is_sent {
            // With a wrong record, parts of another process could be taken for ours; without one, they are sent again.
            self.delete();
        }
    }

    fn update(&self, change: impl FnOnce(UploadRecord) -> UploadRecord) -> Result<(), UploadEvent> {
        let current = self
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Some(before) = current else { return Ok(()) };
        let after = change(before.clone());
        if after == before {
            Ok(())
        } else {
            self.write(after)
        }
    }

    /// Deletes the record.
    pub fn delete(&self) {
        self.set(None);
        self.file.remove();
    }

    fn write(&self, record: UploadRecord) -> Result<(), UploadEvent> {
        self.file
            .write(&record)
            .map_err(|error| UploadEvent::RecordUnavailable {
                reason: error.to_string(),
            })?;
        self.set(Some(record));
        Ok(())
    }

    fn set(&self, record: Option<UploadRecord>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = record;
    }
}
