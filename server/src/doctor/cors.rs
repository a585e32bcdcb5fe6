//! Checks whether web pages can upload to S3, by the requests that a browser sends.

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    HeaderMap, HeaderName, HeaderValue, ORIGIN,
};
use http::{Method, StatusCode};

use super::site::{BODY, Site, request};
use super::{Finding, Findings};
use crate::http::Origin;

/// Origin that is checked if none is allowed, or any.
static PROBE: HeaderValue = HeaderValue::from_static("https://example.com");

/// Headers of an upload that a preflight requests.
const REQUEST_HEADERS: [&str; 2] = ["content-md5", "content-type"];

/// Checks the preflight and the response to a part, for each origin whose pages may use the API.
pub(super) async fn check(site: &Site<'_>, url: &str, findings: &mut Findings) {
    let mut origins: Vec<_> = site
        .origins
        .iter()
        .map(|origin| match origin {
            Origin::One(origin) => origin,
            Origin::Any => &PROBE,
        })
        .collect();
    if origins.is_empty() {
        origins.push(&PROBE);
    }
    for origin in origins {
        findings.add(preflight(site, url, origin).await);
        findings.add(etag(site, url, origin).await);
    }
}

/// Sends the request that a browser sends before a part.
async fn preflight(site: &Site<'_>, url: &str, origin: &HeaderValue) -> Finding {
    let sent = match request(Method::OPTIONS, url, &[]) {
        Ok(mut request) => {
            let headers = request.headers_mut();
            headers.insert(ORIGIN, origin.clone());
            headers.insert(
                ACCESS_CONTROL_REQUEST_METHOD,
                HeaderValue::from_static("PUT"),
            );
            let wanted = HeaderValue::from_static("content-md5,content-type");
            headers.insert(ACCESS_CONTROL_REQUEST_HEADERS, wanted);
            site.client.send(request).await
        }
        Err(reason) => Err(reason),
    };
    let refusal = match sent {
        Ok(response) => refusal(response.status, &response.headers, origin),
        Err(reason) => Some(reason.cause().to_string()),
    };
    match refusal {
        None => Finding::ok("cors", format!("pages of {} can upload", name(origin))),
        Some(refusal) => Finding::warning(
            "cors",
            format!("pages of {} cannot upload: {refusal}", name(origin)),
            "in the CORS rules of the bucket, allow PUT from this origin with the headers content-type and content-md5; \
             without uploads from web pages, nothing needs to be done",
        ),
    }
}

/// Why a browser would not send the part after this response.
fn refusal(status: StatusCode, headers: &HeaderMap, origin: &HeaderValue) -> Option<String> {
    if !status.is_success() {
        return Some(format!("S3 refuses the preflight with {}", status.as_u16()));
    }
    if !is_allowed(headers, origin) {
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

/// Checks whether a page can read the `ETag` of a part, which it has to name in the completion.
async fn etag(site: &Site<'_>, url: &str, origin: &HeaderValue) -> Finding {
    let name = name(origin);
    let problem = match site.put(url, BODY, &[(ORIGIN, origin.clone())]).await {
        Ok(response) if !response.status.is_success() => {
            format!("an upload from {name} is refused with {}", response.text())
        }
        Ok(response) if !is_allowed(&response.headers, origin) => {
            format!("the response to an upload does not allow {name}")
        }
        Ok(response) if !lists(&response.headers, &ACCESS_CONTROL_EXPOSE_HEADERS, "etag") => {
            format!("pages of {name} cannot read the ETag of a part")
        }
        Ok(_) => {
            return Finding::ok(
                "etag",
                format!("pages of {name} can read the ETag of a part"),
            );
        }
        Err(reason) => reason.cause().to_string(),
    };
    Finding::warning(
        "etag",
        problem,
        "in the CORS rules of the bucket, allow this origin, and add ETag to ExposeHeaders; without uploads from web pages, \
         nothing needs to be done",
    )
}

fn is_allowed(headers: &HeaderMap, origin: &HeaderValue) -> bool {
    headers
        .get(ACCESS_CONTROL_ALLOW_ORIGIN)
        .is_some_and(|allowed| allowed == "*" || allowed == origin)
}

fn name(origin: &HeaderValue) -> String {
    String::from_utf8_lossy(origin.as_bytes()).into_owned()
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

    #[test]
    fn preflight_needs_origin_method_and_headers() {
        let allowed = [
            (ACCESS_CONTROL_ALLOW_ORIGIN, "https://example.com"),
            (ACCESS_CONTROL_ALLOW_METHODS, "GET, PUT"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "Content-MD5, Content-Type"),
        ];
        let headers: HeaderMap = allowed
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect();
        assert_eq!(refusal(StatusCode::NO_CONTENT, &headers, &PROBE), None);
        assert!(refusal(StatusCode::FORBIDDEN, &headers, &PROBE).is_some());
        for (missing, _) in &allowed {
            let mut headers = headers.clone();
            headers.remove(missing);
            assert!(
                refusal(StatusCode::OK, &headers, &PROBE).is_some(),
                "{missing}"
            );
        }
    }
}
