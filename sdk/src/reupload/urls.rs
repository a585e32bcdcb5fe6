//! Signed URLs of parts, renewed before they expire.

use std::collections::BTreeMap;
use std::iter::once;
use std::ops::Bound::{Excluded, Unbounded};
use std::time::{Duration, SystemTime};

use reqwest::Url;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::plan::PartNumber;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::generated::types::{PartUrl, PartUrlsRequest};

/// Number of URLs per request. More would expire before their parts are sent.
const BATCH_SIZE: usize = 16;

/// Maximum time before its expiry from which a URL is no longer used: S3 checks it when the request arrives.
const MAX_EXPIRY_MARGIN: Duration = Duration::from_mins(1);

struct SignedUrl {
    url: String,
    /// Time of the request, before the URL was signed.
    requested_at: SystemTime,
    /// How long it is used after the request; `None` if the URL does not name its lifetime.
    usable: Option<Duration>,
}

impl SignedUrl {
    fn new(url: String, requested_at: SystemTime) -> Self {
        let usable =
            lifetime(&url).map(|life| life.saturating_sub(MAX_EXPIRY_MARGIN.min(life / 10)));
        Self {
            url,
            requested_at,
            usable,
        }
    }

    /// Compares with the time that has passed since the request, so that a wrong clock on either side does no harm. The
    /// wall clock, since the monotonic one may stop while a machine sleeps.
    fn is_fresh(&self) -> bool {
        let age = self.requested_at.elapsed().unwrap_or_default();
        self.usable.is_none_or(|usable| age < usable)
    }
}

fn lifetime(url: &str) -> Option<Duration> {
    let url = Url::parse(url).ok()?;
    let (_, seconds) = url
        .query_pairs()
        .find(|(name, _)| name == "X-Amz-Expires")?;
    seconds.parse().ok().map(Duration::from_secs)
}

/// The URLs of a new job, one for each part in order; empty for a job that is resumed.
pub(super) struct SignedUrls {
    urls: Vec<String>,
    /// Time of the request, before the URLs were signed.
    requested_at: SystemTime,
}

impl SignedUrls {
    pub fn new(urls: Vec<String>, requested_at: SystemTime) -> Self {
        Self { urls, requested_at }
    }

    pub fn none() -> Self {
        Self::new(Vec::new(), SystemTime::UNIX_EPOCH)
    }
}

/// The URLs of the parts that are not sent yet.
pub(super) struct UrlPool<'a> {
    client: &'a Client,
    job_id: Uuid,
    /// `None` where there is no URL, or S3 has refused it.
    urls: Mutex<BTreeMap<PartNumber, Option<SignedUrl>>>,
}

impl<'a> UrlPool<'a> {
    /// The pool for these parts, in order.
    pub fn new(
        client: &'a Client,
        job_id: Uuid,
        parts: impl Iterator<Item = PartNumber>,
        signed: SignedUrls,
    ) -> Self {
        let SignedUrls { urls, requested_at } = signed;
        let mut pool: BTreeMap<_, _> = parts.map(|number| (number, None)).collect();
        let numbers = (1..).filter_map(PartNumber::new);
        pool.extend(
            numbers
                .zip(urls)
                .map(|(number, url)| (number, Some(SignedUrl::new(url, requested_at)))),
        );
        Self {
            client,
            job_id,
            urls: Mutex::new(pool),
        }
    }

    /// The URL of a part. If there is no fresh one, requests it, together with those that are needed next.
    pub async fn get(&self, number: PartNumber) -> Result<String> {
        // Held during the request, so that other parts wait for the batch instead of requesting their own.
        let mut urls = self.urls.lock().await;
        if let Some(Some(signed)) = urls.get(&number)
            && signed.is_fresh()
        {
            return Ok(signed.url.clone());
        }
        let later = urls.range((Excluded(number), Unbounded));
        let stale = later.filter(|(_, signed)| !signed.as_ref().is_some_and(SignedUrl::is_fresh));
        let wanted = once(number)
            .chain(stale.map(|(number, _)| *number))
            .take(BATCH_SIZE)
            .collect();
        let requested_at = SystemTime::now();
        for PartUrl {
            part_number, url, ..
        } in self.request(wanted).await?
        {
            if let Some(number) = u64::try_from(part_number).ok().and_then(PartNumber::new) {
                urls.insert(number, Some(SignedUrl::new(url, requested_at)));
            }
        }
        match urls.get(&number) {
            Some(Some(signed)) => Ok(signed.url.clone()),
            _ => Err(Error::InvalidResponse(format!("no URL for part {number}"))),
        }
    }

    /// Drops the URL of a part that S3 has refused.
    pub async fn invalidate(&self, number: PartNumber) {
        self.urls.lock().await.insert(number, None);
    }

    /// Removes a part that has been sent.
    pub async fn remove(&self, number: PartNumber) {
        self.urls.lock().await.remove(&number);
    }

    async fn request(&self, part_numbers: Vec<PartNumber>) -> Result<Vec<PartUrl>> {
        let request = || {
            let body = PartUrlsRequest {
                part_numbers: part_numbers.clone(),
            };
            self.client
                .api()
                .request_part_urls()
                .job_id(self.job_id)
                .body(body)
                .send()
        };
        Ok(self.client.call(request).await?.items)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::SignedUrl;

    fn is_fresh(life: u64, age: u64) -> bool {
        let url = format!(
            "https://s3.example/key?X-Amz-Date=20260101T000000Z&X-Amz-Expires={life}&partNumber=1"
        );
        let requested_at = SystemTime::now() - Duration::from_secs(age);
        SignedUrl::new(url, requested_at).is_fresh()
    }

    #[test]
    fn url_is_fresh_until_shortly_before_expiry() {
        assert!(is_fresh(3600, 3530));
        assert!(!is_fresh(3600, 3541));
        assert!(is_fresh(60, 50));
        assert!(!is_fresh(60, 55));
    }

    #[test]
    fn url_without_lifetime_is_always_fresh() {
        assert!(
            SignedUrl::new("https://s3.example/key".to_string(), SystemTime::UNIX_EPOCH).is_fresh()
        );
    }
}
