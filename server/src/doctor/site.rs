//! The upload that presigned URLs are tried with, as a client sees it.

use chrono::{DateTime, Utc};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request};

use super::Finding;
use super::rights::Trial;
use crate::app::Settings;
use crate::clock;
use crate::http::Origin;
use crate::storage::{
    MAX_EXPIRES, PresignedClient, PresignedResponse, Reason, StorageError, UrlLife,
};

/// What is sent as a part.
pub(super) const BODY: &[u8] = b"restow\n";

/// What the checks need.
pub(super) struct Site<'a> {
    pub(super) trial: &'a Trial<'a>,
    pub(super) client: PresignedClient,
    pub(super) settings: &'a Settings,
    pub(super) origins: &'a [Origin],
    /// Whether the object of the trial is there.
    pub(super) has_object: bool,
}

impl Site<'_> {
    /// Scheme and host of signed URLs.
    pub(super) fn base(&self) -> &str {
        self.trial.storage.signer().base()
    }

    /// As long as URLs are valid, from `from` on.
    pub(super) fn life(&self, from: DateTime<Utc>) -> UrlLife {
        UrlLife {
            from,
            seconds: self.seconds(),
        }
    }

    /// How long URLs are valid, in seconds.
    pub(super) fn seconds(&self) -> i64 {
        let seconds = self.settings.url_expires.num_seconds();
        seconds.clamp(1, MAX_EXPIRES)
    }

    /// A presigned URL for a part of the length of [`BODY`].
    pub(super) async fn part_url(
        &self,
        number: u32,
        life: UrlLife,
    ) -> Result<String, StorageError> {
        let storage = self.trial.storage;
        let credentials = storage.upload_credentials(clock::now()).await?;
        let id = self.trial.upload_id.as_deref().unwrap_or_default();
        let signer = storage
            .signer()
            .upload(&self.trial.upload_key, id, life, &credentials);
        Ok(signer.part(number, BODY.len() as u64).url)
    }

    /// Sends a part with further headers.
    pub(super) async fn put(
        &self,
        url: &str,
        body: &[u8],
        headers: &[(HeaderName, HeaderValue)],
    ) -> Result<PresignedResponse, Reason> {
        let mut request = request(Method::PUT, url, body)?;
        let own = request.headers_mut();
        own.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        own.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        own.extend(headers.iter().cloned());
        self.client.send(request).await
    }
}

/// A request without headers.
pub(super) fn request(method: Method, url: &str, body: &[u8]) -> Result<Request<Vec<u8>>, Reason> {
    let request = Request::builder().method(method).uri(url);
    request.body(body.to_vec()).map_err(|_| Reason::Refused)
}

/// A check that got no response.
pub(super) fn no_response(name: &'static str, reason: Reason) -> Finding {
    Finding::failed(name, reason.cause(), reason.advice())
}
