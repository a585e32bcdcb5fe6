//! Resolving the job of a reupload: that of an earlier call where it can be resumed, else a new one.

use std::time::SystemTime;

use uuid::Uuid;

use super::etag::EtagMode;
use super::job::{JobResolver, UploadJob};
use super::plan::Plan;
use super::resume::RecordedJob;
use super::uploaded_parts::UploadedParts;
use super::urls::SignedUrls;
use crate::error::{Error, Result};
use crate::generated::types::{JobStatus, PresignedUploadResponse};

impl JobResolver<'_, '_> {
    /// Returns the job to upload to, and records it.
    pub async fn resolve(self) -> Result<UploadJob> {
        let outdated = match self.recorded_job().await? {
            RecordedJob::Resumable(job) => return Ok(*job),
            RecordedJob::Outdated(job_id) => job_id,
            RecordedJob::Missing => None,
        };
        let job = match self.job_on_server(outdated).await? {
            Some(job) => job,
            None => self.create_job_replacing(outdated).await?,
        };
        if let Some(journal) = self.journal
            && let Err(event) = journal.save(job.job_id, job.plan.part_size(), job.is_joined)
        {
            self.events.emit(&event);
        }
        Ok(job)
    }

    /// Creates a job, and cancels the outdated one: only after that, so that a refused request changes nothing, unless
    /// the outdated job counts against the limit that refuses the new one.
    async fn create_job_replacing(&self, outdated: Option<Uuid>) -> Result<UploadJob> {
        let created = self.create_job().await;
        let Some(job_id) = outdated else {
            return created;
        };
        let is_over_limit = |error: &Error| {
            matches!(
                error.error_type(),
                Some("too_many_open_jobs" | "quota_exceeded")
            )
        };
        match created {
            Ok(job) => {
                self.cancel_outdated(job_id).await;
                Ok(job)
            }
            Err(error) if is_over_limit(&error) => {
                self.cancel_outdated(job_id).await;
                self.create_job().await
            }
            Err(error) => Err(error),
        }
    }

    async fn create_job(&self) -> Result<UploadJob> {
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
        let response = client.call(request).await?;
        let PresignedUploadResponse {
            job_id,
            urls,
            part_size,
            ..
        } = response;
        let plan = Plan::new(self.request.file_size, part_size)?.with_urls(urls.len())?;
        Ok(UploadJob {
            job_id,
            status: JobStatus::AwaitingUpload,
            plan,
            uploaded: UploadedParts::default(),
            are_verified: false,
            is_joined: false,
            urls: SignedUrls::new(urls, requested_at),
            etag_mode: EtagMode::new(false),
            expected: self.expected,
        })
    }

    /// Cancels a job of an earlier call that will not be resumed. One whose upload is complete can still be committed,
    /// and is kept.
    async fn cancel_outdated(&self, job_id: Uuid) {
        let api = self.client.api();
        let job = api.get_job().job_id(job_id).send().await;
        if job.is_ok_and(|job| job.status == JobStatus::AwaitingUpload) {
            // The server expires the job at its deadline if this fails.
            let _ = api.cancel_job().job_id(job_id).send().await;
        }
    }
}
