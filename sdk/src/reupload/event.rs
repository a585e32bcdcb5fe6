//! What is worth telling a person about a reupload, and does not stop it.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use crate::generated::types::JobStatus;

/// Something worth telling a person about a reupload that goes on. Shown, it is a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UploadEvent {
    /// An earlier upload is gone on with: what S3 holds is verified and not sent again.
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
    /// An open job on the server has the same filename and size; what S3 holds of it is read here to see whether it is
    /// the same content, which may take a while.
    Found {
        /// The job.
        job_id: Uuid,
        /// Bytes that S3 holds.
        bytes_held: u64,
    },
    /// An earlier run had uploaded everything, and the job is gone on with from there.
    AlreadyUploaded {
        /// Its job.
        job_id: Uuid,
        /// State of the job.
        status: JobStatus,
    },
    /// The record of an earlier upload does not fit any more; the upload begins anew.
    RecordReplaced {
        /// What does not fit.
        reason: String,
    },
    /// An open job on the server has the same filename and size, but other content; the upload begins anew.
    OtherContent {
        /// The job, which is left alone.
        job_id: Uuid,
    },
    /// The upload cannot be recorded on this machine. If it is interrupted, only what the server knows of it
    /// helps to go on.
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
    /// Among the dataset's open jobs, by its filename and size; every part was proven by its MD5.
    Server,
}

/// What hears of events.
pub(super) type EventListener<'a> = Box<dyn FnMut(&UploadEvent) + Send + 'a>;

/// Where events go.
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
                    "job {job_id} has the same filename and size; looking whether its {bytes_held} bytes are ours"
                )
            }
            Self::AlreadyUploaded { job_id, status } => {
                write!(
                    f,
                    "everything is uploaded already; going on with job {job_id}, which is {status}"
                )
            }
            Self::RecordReplaced { reason } => {
                write!(f, "an earlier upload cannot be resumed: {reason}")
            }
            Self::OtherContent { job_id } => {
                write!(
                    f,
                    "job {job_id} has the same filename and size, but other content; it is left alone"
                )
            }
            Self::RecordUnavailable { reason } => {
                write!(f, "this upload cannot be recorded: {reason}")
            }
        }
    }
}
