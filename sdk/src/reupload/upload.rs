//! Sending parts to S3.

use std::collections::BTreeMap;
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
use super::etag::{EtagCheck, EtagMode};
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

/// How often one part may turn out to be something else than what was sent.
const MAX_CORRUPTIONS: u32 = 3;

/// After how many broken connections the URL is doubted: a refusal is not heard where S3 ends the connection before
/// the part is sent.
const MAX_CONNECTION_ERRORS: u32 = 3;

/// `ETag`s of the parts that S3 has, by number.
pub(super) type PartEtags = BTreeMap<PartNumber, String>;

/// Sends parts of one file to one upload.
pub(super) struct Uploader<'a, 'l> {
    pub client: &'a Client,
    pub content: &'a Content,
    pub urls: UrlPool<'a>,
    pub tags: EtagMode,
    pub journal: Option<&'a Journal>,
    pub tracker: &'a ProgressTracker<'l>,
    pub concurrency: Mutex<Concurrency>,
}

impl Uploader<'_, '_> {
    /// Sends parts, some at a time, but for those that S3 holds already. The first error stops all.
    pub async fn send(&self, parts: &[Part], held: &UploadedParts) -> Result<PartEtags> {
        let digests = self.content.digests(parts);
        pin_mut!(digests);
        let (mut sent, mut under_way) = (PartEtags::new(), FuturesUnordered::new());
        let mut is_all_digested = false;
        loop {
            let has_room =
                under_way.len() < self.with_concurrency(|concurrency| concurrency.limit());
            tokio::select! {
                Some(outcome) = under_way.next() => {
                    let (number, etag) = outcome?;
                    sent.insert(number, etag);
                }
                digested = digests.next(), if has_room && !is_all_digested => match digested.transpose()? {
                    None => is_all_digested = true,
                    Some((part, digest)) => match held.verified_etag(part.number, &digest, &self.tags) {
                        Some(etag) => {
                            self.tracker.found(part);
                            sent.insert(part.number, etag.to_string());
                        }
                        None => under_way.push(self.send_part(part, digest)),
                    },
                },
                else => return Ok(sent),
            }
        }
    }

    async fn send_part(&self, part: Part, digest: Digest) -> Result<(PartNumber, String)> {
        let content_md5 = STANDARD.encode(digest);
        let mut delays = self.client.retry().backoff().build();
        let (mut renewals, mut corruptions, mut breaks) = (0, 0, 0);
        loop {
            let url = self.urls.get(part.number).await?;
            let began = Instant::now();
            match self.try_once(&url, part, &content_md5).await {
                Ok(tag) if self.is_right(&tag, &digest, corruptions > 0) => {
                    self.urls.remove(part.number).await;
                    self.with_concurrency(|concurrency| {
                        concurrency.record_success(part.length, Instant::now())
                    });
                    self.tracker.confirmed_part(part);
                    return Ok((part.number, tag.etag));
                }
                Ok(_) if corruptions < MAX_CORRUPTIONS => corruptions += 1,
                Ok(_) => {
                    return Err(Error::Corrupted {
                        part_number: Some(part.number.get()),
                    });
                }
                Err(error) if error.is_transient() => {
                    self.with_concurrency(|concurrency| {
                        concurrency.record_failure(began, Instant::now())
                    });
                    breaks +=
                        u32::from(matches!(error, Error::Transport { .. } | Error::Stalled(_)));
                    if breaks == MAX_CONNECTION_ERRORS {
                        breaks = 0;
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

    /// Whether the tag does not speak against the part, which may have been sent before.
    fn is_right(&self, tag: &PartEtag, digest: &Digest, is_repeated: bool) -> bool {
        let were_opaque = self.tags.are_opaque();
        let is_right = self.tags.check(tag, digest) == EtagCheck::Match
            || (is_repeated && self.tags.assume_opaque());
        if self.tags.are_opaque() && !were_opaque {
            self.journal.inspect(|journal| journal.save_opaque_etags());
        }
        is_right
    }

    async fn try_once(&self, url: &str, part: Part, content_md5: &str) -> Result<PartEtag> {
        let (bytes, failure) = self.content.read(part);
        let body = PartBody {
            part_number: part.number.get(),
            length: part.length,
            content_md5: content_md5.to_string(),
            bytes,
        };
        let tag = self
            .client
            .s3()
            .put(url, body, |bytes| self.tracker.sent(part, bytes))
            .await;
        // First of all: a file that became shorter looks like a broken connection, a rewritten one like a
        // wrong digest.
        self.content.check_unchanged().await?;
        match failure.take() {
            Some(error) => Err(self.content.unreadable(error)),
            None => tag,
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
