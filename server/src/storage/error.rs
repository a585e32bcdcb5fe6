//! Why a request to S3 failed.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// Error codes that are transient, with whatever status they come.
const TRANSIENT_CODES: [&str; 7] = [
    "InternalError",
    "OperationAborted",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "TooManyRequests",
];

/// Why a request to S3 failed.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such multipart upload, or no longer.
    #[error("no such upload")]
    NoSuchUpload,
    /// S3 rejected the request; a retry does not help.
    #[error("S3 rejected the request: {code}")]
    Refused {
        /// S3's own code.
        code: String,
    },
    /// The credentials have expired, and no fresh ones are available.
    #[error("the S3 credentials have expired")]
    CredentialsExpired,
    /// S3 cannot be reached, is overloaded, or sent an invalid response.
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
            // The SDK's messages about failed connections contain hosts, never URLs.
            (None, _) => Self::Unavailable(kind_of(&error).to_string()),
            (Some(status @ (408 | 429)), code) => Self::Unavailable(format!("{status} {code}")),
            (Some(status), code) if TRANSIENT_CODES.contains(&code) => {
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
        SdkError::ConstructionFailure(_) => "the request could not be built",
        SdkError::TimeoutError(_) => "the request timed out",
        SdkError::DispatchFailure(_) => "the connection failed",
        SdkError::ResponseError(_) => "invalid response",
        _ => "an error",
    }
}
