//! Sends a part to S3 as any client does.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, StatusCode, Url};

use super::http;
use restow_sdk::{Error, Peer};

/// The response of S3 to a part.
pub struct PutResponse {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// S3's error code; empty if it accepted the part.
    pub code: String,
}

/// Sends `content` to a signed URL, with its MD5 and with `headers` besides.
pub async fn put_part(
    client: &Client,
    url: &str,
    content: &'static str,
    media_type: &'static str,
    headers: HeaderMap,
) -> Result<PutResponse, Error> {
    let request = client
        .put(url)
        .headers(headers)
        .header(CONTENT_TYPE, media_type)
        .header("content-md5", STANDARD.encode(Md5::digest(content)))
        .body(content);
    let response = http::send(Peer::S3, request).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.text().await;
    let body = body.map_err(|error| Error::transport(Peer::S3, error))?;
    Ok(PutResponse {
        status,
        headers,
        code: error_code(&body).to_string(),
    })
}

/// Scheme, host and port of a URL: the rest of a signed URL is secret.
pub fn origin(url: &str) -> String {
    Url::parse(url)
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default()
}

/// The code in an error response of S3; empty if there is none.
fn error_code(body: &str) -> &str {
    let code = body
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    code.map(|(code, _)| code).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_has_no_signature() {
        assert_eq!(
            origin("https://data.s3.example:9000/key?X-Amz-Signature=secret"),
            "https://data.s3.example:9000"
        );
    }

    #[test]
    fn error_code_is_read_from_xml() {
        assert_eq!(
            error_code("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"),
            "AccessDenied"
        );
        assert_eq!(error_code(""), "");
    }
}
