//! Replacing the data of a dataset with a local file.

mod completion;
mod plan;
mod progress;
mod source;
mod upload;
mod urls;

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use mime_guess::from_path as guess;
use reqwest::StatusCode;
use uuid::Uuid;

use self::completion::Completion;
use self::plan::Plan;
use self::progress::{Listener, Tracker};
pub use self::progress::{Phase, Progress};
use self::source::Source;
use self::upload::Uploader;
use self::urls::UrlPool;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::{
    CommitJobRequest, Job, PresignedUploadRequest, PresignedUploadResponse, Preview, Version,
};

const DEFAULT_CONCURRENCY: usize = 4;

/// A reupload to be: to which dataset.
#[derive(Debug, Clone)]
#[must_use = "a reupload needs a file"]
pub struct ReuploadRequest<'a> {
    client: &'a Client,
    dataset_id: Uuid,
}

impl<'a> ReuploadRequest<'a> {
    pub(crate) fn new(client: &'a Client, dataset_id: Uuid) -> Self {
        Self { client, dataset_id }
    }

    /// Replaces the data with the content of a file, which is not touched before
    /// [`send`](FileReupload::send).
    pub fn file(self, path: impl Into<PathBuf>) -> FileReupload<'a> {
        FileReupload {
            client: self.client,
            dataset_id: self.dataset_id,
            path: path.into(),
            filename: None,
            content_type: None,
            concurrency: DEFAULT_CONCURRENCY,
            commit: CommitPolicy::default(),
            listener: None,
        }
    }
}

/// When an uploaded and inspected file becomes the dataset's current version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CommitPolicy {
    /// At once, unless the dataset has moved since the reupload began: then the API refuses with
    /// `version_conflict`, and the job stays `ready`.
    #[default]
    Always,
    /// Like [`Always`](Self::Always) where readers of the current version can read the file too
    /// (`schema_diff.compatible` of the preview), else not at all.
    IfCompatible,
    /// Not at all: the job stays `ready`, to be committed or cancelled by its id.
    LeaveAtPreview,
}

/// What came of a reupload.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reupload {
    /// The job, as it was after the inspection.
    pub job: Job,
    /// What the inspection found.
    pub preview: Preview,
    /// The new current version; `None` if the [`CommitPolicy`] left the job at its preview.
    pub version: Option<Version>,
}

/// A reupload of a file: its settings, and [`send`](Self::send).
#[must_use = "nothing is sent before `send`"]
pub struct FileReupload<'a> {
    client: &'a Client,
    dataset_id: Uuid,
    path: PathBuf,
    filename: Option<String>,
    content_type: Option<String>,
    concurrency: usize,
    commit: CommitPolicy,
    listener: Option<Listener<'a>>,
}

impl<'a> FileReupload<'a> {
    /// Name that the version keeps, 1 to 255 characters; by default the last component of the path.
    pub fn filename(mut self, filename: impl Into<String>) -> Self {
        self.filename = Some(filename.into());
        self
    }

    /// MIME type that the version keeps, at most 255 characters; by default guessed from the filename's
    /// extension, and `application/octet-stream` where that says nothing.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Most parts under way at once, at least 1; 4 by default. Each costs some hundred KiB of memory,
    /// whatever the size of the file and of its parts.
    pub fn concurrency(mut self, parts: usize) -> Self {
        self.concurrency = parts.max(1);
        self
    }

    /// What to do once the file has been inspected; [`CommitPolicy::Always`] by default.
    pub fn commit(mut self, policy: CommitPolicy) -> Self {
        self.commit = policy;
        self
    }

    /// Calls a function whenever there is progress, first when the job has been made. It should return soon:
    /// the upload waits for it.
    pub fn on_progress(mut self, listener: impl FnMut(&Progress) + Send + 'a) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Uploads the file, waits for its inspection, and commits by policy.
    ///
    /// Each part is read twice: once for its MD5, which S3 checks, and once to be sent. What fails for a
    /// reason that passes is tried again by the client's [`RetryPolicy`](crate::RetryPolicy), and URLs are
    /// renewed before they expire.
    ///
    /// After an error the job is left as it is until its deadline, so that nothing that S3 has is lost;
    /// [`Progress::job_id`] names it. The same holds when the future is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::FileChanged`] if the file changes meanwhile: then the job is cancelled, for what S3 has is of
    /// no use. [`Error::JobFailed`] if the content is bad. Refusals of the API and of S3, and transport errors
    /// that did not pass.
    pub async fn send(self) -> Result<Reupload> {
        let source = Source::open(&self.path).await?;
        let asked_at = SystemTime::now();
        let begun = begin(self.client, self.dataset_id, self.request(source.size())?).await?;
        let (client, job_id) = (self.client, begun.job_id);
        let outcome = self.finish(&source, begun, asked_at).await;
        if let Err(Error::FileChanged(_)) = &outcome {
            // The server's deadline does the same later, so there is nothing to make of a failure.
            let _ = client.api().cancel_job().job_id(job_id).send().await;
        }
        outcome
    }

    fn request(&self, file_size: NonZeroU64) -> Result<PresignedUploadRequest> {
        let filename = self.filename.clone().unwrap_or_else(|| file_name(&self.path));
        let content_type =
            self.content_type.clone().unwrap_or_else(|| guess(&filename).first_or_octet_stream().to_string());
        let invalid = |member| move |error| Error::InvalidRequest(format!("{member}: {error}"));
        Ok(PresignedUploadRequest {
            filename: filename.try_into().map_err(invalid("filename"))?,
            content_type: content_type.try_into().map_err(invalid("content_type"))?,
            file_size,
        })
    }

    async fn finish(self, source: &Source, begun: PresignedUploadResponse, asked_at: SystemTime) -> Result<Reupload> {
        let Self { client, dataset_id, concurrency, commit, listener, .. } = self;
        let PresignedUploadResponse { job_id, urls, part_size, .. } = begun;
        let plan = Plan::new(source.size(), part_size, urls.len())?;
        let tracker = &Tracker::new(job_id, plan, listener);
        let urls = UrlPool::new(client, job_id, urls, asked_at);
        let uploader = &Uploader { client, source, urls, tracker, concurrency };

        let sent = uploader.send(plan.parts()).await?;
        tracker.enter(Phase::Complete);
        Completion { dataset_id, job_id, plan, uploader }.run(sent).await?;
        tracker.enter(Phase::Inspect);
        let job = client.wait(job_id).await?;
        let preview = client.call(|| client.api().get_preview().job_id(job_id).send()).await?;
        let version = if commit.admits(&preview) {
            tracker.enter(Phase::Commit);
            let body = CommitJobRequest::default;
            Some(client.call(|| client.api().commit_job().job_id(job_id).body(body()).send()).await?)
        } else {
            None
        };
        Ok(Reupload { job, preview, version })
    }
}

impl CommitPolicy {
    fn admits(self, preview: &Preview) -> bool {
        match self {
            Self::Always => true,
            Self::IfCompatible => preview.schema_diff.compatible,
            Self::LeaveAtPreview => false,
        }
    }
}

async fn begin(client: &Client, dataset_id: Uuid, body: PresignedUploadRequest) -> Result<PresignedUploadResponse> {
    let request = || client.api().request_presigned_reupload().dataset_id(dataset_id).body(body.clone()).send();
    client.call_while(request, made_no_job).await
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

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
