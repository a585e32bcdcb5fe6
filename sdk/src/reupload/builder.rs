//! What a caller says of a reupload.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::{Stream, stream};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::commit::{CommitPolicy, ExpectedVersion};
use super::event::{EventListener, UploadEvent};
use super::progress::{Listener, Progress};
use super::run;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::{Job, Preview, Version};
use crate::record::state_dir;
use crate::source::Source;

/// Most parts under way at once, unless the caller says otherwise.
const DEFAULT_CONCURRENCY: usize = 8;

/// A reupload to be: to which dataset.
#[derive(Debug, Clone)]
#[must_use = "a reupload needs something to upload"]
pub struct ReuploadSourceBuilder<'a> {
    client: &'a Client,
    dataset_id: Uuid,
}

impl<'a> ReuploadSourceBuilder<'a> {
    pub(crate) fn new(client: &'a Client, dataset_id: Uuid) -> Self {
        Self { client, dataset_id }
    }

    /// Replaces the data with the content of a file, which is not touched before
    /// [`send`](ReuploadBuilder::send).
    pub fn file(self, path: impl Into<PathBuf>) -> ReuploadBuilder<'a> {
        let path = path.into();
        let filename = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        self.pending(Input::File(path), filename)
    }

    /// Replaces the data with bytes in memory, under a filename.
    pub fn bytes(
        self,
        filename: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> ReuploadBuilder<'a> {
        self.source(filename, bytes.into())
    }

    /// Replaces the data with whatever can open a range of its bytes, under a filename.
    pub fn source(self, filename: impl Into<String>, source: impl Source) -> ReuploadBuilder<'a> {
        self.pending(Input::Source(Box::new(source)), filename.into())
    }

    fn pending(self, input: Input, filename: String) -> ReuploadBuilder<'a> {
        let settings = Settings {
            client: self.client,
            dataset_id: self.dataset_id,
            filename,
            content_type: None,
            concurrency: DEFAULT_CONCURRENCY,
            commit: CommitPolicy::default(),
            expected: ExpectedVersion::default(),
            resume: Resume::default(),
            state_dir: state_dir(),
            on_progress: None,
            on_event: None,
        };
        ReuploadBuilder {
            input,
            settings,
            cancelled: CancellationToken::new(),
        }
    }
}

/// What is to be uploaded.
pub(super) enum Input {
    File(PathBuf),
    Source(Box<dyn Source>),
}

/// Whether a reupload goes on with what an earlier one has left behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Resume {
    /// An upload of a file is recorded, and the next one of the same, unchanged file to the same dataset goes on with
    /// it. Without a record, as on another machine, an open job of the dataset with the same filename, size and
    /// content type is gone on with if every part that S3 holds of it is proven by its MD5. Files of at most 5 MiB,
    /// S3's smallest part, always begin anew.
    #[default]
    Automatic,
    /// Every upload begins anew, and nothing is recorded.
    Never,
}

/// What came of a reupload.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReuploadOutcome {
    /// The job, as it was after the inspection.
    pub job: Job,
    /// What the inspection found.
    pub preview: Preview,
    /// The new current version; `None` if the [`CommitPolicy`] left the job at its preview.
    pub version: Option<Version>,
    /// Bytes of the file that this call has sent; what was sent again counts once.
    pub bytes_sent: u64,
    /// Bytes of the file that S3 had already.
    pub bytes_held: u64,
    /// How often a part had to be sent again.
    pub retries: u64,
}

/// A reupload of a file or something like it: its settings, and [`send`](Self::send).
#[must_use = "nothing is sent before `send`"]
pub struct ReuploadBuilder<'a> {
    input: Input,
    settings: Settings<'a>,
    cancelled: CancellationToken,
}

/// How it is to be uploaded, and to where.
pub(super) struct Settings<'a> {
    pub client: &'a Client,
    pub dataset_id: Uuid,
    pub filename: String,
    pub content_type: Option<String>,
    /// Most parts under way at once.
    pub concurrency: usize,
    pub commit: CommitPolicy,
    pub expected: ExpectedVersion,
    pub resume: Resume,
    pub state_dir: Option<PathBuf>,
    pub on_progress: Option<Listener<'a>>,
    pub on_event: Option<EventListener<'a>>,
}

impl<'a> ReuploadBuilder<'a> {
    /// Name that the version keeps, 1 to 255 characters; by default the last component of the path.
    pub fn filename(mut self, filename: impl Into<String>) -> Self {
        self.settings.filename = filename.into();
        self
    }

    /// MIME type that the version keeps, at most 255 characters; by default guessed from the filename's
    /// extension, and `application/octet-stream` where that says nothing.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.settings.content_type = Some(content_type.into());
        self
    }

    /// Most parts under way at once, at least 1; 8 by default. Four are at the beginning, and more as long as that
    /// makes the whole faster. Each costs some hundred KiB of memory, whatever the size of the file and of its parts.
    pub fn concurrency(mut self, parts: usize) -> Self {
        self.settings.concurrency = parts.max(1);
        self
    }

    /// What to do once the file has been inspected; [`CommitPolicy::Always`] by default.
    pub fn commit(mut self, policy: CommitPolicy) -> Self {
        self.settings.commit = policy;
        self
    }

    /// The version that the dataset has to be at, or none: looked at before anything is sent, and held to when the
    /// job is committed. By default the one that is current when the job begins.
    pub fn replaces(mut self, version: Option<i64>) -> Self {
        self.settings.expected = ExpectedVersion::Exactly(version);
        self
    }

    /// Whether to go on with an earlier upload; [`Resume::Automatic`] by default.
    pub fn resume(mut self, resume: Resume) -> Self {
        self.settings.resume = resume;
        self
    }

    /// Directory in which the upload is recorded; by default [`state_dir`](crate::state_dir).
    pub fn state_dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.settings.state_dir = Some(directory.as_ref().to_owned());
        self
    }

    /// Calls a function whenever there is progress, first when there is a job. It should return soon: the upload
    /// waits for it.
    pub fn on_progress(mut self, listener: impl FnMut(&Progress) + Send + 'a) -> Self {
        self.settings.on_progress = Some(Box::new(listener));
        self
    }

    /// The same as a stream, which ends with the upload: whoever is slow to ask gets the newest only. It takes the
    /// place of [`on_progress`](Self::on_progress).
    pub fn progress_stream(self) -> (Self, impl Stream<Item = Progress> + Send + Unpin + 'static) {
        let (sender, receiver) = watch::channel(None);
        let pending = self.on_progress(move |progress| {
            sender.send_replace(Some(*progress));
        });
        let changes = stream::unfold(receiver, async |mut receiver| {
            receiver.changed().await.ok()?;
            let newest = *receiver.borrow_and_update();
            Some((newest?, receiver))
        });
        (pending, Box::pin(changes))
    }

    /// Calls a function with what is worth telling a person.
    pub fn on_event(mut self, listener: impl FnMut(&UploadEvent) + Send + 'a) -> Self {
        self.settings.on_event = Some(Box::new(listener));
        self
    }

    /// Stops the reupload with [`Error::Cancelled`] once this token is cancelled. Nothing that S3 has is lost: the
    /// same call goes on from there.
    pub fn cancel_on(mut self, token: CancellationToken) -> Self {
        self.cancelled = token;
        self
    }

    /// Uploads, waits for the inspection, and commits by policy.
    ///
    /// Each part is read twice: once for its MD5, which S3 checks, and once to be sent. What fails for a
    /// reason that passes is tried again by the client's [`RetryPolicy`](crate::RetryPolicy), and URLs are
    /// renewed before they expire.
    ///
    /// After an error the job is left as it is until its deadline, so that nothing that S3 has is lost: the same
    /// call goes on with it. [`Progress::job_id`] names it. The same holds when the future is dropped.
    ///
    /// # Errors
    ///
    /// [`Error::SourceChanged`] if the content changes meanwhile: then the job is cancelled, for what S3 has is of
    /// no use, unless it was one that somebody else may have begun. [`Error::JobEnded`] if somebody ends the job
    /// meanwhile. [`Error::JobFailed`] if the content is bad. [`Error::VersionConflict`] and refusals of the API with
    /// `version_conflict` if the dataset is at another version. Refusals of the API and of S3, and transport errors
    /// that did not pass.
    pub async fn send(self) -> Result<ReuploadOutcome> {
        let run = Box::pin(run::run(self.settings, self.input));
        self.cancelled
            .run_until_cancelled(run)
            .await
            .unwrap_or(Err(Error::Cancelled))
    }
}
