//! Why a request to S3 failed.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::reason::Reason;

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
#[derive(Clone, Debug, thiserror::Error)]
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
    /// The request got no response.
    #[error("{}", .0.cause())]
    Unreachable(Reason),
    /// S3 is overloaded, or sent an invalid response.
    #[error("S3 is unavailable: {0}")]
    Unavailable(String),
}

impl StorageError {
    /// The reason, which says whether a retry can help, and what to do.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Refused { code } => Reason::of_code(code),
            Self::Unreachable(reason) => *reason,
            Self::CredentialsExpired => Reason::CredentialsExpired,
            Self::NoSuchUpload => Reason::Refused,
            Self::Unavailable(_) => Reason::ServerError,
        }
    }
}

impl<E> From<SdkError<E, HttpResponse>> for StorageError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        Self::of(&error)
    }
}

impl StorageError {
    /// What an error of the SDK means.
    pub(super) fn of<E>(error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        let code = error
            .as_service_error()
            .and_then(ProvideErrorMetadata::code)
            .unwrap_or_default();
        match (status, code) {
            (_, "NoSuchUpload") => Self::NoSuchUpload,
            (None, _) => Self::Unreachable(reason_without_response(error)),
            (Some(status @ (408 | 429)), code) => Self::Unavailable(format!("{status} {code}")),
            (Some(status), code) if TRANSIENT_CODES.contains(&code) => {
                Self::Unavailable(format!("{status} {code}"))
            }
            // A bucket in another region is a redirect, which the SDK does not follow.
            (Some(301 | 400..=499), "") => Self::Refused {
                code: status.unwrap_or_default().to_string(),
            },
            // An error inside of a 200 is the same error.
            (Some(200 | 301 | 400..=499), code) if !code.is_empty() => Self::Refused {
                code: code.to_string(),
            },
            (Some(status), code) => Self::Unavailable(format!("{status} {code}")),
        }
    }
}

fn reason_without_response<E>(error: &SdkError<E, HttpResponse>) -> Reason
where
    E: std::error::Error + 'static,
{
    match error {
        SdkError::TimeoutError(_) => Reason::Timeout,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Reason::Timeout,
        error => Reason::of_dispatch(error),
    }
}
