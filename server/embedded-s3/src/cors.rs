//! Cross-origin resource sharing: web pages of any origin may use signed URLs. The signature is
//! what protects the data, and no cookie or ambient credential exists that a foreign page could
//! misuse.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, VARY,
};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};

/// Headers that a page needs to upload parts and to resume downloads.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("ETag, Content-Length, Content-Range, x-amz-request-id");

const METHODS: HeaderValue = HeaderValue::from_static("GET, PUT, HEAD");

/// One hour, in seconds, for which a browser may cache the response to a preflight.
const MAX_AGE: HeaderValue = HeaderValue::from_static("3600");

/// The response to a preflight, which allows all headers that the page requests.
pub(crate) fn preflight<Q, R: Default>(request: &Request<Q>) -> Response<R> {
    let mut response = Response::new(R::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    headers.insert(VARY, HeaderValue::from_name(ACCESS_CONTROL_REQUEST_HEADERS));
    if let Some(wanted) = request.headers().get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    response
}

/// Lets a page of any origin read the response and the headers that it needs.
pub(crate) fn allow(headers: &mut HeaderMap) {
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}
