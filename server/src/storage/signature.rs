//! The signature of presigned URLs: SigV4 with query parameters, pure.
//!
//! What is the same in all URLs of a response (endpoint, scope, signing key, most of the query) is computed once.

use std::fmt::Write as _;

use aws_credential_types::Credentials;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use chrono::{DateTime, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::endpoint::Endpoint;
use super::url_life::UrlLife;

/// Everything but the unreserved characters of RFC 3986.
pub(super) const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same for a path, whose slashes stay.
const NOT_IN_PATH: &AsciiSet = &NOT_UNRESERVED.remove(b'/');

/// A URL that carries its own permission.
#[derive(Clone, PartialEq, Eq)]
pub struct PresignedUrl {
    /// The URL, with its signature.
    pub url: String,
    /// Time at which it expires.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for PresignedUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PresignedUrl")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// What all URLs of a response share.
pub(super) struct Scope<'a> {
    endpoint: &'a Endpoint,
    life: UrlLife,
    path: String,
    /// `X-Amz-Algorithm` to `X-Amz-Expires`, which sort and are sent in this order.
    parameters: String,
    session_token: Option<String>,
    /// First three lines of the string to sign.
    preamble: String,
    signing_key: Vec<u8>,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("path", &self.path)
            .field("life", &self.life)
            .finish_non_exhaustive()
    }
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        endpoint: &'a Endpoint,
        region: &str,
        key: &str,
        life: UrlLife,
        credentials: &Credentials,
    ) -> Self {
        let time = life.from.format("%Y%m%dT%H%M%SZ").to_string();
        let date = &time[..8];
        let scope = format!("{date}/{region}/s3/aws4_request");
        let credential = format!("{}/{scope}", credentials.access_key_id());
        let credential = utf8_percent_encode(&credential, NOT_UNRESERVED);
        let signing_key = generate_signing_key(
            credentials.secret_access_key(),
            life.from.into(),
            region,
            "s3",
        );
        Self {
            endpoint,
            life,
            path: format!("{}{}", endpoint.path, utf8_percent_encode(key, NOT_IN_PATH)),
            parameters: format!(
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={time}&X-Amz-Expires={}",
                life.seconds
            ),
            session_token: credentials
                .session_token()
                .map(|token| utf8_percent_encode(token, NOT_UNRESERVED).to_string()),
            preamble: format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n"),
            signing_key: signing_key.as_ref().to_vec(),
        }
    }

    /// The value of the `Host` header, which every URL signs.
    pub(super) fn host(&self) -> &str {
        &self.endpoint.host
    }

    /// `query` holds the request's own parameters, as they are sent and as SigV4 sorts them; both are empty where it has none.
    /// Sorted they stand behind those of the signature, which begin with a capital.
    pub(super) fn sign(
        &self,
        method: &str,
        query: [&str; 2],
        headers: &str,
        signed_headers: &str,
    ) -> PresignedUrl {
        let [sent, sorted] = query;
        let (sent, sorted) = if sent.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("{sent}&"), format!("&{sorted}"))
        };
        let Self {
            endpoint,
            path,
            parameters,
            ..
        } = self;
        let signed = signed_headers.replace(';', "%3B");
        let token = self
            .session_token
            .as_ref()
            .map(|token| format!("&X-Amz-Security-Token={token}"))
            .unwrap_or_default();
        let canonical = format!(
            "{method}\n{path}\n{parameters}{token}&X-Amz-SignedHeaders={signed}{sorted}\n{headers}\n{signed_headers}\n\
             UNSIGNED-PAYLOAD"
        );
        let to_sign = format!(
            "{}{}",
            self.preamble,
            hex::encode(Sha256::digest(canonical))
        );
        let signature = calculate_signature(&self.signing_key, to_sign.as_bytes());
        let mut url = format!(
            "{}{path}?{sent}{parameters}&X-Amz-SignedHeaders={signed}",
            endpoint.base
        );
        write!(url, "&X-Amz-Signature={signature}{token}")
            .expect("writing to a string cannot fail");
        PresignedUrl {
            url,
            expires_at: self.life.end(),
        }
    }
}
