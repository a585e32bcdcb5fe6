//! Entity tags of responses, and whether a client has the content already.

use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

/// The entity tag of a response, and whether the client has its body already.
#[derive(Debug)]
pub(super) struct Tag {
    /// The tag.
    pub value: HeaderValue,
    /// Whether the request names it.
    pub is_known: bool,
}

impl Tag {
    /// The tag of the body of the response to a request with these headers.
    pub(super) fn new(body: &[u8], request: &HeaderMap) -> Self {
        let value = weak_tag(body);
        Self {
            is_known: is_known(request, &value),
            value,
        }
    }
}

/// The tag of a content. It is weak, since the compressed content has the same one.
fn weak_tag(content: &[u8]) -> HeaderValue {
    let hash = hex::encode(&Sha256::digest(content)[..16]);
    HeaderValue::try_from(format!("W/\"{hash}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("W/\"\""))
}

/// Whether the client has the content with this tag (RFC 9110, section 13.1.2; the comparison is weak).
pub fn is_known(request: &HeaderMap, tag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_string();
    let own = tag.to_str().map(opaque).unwrap_or_default();
    let values = request.get_all(header::IF_NONE_MATCH).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || opaque(tag) == own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_content_is_recognised_by_its_tag() {
        let tag = HeaderValue::from_static("W/\"1\"");
        for (value, known) in [
            ("W/\"1\"", true),
            ("\"1\"", true),
            ("\"0\", W/\"1\"", true),
            ("*", true),
            ("\"2\"", false),
            ("", false),
        ] {
            let value = HeaderValue::from_static(value);
            let request = HeaderMap::from_iter([(header::IF_NONE_MATCH, value)]);
            assert_eq!(is_known(&request, &tag), known, "{request:?}");
        }
    }

    #[test]
    fn tags_of_different_contents_differ() {
        assert_eq!(weak_tag(b"a"), weak_tag(b"a"));
        assert_ne!(weak_tag(b"a"), weak_tag(b"b"));
    }
}
