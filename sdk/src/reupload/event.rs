//! Events of a reupload that a person should see and that do not stop it.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use crate::generated::types::JobStatus;

/// An event of a reupload that a person should see and that does not stop it. Its `Display` is a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadEvent {
    /// An earlier upload is resumed: what S3 holds is verified and not sent again.
    Resumed {
        /// Its job.
        job_id: Uuid,
        /// How it was found.
        from: ResumedFrom,
        /// Parts that S3 holds.
        parts_held: u64,
        /// Number of parts.
        parts_total: u64,
        /// Bytes that S3 holds.
        bytes_held: u64,
        /// Size of the file in bytes.
        bytes_total: u64,
    },
    /// An open job on the server has the same filename and size. The parts that S3 holds of it are compared with the
    /// file, which may take some time.
    Found {
        /// The job.
        job_id: Uuid,
        /// Bytes that S3 holds.
        bytes_held: u64,
    },
    /// An earlier call sent all parts; its job is resumed after the upload.
    AlreadyUploaded {
        /// Its job.
        job_id: Uuid,
        /// State of the job.
        status: JobStatus,
    },
    /// The record of an earlier upload no longer matches; the upload starts from the beginning.
    RecordReplaced {
        /// What does not match.
        reason: String,
    },
    /// An open job on the server has the same filename and size, but other content; the upload does not resume it.
    OtherContent {
        /// The job, which is not changed.
        job_id: Uuid,
    },
    /// The upload cannot be recorded on this machine. After an interruption it can only be resumed from what the
    /// server holds.
    RecordUnavailable {
        /// Why not.
        reason: String,
    },
}

/// How an earlier upload was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResumedFrom {
    /// By the record on this machine.
    Record,
    /// Among the dataset's open jobs, by its filename and size; the MD5 of every part matches.
    Server,
}

/// Receives the events.
pub(super) type EventListener<'a> = Box<dyn FnMut(&UploadEvent) + Send + 'a>;

/// Sends events to the listener, if there is one.
pub(super) struct EventEmitter<'a>(Mutex<Option<EventListener<'a>>>);

impl<'a> EventEmitter<'a> {
    pub fn new(listener: Option<EventListener<'a>>) -> Self {
        Self(Mutex::new(listener))
    }

    pub fn emit(&self, event: &UploadEvent) {
        if let Some(listener) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            listener(event);
        }
    }
}

impl fmt::Display for UploadEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resumed {
                job_id,
                from,
                parts_held,
                parts_total,
                bytes_held,
                bytes_total,
            } => {
                let found = match from {
                    ResumedFrom::Record => "",
                    ResumedFrom::Server => ", found on the server",
                };
                write!(
                    f,
                    "resuming job {job_id}{found}: S3 holds {parts_held} of {parts_total} parts ({bytes_held} of \
                     {bytes_total} bytes)"
                )
            }
            Self::Found { job_id, bytes_held } => {
                write!(
                    f,
                    "job {job_id} has the same filename and size; comparing its {bytes_held} bytes with the file"
                )
            }
            Self::AlreadyUploaded { job_id, status } => {
                write!(
                    f,
                    "all parts are already uploaded; resuming job {job_id}, which is {status}"
                )
            }
            Self::RecordReplaced { reason } => {
                write!(f, "an earlier upload cannot be resumed: {reason}")
            }
            Self::OtherContent { job_id } => {
                write!(
                    f,
                    "job {job_id} has the same filename and size, but other content; it is not resumed"
                )
            }
            Self::RecordUnavailable { reason } => {
                write!(f, "this upload cannot be recorded: {reason}")
            }
        }
    }
}
