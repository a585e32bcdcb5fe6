//! The job to upload to: the one of an earlier call, where there is one that fits, or a new one.

use std::time::SystemTime;

use reqwest::StatusCode;
use uuid::Uuid;

use super::commit::ExpectedVersion;
use super::content::Content;
use super::etag::EtagMode;
use super::event::EventEmitter;
use super::journal::Journal;
use super::plan::Plan;
use super::resume::RecordedJob;
use super::uploaded_parts::UploadedParts;
use super::urls::SignedUrls;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::{JobStatus, PresignedUploadRequest, PresignedUploadResponse};

/// Largest file of which nothing is looked for and nothing recorded, in bytes: S3 takes no smaller parts than this
/// before the last, so there is nothing to gain.
pub(super) const MAX_UNRECORDED_SIZE: u64 = 5 * 1024 * 1024;

/// A job, and how far it has come.
pub(super) struct UploadJob {
    pub job_id: Uuid,
    pub status: JobStatus,
    pub plan: Plan,
    /// Parts that need not be sent, if they are what they should be.
    pub held: UploadedParts,
    /// Whether they are known to be.
    pub are_verified: bool,
    /// Whether the job was found on the server: it may be somebody else's who goes on with it.
    pub is_joined: bool,
    pub urls: SignedUrls,
    pub tags: EtagMode,
    /// The version that the commit is to replace.
    pub expected: ExpectedVersion,
}

/// The beginning of one reupload.
pub(super) struct JobResolver<'a, 'n> {
    pub client: &'a Client,
    pub dataset_id: Uuid,
    pub request: PresignedUploadRequest,
    pub content: &'a Content,
    pub expected: ExpectedVersion,
    /// Whether an earlier upload may be looked for on the server.
    pub may_search: bool,
    pub journal: Option<&'a Journal>,
    pub events: &'a EventEmitter<'n>,
}

impl JobResolver<'_, '_> {
    pub async fn run(self) -> Result<UploadJob> {
        let outdated = match self.recorded().await? {
            RecordedJob::Resumable(begun) => return Ok(*begun),
            RecordedJob::Outdated(job_id) => job_id,
            RecordedJob::Missing => None,
        };
        let begun = match self.found_on_server(outdated).await? {
            Some(begun) => begun,
            None => self.new_job_in_place_of(outdated).await?,
        };
        if let Some(journal) = self.journal
            && let Err(event) = journal.save(begun.job_id, begun.plan.part_size(), begun.is_joined)
        {
            self.events.emit(&event);
        }
        Ok(begun)
    }

    /// A new job, and the end of the outdated one: not before there is the new one, for what is refused should cost
    /// nothing, unless the outdated one takes the place that the new one needs.
    async fn new_job_in_place_of(&self, outdated: Option<Uuid>) -> Result<UploadJob> {
        let begun = self.new_job().await;
        let Some(job_id) = outdated else { return begun };
        let needs_its_place = |error: &Error| {
            matches!(
                error.error_type(),
                Some("too_many_open_jobs" | "quota_exceeded")
            )
        };
        match begun {
            Ok(begun) => {
                self.give_up(job_id).await;
                Ok(begun)
            }
            Err(error) if needs_its_place(&error) => {
                self.give_up(job_id).await;
                self.new_job().await
            }
            Err(error) => Err(error),
        }
    }

    async fn new_job(&self) -> Result<UploadJob> {
        let client = self.client;
        self.expected.check(client, self.dataset_id).await?;
        let requested_at = SystemTime::now();
        let request = || {
            let operation = client
                .api()
                .request_presigned_reupload()
                .dataset_id(self.dataset_id);
            operation.body(self.request.clone()).send()
        };
        let answer = client.call_while(request, made_no_job).await?;
        let PresignedUploadResponse {
            job_id,
            urls,
            part_size,
            ..
        } = answer;
        let plan = Plan::new(self.request.file_size, part_size)?.with_urls(urls.len())?;
        Ok(UploadJob {
            job_id,
            status: JobStatus::AwaitingUpload,
            plan,
            held: UploadedParts::default(),
            are_verified: false,
            is_joined: false,
            urls: SignedUrls::new(urls, requested_at),
            tags: EtagMode::new(false),
            expected: self.expected,
        })
    }

    /// Cancels a job of ours whose upload nobody will go on with. One that is uploaded is somebody's to commit.
    async fn give_up(&self, job_id: Uuid) {
        let api = self.client.api();
        let job = api.get_job().job_id(job_id).send().await;
        if job.is_ok_and(|job| job.status == JobStatus::AwaitingUpload) {
            // The server's deadline does the same later.
            let _ = api.cancel_job().job_id(job_id).send().await;
        }
    }
}

/// Whether a request for URLs surely had no effect, so that another does not leave a second job behind.
fn made_no_job(error: &Error) -> bool {
    match error {
        Error::Transport { source, .. } => source.is_connect(),
        error => {
            let refused = [
                StatusCode::TOO_MANY_REQUESTS,
                StatusCode::SERVICE_UNAVAILABLE,
            ];
            error.is_transient()
                && error
                    .status()
                    .is_some_and(|status| refused.contains(&status))
        }
    }
}
