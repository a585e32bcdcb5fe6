//! Requests to issuers: for their discovery document, and for their keys.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use serde::Deserialize;

use super::configuration::{IssuerConfig, is_allowed};
use super::key_set::KeySet;

/// Timeout of connecting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Timeout of a request as a whole.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(8);

/// Largest document that is read, in bytes.
const MAX_DOCUMENT_BYTES: usize = 256 * 1024;

/// Where the discovery document of an issuer is (OpenID Connect Discovery 1.0, section 4).
const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";

/// Why the keys of an issuer are not known.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// No response, or none in time.
    #[error("no response")]
    Transport(#[source] reqwest::Error),
    /// A response other than 200. Redirects are not followed.
    #[error("the response is {0}; redirects are not followed")]
    Status(u16),
    /// A document larger than is read.
    #[error("the document has more than {MAX_DOCUMENT_BYTES} bytes")]
    TooLarge,
    /// No document of the expected form.
    #[error("the document is not as expected: {0}")]
    Document(serde_json::Error),
    /// The discovery document is that of another issuer.
    #[error("the discovery document names another issuer")]
    OtherIssuer,
    /// The URL of the keys is not HTTPS.
    #[error("the discovery document's `jwks_uri` is not an https URL")]
    KeysUrl,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

/// A client for the documents of issuers.
#[derive(Clone, Debug)]
pub(super) struct IssuerDocuments(Client);

impl IssuerDocuments {
    /// A client that follows no redirects.
    ///
    /// # Errors
    /// If the process has no certificates to trust.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .user_agent(concat!("restow-server/", env!("CARGO_PKG_VERSION")));
        Ok(Self(client.build()?))
    }

    /// The keys of an issuer, as its discovery document leads to them.
    ///
    /// # Errors
    /// If a document cannot be fetched, or is not as expected.
    pub async fn keys(&self, issuer: &IssuerConfig) -> Result<KeySet, FetchError> {
        let discovery_url = format!("{}{DISCOVERY_PATH}", issuer.url.trim_end_matches('/'));
        let discovery_url = Url::parse(&discovery_url).map_err(|_| FetchError::KeysUrl)?;
        let discovery = self.read(discovery_url).await?;
        let discovery: Discovery =
            serde_json::from_slice(&discovery).map_err(FetchError::Document)?;
        if discovery.issuer != issuer.url {
            return Err(FetchError::OtherIssuer);
        }
        let keys_url = Url::parse(&discovery.jwks_uri).ok();
        let keys_url = keys_url.filter(|url| is_allowed(url, issuer.allow_http));
        let keys = self.read(keys_url.ok_or(FetchError::KeysUrl)?).await?;
        KeySet::read(&keys, &issuer.algorithms).map_err(FetchError::Document)
    }

    async fn read(&self, url: Url) -> Result<Vec<u8>, FetchError> {
        let request = self.0.get(url).header("accept", "application/json");
        let mut response = request.send().await.map_err(without_url)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(FetchError::Status(response.status().as_u16()));
        }
        let mut document = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(without_url)? {
            if document.len() + chunk.len() > MAX_DOCUMENT_BYTES {
                return Err(FetchError::TooLarge);
            }
            document.extend_from_slice(&chunk);
        }
        Ok(document)
    }
}

/// The issuer is named where the error is logged, and the URL of its keys may be long.
fn without_url(error: reqwest::Error) -> FetchError {
    FetchError::Transport(error.without_url())
}
