//! The signature of presigned URLs: SigV4 with query parameters, pure.
//!
//! The steps are those of "Authenticating Requests: Using Query Parameters" in the S3 API reference: canonical request, string
//! to sign, signing key, signature. What is the same in all URLs of a response is computed once.

use aws_credential_types::Credentials;
use aws_sigv4::sign::v4::generate_signing_key;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
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

/// Digits of a signature.
const SIGNATURE_LENGTH: usize = 64;

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

/// What is signed besides the path and the parameters.
#[derive(Clone, Copy)]
pub(super) struct Signed {
    /// Method of the request.
    pub method: &'static str,
    /// Names of the signed headers, sorted, with semicolons between them.
    pub headers: &'static str,
}

/// What all URLs of a response share. They differ in what follows the signature's own parameters, so all that precedes
/// it is hashed once, and each URL begins with a copy of the hash's state.
pub(super) struct Scope<'a> {
    endpoint: &'a Endpoint,
    signed: Signed,
    life: UrlLife,
    /// The URL until its query, with the question mark.
    address: String,
    /// The parameters of the signature, until its value.
    parameters: String,
    /// The parameter that follows the signature, if the credentials have a session token.
    token: String,
    /// Hash of the canonical request, until the signature's parameters end.
    canonical: Sha256,
    /// Code of the string to sign, until the hash of the canonical request.
    to_sign: Hmac<Sha256>,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
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
        signed: Signed,
    ) -> Self {
        let time = life.from.format("%Y%m%dT%H%M%SZ").to_string();
        let scope = format!("{}/{region}/s3/aws4_request", &time[..8]);
        let credential = format!("{}/{scope}", credentials.access_key_id());
        let credential = utf8_percent_encode(&credential, NOT_UNRESERVED);
        let path = format!("{}{}", endpoint.path, utf8_percent_encode(key, NOT_IN_PATH));
        let token = credentials
            .session_token()
            .map(|token| utf8_percent_encode(token, NOT_UNRESERVED))
            .map(|token| format!("&X-Amz-Security-Token={token}"))
            .unwrap_or_default();

        // Sorted, the parameters of the signature precede those of the request, which begin with a small letter.
        let Signed { method, headers } = signed;
        let expires = life.seconds;
        let first = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Date={time}&X-Amz-Expires={expires}"
        );
        let last = format!("&X-Amz-SignedHeaders={}", headers.replace(';', "%3B"));
        let canonical = format!("{method}\n{path}\n{first}{token}{last}");
        let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n");
        let secret = credentials.secret_access_key();
        let signing_key = generate_signing_key(secret, life.from.into(), region, "s3");
        let hmac =
            Hmac::new_from_slice(signing_key.as_ref()).expect("HMAC takes keys of any length");
        Self {
            endpoint,
            signed,
            life,
            address: format!("{}{path}?", endpoint.base),
            parameters: format!("{first}{last}&X-Amz-Signature="),
            token,
            canonical: Sha256::new_with_prefix(canonical),
            to_sign: hmac.chain_update(to_sign),
        }
    }

    /// The end of the canonical request, from the value of `host` on: the last of the signed headers, as all the
    /// others sort before it.
    pub(super) fn end_of_canonical_request(&self) -> String {
        format!(
            "\nhost:{}\n\n{}\nUNSIGNED-PAYLOAD",
            self.endpoint.host, self.signed.headers
        )
    }

    /// `query` holds the request's own parameters as they are sent, each with the `&` behind it; `canonical` what
    /// follows the signature's parameters in the canonical request: `&` and the request's own parameters, if any, as
    /// SigV4 sorts them, a line break, the signed headers, and the rest. Both come in pieces, which are joined.
    pub(super) fn sign(&self, query: &[&str], canonical: &[&str]) -> PresignedUrl {
        let mut url = Vec::with_capacity(self.url_length(query));
        self.sign_into(&mut url, query, canonical);
        PresignedUrl {
            url: String::from_utf8(url).expect("the pieces are strings"),
            expires_at: self.life.end(),
        }
    }

    /// Length in bytes of a URL with these parameters of its own.
    pub(super) fn url_length(&self, query: &[&str]) -> usize {
        let shared = self.address.len() + self.parameters.len() + self.token.len();
        shared + SIGNATURE_LENGTH + query.iter().map(|piece| piece.len()).sum::<usize>()
    }

    /// Appends the URL that [`Self::sign`] makes.
    pub(super) fn sign_into(&self, url: &mut Vec<u8>, query: &[&str], canonical: &[&str]) {
        let mut request = self.canonical.clone();
        for piece in canonical {
            request.update(piece);
        }
        let mut to_sign = self.to_sign.clone();
        to_sign.update(&hexadecimal(&request.finalize().into()));
        let signature = hexadecimal(&to_sign.finalize().into_bytes().into());
        url.extend_from_slice(self.address.as_bytes());
        for piece in query {
            url.extend_from_slice(piece.as_bytes());
        }
        url.extend_from_slice(self.parameters.as_bytes());
        url.extend_from_slice(&signature);
        url.extend_from_slice(self.token.as_bytes());
    }
}

fn hexadecimal(bytes: &[u8; 32]) -> [u8; SIGNATURE_LENGTH] {
    let mut digits = [0; SIGNATURE_LENGTH];
    hex::encode_to_slice(bytes, &mut digits).expect("two digits a byte");
    digits
}
