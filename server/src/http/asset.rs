//! Files that never change while the process runs: compressed at most once, and sent only to those who do not have them yet.

use bytes::Bytes;
use dropshot::{Body, HttpError};
use flate2::Compression;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use restow_api::response::is_known;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use super::gzip;

/// A file, as it is sent.
#[derive(Debug)]
pub(super) struct Asset {
    /// The content and the same compressed, of which one is there and the other one is made when it is requested.
    content: OnceCell<Bytes>,
    compressed: OnceCell<Bytes>,
    headers: HeaderMap,
}

impl Asset {
    /// A file of a media type, which caches keep as `cache_control` says.
    pub(super) fn new(
        content: impl Into<Bytes>,
        content_type: &'static str,
        cache_control: &'static str,
    ) -> Self {
        let content = content.into();
        let headers = headers(&content, content_type, cache_control);
        Self {
            content: OnceCell::new_with(Some(content)),
            compressed: OnceCell::new(),
            headers,
        }
    }

    /// The same of a file that is compressed already, with gzip.
    pub(super) fn from_gzip(
        compressed: &'static [u8],
        content_type: &'static str,
        cache_control: &'static str,
    ) -> Self {
        Self {
            content: OnceCell::new(),
            compressed: OnceCell::new_with(Some(Bytes::from_static(compressed))),
            headers: headers(compressed, content_type, cache_control),
        }
    }

    /// Adds a header to the responses.
    pub(super) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The response to a request with these headers.
    ///
    /// # Errors
    /// If the response cannot be built.
    pub(super) async fn response(&self, request: &HeaderMap) -> Result<Response<Body>, HttpError> {
        let mut response = Response::new(Body::empty());
        response.headers_mut().extend(self.headers.clone());
        if is_known(request, &self.headers[header::ETAG]) {
            response.headers_mut().remove(header::CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(response);
        }
        let body = if gzip::is_accepted(request) {
            let gzip = HeaderValue::from_static("gzip");
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, gzip);
            self.compressed().await?
        } else {
            self.content().await?
        };
        *response.body_mut() = body.into();
        Ok(response)
    }

    async fn content(&self) -> Result<Bytes, HttpError> {
        let compressed = self.compressed.get().cloned().unwrap_or_default();
        let content = self
            .content
            .get_or_try_init(|| gzip::decompressed(compressed));
        content.await.cloned().map_err(|error| internal(&error))
    }

    async fn compressed(&self) -> Result<Bytes, HttpError> {
        let content = self.content.get().cloned().unwrap_or_default();
        let compress = || gzip::compressed(content, Compression::default());
        let compressed = self.compressed.get_or_try_init(compress);
        compressed.await.cloned().map_err(|error| internal(&error))
    }
}

fn internal(error: &std::io::Error) -> HttpError {
    HttpError::for_internal_error(error.to_string())
}

/// The headers of all responses; the entity tag is of these bytes.
fn headers(bytes: &[u8], content_type: &'static str, cache_control: &'static str) -> HeaderMap {
    let hash = hex::encode(&Sha256::digest(bytes)[..16]);
    // Weak, since the compressed content has the same one.
    let etag = HeaderValue::try_from(format!("W/\"{hash}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("W/\"\""));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static(cache_control),
        ),
        (header::ETAG, etag),
        (header::VARY, HeaderValue::from_static("Accept-Encoding")),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    headers.into_iter().collect()
}
