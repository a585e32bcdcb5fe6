//! [`Client::download`] and its builder.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use tokio::io::AsyncWrite;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::object::Object;
use super::outcome::DownloadOutcome;
use super::partial::PartialFile;
use super::progress::{DownloadProgress, ProgressListener};
use super::target::{Target, open_stream};
use super::transfer::Transfer;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::record::state_dir;

impl Client {
    /// Downloads the data of a dataset: that of the current version, unless
    /// [`version`](DownloadBuilder::version) selects another.
    ///
    /// # Example
    /// ```no_run
    /// # async fn run(client: restow_sdk::Client, dataset_id: uuid::Uuid) -> Result<(), restow_sdk::Error> {
    /// let outcome = client.download(dataset_id).to_path("measurements.csv").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn download(&self, dataset_id: Uuid) -> DownloadBuilder<'_> {
        DownloadBuilder::new(self, dataset_id)
    }
}

/// Settings of a download, and the methods that run it.
#[must_use = "nothing is read before `to_path` or `to_writer`"]
pub struct DownloadBuilder<'a> {
    client: &'a Client,
    dataset_id: Uuid,
    version: Option<i64>,
    is_verified: bool,
    may_replace: bool,
    state_dir: Option<PathBuf>,
    on_progress: Option<ProgressListener<'a>>,
    cancelled: CancellationToken,
}

impl<'a> DownloadBuilder<'a> {
    pub(crate) fn new(client: &'a Client, dataset_id: Uuid) -> Self {
        Self {
            client,
            dataset_id,
            version: None,
            is_verified: true,
            may_replace: true,
            state_dir: state_dir(),
            on_progress: None,
            cancelled: CancellationToken::new(),
        }
    }

    /// Downloads this version, numbered from 1, instead of the current one.
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// Whether the data is verified by the `ETag` of the object where that is made of MD5s; true by default. Disable it for
    /// a store whose `ETag`s only look like that.
    pub fn verify(mut self, is_verified: bool) -> Self {
        self.is_verified = is_verified;
        self
    }

    /// Whether [`to_path`](Self::to_path) replaces an existing file; true by default. Otherwise it fails with
    /// [`Error::File`] of the kind [`AlreadyExists`](std::io::ErrorKind::AlreadyExists) if the file exists, also if it
    /// was created during the download, or if there is a partial file that no recorded download wrote.
    pub fn replace(mut self, may_replace: bool) -> Self {
        self.may_replace = may_replace;
        self
    }

    /// Directory of the record of the download; by default [`state_dir`](crate::state_dir).
    pub fn state_dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.state_dir = Some(directory.as_ref().to_owned());
        self
    }

    /// Calls a function on every progress. The download waits for the function, so it should return quickly.
    pub fn on_progress(mut self, listener: impl FnMut(&DownloadProgress) + Send + 'a) -> Self {
        self.on_progress = Some(Box::new(listener));
        self
    }

    /// Stops the download with [`Error::Cancelled`] when this token is cancelled. The bytes already written are kept.
    pub fn cancel_on(mut self, token: CancellationToken) -> Self {
        self.cancelled = token;
        self
    }

    /// Downloads to a file. The data is first written to a file of the same name with `.partial` appended, which the same
    /// call resumes after a failure, and renamed once it is complete and verified. An existing file is then replaced,
    /// unless [`replace`](Self::replace) is false; if the path is a symbolic link, its target is. A partial file that an
    /// earlier call left of another version or dataset is replaced, and is never written through a link.
    ///
    /// A device, a pipe or an open descriptor, such as `/dev/stdout`, is written to as it is: nothing is replaced, and
    /// nothing can be resumed.
    ///
    /// # Errors
    ///
    /// Those of [`to_writer`](Self::to_writer), and [`Error::File`]: of the kind
    /// [`ResourceBusy`](std::io::ErrorKind::ResourceBusy) while another download goes to the same file.
    pub async fn to_path(self, path: impl AsRef<Path>) -> Result<DownloadOutcome> {
        let token = self.cancelled.clone();
        let download = Box::pin(self.into_file(path.as_ref()));
        token
            .run_until_cancelled(download)
            .await
            .unwrap_or(Err(Error::Cancelled))
    }

    /// Downloads to a writer and flushes it. After a broken connection the download resumes at the same offset.
    ///
    /// # Errors
    ///
    /// [`Error::Api`], [`Error::S3`] and [`Error::Transport`] if a request is refused, or still fails after the last
    /// retry; [`Error::Write`], [`Error::WrongLength`], and [`Error::Corrupted`], which is returned after the last byte.
    pub async fn to_writer(
        self,
        writer: &mut (impl AsyncWrite + Unpin + Send),
    ) -> Result<DownloadOutcome> {
        let token = self.cancelled.clone();
        let download = Box::pin(async {
            let object = Object::find(self.client, self.dataset_id, self.version).await?;
            Transfer::new(object, self.is_verified, self.on_progress)
                .run(writer)
                .await
        });
        token
            .run_until_cancelled(download)
            .await
            .unwrap_or(Err(Error::Cancelled))
    }

    async fn into_file(self, path: &Path) -> Result<DownloadOutcome> {
        let object = Object::find(self.client, self.dataset_id, self.version).await?;
        let mut transfer = Transfer::new(object, self.is_verified, self.on_progress);
        let failed = |source| Error::File {
            path: path.to_owned(),
            source,
        };
        let path = match Target::of(path, self.may_replace).map_err(failed)? {
            Target::File(path) => path,
            Target::Stream(path) => return into_stream(path, transfer).await,
        };
        let mut file = PartialFile::open(
            &path,
            self.state_dir.as_deref(),
            self.may_replace,
            &mut transfer,
        )
        .await?;
        match transfer.run(file.writer()).await {
            Ok(outcome) => file.finish().await.map(|()| outcome),
            Err(error) => Err(file.fail(error)),
        }
    }
}

/// Writes to what is no regular file.
async fn into_stream(path: PathBuf, transfer: Transfer<'_>) -> Result<DownloadOutcome> {
    let opening = spawn_blocking({
        let path = path.clone();
        move || open_stream(&path)
    });
    let opened = opening
        .await
        .unwrap_or_else(|panic| Err(io::Error::other(panic)));
    let written = match opened {
        Ok(file) => transfer.run(&mut tokio::fs::File::from_std(file)).await,
        Err(error) => Err(Error::Write(error)),
    };
    written.map_err(|error| match error {
        Error::Write(source) => Error::File { path, source },
        error => error,
    })
}

impl fmt::Debug for DownloadBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadBuilder")
            .field("dataset_id", &self.dataset_id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
