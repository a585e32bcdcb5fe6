//! Reading a version's data straight from S3.

use std::num::NonZeroU64;
use std::path::Path;

use backon::Retryable;
use reqwest::Response;
use tokio::fs::{self, File};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use uuid::Uuid;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::Download;

/// A download to be: which version of which dataset.
#[derive(Debug, Clone, Copy)]
#[must_use = "nothing is read before `to_path` or `to_writer`"]
pub struct DownloadRequest<'a> {
    client: &'a Client,
    dataset_id: Uuid,
    version: Option<i64>,
}

/// What was downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// Name of the file that was uploaded.
    pub filename: String,
    /// Size in bytes; exactly as many were written.
    pub file_size: u64,
    /// Entity tag of the object, without quotes; an MD5 of the content only on some stores.
    pub etag: String,
}

impl<'a> DownloadRequest<'a> {
    pub(crate) fn new(client: &'a Client, dataset_id: Uuid) -> Self {
        Self { client, dataset_id, version: None }
    }

    /// Reads this version, numbered from 1, instead of the current one.
    pub fn version(mut self, version: i64) -> Self {
        self.version = Some(version);
        self
    }

    /// Writes the data to a file, replacing what is there once all of it has arrived. Until then it is in a
    /// file beside it, of the same name with `.partial` at the end.
    ///
    /// # Errors
    ///
    /// Those of [`to_writer`](Self::to_writer), and [`Error::File`].
    pub async fn to_path(self, path: impl AsRef<Path>) -> Result<Downloaded> {
        let path = path.as_ref();
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = Path::new(&partial);
        let failed = |source| Error::File { path: partial.to_owned(), source };

        let mut file = File::create(partial).await.map_err(failed)?;
        match self.to_writer(&mut file).await {
            Ok(downloaded) => {
                fs::rename(partial, path).await.map_err(failed)?;
                Ok(downloaded)
            }
            Err(error) => {
                // What hindered the download is worth more to the caller than what hinders the clean-up.
                let _ = fs::remove_file(partial).await;
                Err(match error {
                    Error::Write(source) => failed(source),
                    error => error,
                })
            }
        }
    }

    /// Writes the data to a writer and flushes it.
    ///
    /// # Errors
    ///
    /// The API's and S3's refusals, a transport that broke, [`Error::Write`], and [`Error::WrongLength`].
    /// Once bytes have been written nothing is tried again.
    pub async fn to_writer(self, writer: &mut (impl AsyncWrite + Unpin)) -> Result<Downloaded> {
        let (about, mut response) = self.open().await?;
        let file_size = u64::try_from(about.file_size)
            .map_err(|_| Error::InvalidAnswer(format!("a file size of {}", about.file_size)))?;
        let mut received = 0;
        while let Some(chunk) = self.client.s3().next_chunk(&mut response).await? {
            received += chunk.len() as u64;
            writer.write_all(&chunk).await.map_err(Error::Write)?;
        }
        writer.flush().await.map_err(Error::Write)?;
        if received != file_size {
            return Err(Error::WrongLength { expected: file_size, received });
        }
        Ok(Downloaded { filename: about.filename, file_size, etag: about.etag })
    }

    /// Asks for a URL and begins to read from it.
    async fn open(&self) -> Result<(Download, Response)> {
        let about = self.sign().await?;
        let get = || self.client.s3().get(&about.url);
        let response = get.retry(self.client.retry().backoff()).when(Error::is_transient).await?;
        Ok((about, response))
    }

    async fn sign(&self) -> Result<Download> {
        let (client, dataset_id) = (self.client, self.dataset_id);
        match self.version {
            Some(version) => {
                let number = u64::try_from(version).ok().and_then(NonZeroU64::new);
                let version = number.ok_or_else(|| Error::InvalidRequest(format!("version: {version}")))?;
                let sign = || client.api().download_version().dataset_id(dataset_id).version(version).send();
                client.call(sign).await
            }
            None => client.call(|| client.api().download_dataset().dataset_id(dataset_id).send()).await,
        }
    }
}
