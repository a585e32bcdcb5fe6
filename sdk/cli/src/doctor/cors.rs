//! Checks whether web pages can upload to S3.

use reqwest::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    HeaderMap, HeaderName, HeaderValue, ORIGIN,
};
use reqwest::{Method, StatusCode};

use super::finding::{Finding, Status};
use super::http;
use crate::report;
use restow_sdk::Peer;

/// Origin that is checked if none is given.
pub static DEFAULT_ORIGIN: HeaderValue = HeaderValue::from_static("https://example.com");

/// Headers of an upload that a preflight requests.
const REQUEST_HEADERS: [&str; 2] = ["content-md5", "content-type"];

/// A web page that uploads.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The origin of the page.
    pub origin: &'a HeaderValue,
    /// Whether the user named the origin. If not, a refusal is no fault: uploads from pages may be unwanted.
    pub is_explicit: bool,
}

/// Sends the request that a browser sends before a part.
pub async fn preflight(client: &reqwest::Client, url: &str, page: Page<'_>) -> Finding {
    let request = client
        .request(Method::OPTIONS, url)
        .header(ORIGIN, page.origin)
        .header(ACCESS_CONTROL_REQUEST_METHOD, "PUT")
        .header(ACCESS_CONTROL_REQUEST_HEADERS, REQUEST_HEADERS.join(","));
    match http::send(Peer::S3, request).await {
        Ok(response) => page.check_preflight(response.status(), response.headers()),
        Err(error) => page.refused("cors", &report::message(&error.into())),
    }
}

impl Page<'_> {
    /// Checks the response to a preflight.
    fn check_preflight(self, status: StatusCode, headers: &HeaderMap) -> Finding {
        match self.refusal(status, headers) {
            None => Finding::ok("cors", format!("pages of {} can upload", self.name())),
            Some(reason) => self.refused("cors", &reason),
        }
    }

    /// Checks whether a page can read the `ETag` of a part, with which it verifies the upload.
    pub fn check_etag(self, headers: &HeaderMap) -> Finding {
        if !self.is_allowed(headers) {
            return self.refused(
                "etag",
                "the response to the upload does not allow the origin",
            );
        }
        if lists(headers, &ACCESS_CONTROL_EXPOSE_HEADERS, "etag") {
            return Finding::ok(
                "etag",
                format!("pages of {} can read the ETag of a part", self.name()),
            );
        }
        let message = format!("pages of {} cannot read the ETag of a part", self.name());
        self.finding(
            "etag",
            message,
            "add ETag to ExposeHeaders in the CORS rules of the bucket",
        )
    }

    fn refusal(self, status: StatusCode, headers: &HeaderMap) -> Option<String> {
        if !status.is_success() {
            return Some(format!("S3 refuses the preflight with {status}"));
        }
        if !self.is_allowed(headers) {
            return Some("S3 does not allow the origin".to_string());
        }
        if !lists(headers, &ACCESS_CONTROL_ALLOW_METHODS, "put") {
            return Some("S3 does not allow PUT".to_string());
        }
        let missing = REQUEST_HEADERS
            .iter()
            .find(|header| !lists(headers, &ACCESS_CONTROL_ALLOW_HEADERS, header));
        missing.map(|header| format!("S3 does not allow the header {header}"))
    }

    fn is_allowed(self, headers: &HeaderMap) -> bool {
        headers
            .get(ACCESS_CONTROL_ALLOW_ORIGIN)
            .is_some_and(|allowed| allowed == "*" || allowed == self.origin)
    }

    fn refused(self, name: &'static str, reason: &str) -> Finding {
        let message = format!("pages of {} cannot upload: {reason}", self.name());
        let advice = "in the CORS rules of the bucket, allow PUT from this origin with the headers content-type and content-md5";
        self.finding(name, message, advice)
    }

    fn finding(self, name: &'static str, message: String, advice: &str) -> Finding {
        let status = if self.is_explicit {
            Status::Warning
        } else {
            Status::Info
        };
        Finding {
            name,
            status,
            message,
            advice: Some(advice.to_string()),
        }
    }

    fn name(self) -> String {
        String::from_utf8_lossy(self.origin.as_bytes()).into_owned()
    }
}

/// Whether a header lists a value, or `*`.
fn lists(headers: &HeaderMap, header: &HeaderName, word: &str) -> bool {
    let values = headers
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut words = values.flat_map(|value| value.split(',')).map(str::trim);
    words.any(|listed| listed == "*" || listed.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect()
    }

    const EXPLICIT: Page<'_> = Page {
        origin: &DEFAULT_ORIGIN,
        is_explicit: true,
    };

    const ALLOWED: [(HeaderName, &str); 3] = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "https://example.com"),
        (ACCESS_CONTROL_ALLOW_METHODS, "GET, PUT"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "Content-MD5, Content-Type"),
    ];

    #[test]
    fn preflight_needs_origin_method_and_headers() {
        let status = |code, headers: &HeaderMap| EXPLICIT.check_preflight(code, headers).status;
        assert_eq!(
            status(StatusCode::NO_CONTENT, &headers(&ALLOWED)),
            Status::Ok
        );
        for (missing, _) in &ALLOWED {
            let mut headers = headers(&ALLOWED);
            headers.remove(missing);
            assert_eq!(
                status(StatusCode::OK, &headers),
                Status::Warning,
                "{missing}"
            );
        }
    }

    #[test]
    fn refused_preflight_is_reported() {
        let refused = |page: Page<'_>| {
            page.check_preflight(StatusCode::FORBIDDEN, &headers(&ALLOWED))
                .status
        };
        assert_eq!(refused(EXPLICIT), Status::Warning);
        let default = Page {
            is_explicit: false,
            ..EXPLICIT
        };
        assert_eq!(refused(default), Status::Info);
    }

    #[test]
    fn wildcards_allow_everything() {
        let wildcards = [
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (ACCESS_CONTROL_ALLOW_METHODS, "*"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "*"),
            (ACCESS_CONTROL_EXPOSE_HEADERS, "*"),
        ];
        assert_eq!(
            EXPLICIT
                .check_preflight(StatusCode::OK, &headers(&wildcards))
                .status,
            Status::Ok
        );
        assert_eq!(EXPLICIT.check_etag(&headers(&wildcards)).status, Status::Ok);
    }

    #[test]
    fn hidden_etag_is_reported() {
        let finding = EXPLICIT.check_etag(&headers(&[(ACCESS_CONTROL_ALLOW_ORIGIN, "*")]));
        assert!(
            finding.message.contains("cannot read the ETag"),
            "{}",
            finding.message
        );
    }
}
