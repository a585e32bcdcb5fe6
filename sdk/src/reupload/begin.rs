//! The job to upload to: the one of an earlier run, where there is one that fits, or a new one.

use std::time::SystemTime;

use futures::{StreamExt, pin_mut};
use reqwest::StatusCode;
use uuid::Uuid;

use super::content::Content;
use super::held::HeldParts;
use super::memory::{Memory, UploadRecord};
use super::notice::{Notice, Notices, ResumedFrom};
use super::plan::Plan;
use super::tags::Tags;
use super::urls::SignedUrls;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::{Job, JobStatus, PresignedUploadRequest, PresignedUploadResponse};

/// Largest file of which nothing is looked for and nothing recorded, in bytes: S3 takes no smaller parts than this
/// before the last, so there is nothing to gain.
pub(super) const NOT_WORTH_RESUMING: u64 = 5 * 1024 * 1024;

/// A job, and how far it has come.
pub(super) struct Begun {
    pub job_id: Uuid,
    pub status: JobStatus,
    pub plan: Plan,
    /// Parts that need not be sent, if they are what they should be.
    pub held: HeldParts,
    /// Parts of `held` that are known to be.
    pub are_proven: bool,
    pub urls: SignedUrls,
    pub tags: Tags,
}

/// The beginning of one reupload.
pub(super) struct Beginning<'a, 'n> {
    pub client: &'a Client,
    pub dataset_id: Uuid,
    pub request: PresignedUploadRequest,
    pub content: &'a Content,
    /// Whether an earlier upload may be gone on with.
    pub resume: bool,
    pub memory: Option<&'a Memory>,
    pub notices: &'a Notices<'n>,
}

impl Beginning<'_, '_> {
    pub async fn run(self) -> Result<Begun> {
        if let Some(begun) = self.recorded().await? {
            return Ok(begun);
        }
        let begun = match self.found_on_server().await? {
            Some(begun) => begun,
            None => self.new_job().await?,
        };
        if let Some(memory) = self.memory
            && let Err(notice) = memory.remember(begun.job_id, begun.plan.part_size())
        {
            self.notices.tell(&notice);
        }
        Ok(begun)
    }

    /// The job that the record names.
    async fn recorded(&self) -> Result<Option<Begun>> {
        let Some(memory) = self.memory else { return Ok(None) };
        match memory.recall() {
            Ok(None) => Ok(None),
            Ok(Some(record)) => match self.job_of(&record).await? {
                Ok(job) => self.go_on(job, &record).await.map(Some),
                Err(reason) => {
                    memory.forget();
                    self.notices.tell(&Notice::RecordReplaced { reason });
                    Ok(None)
                }
            },
            Err((job_id, reason)) => {
                memory.forget();
                if let Some(job_id) = job_id {
                    // What it has uploaded is of no use to anybody. The server's deadline does the same later.
                    let _ = self.client.api().cancel_job().job_id(job_id).send().await;
                }
                self.notices.tell(&Notice::RecordReplaced { reason: reason.to_string() });
                Ok(None)
            }
        }
    }

    /// The job of a record, or why it cannot be gone on with.
    async fn job_of(&self, record: &UploadRecord) -> Result<Result<Job, String>> {
        let client = self.client;
        // The outcome of a completion is worth waiting for: it may be that parts are missing.
        let job = match client.poll(record.job_id, |job| job.status != JobStatus::Completing).await {
            Ok(job) => job,
            Err(error) if error.is_not_found() => return Ok(Err("its job is gone".to_string())),
            Err(error) => return Err(error),
        };
        match job.status {
            JobStatus::Failed | JobStatus::Cancelled | JobStatus::Expired => {
                Ok(Err(format!("its job is {}", job.status)))
            }
            JobStatus::Committed => {
                let dataset = client.call(|| client.api().get_dataset().dataset_id(self.dataset_id).send()).await?;
                let is_current = dataset.current_version == job.version;
                Ok(if is_current { Ok(job) } else { Err("the dataset has moved on since".to_string()) })
            }
            _ => Ok(Ok(job)),
        }
    }

    async fn go_on(&self, job: Job, record: &UploadRecord) -> Result<Begun> {
        let plan = Plan::new(self.request.file_size, job.part_size)?;
        let mut held = HeldParts::default();
        if job.status == JobStatus::AwaitingUpload {
            held = HeldParts::ask(self.client, job.id, plan, true).await?;
            self.notices.tell(&resumed(job.id, ResumedFrom::Record, plan, &held));
        } else {
            self.notices.tell(&Notice::AlreadyUploaded { job_id: job.id, status: job.status });
        }
        Ok(Begun {
            job_id: job.id,
            status: job.status,
            plan,
            held,
            are_proven: false,
            urls: SignedUrls::none(),
            tags: Tags::new(record.opaque_tags),
        })
    }

    /// An open job of the dataset that holds parts of this very content. Other people's work is not touched: every
    /// part is proven before anything is sent.
    async fn found_on_server(&self) -> Result<Option<Begun>> {
        if !self.resume || self.content.size() <= NOT_WORTH_RESUMING {
            return Ok(None);
        }
        let Some((job, plan, held)) = self.candidate().await? else { return Ok(None) };
        let tags = Tags::new(false);
        let parts: Vec<_> = held.parts(plan).collect();
        let digests = self.content.digests(&parts);
        pin_mut!(digests);
        while let Some(digested) = digests.next().await {
            let (part, digest) = digested?;
            if held.proven(part.number, &digest, &tags).is_none() {
                self.notices.tell(&Notice::OtherContent { job_id: job.id });
                return Ok(None);
            }
        }
        self.notices.tell(&resumed(job.id, ResumedFrom::Server, plan, &held));
        let urls = SignedUrls::none();
        Ok(Some(Begun { job_id: job.id, status: job.status, plan, held, are_proven: true, urls, tags }))
    }

    /// The newest open job of the same filename, size and type that holds parts.
    async fn candidate(&self) -> Result<Option<(Job, Plan, HeldParts)>> {
        let client = self.client;
        let mut page_token: Option<String> = None;
        loop {
            let request = || {
                let request = client.api().list_jobs().dataset_id(self.dataset_id);
                match &page_token {
                    Some(token) => request.page_token(token.clone()).send(),
                    None => request.status(JobStatus::AwaitingUpload).send(),
                }
            };
            let page = client.call(request).await?;
            for job in page.items.into_iter().filter(|job| self.is_alike(job)) {
                let plan = Plan::new(self.request.file_size, job.part_size)?;
                let held = HeldParts::ask(client, job.id, plan, false).await?;
                if held.count() > 0 {
                    return Ok(Some((job, plan, held)));
                }
            }
            page_token = page.next_page;
            if page_token.is_none() {
                return Ok(None);
            }
        }
    }

    fn is_alike(&self, job: &Job) -> bool {
        u64::try_from(job.file_size) == Ok(self.request.file_size.get())
            && job.filename == *self.request.filename
            && job.content_type == *self.request.content_type
    }

    async fn new_job(&self) -> Result<Begun> {
        let client = self.client;
        let asked_at = SystemTime::now();
        let request = || {
            let operation = client.api().request_presigned_reupload().dataset_id(self.dataset_id);
            operation.body(self.request.clone()).send()
        };
        let answer = client.call_while(request, made_no_job).await?;
        let PresignedUploadResponse { job_id, urls, part_size, .. } = answer;
        let plan = Plan::new(self.request.file_size, part_size)?.with_urls(urls.len())?;
        Ok(Begun {
            job_id,
            status: JobStatus::AwaitingUpload,
            plan,
            held: HeldParts::default(),
            are_proven: false,
            urls: SignedUrls::new(urls, asked_at),
            tags: Tags::new(false),
        })
    }
}

fn resumed(job_id: Uuid, from: ResumedFrom, plan: Plan, held: &HeldParts) -> Notice {
    Notice::Resumed {
        job_id,
        from,
        parts_held: held.count(),
        parts_total: plan.count(),
        bytes_held: held.bytes(plan),
        bytes_total: plan.file_size(),
    }
}

/// Whether a request for URLs surely had no effect, so that another does not leave a second job behind.
fn made_no_job(error: &Error) -> bool {
    match error {
        Error::Transport { source, .. } => source.is_connect(),
        error => {
            let refused = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
            error.is_transient() && error.status().is_some_and(|status| refused.contains(&status))
        }
    }
}
