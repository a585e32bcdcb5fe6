//! Resuming the job of an earlier call, found by the record on this machine or on the server.

use futures::{StreamExt, pin_mut};
use uuid::Uuid;

use super::etag::EtagMode;
use super::event::{ResumedFrom, UploadEvent};
use super::job::{JobResolver, UploadJob};
use super::journal::{LoadedRecord, UploadRecord};
use super::plan::Plan;
use super::settings::MAX_UNRECORDED_SIZE;
use super::uploaded_parts::UploadedParts;
use super::urls::SignedUrls;
use crate::error::Result;
use crate::generated::types::{Job, JobStatus};

/// Maximum number of jobs on the server to compare; each takes reading what S3 holds of it.
const MAX_CANDIDATES: usize = 10;

/// The job that the record on this machine names.
pub(super) enum RecordedJob {
    /// There is no record.
    Missing,
    /// A job that can be resumed.
    Resumable(Box<UploadJob>),
    /// A job that cannot be resumed, if the record names one that was created here.
    Outdated(Option<Uuid>),
}

/// The job of a matching record, or why it cannot be resumed.
enum RecordCheck {
    Usable(Box<Job>),
    Unusable(String),
}

impl JobResolver<'_, '_> {
    /// The job that the record names.
    pub(super) async fn recorded_job(&self) -> Result<RecordedJob> {
        let Some(journal) = self.journal else {
            return Ok(RecordedJob::Missing);
        };
        let (job_id, reason) = match journal.load() {
            LoadedRecord::Missing => return Ok(RecordedJob::Missing),
            LoadedRecord::Outdated { job_id, reason } => (job_id, reason.to_string()),
            LoadedRecord::Matching(record) => match self.check_record(&record).await? {
                RecordCheck::Usable(job) => return self.resume(*job, &record).await,
                RecordCheck::Unusable(reason) => (record.own_job(), reason),
            },
        };
        // The record is kept until another replaces it: a call that fails before that still has to find the job.
        self.events.emit(&UploadEvent::RecordReplaced { reason });
        Ok(RecordedJob::Outdated(job_id))
    }

    async fn check_record(&self, record: &UploadRecord) -> Result<RecordCheck> {
        let client = self.client;
        // A completion that S3 refuses leads back to `awaiting_upload`.
        let job = match client
            .poll(record.job_id, |job| job.status != JobStatus::Completing)
            .await
        {
            Ok(job) => job,
            Err(error) if error.is_not_found() => return Ok(unusable("its job no longer exists")),
            Err(error) => return Err(error),
        };
        match job.status {
            JobStatus::Failed | JobStatus::Cancelled | JobStatus::Expired => {
                Ok(unusable(&format!("its job is {}", job.status)))
            }
            JobStatus::Inspecting
            | JobStatus::Ready
            | JobStatus::Rejected
            | JobStatus::Committed
                if !record.is_sent =>
            {
                Ok(unusable("another process completed its job"))
            }
            JobStatus::Committed => {
                let current = self.current_version().await?;
                Ok(if current == job.version {
                    RecordCheck::Usable(Box::new(job))
                } else {
                    unusable("the dataset has another version now")
                })
            }
            _ => Ok(RecordCheck::Usable(Box::new(job))),
        }
    }

    async fn current_version(&self) -> Result<Option<i64>> {
        let request = || {
            let operation = self.client.api().get_dataset();
            operation.dataset_id(self.dataset_id).send()
        };
        Ok(self.client.call(request).await?.current_version)
    }

    async fn resume(&self, job: Job, record: &UploadRecord) -> Result<RecordedJob> {
        let plan = Plan::new(self.request.file_size, job.part_size)?;
        // A committed job already is what this call was to commit, whatever version the dataset is at.
        let expected = match job.status {
            JobStatus::Committed => self.expected,
            _ => {
                self.expected
                    .of_resumed(self.client, self.dataset_id)
                    .await?
            }
        };
        let mut uploaded = UploadedParts::default();
        if job.status == JobStatus::AwaitingUpload {
            self.journal.inspect(|journal| journal.save_is_sent(false));
            uploaded = UploadedParts::list(self.client, job.id, plan, true).await?;
            self.events
                .emit(&resumed(job.id, ResumedFrom::Record, plan, &uploaded));
        } else {
            self.events.emit(&UploadEvent::AlreadyUploaded {
                job_id: job.id,
                status: job.status,
            });
        }
        Ok(RecordedJob::Resumable(Box::new(UploadJob {
            job_id: job.id,
            status: job.status,
            plan,
            uploaded,
            are_verified: false,
            is_joined: record.is_joined,
            urls: SignedUrls::none(),
            etag_mode: EtagMode::new(record.opaque_etags),
            expected,
        })))
    }

    /// An open job of the dataset that holds parts of the same content. Every part is verified before anything is
    /// sent, so that the upload of another content is never touched.
    pub(super) async fn job_on_server(&self, outdated: Option<Uuid>) -> Result<Option<UploadJob>> {
        if !self.may_search || self.content.size() <= MAX_UNRECORDED_SIZE {
            return Ok(None);
        }
        for job in self.candidates().await? {
            let plan = Plan::new(self.request.file_size, job.part_size)?;
            let uploaded = match UploadedParts::list(self.client, job.id, plan, false).await {
                // The job has ended since it was listed.
                Err(error)
                    if error.is_not_found() || error.error_type() == Some("invalid_state") =>
                {
                    continue;
                }
                uploaded => uploaded?,
            };
            if !uploaded.can_be_verified() {
                continue;
            }
            let (bytes_held, job_id) = (uploaded.bytes(plan), job.id);
            self.events.emit(&UploadEvent::Found { job_id, bytes_held });
            if self.has_same_content(&uploaded, plan).await? {
                return self.join(&job, plan, uploaded, outdated).await.map(Some);
            }
            if outdated != Some(job.id) {
                self.events.emit(&UploadEvent::OtherContent { job_id });
            }
        }
        Ok(None)
    }

    async fn join(
        &self,
        job: &Job,
        plan: Plan,
        uploaded: UploadedParts,
        outdated: Option<Uuid>,
    ) -> Result<UploadJob> {
        let expected = self
            .expected
            .of_resumed(self.client, self.dataset_id)
            .await?;
        self.events
            .emit(&resumed(job.id, ResumedFrom::Server, plan, &uploaded));
        Ok(UploadJob {
            job_id: job.id,
            status: job.status,
            plan,
            uploaded,
            are_verified: true,
            is_joined: outdated != Some(job.id),
            urls: SignedUrls::none(),
            etag_mode: EtagMode::new(false),
            expected,
        })
    }

    /// Whether every part that S3 holds is the part of the content with the same number.
    async fn has_same_content(&self, uploaded: &UploadedParts, plan: Plan) -> Result<bool> {
        let mode = EtagMode::new(false);
        let parts = uploaded.parts(plan).collect::<Vec<_>>();
        let digests = self.content.digests(&parts);
        pin_mut!(digests);
        while let Some(digested) = digests.next().await {
            let (part, digest) = digested?;
            if uploaded
                .verified_etag(part.number, &digest, &mode)
                .is_none()
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The open jobs of the same filename, size and content type, newest first.
    async fn candidates(&self) -> Result<Vec<Job>> {
        let client = self.client;
        let (mut candidates, mut page_token) = (Vec::new(), None::<String>);
        loop {
            let request = || {
                let request = client.api().list_jobs().dataset_id(self.dataset_id);
                match &page_token {
                    Some(token) => request.page_token(token.clone()).send(),
                    None => request.status(JobStatus::AwaitingUpload).send(),
                }
            };
            let page = client.call(request).await?;
            candidates.extend(
                page.items
                    .into_iter()
                    .filter(|job| self.is_candidate(job))
                    .take(MAX_CANDIDATES),
            );
            page_token = page.next_page.filter(|_| candidates.len() < MAX_CANDIDATES);
            if page_token.is_none() {
                return Ok(candidates);
            }
        }
    }

    fn is_candidate(&self, job: &Job) -> bool {
        u64::try_from(job.file_size) == Ok(self.request.file_size.get())
            && job.filename == *self.request.filename
            && job.content_type == *self.request.content_type
    }
}

fn unusable(reason: &str) -> RecordCheck {
    RecordCheck::Unusable(reason.to_string())
}

fn resumed(job_id: Uuid, from: ResumedFrom, plan: Plan, uploaded: &UploadedParts) -> UploadEvent {
    UploadEvent::Resumed {
        job_id,
        from,
        parts_held: uploaded.count(),
        parts_total: plan.count(),
        bytes_held: uploaded.bytes(plan),
        bytes_total: plan.file_size(),
    }
}
