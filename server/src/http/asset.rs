//! Files that never change while the process runs: compressed at most once, and sent only to those who do not have them yet.

use std::io::{Read, Write};

use bytes::Bytes;
use dropshot::{Body, HttpError};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use restow_api::response::is_known;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

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
        let body = if accepts_gzip(request) {
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
        made(&self.content, &self.compressed, decompress).await
    }

    async fn compressed(&self) -> Result<Bytes, HttpError> {
        made(&self.compressed, &self.content, compress).await
    }
}

/// What a cell holds, which is made of the other one's content where it is empty.
async fn made(
    cell: &OnceCell<Bytes>,
    other: &OnceCell<Bytes>,
    make: fn(&[u8]) -> std::io::Result<Bytes>,
) -> Result<Bytes, HttpError> {
    let source = other.get().cloned().unwrap_or_default();
    let content = cell.get_or_try_init(|| async move {
        spawn_blocking(move || make(&source))
            .await
            .map_err(std::io::Error::other)?
    });
    content
        .await
        .cloned()
        .map_err(|error| HttpError::for_internal_error(error.to_string()))
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

fn compress(content: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.into())
}

fn decompress(compressed: &[u8]) -> std::io::Result<Bytes> {
    let mut content = Vec::new();
    GzDecoder::new(compressed).read_to_end(&mut content)?;
    Ok(content.into())
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
