//! Jobs: one reupload each, from the request for URLs to a final state.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::page::PageQuery;
use crate::read_options::ReadOptions;
use crate::string_enum::string_enum;

string_enum! {
    /// State of a job.
    JobStatus, "Status" {
        /// Waiting for parts, and for the request that completes the upload.
        AwaitingUpload = "awaiting_upload",
        /// S3 is assembling the parts.
        Completing = "completing",
        /// The object is being inspected.
        Inspecting = "inspecting",
        /// The object is inspected and can be committed.
        Ready = "ready",
        /// The object cannot be read as it stands; it can be inspected again with other read options.
        Rejected = "rejected",
        /// The object is a version of the dataset.
        Committed = "committed",
        /// The object is lost, or kept crashing its inspection.
        Failed = "failed",
        /// A client cancelled it.
        Cancelled = "cancelled",
        /// Its deadline has passed.
        Expired = "expired",
    }
}

string_enum! {
    /// What a job is doing.
    JobPhase, "Phase" {
        /// Parts are being uploaded.
        Upload = "upload",
        /// S3 is assembling the parts.
        Complete = "complete",
        /// The object is being inspected.
        Inspect = "inspect",
        /// The server has nothing left to do.
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

/// The progress of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct JobProgress {
    /// What the job is doing.
    pub phase: JobPhase,
    /// Bytes read by the inspection so far.
    #[schemars(title = "Bytes Done")]
    pub bytes_done: u64,
    /// Size of the file in bytes.
    #[schemars(title = "Bytes Total")]
    pub bytes_total: u64,
    /// Rows found so far; null for a format without rows.
    #[schemars(title = "Rows")]
    pub rows: Option<u64>,
}

/// Why a job failed or was rejected, why completing its upload was rejected, or why it was not committed automatically.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobError {
    /// Machine code of the reason.
    #[serde(rename = "type")]
    #[schemars(title = "Error Type")]
    pub error_type: String,
    /// The reason, for people.
    #[schemars(title = "Message")]
    pub msg: String,
    /// Values that the message mentions. Empty in lists.
    #[schemars(title = "Context")]
    pub ctx: Map<String, Value>,
}

/// One reupload, from the request for URLs to a final state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// Identifier of the job.
    #[schemars(title = "Id")]
    pub id: Uuid,
    /// Dataset whose data the job replaces.
    #[schemars(title = "Dataset Id")]
    pub dataset_id: Uuid,
    /// State of the job. `awaiting_upload` waits for parts and for the request that completes the upload, `completing`
    /// and `inspecting` proceed without the client, `ready` can be committed, `rejected` can be inspected again with
    /// other read options; `committed`, `failed`, `cancelled` and `expired` are final.
    pub status: JobStatus,
    /// Original filename.
    #[schemars(title = "Filename")]
    pub filename: String,
    /// MIME type given in the request.
    #[schemars(title = "Content Type")]
    pub content_type: String,
    /// Size of the file in bytes.
    #[schemars(title = "File Size")]
    pub file_size: u64,
    /// Size in bytes of each part but the last; null for a single-part upload.
    #[schemars(title = "Part Size")]
    pub part_size: Option<u64>,
    /// Current version of the dataset when the job was created; null if it had none.
    #[schemars(title = "Base Version")]
    pub base_version: Option<u64>,
    /// Version that the job became; null until it is committed.
    #[schemars(title = "Version")]
    pub version: Option<u64>,
    /// The progress of the job.
    pub progress: JobProgress,
    /// Why the job failed or was rejected, why the last attempt to complete its upload was rejected, or why it was not
    /// committed automatically; null otherwise.
    pub error: Option<JobError>,
    /// Time of creation.
    #[schemars(title = "Created At")]
    pub created_at: DateTime<Utc>,
    /// Time at which the job expires, unless it is extended before.
    #[schemars(title = "Deadline")]
    pub deadline: DateTime<Utc>,
}

/// How to inspect an object again.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct InspectJobRequest {
    /// How to read the object. What is not stated is detected anew.
    #[serde(default, skip_serializing_if = "ReadOptions::is_empty")]
    pub read_options: ReadOptions,
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
