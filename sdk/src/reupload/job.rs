//! The job that a reupload uploads to, and the context that resolves it.

use uuid::Uuid;

use super::content::Content;
use super::etag::EtagMode;
use super::event::EventEmitter;
use super::journal::Journal;
use super::plan::Plan;
use super::policy::ExpectedVersion;
use super::uploaded_parts::UploadedParts;
use super::urls::SignedUrls;
use crate::client::Client;
use crate::generated::types::{JobStatus, PresignedUploadRequest};

/// A job, and how far it has come.
pub(super) struct UploadJob {
    pub job_id: Uuid,
    pub status: JobStatus,
    pub plan: Plan,
    /// Parts that S3 holds and that need not be sent if their content matches.
    pub uploaded: UploadedParts,
    /// Whether their content is known to match.
    pub are_verified: bool,
    /// Whether the job was found on the server: another process may be uploading to it.
    pub is_joined: bool,
    pub urls: SignedUrls,
    pub etag_mode: EtagMode,
    /// The version that the commit is to replace.
    pub expected: ExpectedVersion,
}

/// Finds the job of an earlier call, or creates one. Its steps are in `resume` and `begin`.
pub(super) struct JobResolver<'a, 'e> {
    pub client: &'a Client,
    pub dataset_id: Uuid,
    pub request: PresignedUploadRequest,
    pub content: &'a Content,
    pub expected: ExpectedVersion,
    /// Whether to search the server for an earlier upload of the same content.
    pub may_search: bool,
    pub journal: Option<&'a Journal>,
    pub events: &'a EventEmitter<'e>,
}
