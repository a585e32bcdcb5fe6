//! Records requests for programs that subscribe to `tracing`. What is recorded contains no secrets: of a URL, the query is
//! left out, in which signatures are, and of headers, only the identifier of the request is read.

use std::time::Instant;

use reqwest::header::HeaderMap;
use reqwest::{Method, Response, Url};

/// Target of the events of `tracing` that record requests. Their fields are `method`, `url` (without its query), `status`
/// (0 without a response), `elapsed_ms`, and `request_id` (empty if the response names none).
pub const REQUEST_TARGET: &str = "restow_sdk::request";

/// Headers that identify a request: of the API, and of S3.
const ID_HEADERS: [&str; 2] = ["x-request-id", "x-amz-request-id"];

/// Records a request that has just got its response, or failed.
pub(crate) fn record(
    method: &Method,
    url: &Url,
    started: Instant,
    outcome: &reqwest::Result<Response>,
) {
    if !tracing::enabled!(target: REQUEST_TARGET, tracing::Level::DEBUG) {
        return;
    }
    let response = outcome.as_ref().ok();
    let status = response.map_or(0, |response| response.status().as_u16());
    let request_id = response.map(|response| request_id(response.headers()));
    let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(
        target: REQUEST_TARGET,
        method = method.as_str(),
        url = without_query(url).as_str(),
        status = u64::from(status),
        elapsed_ms,
        request_id = request_id.unwrap_or_default(),
    );
}

fn without_query(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url
}

fn request_id(headers: &HeaderMap) -> &str {
    let mut found = ID_HEADERS.iter().filter_map(|name| headers.get(*name));
    found
        .find_map(|value| value.to_str().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_urls_have_no_signature() {
        let url = Url::parse("https://s3.example/key?X-Amz-Signature=secret").unwrap();
        assert_eq!(without_query(&url).as_str(), "https://s3.example/key");
    }
}
