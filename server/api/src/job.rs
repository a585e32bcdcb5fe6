//! Jobs: one reupload each, from the request for URLs to its end.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::page::PageQuery;
use crate::string_enum::string_enum;

string_enum! {
    /// State of a job.
    JobStatus, "Status" {
        /// Waiting for the parts, and for the call that completes them.
        AwaitingUpload = "awaiting_upload",
        /// S3 is asked to put the parts together.
        Completing = "completing",
        /// The object is read.
        Inspecting = "inspecting",
        /// The object is inspected and can be committed.
        Ready = "ready",
        /// The object is a version of the dataset.
        Committed = "committed",
        /// The content is bad.
        Failed = "failed",
        /// A client gave it up.
        Cancelled = "cancelled",
        /// Its deadline has passed.
        Expired = "expired",
    }
}

string_enum! {
    /// What a job is doing.
    JobPhase, "Phase" {
        /// Parts are uploaded.
        Upload = "upload",
        /// S3 puts the parts together.
        Complete = "complete",
        /// The object is read.
        Inspect = "inspect",
        /// Nothing is left to do for the server.
        Done = "done",
    }
}

impl From<JobStatus> for JobPhase {
    fn from(status: JobStatus) -> Self {
        match status {
            JobStatus::AwaitingUpload => Self::Upload,
            JobStatus::Completing => Self::Complete,
            JobStatus::Inspecting => Self::Inspect,
            _ => Self::Done,
        }
    }
}

/// How far a job has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JobProgress {
    /// What the job is doing.
    pub phase: JobPhase,
    /// Bytes that the inspection has read.
    #[schemars(title = "Bytes Done")]
    pub bytes_done: u64,
    /// Bytes of the file.
    #[schemars(title = "Bytes Total")]
    pub bytes_total: u64,
    /// Rows found so far, where the format has rows.
    #[schemars(title = "Rows")]
    pub rows: Option<u64>,
}

/// Why a job failed, or why its completion was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobError {
    /// Machine code of the reason.
    #[serde(rename = "type")]
    #[schemars(title = "Error Type")]
    pub error_type: String,
    /// The reason in words.
    #[schemars(title = "Message")]
    pub msg: String,
    /// Values that the message speaks of.
    #[schemars(title = "Context")]
    pub ctx: Map<String, Value>,
}

/// One reupload, from the request for URLs to its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// Identifier of the job.
    #[schemars(title = "Id")]
    pub id: Uuid,
    /// Dataset whose data the job replaces.
    #[schemars(title = "Dataset Id")]
    pub dataset_id: Uuid,
    /// State of the job. `awaiting_upload` waits for parts and for the call that completes them, `completing` and
    /// `inspecting` go on by themselves, `ready` can be committed; `committed`, `failed`, `cancelled` and `expired`
    /// are final.
    pub status: JobStatus,
    /// Original filename.
    #[schemars(title = "Filename")]
    pub filename: String,
    /// MIME type that was asked for.
    #[schemars(title = "Content Type")]
    pub content_type: String,
    /// Size of the file in bytes.
    #[schemars(title = "File Size")]
    pub file_size: u64,
    /// Size in bytes of each part but the last; null for a single-part upload.
    #[schemars(title = "Part Size")]
    pub part_size: Option<u64>,
    /// Current version of the dataset when the job began; null if it had none.
    #[schemars(title = "Base Version")]
    pub base_version: Option<u64>,
    /// Version that the job became; null until it is committed.
    #[schemars(title = "Version")]
    pub version: Option<u64>,
    /// How far the job has come.
    pub progress: JobProgress,
    /// Why the job failed, or why its last completion was refused; null otherwise.
    pub error: Option<JobError>,
    /// Time of creation.
    #[schemars(title = "Created At")]
    pub created_at: DateTime<Utc>,
    /// Time at which the job expires if nothing more is asked of it.
    #[schemars(title = "Deadline")]
    pub deadline: DateTime<Utc>,
}

/// Path of a job.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct JobPath {
    /// Identifier of the job.
    pub job_id: Uuid,
}

/// Which jobs to list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct JobQuery {
    /// Page of the list.
    #[serde(flatten)]
    pub page: PageQuery,
    /// Only jobs in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<JobStatus>,
}
