//! Reuploads by the SDK, which looks after itself.

use chrono::Utc;
use rand::RngExt;
use rand::rngs::StdRng;
use restow_sdk::generated::types::{JobStatus, Version as VersionResponse};
use restow_sdk::{CommitPolicy, Error};
use uuid::Uuid;

use crate::torture::api::Ended;
use crate::torture::client::{Client, Replaces};
use crate::torture::content::Content;
use crate::torture::model::Job;
use crate::torture::plan;
use crate::torture::report::Section;

/// Refusals that an upload under fire may end with.
const REFUSALS: [&str; 5] = [
    "quota_exceeded",
    "too_many_open_jobs",
    "unavailable",
    "parts_mismatch",
    "invalid_state",
];

impl Client {
    /// Replaces the data of a dataset by the SDK's uploader.
    pub async fn reupload_by_sdk(&mut self, generator: &mut StdRng) -> Result<(), Ended> {
        let dataset_id = self.any_dataset(generator).await?;
        let big = generator.random_bool(0.1);
        let content = Content::any(generator, big);
        let Some(sdk) = plan::any(generator, &self.sdk).cloned() else {
            return Ok(());
        };
        let path = self.directory.join(format!("client-{}", self.number));
        if let Err(error) = tokio::fs::write(&path, content.bytes()).await {
            return Err(self.violation(&format!("no file to upload: {error}")));
        }
        let (asked_at, mut job_id) = (Utc::now(), None);
        let upload = sdk
            .reupload(dataset_id)
            .file(&path)
            .filename(&content.filename)
            .content_type(content.content_type());
        let upload = upload
            .commit(CommitPolicy::Always)
            .on_progress(|progress| job_id = Some(progress.job_id));
        let outcome = upload.send().await;
        let Some(job_id) = job_id else {
            return self.judge_no_job(outcome.err());
        };
        let Some(dataset) = self.model.dataset(dataset_id) else {
            return Ok(());
        };
        let mut job = Job::new(job_id, dataset, content, asked_at);
        job.ask_completion();
        job.commit_requested = true;
        self.note_job(job, asked_at);
        match outcome {
            Ok(done) => {
                let outcome = if done.version.is_some() {
                    "with a version"
                } else {
                    "without a version"
                };
                self.api
                    .shared
                    .report
                    .count(Section::Operations, &format!("{:28} done {outcome}", "SDK"));
                self.take_uploaded(job_id, done.version.as_ref()).await
            }
            Err(error) => self.take_failed_upload(job_id, &error).await,
        }
    }

    async fn take_uploaded(
        &mut self,
        job_id: Uuid,
        version: Option<&VersionResponse>,
    ) -> Result<(), Ended> {
        let job = self.look(job_id).await?;
        let reported = version.map(|version| version.version);
        if job.status == JobStatus::Committed && job.version == reported && reported.is_some() {
            return Ok(());
        }
        Err(self.violation(&format!("the SDK reports version {reported:?} of {job:?}")))
    }

    /// Reads the state of the uploader's job, and continues from there.
    async fn take_failed_upload(&mut self, job_id: Uuid, error: &Error) -> Result<(), Ended> {
        self.judge_error(error)?;
        match self.look(job_id).await?.status {
            JobStatus::Ready => self.commit(job_id, Replaces::Unstated).await.map(drop),
            JobStatus::AwaitingUpload | JobStatus::Inspecting | JobStatus::Rejected => {
                self.cancel(job_id).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    fn judge_no_job(&self, error: Option<Error>) -> Result<(), Ended> {
        match error {
            Some(error) => self.judge_error(&error),
            None => Err(self.violation("the SDK has uploaded without a job")),
        }
    }

    fn judge_error(&self, error: &Error) -> Result<(), Ended> {
        let outcome = error.error_type().map_or_else(
            || {
                format!("{error:?}")
                    .split([' ', '('])
                    .next()
                    .unwrap_or_default()
                    .to_string()
            },
            str::to_string,
        );
        self.api
            .shared
            .report
            .count(Section::Operations, &format!("{:28} {outcome}", "SDK"));
        let expected = match error {
            Error::Api { .. } => error
                .error_type()
                .is_some_and(|error_type| REFUSALS.contains(&error_type)),
            Error::Transport { .. }
            | Error::S3 { .. }
            | Error::Stalled(_)
            | Error::JobRejected { .. }
            | Error::JobFailed(_)
            | Error::JobEnded(_) => true,
            _ => false,
        };
        if expected {
            Ok(())
        } else {
            Err(self.violation(&format!("the SDK ends with {error:?}")))
        }
    }
}
