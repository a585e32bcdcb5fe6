//! The client and its settings.

use std::fmt;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Url, redirect};
use uuid::Uuid;

use crate::download::DownloadBuilder;
use crate::error::{Error, Peer, Result};
use crate::generated;
use crate::generated::types::Dataset;
use crate::retry::RetryPolicy;
use crate::reupload::ReuploadSourceBuilder;
use crate::s3::S3;

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Characters of a UUID in its hyphenated form (RFC 9562), which no dataset's name has.
const HYPHENATED: usize = 36;

/// A client of one Restow server.
///
/// Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client {
    api: generated::Client,
    s3: S3,
    retry: RetryPolicy,
}

impl Client {
    /// A client of the server at `endpoint`, with the default settings of [`ClientBuilder`].
    ///
    /// The endpoint is the server's URL, with or without a trailing slash or `/api`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidEndpoint`] and [`Error::InvalidToken`]; nothing is sent yet.
    pub fn new(endpoint: &str, token: &str) -> Result<Self> {
        Self::builder(endpoint, token).build()
    }

    /// The settings of a client of the server at `endpoint`.
    pub fn builder(endpoint: &str, token: &str) -> ClientBuilder {
        ClientBuilder {
            endpoint: endpoint.to_string(),
            token: token.to_string(),
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_mins(1),
            stall_timeout: Duration::from_mins(1),
            retry: RetryPolicy::default(),
        }
    }

    /// The operations of the API, one method each. `?` turns their errors into [`Error`].
    pub fn api(&self) -> &generated::Client {
        &self.api
    }

    /// Replaces the data of a dataset.
    pub fn reupload(&self, dataset_id: Uuid) -> ReuploadSourceBuilder<'_> {
        ReuploadSourceBuilder::new(self, dataset_id)
    }

    /// Reads the data of a dataset: the current version's, unless another is asked for.
    pub fn download(&self, dataset_id: Uuid) -> DownloadBuilder<'_> {
        DownloadBuilder::new(self, dataset_id)
    }

    /// The same client with another patience. They share their connections.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self {
            retry: policy,
            ..self.clone()
        }
    }

    /// URL that the paths of the document are relative to; it ends with `/api`.
    pub fn endpoint(&self) -> &str {
        progenitor_client::ClientInfo::baseurl(&self.api)
    }

    /// The caller's dataset with a name or an id: no dataset is named like an id.
    ///
    /// # Errors
    ///
    /// [`Error::DatasetNotFound`] if there is none, and whatever hinders the asking.
    pub async fn find_dataset(&self, name_or_id: &str) -> Result<Dataset> {
        let missing = || Error::DatasetNotFound(name_or_id.to_string());
        // Other spellings of a UUID may be names.
        if let Some(dataset_id) = Uuid::parse_str(name_or_id)
            .ok()
            .filter(|_| name_or_id.len() == HYPHENATED)
        {
            let found = self
                .call(|| self.api().get_dataset().dataset_id(dataset_id).send())
                .await;
            return found.map_err(|error| {
                if error.is_not_found() {
                    missing()
                } else {
                    error
                }
            });
        }
        let found = self
            .call(|| self.api().list_datasets().name(name_or_id).send())
            .await?;
        found.items.into_iter().next().ok_or_else(missing)
    }

    pub(crate) fn s3(&self) -> &S3 {
        &self.s3
    }

    pub(crate) fn retry(&self) -> RetryPolicy {
        self.retry
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.endpoint())
            .finish_non_exhaustive()
    }
}

/// Settings of a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    endpoint: String,
    token: String,
    connect_timeout: Duration,
    request_timeout: Duration,
    stall_timeout: Duration,
    retry: RetryPolicy,
}

impl ClientBuilder {
    /// Longest wait for a connection, to the API and to S3; 10 s by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Longest wait for an answer of the API; 60 s by default, and not below 15 s for uploads, whose
    /// completion the server itself may wait 10 s for.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Longest time in which S3 may move no byte of a part or download; 60 s by default. Once S3 has all of a part, it
    /// may take five times as long to answer. A source that has no byte to give counts too. There is no limit to the time
    /// that a transfer may take as a whole.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    /// How often and after which delays to try again what failed for a reason that passes.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidEndpoint`] and [`Error::InvalidToken`]; nothing is sent yet.
    pub fn build(self) -> Result<Client> {
        let base = base_url(&self.endpoint)?;
        let headers = HeaderMap::from_iter([(AUTHORIZATION, bearer(&self.token)?)]);
        let api = self
            .http()
            .timeout(self.request_timeout)
            .default_headers(headers);
        let api = api
            .build()
            .map_err(|error| Error::transport(Peer::Api, error))?;
        // Bytes count here, so a store that says `Content-Encoding: gzip` is not to be decoded on the way.
        let s3 = self.http().no_gzip().no_brotli().no_zstd().no_deflate();
        let s3 = s3
            .build()
            .map_err(|error| Error::transport(Peer::S3, error))?;
        Ok(Client {
            api: generated::Client::new_with_client(&base, api),
            s3: S3::new(s3, self.stall_timeout),
            retry: self.retry,
        })
    }

    /// What both have in common. A redirect would turn a POST into a GET, and a signature holds for one host.
    fn http(&self) -> reqwest::ClientBuilder {
        reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(self.connect_timeout)
            .redirect(redirect::Policy::none())
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("request_timeout", &self.request_timeout)
            .field("stall_timeout", &self.stall_timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// URL that the paths of the document are relative to: it ends with `/api`, exactly once.
fn base_url(endpoint: &str) -> Result<String> {
    let mut url = Url::parse(endpoint).map_err(|_| Error::InvalidEndpoint)?;
    let credentials = !url.username().is_empty() || url.password().is_some();
    if !matches!(url.scheme(), "http" | "https") || credentials {
        return Err(Error::InvalidEndpoint);
    }
    let path = url.path().trim_end_matches('/');
    let path = format!("{}/api", path.strip_suffix("/api").unwrap_or(path));
    url.set_path(&path);
    url.set_query(None);
    url.set_fragment(None);
    Ok(url.into())
}

fn bearer(token: &str) -> Result<HeaderValue> {
    if token.is_empty() {
        return Err(Error::InvalidToken);
    }
    let mut value =
        HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| Error::InvalidToken)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::{Client, base_url};
    use crate::Error;

    #[test]
    fn the_base_url_ends_with_api_once() {
        for (endpoint, base) in [
            ("https://restow.example", "https://restow.example/api"),
            ("https://restow.example/", "https://restow.example/api"),
            ("https://restow.example/api", "https://restow.example/api"),
            ("https://restow.example/api/", "https://restow.example/api"),
            ("http://[::1]:8080/data/", "http://[::1]:8080/data/api"),
            ("http://localhost/myapi?x=1#y", "http://localhost/myapi/api"),
        ] {
            assert_eq!(base_url(endpoint).unwrap(), base);
        }
    }

    #[test]
    fn other_endpoints_are_refused() {
        for endpoint in [
            "",
            "restow.example",
            "ftp://restow.example",
            "https://user:secret@restow.example",
        ] {
            assert!(
                matches!(base_url(endpoint), Err(Error::InvalidEndpoint)),
                "{endpoint}"
            );
        }
    }

    #[test]
    fn the_token_is_in_no_debug_output() {
        let builder = Client::builder("http://localhost", "s3cr3t");
        let client = builder.clone().build().unwrap();
        let shown = format!("{builder:?} {client:?} {:?}", client.api());
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }

    #[test]
    fn tokens_that_no_header_can_carry_are_refused() {
        for token in ["", "a\nb"] {
            assert!(matches!(
                Client::new("http://localhost", token),
                Err(Error::InvalidToken)
            ));
        }
    }
}
