//! Files that never change while the process runs: compressed once, and sent only to those who do not have them yet.

use std::io::Write;

use bytes::Bytes;
use dropshot::{Body, HttpError};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use restow_api::response::is_known;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

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
        let body = if accepts_gzip(request) {
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
        let content = self.content.clone();
        let compressed = self.compressed.get_or_try_init(|| async move {
            spawn_blocking(move || compress(&content))
                .await
                .map_err(std::io::Error::other)?
        });
        compressed
            .await
            .cloned()
            .map_err(|error| HttpError::for_internal_error(error.to_string()))
    }
}

fn compress(content: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.into())
}

/// The items of a header that is a list.
fn items(request: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let values = request.get_all(name).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

/// Whether the client accepts gzip, by its name or else by `*` (RFC 9110, section 12.5.3).
fn accepts_gzip(request: &HeaderMap) -> bool {
    let accepts = |wanted: &str| {
        let item = items(request, header::ACCEPT_ENCODING).find(|item| {
            let coding = item.split(';').next().unwrap_or_default();
            coding.trim().eq_ignore_ascii_case(wanted)
        })?;
        let weight = item
            .split_once(';')
            .and_then(|(_, weight)| weight.trim().strip_prefix("q="));
        Some(weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0)))
    };
    accepts("gzip").or_else(|| accepts("*")).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(name: HeaderName, value: &'static str) -> HeaderMap {
        [(name, HeaderValue::from_static(value))]
            .into_iter()
            .collect()
    }

    #[test]
    fn gzip_is_sent_where_it_is_accepted() {
        for (value, accepted) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("*", true),
            ("deflate, *;q=0.1", true),
            ("gzip;q=0, *", false),
            ("gzip; q=0.000", false),
            ("br", false),
            ("", false),
        ] {
            let request = request(header::ACCEPT_ENCODING, value);
            assert_eq!(accepts_gzip(&request), accepted, "{value}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
