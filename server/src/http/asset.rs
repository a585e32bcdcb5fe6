//! Files that never change while the process runs: compressed once, and sent only to those who do not have them yet.

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
    content: Bytes,
    compressed: OnceCell<Bytes>,
    headers: HeaderMap,
    etag: HeaderValue,
}

impl Asset {
    /// A file of a media type, which caches keep as `cache_control` says.
    pub(super) fn new(
        content: impl Into<Bytes>,
        content_type: &'static str,
        cache_control: &'static str,
    ) -> Self {
        let content = content.into();
        let hash = hex::encode(&Sha256::digest(&content)[..16]);
        // Weak, since the compressed content has the same one.
        let etag = HeaderValue::try_from(format!("W/\"{hash}\""))
            .unwrap_or_else(|_| HeaderValue::from_static("W/\"\""));
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
            (
                header::CACHE_CONTROL,
                HeaderValue::from_static(cache_control),
            ),
            (header::ETAG, etag.clone()),
            (header::VARY, HeaderValue::from_static("Accept-Encoding")),
            (
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ),
        ];
        Self {
            content,
            compressed: OnceCell::new(),
            headers: headers.into_iter().collect(),
            etag,
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
        if is_known(request, &self.etag) {
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
            self.content.clone()
        };
        *response.body_mut() = body.into();
        Ok(response)
    }

    async fn compressed(&self) -> Result<Bytes, HttpError> {
        let compress = || gzip::compressed(self.content.clone(), Compression::default());
        self.compressed
            .get_or_try_init(compress)
            .await
            .cloned()
            .map_err(|error| HttpError::for_internal_error(error.to_string()))
    }
}
