//! Sending parts to S3.

use std::collections::BTreeMap;

use backon::Retryable;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::StatusCode;

use super::plan::{Part, PartNumber};
use super::progress::Tracker;
use super::source::Source;
use super::urls::UrlPool;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::s3::PartBody;

/// How often one part may be refused for its URL.
const MOST_RENEWALS: u32 = 3;

/// `ETag`s of the parts that S3 has, by number.
pub(super) type Sent = BTreeMap<PartNumber, String>;

/// Sends parts of one file to one upload.
pub(super) struct Uploader<'a, 'l> {
    pub client: &'a Client,
    pub source: &'a Source,
    pub urls: UrlPool<'a>,
    pub tracker: &'a Tracker<'l>,
    pub concurrency: usize,
}

impl Uploader<'_, '_> {
    /// Sends parts, some at a time. The first error stops all.
    pub async fn send(&self, parts: impl IntoIterator<Item = Part>) -> Result<Sent> {
        let sends = stream::iter(parts).map(|part| async move { Ok((part.number, self.send_part(part).await?)) });
        sends.buffer_unordered(self.concurrency).try_collect().await
    }

    async fn send_part(&self, part: Part) -> Result<String> {
        let content_md5 = self.source.md5(part).await?;
        let mut renewals = 0;
        loop {
            let url = self.urls.get(part.number).await?;
            match self.send_to(&url, part, &content_md5).await {
                Ok(etag) => {
                    self.urls.retire(part.number).await;
                    self.tracker.done(part);
                    return Ok(etag);
                }
                Err(error) if is_of_url(&error) && renewals < MOST_RENEWALS => {
                    // Some systems let a file change without a new time of modification.
                    if self.source.md5(part).await? != content_md5 {
                        return Err(self.source.changed());
                    }
                    renewals += 1;
                    self.urls.refused(part.number).await;
                    self.tracker.retried(1);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends a part to a URL, again and again while the error is a passing one.
    async fn send_to(&self, url: &str, part: Part, content_md5: &str) -> Result<String> {
        (|| self.try_once(url, part, content_md5))
            .retry(self.client.retry().backoff())
            .when(Error::is_transient)
            .notify(|_, _| self.tracker.retried(1))
            .await
    }

    async fn try_once(&self, url: &str, part: Part, content_md5: &str) -> Result<String> {
        let body = PartBody {
            part_number: part.number.get(),
            length: part.length,
            content_md5: content_md5.to_string(),
            bytes: self.source.read(part).await?,
        };
        let etag = self.client.s3().put(url, body, |bytes| self.tracker.sent(part, bytes)).await;
        // First of all: a file that became shorter looks like a broken connection, a rewritten one like a
        // wrong digest.
        self.source.check_unchanged().await?;
        etag
    }
}

/// Whether a new URL may help: stores differ in how they refuse an expired one.
fn is_of_url(error: &Error) -> bool {
    matches!(error, Error::S3 { status: StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN, .. })
}
