//! The job of an earlier call: by the record on this machine, or by what the server knows.

use futures::{StreamExt, pin_mut};
use uuid::Uuid;

use super::begin::{JobResolver, MAX_UNRECORDED_SIZE, UploadJob};
use super::etag::EtagMode;
use super::event::{ResumedFrom, UploadEvent};
use super::journal::{LoadedRecord, UploadRecord};
use super::plan::Plan;
use super::uploaded_parts::UploadedParts;
use super::urls::SignedUrls;
use crate::error::{Error, Result};
use crate::generated::types::{Job, JobStatus};

/// What the record on this machine leads to.
pub(super) enum RecordedJob {
    /// There is none.
    Missing,
    /// A job to go on with.
    Resumable(Box<UploadJob>),
    /// A job that does not fit any more, if the record names one that was begun here.
    Outdated(Option<Uuid>),
}

/// A job of a record, or why it cannot be gone on with.
enum RecordCheck {
    Usable(Box<Job>),
    Unusable(String),
}

impl JobResolver<'_, '_> {
    /// The job that the record names.
    pub(super) async fn recorded(&self) -> Result<RecordedJob> {
        let Some(journal) = self.journal else {
            return Ok(RecordedJob::Missing);
        };
        let (job_id, reason) = match journal.load() {
            LoadedRecord::Missing => return Ok(RecordedJob::Missing),
            LoadedRecord::Outdated { job_id, reason } => (job_id, reason.to_string()),
            LoadedRecord::Matching(record) => match self.job_of(&record).await? {
                RecordCheck::Usable(job) => return self.go_on(*job, &record).await,
                RecordCheck::Unusable(reason) => (record.own_job(), reason),
            },
        };
        // The record stays until another takes its place: whoever fails before that still has to know of the job.
        self.events.emit(&UploadEvent::RecordReplaced { reason });
        Ok(RecordedJob::Outdated(job_id))
    }

    async fn job_of(&self, record: &UploadRecord) -> Result<RecordCheck> {
        let client = self.client;
        // The outcome of a completion is worth waiting for: it may be that parts are missing.
        let job = match client
            .poll(record.job_id, |job| job.status != JobStatus::Completing)
            .await
        {
            Ok(job) => job,
            Err(error) if error.is_not_found() => {
                return Ok(RecordCheck::Unusable("its job is gone".to_string()));
            }
            Err(error) => return Err(error),
        };
        match job.status {
            JobStatus::Failed | JobStatus::Cancelled | JobStatus::Expired => {
                Ok(RecordCheck::Unusable(format!("its job is {}", job.status)))
            }
            JobStatus::Inspecting | JobStatus::Ready | JobStatus::Committed if !record.is_sent => {
                Ok(RecordCheck::Unusable(
                    "somebody else has completed its job".to_string(),
                ))
            }
            JobStatus::Committed => {
                let dataset = client
                    .call(|| {
                        client
                            .api()
                            .get_dataset()
                            .dataset_id(self.dataset_id)
                            .send()
                    })
                    .await?;
                let is_current = dataset.current_version == job.version;
                let moved_on =
                    || RecordCheck::Unusable("the dataset has moved on since".to_string());
                Ok(if is_current {
                    RecordCheck::Usable(Box::new(job))
                } else {
                    moved_on()
                })
            }
            _ => Ok(RecordCheck::Usable(Box::new(job))),
        }
    }

    async fn go_on(&self, job: Job, record: &UploadRecord) -> Result<RecordedJob> {
        let plan = Plan::new(self.request.file_size, job.part_size)?;
        // What the job has become is what was asked for, whatever the dataset is at by now.
        let expected = match job.status {
            JobStatus::Committed => self.expected,
            _ => {
                self.expected
                    .of_resumed(self.client, self.dataset_id)
                    .await?
            }
        };
        let mut held = UploadedParts::default();
        if job.status == JobStatus::AwaitingUpload {
            self.journal.inspect(|journal| journal.save_is_sent(false));
            held = UploadedParts::list(self.client, job.id, plan, true).await?;
            self.events
                .emit(&resumed(job.id, ResumedFrom::Record, plan, &held));
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
            held,
            are_verified: false,
            is_joined: record.is_joined,
            urls: SignedUrls::none(),
            tags: EtagMode::new(record.opaque_tags),
            expected,
        })))
    }

    /// An open job of the dataset that holds parts of this very content. Other people's work is not touched: every
    /// part is proven before anything is sent.
    pub(super) async fn found_on_server(
        &self,
        outdated: Option<Uuid>,
    ) -> Result<Option<UploadJob>> {
        if !self.may_search || self.content.size() <= MAX_UNRECORDED_SIZE {
            return Ok(None);
        }
        for job in self.candidates().await? {
            let plan = Plan::new(self.request.file_size, job.part_size)?;
            let held = match UploadedParts::list(self.client, job.id, plan, false).await {
                // Whoever began it has just ended it.
                Err(error)
                    if error.is_not_found() || error.error_type() == Some("invalid_state") =>
                {
                    continue;
                }
                held => held?,
            };
            if !held.can_be_verified() {
                continue;
            }
            let (bytes_held, job_id) = (held.bytes(plan), job.id);
            self.events.emit(&UploadEvent::Found { job_id, bytes_held });
            if self.is_verified(&held, plan).await? {
                let expected = self
                    .expected
                    .of_resumed(self.client, self.dataset_id)
                    .await?;
                self.events
                    .emit(&resumed(job.id, ResumedFrom::Server, plan, &held));
                return Ok(Some(UploadJob {
                    job_id,
                    status: job.status,
                    plan,
                    held,
                    are_verified: true,
                    is_joined: outdated != Some(job.id),
                    urls: SignedUrls::none(),
                    tags: EtagMode::new(false),
                    expected,
                }));
            }
            if outdated != Some(job.id) {
                self.events.emit(&UploadEvent::OtherContent { job_id });
            }
        }
        Ok(None)
    }

    /// Whether everything that S3 holds is what the content has there.
    async fn is_verified(&self, held: &UploadedParts, plan: Plan) -> Result<bool> {
        let (tags, parts) = (EtagMode::new(false), held.parts(plan).collect::<Vec<_>>());
        let digests = self.content.digests(&parts);
        pin_mut!(digests);
        while let Some(digested) = digests.next().await {
            let (part, digest) = digested?;
            if held.verified_etag(part.number, &digest, &tags).is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The open jobs of the same filename, size and type, newest first.
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
                    .filter(|job| self.is_alike(job))
                    .take(MAX_CANDIDATES),
            );
            page_token = page.next_page.filter(|_| candidates.len() < MAX_CANDIDATES);
            if page_token.is_none() {
                return Ok(candidates);
            }
        }
    }

    fn is_alike(&self, job: &Job) -> bool {
        u64::try_from(job.file_size) == Ok(self.request.file_size.get())
            && job.filename == *self.request.filename
            && job.content_type == *self.request.content_type
    }

    /// Whether S3 has lost what was uploaded to a job, as some buckets have it after a while: it has no part, and its
    /// URLs lead nowhere.
    pub(super) async fn is_lost(
        client: &crate::Client,
        error: &Error,
        job_id: Uuid,
        plan: Plan,
    ) -> bool {
        let is_refused = matches!(error, Error::S3 { code, .. } if code == "NoSuchUpload");
        is_refused
            && UploadedParts::list(client, job_id, plan, false).await.is_ok_and(|held| held.count() == 0)
            // After that: an upload that somebody else completes ends before its job comes further.
            && client.api().get_job().job_id(job_id).send().await.is_ok_and(|job| job.status == JobStatus::AwaitingUpload)
    }
}

/// Most jobs that are looked at; each takes reading what S3 holds of it.
const MAX_CANDIDATES: usize = 10;

fn resumed(job_id: Uuid, from: ResumedFrom, plan: Plan, held: &UploadedParts) -> UploadEvent {
    UploadEvent::Resumed {
        job_id,
        from,
        parts_held: held.count(),
        parts_total: plan.count(),
        bytes_held: held.bytes(plan),
        bytes_total: plan.file_size(),
    }
}
