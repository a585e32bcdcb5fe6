//! Presigned reuploads: the request for URLs, and its completion.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::job::JobStatus;
use crate::part::PartNumber;
use crate::read_options::ReadOptions;

fn default_content_type() -> String {
    "application/octet-stream".to_string()
}

/// The file to be uploaded.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PresignedUploadRequest {
    /// Original filename being uploaded. Used to determine the file extension and content disposition.
    #[schemars(title = "Filename", length(min = 1, max = 255))]
    pub filename: String,
    /// Total file size in bytes. Used to decide between single-part and multipart upload.
    #[schemars(title = "File Size", range(min = 1))]
    pub file_size: u64,
    /// MIME type to associate with the uploaded object.
    #[serde(default = "default_content_type")]
    #[schemars(title = "Content Type", length(max = 255))]
    pub content_type: String,
}

/// The URLs to upload it to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PresignedUploadResponse {
    /// Identifier of the ingestion job created for this upload.
    #[schemars(title = "Job Id")]
    pub job_id: Uuid,
    /// One presigned PUT URL per part. Single-element list for single-part uploads.
    #[schemars(title = "Urls")]
    pub urls: Vec<String>,
    /// Object key in the S3 bucket where the file will be stored.
    #[schemars(title = "S3 Key")]
    pub s3_key: String,
    /// S3 multipart upload ID, set only for multipart uploads.
    #[schemars(title = "Upload Id")]
    pub upload_id: Option<String>,
    /// Byte size of each part in a multipart upload.
    #[schemars(title = "Part Size")]
    pub part_size: Option<u64>,
}

/// A part as the client uploaded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CompletedPart {
    /// Entity tag from the response to the PUT, with or without quotes.
    #[schemars(title = "Etag", length(max = 256))]
    pub etag: String,
    /// Number of the part, from 1.
    #[schemars(title = "Part Number")]
    pub part_number: PartNumber,
}

/// The parts to assemble.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CompleteUploadRequest {
    /// The uploaded parts. By default, and where the list is empty, all parts that S3 holds.
    #[serde(default)]
    #[schemars(title = "Parts", skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<CompletedPart>,
    /// How to read the object. By default as the dataset's current version was read, where its caller stated that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_options: Option<ReadOptions>,
    /// Whether to commit the job as soon as it is inspected, where the policy of the dataset admits its changes. By
    /// default only where the policy has `auto_commit`, which is also what decides when the job is inspected again with
    /// other read options.
    #[serde(default)]
    #[schemars(title = "Commit", skip_serializing_if = "std::ops::Not::not")]
    pub commit: bool,
}

/// The result of completing an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UploadResponse {
    /// Identifier of the ingestion job.
    #[schemars(title = "Job Id")]
    pub job_id: Uuid,
    /// State of the job.
    pub status: JobStatus,
    /// Description of the state, for people.
    #[schemars(title = "Message")]
    pub message: String,
}

/// Path of a reupload.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReuploadPath {
    /// Identifier of the dataset.
    pub dataset_id: Uuid,
    /// Identifier of the ingestion job.
    pub job_id: Uuid,
}
