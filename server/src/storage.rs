//! S3: the only module that sends requests to it. Requests use the internal endpoint; URLs are signed for the public one.

mod credentials;
mod endpoint;
mod error;
mod header_value;
mod instruments;
mod lifecycle;
mod object;
mod presigned_request;
mod reason;
mod server_time;
mod sign;
mod signature;
mod timeouts;
mod transport;
mod upload;
mod upload_list;
mod url_life;

use aws_credential_types::Credentials;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedCredentialsProvider,
};
use aws_sdk_s3::{Client, Config};
use chrono::{DateTime, Utc};
use prometheus_client::registry::Registry;

use self::credentials::CredentialSource;
pub use self::endpoint::{Addressing, Endpoint};
pub use self::error::StorageError;
pub use self::header_value::{content_disposition, content_type};
use self::instruments::Instruments;
pub use self::lifecycle::LifecycleRule;
pub use self::object::{ListedObject, ObjectHead};
pub use self::presigned_request::{PresignedClient, PresignedResponse};
pub use self::reason::Reason;
pub use self::sign::{Signer, UploadSigner};
pub use self::signature::PresignedUrl;
pub use self::timeouts::COMPLETE_TIMEOUT;
use self::timeouts::{ATTEMPT_TIMEOUT, CONNECT_TIMEOUT, FIRST_BACKOFF, OPERATION_TIMEOUT};
pub use self::upload::ListedPart;
pub use self::upload_list::{ListedUpload, UploadMarker};
pub use self::url_life::{MAX_EXPIRES, UrlLife, UrlLifeError};

/// Where the bucket is, and who may use it.
#[derive(Clone, Debug)]
pub struct StorageConfig {
    /// Endpoint that the server uses; `None` for AWS.
    pub endpoint: Option<String>,
    /// Endpoint that clients use, if different.
    pub public_endpoint: Option<String>,
    /// Name of the bucket.
    pub bucket: String,
    /// Whether it is the embedded S3, which listens on this machine, without TLS.
    pub is_embedded: bool,
    /// Region that signatures name.
    pub region: String,
    /// Whether the bucket stands in the path or in the host name.
    pub addressing: Addressing,
    /// What every key begins with.
    pub prefix: String,
    /// Credentials for everything that the server does, and for downloads.
    pub credentials: SharedCredentialsProvider,
    /// Credentials for upload URLs alone, where they are others.
    pub upload_credentials: Option<Credentials>,
}

/// The bucket.
#[derive(Clone, Debug)]
pub struct Storage {
    client: Client,
    bucket: String,
    prefix: String,
    signer: Signer,
    credentials: CredentialSource,
    upload_credentials: CredentialSource,
    instruments: Instruments,
    has_upload_key: bool,
}

impl Storage {
    /// Sets up the client and the signer; nothing is sent.
    ///
    /// # Errors
    /// If an endpoint is no URL, or no client can be set up.
    pub fn new(config: StorageConfig) -> Result<Self, String> {
        let endpoint = Endpoint::new(
            config
                .public_endpoint
                .as_deref()
                .or(config.endpoint.as_deref()),
            &config.region,
            &config.bucket,
            config.addressing,
        )?;
        let signer = Signer::new(endpoint, &config.region);
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_attempt_timeout(ATTEMPT_TIMEOUT)
            .operation_timeout(OPERATION_TIMEOUT)
            .build();
        let mut client = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(config.region))
            .credentials_provider(config.credentials.clone())
            .force_path_style(config.addressing == Addressing::Path)
            .timeout_config(timeouts)
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(3)
                    .with_initial_backoff(FIRST_BACKOFF),
            )
            // Some stores other than AWS reject checksums that were not requested.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        client.set_endpoint_url(config.endpoint);
        if config.is_embedded {
            client.set_http_client(Some(transport::local()?));
        }
        let credentials = CredentialSource::new(config.credentials);
        let has_upload_key = config.upload_credentials.is_some();
        let upload_credentials = config.upload_credentials.map_or_else(
            || credentials.clone(),
            |own| CredentialSource::new(SharedCredentialsProvider::new(own)),
        );
        Ok(Self {
            client: Client::from_conf(client.build()),
            bucket: config.bucket,
            prefix: config.prefix,
            signer,
            credentials,
            upload_credentials,
            instruments: Instruments::default(),
            has_upload_key,
        })
    }

    /// Registers what requests to S3 cost.
    pub fn register(&self, registry: &mut Registry) {
        self.instruments.register(registry);
    }

    /// What every key begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether upload URLs are signed with a key of their own.
    pub fn has_upload_key(&self) -> bool {
        self.has_upload_key
    }

    /// The value of `x-amz-copy-source` for an object of the bucket.
    pub fn copy_source(&self, key: &str) -> String {
        format!("/{}/{key}", self.bucket)
    }

    /// The signer, which clients' URLs come from.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Credentials to sign upload URLs with at `now`.
    pub async fn upload_credentials(
        &self,
        now: DateTime<Utc>,
    ) -> Result<Credentials, StorageError> {
        self.upload_credentials.at(now).await
    }

    /// Credentials to sign download URLs with at `now`.
    pub async fn credentials(&self, now: DateTime<Utc>) -> Result<Credentials, StorageError> {
        self.credentials.at(now).await
    }
}
