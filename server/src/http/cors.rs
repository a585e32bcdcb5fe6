//! Cross-origin requests: which origins' pages may use the API in a browser (<https://fetch.spec.whatwg.org/#http-cors-protocol>).
//!
//! Tokens come in a header that a page has to set by itself, so there are no credentials that a browser would add,
//! and none are allowed.

use std::str::FromStr;

use http::{HeaderMap, HeaderValue, Uri, header};

/// How long a browser may cache the response to a preflight, in seconds.
const MAX_AGE: &str = "7200";

/// An origin that pages may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Any.
    Any,
    /// This one, as browsers write it.
    One(HeaderValue),
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let should = || format!("{text} must be an origin like https://app.example, or *");
        let uri: Uri = text.parse().map_err(|_| should())?;
        let default_port = match uri.scheme_str() {
            Some("http") => 80,
            Some("https") => 443,
            _ => return Err(should()),
        };
        let whole = text.to_ascii_lowercase();
        let ends_there = uri.authority().is_some_and(|authority| {
            whole.ends_with(&format!("://{}", authority.as_str().to_ascii_lowercase()))
                && !authority.as_str().contains('@')
        });
        // Browsers leave the scheme's own port out.
        if !ends_there || uri.port_u16() == Some(default_port) {
            return Err(should());
        }
        HeaderValue::from_str(&whole)
            .map(Self::One)
            .map_err(|_| should())
    }
}

/// The CORS headers of the response to a request with these headers; none where no origins are allowed.
pub(super) fn answer_headers(allowed: &[Origin], request: &HeaderMap) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if allowed.is_empty() {
        return headers;
    }
    let any = allowed.contains(&Origin::Any);
    if !any {
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    }
    let Some(origin) = request.get(header::ORIGIN) else {
        return headers;
    };
    let granted = if any {
        Some(HeaderValue::from_static("*"))
    } else {
        one_of(allowed, origin)
    };
    if let Some(granted) = granted {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, granted);
        let exposed =
            HeaderValue::from_static("allow, retry-after, www-authenticate, x-request-id");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    headers
}

fn one_of(allowed: &[Origin], origin: &HeaderValue) -> Option<HeaderValue> {
    allowed.iter().find_map(|candidate| match candidate {
        Origin::One(one) if one == origin => Some(one.clone()),
        _ => None,
    })
}

/// The CORS headers of the response to a preflight of a path that supports `methods`.
pub(super) fn preflight_headers(
    allowed: &[Origin],
    request: &HeaderMap,
    methods: &HeaderValue,
) -> HeaderMap {
    let mut headers = answer_headers(allowed, request);
    let is_preflight = request.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if is_preflight && headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods.clone());
        let sent = HeaderValue::from_static("authorization, content-type, idempotency-key");
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, sent);
        headers.insert(
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from_static(MAX_AGE),
        );
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_is_scheme_and_authority() {
        assert_eq!("*".parse(), Ok(Origin::Any));
        let one = |text: &'static str| Ok(Origin::One(HeaderValue::from_static(text)));
        assert_eq!("https://App.example".parse(), one("https://app.example"));
        assert_eq!(
            "http://localhost:3000".parse(),
            one("http://localhost:3000")
        );
        for odd in [
            "https://a.example:443",
            "http://u@a.example",
            "",
            "app.example",
            "https://app.example/",
            "https://app.example/a",
            "ftp://a",
            "null",
            "https://",
        ] {
            assert!(odd.parse::<Origin>().is_err(), "{odd}");
        }
    }
}
