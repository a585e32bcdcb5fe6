//! Requests to S3 by signed URLs: without the bearer token and redirects, and with a timeout for a stalled transfer
//! instead of one for the whole.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use reqwest::header::{CONTENT_LENGTH, ETAG, HeaderMap, HeaderName, RANGE};
use reqwest::{Body, Response, StatusCode};
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::digest::Digest;
use crate::error::{Error, Peer, Result};
use crate::network::{self, Network};
use crate::retry::retry_after;

const SERVER_SIDE_ENCRYPTION: HeaderName = HeaderName::from_static("x-amz-server-side-encryption");
const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");

/// Maximum bytes of an error body that are read; S3's are below one KiB.
const MAX_ERROR_BODY: usize = 64 * 1024;

/// Factor of the stall timeout for the response once all bytes of a part are sent.
const RESPONSE_TIMEOUT_FACTOR: u32 = 5;

/// The body of one part.
pub(crate) struct PartBody<S> {
    /// Number of the part, from 1.
    pub part_number: u64,
    /// Exact length in bytes, which the URL's signature demands.
    pub length: u64,
    /// Base64 of the MD5 of the bytes, which S3 checks.
    pub content_md5: String,
    /// The bytes.
    pub bytes: S,
}

/// The `ETag` of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartEtag {
    /// As S3 returned it, with or without quotes.
    pub etag: String,
    /// Whether the object is encrypted in a way that makes the `ETag` something else than an MD5.
    pub is_opaque: bool,
}

impl PartEtag {
    fn of(headers: &HeaderMap) -> Option<Self> {
        let etag = headers.get(ETAG)?.to_str().ok()?.to_string();
        Some(Self {
            etag,
            is_opaque: is_kms(headers),
        })
    }
}

/// Whether the response names encryption with KMS keys, under which no `ETag` is an MD5
/// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html>).
pub(crate) fn is_kms(headers: &HeaderMap) -> bool {
    headers
        .get(SERVER_SIDE_ENCRYPTION)
        .is_some_and(|value| value.as_bytes().starts_with(b"aws:kms"))
}

/// The MD5 in an `ETag`, if it has the form of one: 32 hexadecimal digits, with or without quotes.
pub(crate) fn md5_of_etag(etag: &str) -> Option<Digest> {
    let mut digest = Digest::default();
    hex::decode_to_slice(etag.trim_matches('"'), &mut digest)
        .ok()
        .map(|()| digest)
}

/// Whether a new URL may be accepted: stores differ in how they refuse an expired one.
pub(crate) fn is_url_rejected(error: &Error) -> bool {
    matches!(
        error,
        Error::S3 {
            status: StatusCode::BAD_REQUEST | StatusCode::FORBIDDEN,
            ..
        }
    )
}

/// Maximum consecutive renewals of a URL for one part or download.
pub(crate) const MAX_URL_RENEWALS: u32 = 3;

/// HTTP client of the signed URLs.
#[derive(Clone)]
pub(crate) struct S3 {
    http: reqwest::Client,
    stall_timeout: Duration,
}

impl S3 {
    pub fn new(http: reqwest::Client, stall_timeout: Duration) -> Self {
        Self {
            http,
            stall_timeout,
        }
    }

    /// Uploads a part and returns its `ETag`. `on_sent` receives the number of bytes sent so far.
    pub async fn put<S>(
        &self,
        url: &str,
        part: PartBody<S>,
        on_sent: impl Fn(u64),
    ) -> Result<PartEtag>
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        let (sent, progress) = watch::channel(0);
        let bytes = part
            .bytes
            .inspect_ok(move |chunk| sent.send_modify(|sent| *sent += chunk.len() as u64));
        let request = self
            .http
            .put(url)
            // Set explicitly to avoid chunked encoding, which S3 refuses.
            .header(CONTENT_LENGTH, part.length)
            .header(CONTENT_MD5, part.content_md5)
            .body(Body::wrap_stream(bytes));
        let exchange = async {
            let response = error_for_status(send(request).await?, Some(part.part_number)).await?;
            PartEtag::of(response.headers()).ok_or_else(|| {
                Error::InvalidResponse(format!("S3 returned no ETag for part {}", part.part_number))
            })
        };
        tokio::select! {
            etag = exchange => etag,
            () = stall(progress, self.stall_timeout, on_sent) => Err(Error::Stalled(self.stall_timeout)),
        }
    }

    /// Starts to read an object at an offset in bytes.
    pub async fn get(&self, url: &str, offset: u64) -> Result<Response> {
        let mut request = self.http.get(url);
        if offset > 0 {
            request = request.header(RANGE, format!("bytes={offset}-"));
        }
        self.unless_stalled(async { error_for_status(send(request).await?, None).await })
            .await
    }

    /// The next bytes of an object; `None` at its end.
    pub async fn next_chunk(&self, response: &mut Response) -> Result<Option<Bytes>> {
        self.unless_stalled(async { response.chunk().await.map_err(s3_transport) })
            .await
    }

    async fn unless_stalled<T>(&self, exchange: impl Future<Output = Result<T>>) -> Result<T> {
        timeout(self.stall_timeout, exchange)
            .await
            .unwrap_or(Err(Error::Stalled(self.stall_timeout)))
    }
}

/// Returns once no byte was sent for the timeout, and reports the bytes sent.
///
/// `reqwest`'s read timeout runs from the start of a request to the first byte of the response, and would limit the time
/// of a whole part.
async fn stall(mut sent: watch::Receiver<u64>, after: Duration, on_sent: impl Fn(u64)) {
    loop {
        match timeout(after, sent.changed()).await {
            Ok(Ok(())) => on_sent(*sent.borrow_and_update()),
            // The body is dropped once all of it is sent; a store may take long to process a large part.
            Ok(Err(_)) => return sleep(after.saturating_mul(RESPONSE_TIMEOUT_FACTOR)).await,
            Err(_) => return,
        }
    }
}

async fn send(request: reqwest::RequestBuilder) -> Result<Response> {
    Network::send(request).await.map_err(s3_transport)
}

fn s3_transport(error: reqwest::Error) -> Error {
    Error::transport(Peer::S3, error)
}

async fn error_for_status(mut response: Response, part_number: Option<u64>) -> Result<Response> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let proxy = network::proxy_of(response.url());
    if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
        && let Some(proxy) = proxy
    {
        return Err(Error::unauthenticated_proxy(Peer::S3, proxy));
    }
    let retry_after = retry_after(response.headers());
    let mut body = Vec::new();
    // A truncated body is still an error response with this status.
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ERROR_BODY {
            break;
        }
    }
    Err(s3_error(status, &body, part_number, retry_after))
}

/// S3's error document, without the members that echo the request.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ErrorDocument {
    code: String,
    message: String,
}

fn s3_error(
    status: StatusCode,
    body: &[u8],
    part_number: Option<u64>,
    retry_after: Option<Duration>,
) -> Error {
    let text = String::from_utf8_lossy(body);
    let ErrorDocument { code, mut message } = quick_xml::de::from_str(&text).unwrap_or_default();
    // A message that echoes a URL or its query would show the signature.
    if message.contains("://") || message.to_ascii_lowercase().contains("x-amz-") {
        message.clear();
    }
    Error::S3 {
        status,
        code,
        message,
        part_number,
        retry_after,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::s3_error;

    #[test]
    fn error_shows_code_and_message_only() {
        let body = br#"<?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>SignatureDoesNotMatch</Code><Message>The signature does not match &amp; more</Message>
            <StringToSign>X-Amz-Signature=secret</StringToSign><Resource>/bucket/key</Resource></Error>"#;
        let error = s3_error(StatusCode::FORBIDDEN, body, Some(3), None);
        assert_eq!(
            error.to_string(),
            "S3 refused part 3 with 403 Forbidden: SignatureDoesNotMatch The signature does not match & more"
        );
        assert!(!format!("{error:?}").contains("secret"));
    }

    #[test]
    fn message_with_a_url_is_dropped() {
        let body =
            b"<Error><Code>AccessDenied</Code><Message>GET https://s3/key?X-Amz-Signature=secret</Message></Error>";
        let error = s3_error(StatusCode::FORBIDDEN, body, None, None);
        assert!(!format!("{error} {error:?}").contains("secret"));
        assert!(error.to_string().contains("AccessDenied"));
    }

    #[test]
    fn error_without_document_keeps_its_status() {
        for body in [
            &b""[..],
            b"<html><body>Bad gateway</body></html>",
            b"\xff\xfe",
        ] {
            let error = s3_error(StatusCode::BAD_GATEWAY, body, None, None);
            assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
            assert!(error.is_transient());
        }
    }
}
