//! What this machine remembers of an upload of a file.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event::UploadEvent;
use crate::generated::types::PresignedUploadRequest;
use crate::record::{RecordError, RecordFile};
use crate::source::FileState;

/// An upload that was begun: of which state of a file, and as what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UploadRecord {
    /// For whoever finds the record: which file this is about.
    path: String,
    dataset_id: Uuid,
    pub job_id: Uuid,
    file_size: u64,
    /// Nanoseconds since 1970.
    modified: Option<u128>,
    filename: String,
    content_type: String,
    /// The plan: size in bytes of each part but the last.
    part_size: u64,
    /// Whether S3's tags are known to be no MD5s.
    pub opaque_tags: bool,
    /// Whether the job was found on the server: it may be somebody else's who goes on with it.
    #[serde(default)]
    pub is_joined: bool,
    /// Whether all parts are with S3, and nothing is left to do but to complete. Where they were not, and the job has come
    /// further all the same, somebody else has sent the rest.
    #[serde(default)]
    pub is_sent: bool,
}

impl UploadRecord {
    /// The job, if it was begun here, and may be ended here.
    pub fn own_job(&self) -> Option<Uuid> {
        (!self.is_joined).then_some(self.job_id)
    }
}

/// What is remembered of a file.
pub(super) enum LoadedRecord {
    Missing,
    /// An upload of it in the state that it is in.
    Matching(Box<UploadRecord>),
    /// An upload of it in another state.
    Outdated {
        /// Its job, if that can be told and was begun here.
        job_id: Option<Uuid>,
        /// What does not fit, in words.
        reason: &'static str,
    },
}

/// A file that is uploaded to a dataset, as a record tells it from others.
#[derive(Debug, Clone)]
pub(super) struct RecordKey {
    path: PathBuf,
    dataset_id: Uuid,
    state: FileState,
    request: PresignedUploadRequest,
}

/// The place where an upload is remembered, and what is remembered.
#[derive(Debug)]
pub(super) struct Journal {
    key: RecordKey,
    file: RecordFile<UploadRecord>,
    current: Mutex<Option<UploadRecord>>,
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
            opaque_tags: false,
            is_joined,
            is_sent: false,
        }
    }

    /// What has changed since an upload was recorded, in words; `None` if nothing has.
    fn differs_from(&self, record: &UploadRecord) -> Option<&'static str> {
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

impl Journal {
    /// The place of the upload of a file to a dataset of a server.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn open(directory: &Path, endpoint: &str, key: RecordKey) -> Result<Self, RecordError> {
        let (dataset_id, path) = (key.dataset_id.to_string(), key.path.to_string_lossy());
        let file = RecordFile::open(directory, "uploads", &[endpoint, &dataset_id, &path])?;
        Ok(Self {
            key,
            file,
            current: Mutex::default(),
        })
    }

    /// The record of an earlier upload of the same file.
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
        if let Some(reason) = self.key.differs_from(&record) {
            return LoadedRecord::Outdated {
                job_id: record.own_job(),
                reason,
            };
        }
        self.set(Some(record.clone()));
        LoadedRecord::Matching(Box::new(record))
    }

    /// Remembers a new upload.
    ///
    /// # Errors
    ///
    /// The reason why it cannot be, as something to tell.
    pub fn save(&self, job_id: Uuid, part_size: u64, is_joined: bool) -> Result<(), UploadEvent> {
        // What is learnt from now on is not about the job of an earlier record.
        self.set(None);
        self.write(self.key.record(job_id, part_size, is_joined))
    }

    /// Remembers that S3's tags are no MD5s.
    pub fn save_opaque_etags(&self) {
        // At worst parts are sent again that need not be.
        let _ = self.update(|record| UploadRecord {
            opaque_tags: true,
            ..record
        });
    }

    /// Remembers whether S3 has all parts.
    pub fn save_is_sent(&self, is_sent: bool) {
        let updated = self.update(|record| UploadRecord { is_sent, ..record });
        if updated.is_err() && !is_sent {
            // Bytes of others could be taken for ours; without a record, at worst something is sent again.
            self.forget();
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

    /// Forgets the upload.
    pub fn forget(&self) {
        self.set(None);
        self.file.remove();
    }

    fn write(&self, record: UploadRecord) -> Result<(), UploadEvent> {
        self.file
            .write(&record)
            .map_err(|error| unavailable(&error))?;
        self.set(Some(record));
        Ok(())
    }

    fn set(&self, record: Option<UploadRecord>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = record;
    }
}

fn unavailable(error: &RecordError) -> UploadEvent {
    UploadEvent::RecordUnavailable {
        reason: error.to_string(),
    }
}
