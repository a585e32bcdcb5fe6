//! Transferring the bytes of an object to a writer, with reconnections.

use std::time::Instant;

use backon::BackoffBuilder;
use reqwest::{Response, StatusCode};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::sleep;

use super::checksum::Checksum;
use super::object::Object;
use super::outcome::{DownloadOutcome, Verification};
use super::progress::{DownloadProgress, ProgressListener};
use crate::error::{Error, Result};
use crate::rate::Rate;
use crate::retry::apply_retry_after;
use crate::s3::{MAX_URL_RENEWALS, is_kms, is_url_rejected};

/// One download.
pub(super) struct Transfer<'a> {
    pub object: Object<'a>,
    is_verified: bool,
    /// `None` where the data is verified by its length only.
    checksum: Option<Checksum>,
    progress: DownloadProgress,
    rate: Rate,
    listener: Option<ProgressListener<'a>>,
}

impl<'a> Transfer<'a> {
    pub fn new(
        object: Object<'a>,
        is_verified: bool,
        listener: Option<ProgressListener<'a>>,
    ) -> Self {
        let progress = DownloadProgress {
            bytes_done: 0,
            bytes_total: object.size,
            bytes_held: 0,
            bytes_per_second: 0,
            retries: 0,
        };
        Self {
            object,
            is_verified,
            checksum: None,
            progress,
            rate: Rate::default(),
            listener,
        }
    }

    /// A new checksum, if the data is to be verified.
    // Not async: the listener cannot be shared, so a future that borrows all of the transfer could not be sent to another
    // thread.
    pub fn new_checksum(&self) -> impl Future<Output = Result<Option<Checksum>>> + Send {
        let (object, is_verified) = (&self.object, self.is_verified);
        async move {
            if is_verified {
                object.checksum().await
            } else {
                Ok(None)
            }
        }
    }

    /// Resumes after bytes that an earlier call has written.
    pub fn resume_after(&mut self, bytes: u64, checksum: Option<Checksum>) {
        self.checksum = checksum;
        (self.progress.bytes_done, self.progress.bytes_held) = (bytes, bytes);
    }

    /// Writes the missing bytes.
    pub async fn run(
        mut self,
        writer: &mut (impl AsyncWrite + Unpin + Send),
    ) -> Result<DownloadOutcome> {
        if self.progress.bytes_held == 0 {
            self.checksum = self.new_checksum().await?;
        }
        self.notify();
        let backoff = self.object.client.retry().backoff();
        let (mut delays, mut renewals) = (backoff.build(), 0);
        while self.progress.bytes_done < self.progress.bytes_total {
            let before = self.progress.bytes_done;
            let Err(error) = self.attempt(writer).await else {
                continue;
            };
            if self.progress.bytes_done > before {
                (delays, renewals) = (backoff.build(), 0);
            }
            if is_url_rejected(&error) && renewals < MAX_URL_RENEWALS {
                renewals += 1;
                self.object.renew().await?;
            } else if error.is_transient() || self.is_truncated(&error, before) {
                sleep(apply_retry_after(&error, delays.next()).ok_or(error)?).await;
            } else {
                return Err(error);
            }
            self.progress.retries += 1;
            self.notify();
        }
        writer.flush().await.map_err(Error::Write)?;
        self.finish()
    }

    /// Reads one response to its end.
    async fn attempt(&mut self, writer: &mut (impl AsyncWrite + Unpin + Send)) -> Result<()> {
        let s3 = self.object.client.s3();
        let offset = self.progress.bytes_done;
        let mut response = s3.get(&self.object.url, offset).await?;
        // A server that ignores the range sends the object from the start.
        let mut to_skip = if response.status() == StatusCode::PARTIAL_CONTENT {
            0
        } else {
            offset
        };
        self.check_length(&response, offset - to_skip)?;
        if is_kms(response.headers()) {
            self.checksum = None;
        }
        while let Some(mut chunk) = s3.next_chunk(&mut response).await? {
            let skipped = to_skip.min(chunk.len() as u64);
            to_skip -= skipped;
            let chunk = chunk.split_off(usize::try_from(skipped).unwrap_or(chunk.len()));
            if self.progress.bytes_done + chunk.len() as u64 > self.progress.bytes_total {
                return Err(self.wrong_length(self.progress.bytes_done + chunk.len() as u64));
            }
            writer.write_all(&chunk).await.map_err(Error::Write)?;
            if let Some(checksum) = &mut self.checksum {
                checksum.update(&chunk);
            }
            self.progress.bytes_done += chunk.len() as u64;
            self.progress.bytes_per_second = self.rate.count(chunk.len() as u64, Instant::now());
            self.notify();
        }
        if self.progress.bytes_done == self.progress.bytes_total {
            return Ok(());
        }
        Err(self.wrong_length(self.progress.bytes_done))
    }

    /// Fails for an object of another length before anything is written.
    fn check_length(&self, response: &Response, offset: u64) -> Result<()> {
        match response.content_length() {
            Some(length) if offset + length != self.progress.bytes_total => {
                Err(self.wrong_length(offset + length))
            }
            _ => Ok(()),
        }
    }

    /// Whether a response without a length ended early, after some bytes.
    fn is_truncated(&self, error: &Error, before: u64) -> bool {
        let done = self.progress.bytes_done;
        matches!(error, Error::WrongLength { received, .. } if *received == done && done > before)
    }

    fn wrong_length(&self, received: u64) -> Error {
        Error::WrongLength {
            expected: self.progress.bytes_total,
            received,
        }
    }

    fn finish(self) -> Result<DownloadOutcome> {
        let verification = match self.checksum.map(Checksum::matches) {
            None => Verification::Length,
            Some(true) => Verification::Md5,
            Some(false) => return Err(Error::Corrupted { part_number: None }),
        };
        let Object {
            version,
            filename,
            size,
            etag,
            ..
        } = self.object;
        let bytes_held = self.progress.bytes_held;
        Ok(DownloadOutcome {
            version,
            filename,
            file_size: size,
            etag,
            bytes_held,
            verification,
        })
    }

    fn notify(&mut self) {
        if let Some(listener) = &mut self.listener {
            listener(&self.progress);
        }
    }
}
