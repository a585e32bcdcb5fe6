//! [`Client::reupload`] and its builders.

use std::fmt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::{Stream, stream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::event::{EventListener, UploadEvent};
use super::outcome::ReuploadOutcome;
use super::policy::{CommitPolicy, ExpectedVersion};
use super::progress::{Progress, ProgressListener};
use super::run::run;
use super::settings::{DEFAULT_CONCURRENCY, Input, Resume, Settings};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::{Acceptance, ReadOptions};
use crate::record::state_dir;
use crate::source::Source;

impl Client {
    /// Replaces the data of a dataset.
    ///
    /// Select the content with [`file`](ReuploadSourceBuilder::file), [`bytes`](ReuploadSourceBuilder::bytes) or
    /// [`source`](ReuploadSourceBuilder::source), and start with [`send`](ReuploadBuilder::send).
    ///
    /// # Example
    /// ```no_run
    /// # async fn run(client: restow_sdk::Client, dataset_id: uuid::Uuid) -> Result<(), restow_sdk::Error> {
    /// let outcome = client.reupload(dataset_id).file("measurements.csv").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn reupload(&self, dataset_id: Uuid) -> ReuploadSourceBuilder<'_> {
        ReuploadSourceBuilder {
            client: self,
            dataset_id,
        }
    }
}

/// Selects the content of a reupload.
#[derive(Debug, Clone)]
#[must_use = "a reupload needs content: call `file`, `bytes` or `source`"]
pub struct ReuploadSourceBuilder<'a> {
    client: &'a Client,
    dataset_id: Uuid,
}

impl<'a> ReuploadSourceBuilder<'a> {
    /// Uploads a file, which is not opened before [`send`](ReuploadBuilder::send).
    pub fn file(self, path: impl Into<PathBuf>) -> ReuploadBuilder<'a> {
        let path = path.into();
        let filename = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        self.with_input(Input::File(path), filename)
    }

    /// Uploads bytes in memory under a filename.
    pub fn bytes(
        self,
        filename: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> ReuploadBuilder<'a> {
        self.source(filename, bytes.into())
    }

    /// Uploads any [`Source`] under a filename.
    pub fn source(self, filename: impl Into<String>, source: impl Source) -> ReuploadBuilder<'a> {
        self.with_input(Input::Source(Box::new(source)), filename.into())
    }

    fn with_input(self, input: Input, filename: String) -> ReuploadBuilder<'a> {
        let settings = Settings {
            client: self.client,
            dataset_id: self.dataset_id,
            filename,
            content_type: None,
            concurrency: DEFAULT_CONCURRENCY,
            commit: CommitPolicy::default(),
            read_options: None,
            accept: Vec::new(),
            force: false,
            expected: ExpectedVersion::default(),
            resume: Resume::default(),
            state_dir: state_dir(),
        };
        ReuploadBuilder {
            input,
            settings,
            on_progress: None,
            on_event: None,
            cancelled: CancellationToken::new(),
        }
    }
}

/// Settings of a reupload, and [`send`](Self::send), which runs it.
#[must_use = "nothing is sent before `send`"]
pub struct ReuploadBuilder<'a> {
    input: Input,
    settings: Settings<'a>,
    on_progress: Option<ProgressListener<'a>>,
    on_event: Option<EventListener<'a>>,
    cancelled: CancellationToken,
}

impl<'a> ReuploadBuilder<'a> {
    /// Filename of the version, 1 to 255 characters; by default the last component of the path.
    pub fn filename(mut self, filename: impl Into<String>) -> Self {
        self.settings.filename = filename.into();
        self
    }

    /// MIME type of the version, at most 255 characters; by default guessed from the extension of the filename, and
    /// `application/octet-stream` for unknown extensions.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.settings.content_type = Some(content_type.into());
        self
    }

    /// Maximum number of parallel part uploads, at least 1; 8 by default. An upload starts with four, and adds more as
    /// long as that raises its throughput. Each takes some hundred KiB of memory, whatever the size of the parts.
    pub fn concurrency(mut self, parts: usize) -> Self {
        self.settings.concurrency = parts.max(1);
        self
    }

    /// When to commit the inspected file; [`CommitPolicy::Always`] by default.
    pub fn commit(mut self, policy: CommitPolicy) -> Self {
        self.settings.commit = policy;
        self
    }

    /// How to read the file. By default as the dataset's current version was read, if its caller stated that; everything
    /// else is detected. A resumed job that is inspected already is inspected again with these options.
    pub fn read_options(mut self, options: ReadOptions) -> Self {
        self.settings.read_options = Some(options);
        self
    }

    /// Kinds of changes to accept even if they are breaking or the policy of the dataset refuses them. With
    /// [`Acceptance::Uninspected`], a file is committed even if it cannot be read as it stands.
    pub fn accept(mut self, kinds: impl IntoIterator<Item = Acceptance>) -> Self {
        self.settings.accept = kinds.into_iter().collect();
        self
    }

    /// Whether a file with the same bytes as the current version becomes a new version; `false` by default.
    pub fn force(mut self, force: bool) -> Self {
        self.settings.force = force;
        self
    }

    /// The version that the reupload must replace, numbered from 1; `None` if the dataset must have no version. It is
    /// checked before anything is sent and again by the commit. By default the version that is current when the job
    /// is created.
    pub fn replaces(mut self, version: Option<i64>) -> Self {
        self.settings.expected = ExpectedVersion::Exactly(version);
        self
    }

    /// Whether to resume an earlier upload; [`Resume::Automatic`] by default.
    pub fn resume(mut self, resume: Resume) -> Self {
        self.settings.resume = resume;
        self
    }

    /// Directory of the record of the upload; by default [`state_dir`](crate::state_dir).
    pub fn state_dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.settings.state_dir = Some(directory.as_ref().to_owned());
        self
    }

    /// Calls a function on every progress, first when the job is known. The upload waits for the function, so it
    /// should return quickly.
    pub fn on_progress(mut self, listener: impl FnMut(&Progress) + Send + 'a) -> Self {
        self.on_progress = Some(Box::new(listener));
        self
    }

    /// The progress as a stream, which ends with the upload. A slow consumer receives only the latest value. Replaces
    /// [`on_progress`](Self::on_progress).
    pub fn progress_stream(self) -> (Self, impl Stream<Item = Progress> + Send + Unpin + 'static) {
        let (sender, receiver) = watch::channel(None);
        let builder = self.on_progress(move |progress| {
            sender.send_replace(Some(*progress));
        });
        let changes = stream::unfold(receiver, async |mut receiver| {
            receiver.changed().await.ok()?;
            let newest = *receiver.borrow_and_update();
            Some((newest?, receiver))
        });
        (builder, Box::pin(changes))
    }

    /// Calls a function on events that a person should see.
    pub fn on_event(mut self, listener: impl FnMut(&UploadEvent) + Send + 'a) -> Self {
        self.on_event = Some(Box::new(listener));
        self
    }

    /// Stops the reupload with [`Error::Cancelled`] when this token is cancelled. S3 keeps the parts that it holds, and
    /// the same call resumes the upload.
    pub fn cancel_on(mut self, token: CancellationToken) -> Self {
        self.cancelled = token;
        self
    }

    /// Uploads the content, waits for the inspection, and commits by policy.
    ///
    /// Each part is read twice: once for its MD5, which S3 checks, and once to be sent. A file of at most 1 MiB is read once,
    /// when the upload begins. Transient errors are retried by the client's [`RetryPolicy`](crate::RetryPolicy), and URLs are
    /// renewed before they expire.
    ///
    /// After an error, or if the future is dropped, the job stays open until its deadline, and the same call resumes
    /// it. [`Progress::job_id`] is its id.
    ///
    /// # Errors
    ///
    /// - [`Error::SourceChanged`] if the content changes during the upload. The job is then cancelled, unless another
    ///   process may have created it.
    /// - [`Error::JobEnded`] if the job is cancelled or expires during the upload.
    /// - [`Error::JobRejected`] if the content cannot be read as it stands. The job stays open.
    /// - [`Error::JobFailed`] if the object is lost.
    /// - [`Error::VersionConflict`], or [`Error::Api`] with `version_conflict`, if the dataset is at another version.
    /// - [`Error::Api`], [`Error::S3`] and [`Error::Transport`] if a request is refused, or still fails after the last
    ///   retry.
    pub async fn send(self) -> Result<ReuploadOutcome> {
        let Self {
            input,
            settings,
            on_progress,
            on_event,
            cancelled,
        } = self;
        let run = Box::pin(run(settings, input, on_progress, on_event));
        cancelled
            .run_until_cancelled(run)
            .await
            .unwrap_or(Err(Error::Cancelled))
    }
}

impl fmt::Debug for ReuploadBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReuploadBuilder")
            .field("dataset_id", &self.settings.dataset_id)
            .field("filename", &self.settings.filename)
            .finish_non_exhaustive()
    }
}
