//! A reupload from start to end, in five steps.

use std::sync::Mutex;
use std::time::Instant;

use super::cleanup::Cleanup;
use super::commit::{Commit, Committed};
use super::complete::Completion;
use super::concurrency::Concurrency;
use super::content::Content;
use super::etag::{PartEtags, is_different_object};
use super::event::{EventEmitter, EventListener};
use super::inspect::Inspection;
use super::job::{JobResolver, UploadJob};
use super::journal::Journal;
use super::open::{Opened, open};
use super::outcome::ReuploadOutcome;
use super::plan::Part;
use super::policy::{CommitPolicy, ExpectedVersion};
use super::progress::{Phase, ProgressListener, ProgressTracker};
use super::settings::{Input, Settings};
use super::upload::Uploader;
use super::urls::UrlPool;
use crate::error::{Error, Result};
use crate::generated::types::{Job, JobStatus, Preview, Version};

/// Runs a reupload, and cleans up after it.
pub(super) async fn run(
    settings: Settings<'_>,
    input: Input,
    on_progress: Option<ProgressListener<'_>>,
    on_event: Option<EventListener<'_>>,
) -> Result<ReuploadOutcome> {
    let events = &EventEmitter::new(on_event);
    let opened = open(&settings, input, events).await?;
    let job = resolve_job(&settings, &opened, events).await?;
    let cleanup = Cleanup {
        client: settings.client,
        job_id: job.job_id,
        plan: job.plan,
        is_joined: job.is_joined,
        journal: opened.journal.as_ref(),
    };
    let tracker = &ProgressTracker::new(job.job_id, job.plan, on_progress);
    let reupload = Reupload {
        settings: &settings,
        content: &opened.content,
        journal: opened.journal.as_ref(),
        tracker,
    };
    cleanup.run(reupload.run(job).await).await
}

async fn resolve_job(
    settings: &Settings<'_>,
    opened: &Opened,
    events: &EventEmitter<'_>,
) -> Result<UploadJob> {
    let resolver = JobResolver {
        client: settings.client,
        dataset_id: settings.dataset_id,
        request: opened.request.clone(),
        content: &opened.content,
        expected: settings.expected,
        may_search: opened.may_search,
        journal: opened.journal.as_ref(),
        events,
    };
    resolver.resolve().await
}

/// The steps of a reupload that has a job.
struct Reupload<'a, 'l> {
    settings: &'a Settings<'a>,
    content: &'a Content,
    journal: Option<&'a Journal>,
    tracker: &'a ProgressTracker<'l>,
}

impl<'a, 'l> Reupload<'a, 'l> {
    async fn run(&self, job: UploadJob) -> Result<ReuploadOutcome> {
        let (job_id, expected) = (job.job_id, job.expected);
        let inspection = Inspection {
            settings: self.settings,
            tracker: self.tracker,
            job_id,
        };
        let (mut object_etag, mut status) = (None, job.status);
        if status == JobStatus::AwaitingUpload {
            let plan = job.plan;
            let (uploader, etags) = self.upload_parts(job).await?;
            self.tracker.enter(Phase::Complete);
            let completion = Completion {
                dataset_id: self.settings.dataset_id,
                job_id,
                plan,
                uploader: &uploader,
                read_options: self.settings.read_options.as_ref(),
                commit: self.is_committed_at_once(expected),
            };
            let completed = completion.run(etags).await?;
            status = completed.status;
            object_etag = uploader.etag_mode.of_object(&completed.etags);
            self.tracker.enter(Phase::Inspect);
        } else {
            job.plan
                .parts()
                .for_each(|part| self.tracker.already_uploaded(part));
            self.tracker.enter(Phase::Inspect);
            inspection.restart(status).await?;
        }
        let inspected = inspection.run(status).await?;
        self.commit(inspected, expected, object_etag).await
    }

    /// Whether the server may commit without another request of this call: it replaces the job's base version, and admits
    /// what the policy of the dataset admits.
    fn is_committed_at_once(&self, expected: ExpectedVersion) -> bool {
        self.settings.commit != CommitPolicy::LeaveAtPreview
            && !self.settings.force
            && matches!(expected, ExpectedVersion::Base)
    }

    /// Sends the parts that S3 does not hold. Returns the `ETag`s of all parts.
    async fn upload_parts(&self, job: UploadJob) -> Result<(Uploader<'a, 'l>, PartEtags)> {
        let UploadJob {
            job_id,
            plan,
            uploaded,
            are_verified,
            urls,
            etag_mode,
            ..
        } = job;
        let is_missing = |part: &Part| !uploaded.contains(part.number);
        let missing: Vec<Part> = plan.parts().filter(is_missing).collect();
        let numbers = missing.iter().map(|part| part.number);
        let max_concurrency = self.settings.concurrency;
        let uploader = Uploader {
            client: self.settings.client,
            content: self.content,
            urls: UrlPool::new(self.settings.client, job_id, numbers, urls),
            etag_mode,
            journal: self.journal,
            tracker: self.tracker,
            concurrency: Mutex::new(Concurrency::new(max_concurrency, Instant::now())),
        };
        let etags = if are_verified {
            uploaded
                .parts(plan)
                .for_each(|part| self.tracker.already_uploaded(part));
            let sent = uploader.send(&missing, &uploaded).await?;
            uploaded.into_etags().into_iter().chain(sent).collect()
        } else {
            let parts: Vec<Part> = plan.parts().collect();
            uploader.send(&parts, &uploaded).await?
        };
        Ok((uploader, etags))
    }

    /// Commits the inspected job by policy.
    async fn commit(
        &self,
        (job, preview): (Job, Preview),
        expected: ExpectedVersion,
        object_etag: Option<String>,
    ) -> Result<ReuploadOutcome> {
        let commit = Commit {
            settings: self.settings,
            tracker: self.tracker,
            job: &job,
            preview: &preview,
            expected,
            object_etag: object_etag.as_deref(),
        };
        let (version, refused) = match commit.run().await? {
            Committed::Version(version) => (Some(*version), Vec::new()),
            Committed::Refused(changes) => (None, changes),
        };
        let is_of_job = |version: &Version| version.job_id == job.id;
        if let Some(version) = version.as_ref().filter(|version| is_of_job(version))
            && object_etag.is_some_and(|etag| is_different_object(&version.etag, &etag))
        {
            return Err(Error::ConcurrentUpload {
                version: version.version,
            });
        }
        let progress = self.tracker.progress();
        Ok(ReuploadOutcome {
            is_unchanged: version.as_ref().is_some_and(|version| !is_of_job(version)),
            job,
            preview,
            version,
            refused,
            bytes_sent: progress.bytes_done - progress.bytes_held,
            bytes_held: progress.bytes_held,
            retries: progress.retries,
        })
    }
}
