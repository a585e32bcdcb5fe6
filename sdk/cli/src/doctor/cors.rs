//! Whether web pages can upload to S3.

use reqwest::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    HeaderMap, HeaderName, HeaderValue, ORIGIN,
};
use reqwest::{Method, StatusCode};

use super::finding::{Finding, Status};
use super::http;

/// Origin that stands for any where none is named.
pub static ANY: HeaderValue = HeaderValue::from_static("https://example.com");

/// Headers that an upload sends, as browsers ask for them.
const SENT: [&str; 2] = ["content-md5", "content-type"];

/// Who asks, and whether that was the user's wish.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The origin of the page.
    pub origin: &'a HeaderValue,
    /// Whether the user named it. Else nobody may ever want to upload from a page.
    pub named: bool,
}

/// Asks as a browser does before it sends a part.
pub async fn preflight(http: &reqwest::Client, url: &str, asker: Asker<'_>) -> Finding {
    let request = http
        .request(Method::OPTIONS, url)
        .header(ORIGIN, asker.origin)
        .header(ACCESS_CONTROL_REQUEST_METHOD, "PUT")
        .header(ACCESS_CONTROL_REQUEST_HEADERS, SENT.join(","));
    match request.send().await {
        Ok(answer) => asker.preflight(answer.status(), answer.headers()),
        Err(error) => asker.refused("cors", &http::message(error)),
    }
}

impl Asker<'_> {
    /// Judges the answer to a preflight.
    fn preflight(self, status: StatusCode, headers: &HeaderMap) -> Finding {
        match self.obstacle(status, headers) {
            None => Finding::ok("cors", format!("pages of {} can upload", self.name())),
            Some(obstacle) => self.refused("cors", &obstacle),
        }
    }

    /// Judges whether a page can read the `ETag` of an answer, by which it tells a part from a broken one.
    pub fn exposure(self, headers: &HeaderMap) -> Finding {
        if !self.is_admitted(headers) {
            return self.refused("etag", "the answer to the upload itself allows no page");
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
            "expose the header ETag in the bucket's CORS rules",
        )
    }

    fn obstacle(self, status: StatusCode, headers: &HeaderMap) -> Option<String> {
        if !status.is_success() {
            return Some(format!("S3 answers the preflight with {status}"));
        }
        if !self.is_admitted(headers) {
            return Some("S3 does not allow the origin".to_string());
        }
        if !lists(headers, &ACCESS_CONTROL_ALLOW_METHODS, "put") {
            return Some("S3 does not allow PUT".to_string());
        }
        let missing = SENT
            .iter()
            .find(|header| !lists(headers, &ACCESS_CONTROL_ALLOW_HEADERS, header));
        missing.map(|header| format!("S3 does not allow the header {header}"))
    }

    fn is_admitted(self, headers: &HeaderMap) -> bool {
        headers
            .get(ACCESS_CONTROL_ALLOW_ORIGIN)
            .is_some_and(|admitted| admitted == "*" || admitted == self.origin)
    }

    fn refused(self, name: &'static str, obstacle: &str) -> Finding {
        let message = format!("pages of {} cannot upload: {obstacle}", self.name());
        let advice = "in the bucket's CORS rules, allow PUT from the origin with content-type and content-md5";
        self.finding(name, message, advice)
    }

    fn finding(self, name: &'static str, message: String, advice: &str) -> Finding {
        let status = if self.named {
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

/// Whether a header lists a word, or everything.
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

    const NAMED: Asker<'_> = Asker {
        origin: &ANY,
        named: true,
    };

    #[test]
    fn a_preflight_needs_origin_method_and_headers() {
        let all = [
            (ACCESS_CONTROL_ALLOW_ORIGIN, "https://example.com"),
            (ACCESS_CONTROL_ALLOW_METHODS, "GET, PUT"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "Content-MD5, Content-Type"),
        ];
        assert_eq!(
            NAMED
                .preflight(StatusCode::NO_CONTENT, &headers(&all))
                .status,
            Status::Ok
        );
        for missing in 0..all.len() {
            let some: Vec<_> = all
                .iter()
                .enumerate()
                .filter(|(index, _)| *index != missing)
                .collect();
            let some: Vec<_> = some.into_iter().map(|(_, pair)| pair.clone()).collect();
            assert_eq!(
                NAMED.preflight(StatusCode::OK, &headers(&some)).status,
                Status::Warning,
                "{missing}"
            );
        }
        assert_eq!(
            NAMED
                .preflight(StatusCode::FORBIDDEN, &headers(&all))
                .status,
            Status::Warning
        );
        let unnamed = Asker {
            named: false,
            ..NAMED
        };
        assert_eq!(
            unnamed
                .preflight(StatusCode::FORBIDDEN, &HeaderMap::new())
                .status,
            Status::Info
        );
    }

    #[test]
    fn stars_admit_everything() {
        let stars = [
            (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (ACCESS_CONTROL_ALLOW_METHODS, "*"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "*"),
            (ACCESS_CONTROL_EXPOSE_HEADERS, "*"),
        ];
        assert_eq!(
            NAMED.preflight(StatusCode::OK, &headers(&stars)).status,
            Status::Ok
        );
        assert_eq!(NAMED.exposure(&headers(&stars)).status, Status::Ok);
    }

    #[test]
    fn an_etag_that_is_not_exposed_is_told() {
        let finding = NAMED.exposure(&headers(&[(ACCESS_CONTROL_ALLOW_ORIGIN, "*")]));
        assert!(
            finding.message.contains("cannot read the ETag"),
            "{}",
            finding.message
        );
    }
}
