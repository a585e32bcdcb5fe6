//! The client, its settings, and calls of operations with retries.

mod endpoint;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use backon::Retryable;
use progenitor_client::ResponseValue;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, RequestBuilder, redirect};
use uuid::Uuid;

use self::endpoint::{base_url, trimmed};
use crate::delay::{CallDelay, DelayListener};
use crate::error::{Error, Result};
use crate::generated;
use crate::generated::types::{Dataset, HttpValidationError};
use crate::idempotency::CallKey;
use crate::network::Network;
use crate::retry::{RetryPolicy, apply_retry_after};
use crate::s3::S3;

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Length of a UUID in its hyphenated form (RFC 9562), which no dataset's name has.
const UUID_LENGTH: usize = 36;

/// Result of a generated operation, before it is turned into [`Error`].
pub type OperationResult<T> =
    Result<ResponseValue<T>, progenitor_client::Error<HttpValidationError>>;

/// A client of one Restow server.
///
/// Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Client {
    api: generated::Client,
    s3: S3,
    retry: RetryPolicy,
    delays: DelayListener,
}

impl Client {
    /// Creates a client of the server at `endpoint`, with the default settings of [`ClientBuilder`].
    ///
    /// The endpoint is the server's URL, with or without a trailing slash or `/api`. Without a scheme it is `https`, or
    /// `http` for this machine (`localhost`, `127.0.0.1`). Blanks, line ends and byte order marks around the token, as
    /// files and environment variables often have them, are ignored.
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::build`]; nothing is sent yet.
    pub fn new(endpoint: &str, token: &str) -> Result<Self> {
        Self::builder(endpoint, token).build()
    }

    /// Returns a builder of a client of the server at `endpoint`.
    pub fn builder(endpoint: &str, token: &str) -> ClientBuilder {
        ClientBuilder {
            token: Some(token.to_string()),
            ..Self::anonymous(endpoint)
        }
    }

    /// Returns a builder of a client without a token, for the operations that need none: `exchange_token`.
    pub fn anonymous(endpoint: &str) -> ClientBuilder {
        ClientBuilder {
            endpoint: endpoint.to_string(),
            token: None,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_mins(1),
            stall_timeout: Duration::from_mins(1),
            retry: RetryPolicy::default(),
            ca_files: Vec::new(),
        }
    }

    /// Base URL of the paths of the API at an endpoint, which a client of the same endpoint has.
    ///
    /// # Errors
    /// [`Error::InvalidEndpoint`].
    pub fn base_url(endpoint: &str) -> Result<String> {
        base_url(endpoint)
    }

    /// Version of the API that this crate is generated for.
    pub fn api_version() -> &'static str {
        <generated::Client as progenitor_client::ClientInfo<()>>::api_version()
    }

    /// The operations of the API, one method each. `?` converts their errors into [`Error`].
    pub fn api(&self) -> &generated::Client {
        &self.api
    }

    /// Returns the same client with another [`RetryPolicy`]. Both share their connections.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self {
            retry: policy,
            ..self.clone()
        }
    }

    /// Returns the same client, which sends each request once: for operations that the server would execute again, since they have no
    /// `Idempotency-Key`.
    #[must_use]
    pub fn without_retries(&self) -> Self {
        self.with_retry(RetryPolicy {
            retries: 0,
            ..self.retry
        })
    }

    /// Returns the same client with a listener that is called when a response is late, and before each retry. Both share
    /// their connections.
    #[must_use]
    pub fn on_delay(&self, listener: impl Fn(&CallDelay<'_>) + Send + Sync + 'static) -> Self {
        Self {
            delays: DelayListener::new(listener),
            ..self.clone()
        }
    }

    /// The same client without a listener.
    pub(crate) fn without_listener(&self) -> Self {
        Self {
            delays: DelayListener::default(),
            ..self.clone()
        }
    }

    /// Base URL of the paths of the API; it ends with `/api`.
    pub fn endpoint(&self) -> &str {
        progenitor_client::ClientInfo::baseurl(&self.api)
    }

    /// A request with the token of the client, for what the operations do not cover. `path` is one of the API, without
    /// `/api`. [`Network::send`] sends and records it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let http = progenitor_client::ClientInfo::client(&self.api);
        let path = path.trim_start_matches('/');
        http.request(method, format!("{}/{path}", self.endpoint()))
    }

    /// Finds a dataset by its id, by its name, or, where another principal has shared it, as `OWNER/NAME`. No dataset has the form
    /// of an id as its name.
    ///
    /// A name alone is that of a dataset of the caller, so that what others share, unasked, never takes the place of it.
    ///
    /// # Errors
    ///
    /// [`Error::DatasetNotFound`] if there is none, and the errors of [`call`](Self::call).
    pub async fn find_dataset(&self, name_or_id: &str) -> Result<Dataset> {
        let not_found = || Error::DatasetNotFound(name_or_id.to_string());
        // Other spellings of a UUID may be names.
        if let Some(dataset_id) = Uuid::parse_str(name_or_id)
            .ok()
            .filter(|_| name_or_id.len() == UUID_LENGTH)
        {
            let found = self
                .call(|| self.api().get_dataset().dataset_id(dataset_id).send())
                .await;
            return found.map_err(|error| {
                if error.is_not_found() {
                    not_found()
                } else {
                    error
                }
            });
        }
        if let Some(own) = self.find_dataset_of(None, name_or_id).await? {
            return Ok(own);
        }
        let Some((owner, name)) = name_or_id.rsplit_once('/') else {
            return Err(not_found());
        };
        let shared = self.find_dataset_of(Some(owner), name).await?;
        shared.ok_or_else(not_found)
    }

    /// The dataset of that name, if there is one: the caller's own, or that of another principal who has shared it.
    async fn find_dataset_of(&self, owner: Option<&str>, name: &str) -> Result<Option<Dataset>> {
        let request = || {
            let list = self.api().list_datasets().name(name);
            match owner {
                Some(owner) => list.owner(owner).send(),
                None => list.shared(false).send(),
            }
        };
        let found = self.call(request).await?;
        Ok(found.items.into_iter().next())
    }

    /// Calls an operation, and retries it while the error is transient.
    ///
    /// `operation` is called once for each attempt, and sends one request. The delays are those of the client's
    /// [`RetryPolicy`]. `create_dataset` and `request_presigned_reupload` send the same `Idempotency-Key` with each attempt, so
    /// that they create something once. `create_token`, `create_trust_rule`, `create_webhook` and `rotate_webhook_secret` have no
    /// key: after a lost response, a retry creates a second token, rule or webhook, or replaces the secret again. Call them with
    /// [`without_retries`](Self::without_retries).
    ///
    /// # Errors
    /// The error of the last attempt: the first that is not transient ([`Error::is_transient`]), or the one at which the
    /// policy's retries are used up.
    ///
    /// # Example
    /// ```no_run
    /// # async fn run(client: restow_sdk::Client) -> Result<(), restow_sdk::Error> {
    /// let datasets = client.call(|| client.api().list_datasets().limit(100).send()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn call<T, F>(&self, mut operation: impl FnMut() -> F) -> Result<T>
    where
        F: Future<Output = OperationResult<T>>,
    {
        let key = CallKey::new();
        let attempt = || {
            let response = self.delays.awaiting(key.attempt(operation()));
            async { Ok(response.await?.into_inner()) }
        };
        attempt
            .retry(self.retry().backoff())
            .when(Error::is_transient)
            .adjust(apply_retry_after)
            .notify(|error, after| self.delays.retries(error, after))
            .await
    }

    pub(crate) fn s3(&self) -> &S3 {
        &self.s3
    }

    pub(crate) fn retry(&self) -> RetryPolicy {
        self.retry
    }

    pub(crate) fn delays(&self) -> &DelayListener {
        &self.delays
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
    token: Option<String>,
    connect_timeout: Duration,
    request_timeout: Duration,
    stall_timeout: Duration,
    retry: RetryPolicy,
    ca_files: Vec<PathBuf>,
}

impl ClientBuilder {
    /// Timeout for connecting to the API and to S3; 10 s by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Timeout for a response of the API; 60 s by default. Set at least 15 s for uploads: the server may take 10 s to
    /// respond to their completion.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Timeout for a part or download of which no byte is transferred; 60 s by default. Once all bytes of a part are
    /// sent, S3 may take five times as long to respond. The timeout also covers a source that returns no bytes. The
    /// time of a whole transfer is not limited.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    /// Number and delays of retries after transient errors.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Trusts the certificates in a file as well, for the API and for S3: one or more certification authorities in PEM
    /// form. Can be called several times. The variables of [`Network::from_environment`] have the same effect.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_files.push(path.into());
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidEndpoint`], [`Error::InvalidToken`], [`Error::CaFile`], [`Error::InvalidProxy`] and
    /// [`Error::Setup`]; nothing is sent yet.
    pub fn build(self) -> Result<Client> {
        let base = base_url(&self.endpoint)?;
        let token = self.token.as_deref().map(bearer).transpose()?;
        let headers: HeaderMap = token
            .map(|token| (AUTHORIZATION, token))
            .into_iter()
            .collect();
        let network = self.network()?;
        let api = network.configure(self.http());
        let api = api.timeout(self.request_timeout).default_headers(headers);
        let api = api.build().map_err(Error::Setup)?;
        // The bytes are compared and counted as stored, so a `Content-Encoding: gzip` of the object must not be decoded.
        let s3 = network.configure(self.http());
        let s3 = s3.no_gzip().no_brotli().no_zstd().no_deflate();
        let s3 = s3.build().map_err(Error::Setup)?;
        Ok(Client {
            api: generated::Client::new_with_client(&base, api),
            s3: S3::new(s3, self.stall_timeout),
            retry: self.retry,
            delays: DelayListener::default(),
        })
    }

    fn network(&self) -> Result<Network> {
        let network = Network::from_environment()?;
        let mut files = self.ca_files.iter();
        files.try_fold(network, |network, file| network.trusting(file))
    }

    /// Settings of both HTTP clients. A redirect would turn a POST into a GET, and a signature is valid for one host.
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
            .field("ca_files", &self.ca_files)
            .finish_non_exhaustive()
    }
}

fn bearer(token: &str) -> Result<HeaderValue> {
    let token = trimmed(token);
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
    use super::{Client, bearer};
    use crate::Error;

    #[test]
    fn debug_output_hides_the_token() {
        let builder = Client::builder("http://localhost", "s3cr3t");
        let client = builder.clone().build().unwrap();
        let shown = format!("{builder:?} {client:?} {:?}", client.api());
        assert!(!shown.contains("s3cr3t"), "{shown}");
    }

    #[test]
    fn blanks_around_tokens_are_ignored() {
        for token in ["s3cr3t\n", "s3cr3t\r\n", "\u{feff}s3cr3t", "\t s3cr3t \n\n"] {
            assert_eq!(bearer(token).unwrap(), "Bearer s3cr3t");
        }
    }

    #[test]
    fn invalid_tokens_fail() {
        for token in ["", "\u{feff}\n", "a\nb"] {
            assert!(matches!(
                Client::new("http://localhost", token),
                Err(Error::InvalidToken)
            ));
        }
    }
}
