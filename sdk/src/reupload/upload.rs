//! Sending parts to S3.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use backon::BackoffBuilder;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::stream::FuturesUnordered;
use futures::{StreamExt, pin_mut};
use tokio::time::sleep;

use super::concurrency::Concurrency;
use super::content::Content;
use super::etag::{EtagCheck, EtagMode, PartEtags};
use super::journal::Journal;
use super::plan::{Part, PartNumber};
use super::progress::ProgressTracker;
use super::uploaded_parts::UploadedParts;
use super::urls::UrlPool;
use crate::client::Client;
use crate::digest::Digest;
use crate::error::{Error, Result};
use crate::retry::apply_retry_after;
use crate::s3::{MAX_URL_RENEWALS, PartBody, PartEtag, is_url_rejected};

/// Maximum number of times that the `ETag` of one part may not match before the upload fails.
const MAX_MISMATCHES: u32 = 3;

/// Number of broken connections after which the URL is renewed: the client does not receive a refusal if S3 closes the
/// connection before the part is sent.
const CONNECTION_ERRORS_BEFORE_RENEWAL: u32 = 3;

/// Sends parts of one file to one job.
pub(super) struct Uploader<'a, 'l> {
    pub client: &'a Client,
    pub content: &'a Content,
    pub urls: UrlPool<'a>,
    pub etag_mode: EtagMode,
    pub journal: Option<&'a Journal>,
    pub tracker: &'a ProgressTracker<'l>,
    pub concurrency: Mutex<Concurrency>,
}

impl Uploader<'_, '_> {
    /// Sends parts in parallel, except those that S3 already holds. The first error stops all.
    pub async fn send(&self, parts: &[Part], uploaded: &UploadedParts) -> Result<PartEtags> {
        let digests = self.content.digests(parts);
        pin_mut!(digests);
        let (mut etags, mut in_flight) = (PartEtags::new(), FuturesUnordered::new());
        let mut is_all_digested = false;
        loop {
            let has_room =
                in_flight.len() < self.with_concurrency(|concurrency| concurrency.limit());
            tokio::select! {
                Some(outcome) = in_flight.next() => {
                    let (number, etag) = outcome?;
                    etags.insert(number, etag);
                }
                digested = digests.next(), if has_room && !is_all_digested => match digested.transpose()? {
                    None => is_all_digested = true,
                    Some((part, digest)) => match uploaded.verified_etag(part.number, &digest, &self.etag_mode) {
                        Some(etag) => {
                            self.tracker.already_uploaded(part);
                            etags.insert(part.number, etag.to_string());
                        }
                        None => in_flight.push(self.send_part(part, digest)),
                    },
                },
                else => return Ok(etags),
            }
        }
    }

    async fn send_part(&self, part: Part, digest: Digest) -> Result<(PartNumber, String)> {
        let content_md5 = STANDARD.encode(digest);
        let mut delays = self.client.retry().backoff().build();
        let (mut renewals, mut mismatches, mut connection_errors) = (0, 0, 0);
        loop {
            let url = self.urls.get(part.number).await?;
            let started = Instant::now();
            match self.attempt(&url, part, &content_md5).await {
                Ok(etag) if self.is_accepted(&etag, &digest, mismatches > 0) => {
                    self.confirm(part).await;
                    return Ok((part.number, etag.etag));
                }
                Ok(_) if mismatches < MAX_MISMATCHES => mismatches += 1,
                Ok(_) => {
                    return Err(Error::Corrupted {
                        part_number: Some(part.number.get()),
                    });
                }
                Err(error) if error.is_transient() => {
                    self.with_concurrency(|limit| limit.record_failure(started, Instant::now()));
                    connection_errors += u32::from(matches!(
                        error,
                        Error::Transport { .. } | Error::Proxy { .. } | Error::Stalled(_)
                    ));
                    if connection_errors == CONNECTION_ERRORS_BEFORE_RENEWAL {
                        connection_errors = 0;
                        self.urls.invalidate(part.number).await;
                    }
                    sleep(apply_retry_after(&error, delays.next()).ok_or(error)?).await;
                }
                Err(error) if is_url_rejected(&error) && renewals < MAX_URL_RENEWALS => {
                    // Some systems let a file change without a new time of modification.
                    if self.content.md5(part).await? != digest {
                        return Err(self.content.changed());
                    }
                    renewals += 1;
                    self.urls.invalidate(part.number).await;
                }
                Err(error) => return Err(error),
            }
            self.tracker.retried(1);
        }
    }

    async fn confirm(&self, part: Part) {
        self.urls.remove(part.number).await;
        self.with_concurrency(|limit| limit.record_success(part.length, Instant::now()));
        self.tracker.confirmed(part);
    }

    /// Whether the `ETag` is consistent with the part, which may have been sent before.
    fn is_accepted(&self, etag: &PartEtag, digest: &Digest, is_repeated: bool) -> bool {
        let mode = &self.etag_mode;
        let was_opaque = mode.is_opaque();
        let is_accepted =
            mode.check(etag, digest) == EtagCheck::Match || (is_repeated && mode.assume_opaque());
        if mode.is_opaque() && !was_opaque {
            self.journal.inspect(|journal| journal.save_opaque_etags());
        }
        is_accepted
    }

    async fn attempt(&self, url: &str, part: Part, content_md5: &str) -> Result<PartEtag> {
        let (bytes, failure) = self.content.read(part);
        let body = PartBody {
            part_number: part.number.get(),
            length: part.length,
            content_md5: content_md5.to_string(),
            bytes,
        };
        let etag = self
            .client
            .s3()
            .put(url, body, |bytes| self.tracker.sent(part, bytes))
            .await;
        // Before the result is used: a file that became shorter looks like a broken connection, a rewritten one like a
        // wrong digest.
        self.content.check_unchanged().await?;
        match failure.take() {
            Some(error) => Err(self.content.unreadable(error)),
            None => etag,
        }
    }

    fn with_concurrency<T>(&self, work: impl FnOnce(&mut Concurrency) -> T) -> T {
        work(
            &mut self
                .concurrency
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}
