//! S3: the only place that speaks it. Requests go to the internal endpoint; URLs are signed for the public one.

mod credentials;
mod header_value;
mod object;
mod server_time;
mod sign;
mod upload;

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedCredentialsProvider,
};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::{Client, Config};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use chrono::{DateTime, Utc};

use self::credentials::CredentialSource;
pub use self::header_value::{content_disposition, content_type};
pub use self::object::ObjectHead;
pub use self::sign::{Addressing, PresignedUrl, Signer, UrlLife};
use self::upload::JOB_METADATA;
pub use self::upload::{COMPLETE_TIMEOUT, ListedPart, ListedUpload, UploadMarker};

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// How long S3 may take to begin an answer, for everything but a completion.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long all attempts together may take, for everything but a completion.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(30);

/// Codes of errors that pass, whatever status they come with.
const PASSING: [&str; 7] = [
    "InternalError",
    "OperationAborted",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "TooManyRequests",
];

/// Where the bucket is, and who may use it.
#[derive(Clone, Debug)]
pub struct StorageConfig {
    /// Endpoint that the server speaks to; `None` for AWS.
    pub endpoint: Option<String>,
    /// Endpoint that clients speak to, where it is another one.
    pub public_endpoint: Option<String>,
    /// Name of the bucket.
    pub bucket: String,
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
}

/// Why S3 did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such multipart upload, or no longer.
    #[error("no such upload")]
    NoSuchUpload,
    /// S3 understood and refused; trying again will not help.
    #[error("S3 refused: {code}")]
    Refused {
        /// S3's own code.
        code: String,
    },
    /// The credentials are at their end, and no fresh ones are to be had.
    #[error("the credentials have expired")]
    CredentialsExpired,
    /// S3 cannot be reached, is overloaded, or answers what makes no sense.
    #[error("S3 is unavailable: {0}")]
    Unavailable(String),
}

impl<E> From<SdkError<E, HttpResponse>> for StorageError
where
    E: ProvideErrorMetadata,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        let code = error
            .as_service_error()
            .and_then(ProvideErrorMetadata::code)
            .unwrap_or_default();
        match (status, code) {
            (_, "NoSuchUpload") => Self::NoSuchUpload,
            // What the SDK says of requests that did not come through names hosts, never URLs.
            (None, _) => Self::Unavailable(kind_of(&error).to_string()),
            (Some(status @ (408 | 429)), code) => Self::Unavailable(format!("{status} {code}")),
            (Some(status), code) if PASSING.contains(&code) => {
                Self::Unavailable(format!("{status} {code}"))
            }
            (Some(400..=499), "") => Self::Refused {
                code: status.unwrap_or_default().to_string(),
            },
            // An error inside of a 200 is the same error.
            (Some(200 | 400..=499), code) if !code.is_empty() => Self::Refused {
                code: code.to_string(),
            },
            (Some(status), code) => Self::Unavailable(format!("{status} {code}")),
        }
    }
}

fn kind_of<E>(error: &SdkError<E, HttpResponse>) -> &'static str {
    match error {
        SdkError::ConstructionFailure(_) => "the request could not be made",
        SdkError::TimeoutError(_) => "no answer in time",
        SdkError::DispatchFailure(_) => "no connection, or it broke off",
        SdkError::ResponseError(_) => "an answer that could not be read",
        _ => "an error",
    }
}

impl Storage {
    /// Sets up the client and the signer; nothing is sent.
    ///
    /// # Errors
    /// If an endpoint is no URL.
    pub fn new(config: StorageConfig) -> Result<Self, String> {
        let signer = Signer::new(
            config
                .public_endpoint
                .as_deref()
                .or(config.endpoint.as_deref()),
            &config.region,
            &config.bucket,
            config.addressing,
        )?;
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
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            // Stores that are not AWS stumble over checksums that nobody asked for.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        client.set_endpoint_url(config.endpoint);
        let credentials = CredentialSource::new(config.credentials);
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
        })
    }

    /// What every key begins with.
    pub fn prefix(&self) -> &str {
        &self.prefix
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
