//! Compression of responses by gzip, where the client accepts it.

use std::io::{Read, Write};

use bytes::Bytes;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use http::{HeaderMap, header};
use tokio::task::spawn_blocking;

/// Compresses off the threads that serve requests: a plan of 10,000 URLs takes longer than they may be blocked.
///
/// # Errors
/// If the process has no threads for it.
pub(super) async fn compressed(content: Bytes, level: Compression) -> std::io::Result<Bytes> {
    let compress = move || {
        let mut encoder = GzEncoder::new(Vec::with_capacity(content.len() / 8), level);
        encoder.write_all(&content)?;
        encoder.finish().map(Bytes::from)
    };
    spawn_blocking(compress)
        .await
        .map_err(std::io::Error::other)?
}

/// Decompresses, off these threads too.
///
/// # Errors
/// If it is not compressed, or the process has no threads for it.
pub(super) async fn decompressed(compressed: Bytes) -> std::io::Result<Bytes> {
    let decompress = move || {
        let mut content = Vec::new();
        GzDecoder::new(&*compressed).read_to_end(&mut content)?;
        Ok(content.into())
    };
    spawn_blocking(decompress)
        .await
        .map_err(std::io::Error::other)?
}

/// Whether the client accepts gzip, by its name or else by `*` (RFC 9110, section 12.5.3).
pub(super) fn is_accepted(request: &HeaderMap) -> bool {
    let accepts = |wanted: &str| {
        let values = request.get_all(header::ACCEPT_ENCODING).into_iter();
        let mut items = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        let item = items.find(|item| {
            let coding = item.split(';').next().unwrap_or_default();
            coding.trim().eq_ignore_ascii_case(wanted)
        })?;
        Some(weight(item) > 0.0)
    };
    accepts("gzip").or_else(|| accepts("*")).unwrap_or(false)
}

/// The weight of an item of `Accept-Encoding`; 0 for one that is no number.
fn weight(item: &str) -> f32 {
    let Some((_, parameter)) = item.split_once(';') else {
        return 1.0;
    };
    let parameter = parameter.trim();
    let weight = parameter
        .strip_prefix("q=")
        .or(parameter.strip_prefix("Q="));
    weight.map_or(1.0, |weight| weight.trim().parse().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn gzip_is_sent_where_it_is_accepted() {
        for (value, accepted) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip;Q=0.5", true),
            ("*", true),
            ("deflate, *;q=0.1", true),
            ("gzip;q=0, *", false),
            ("gzip; q=0.000", false),
            ("identity;q=1, gzip;q=none", false),
            ("br", false),
            ("", false),
        ] {
            let value = HeaderValue::from_static(value);
            let request = HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.clone())]);
            assert_eq!(is_accepted(&request), accepted, "{value:?}");
        }
        assert!(!is_accepted(&HeaderMap::new()));
    }
}
