//! The error type of the crate.

mod connection;
mod text;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;
use uuid::Uuid;

pub use self::connection::{CertificateProblem, Proxy, ProxyProblem};
use self::text::{corrupted_object, details, messages, of_part, version};
pub use crate::generated::types::ValidationError as ApiError;
use crate::generated::types::{Change, JobError, JobStatus, Preview};

/// Result type of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The error type of this crate.
///
/// `Display` and `Debug` never show a signed URL or the token. `?` converts the errors of
/// [generated operations](crate::generated) into this type.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The endpoint is not an `http` or `https` URL, or contains a user name or password.
    #[error("invalid endpoint: expected an http or https URL without credentials")]
    InvalidEndpoint,

    /// The token is empty, or contains characters that are invalid in an HTTP header.
    #[error("invalid token: it is empty or contains characters that are invalid in an HTTP header")]
    InvalidToken,

    /// The request was not sent: a value is invalid by the API's schema.
    #[error("invalid request: {0}")]
    InvalidRequest(String),

    /// A file of CA certificates cannot be used, or a directory of them.
    #[error("cannot use the CA certificates at {}, which {setting} names", path.display())]
    CaFile {
        /// What names it: a variable of the environment such as `SSL_CERT_FILE`, or a setting of the client.
        setting: String,
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },

    /// A variable of the environment names a proxy that cannot be used. Its value is not shown, since it may contain a
    /// password.
    #[error(
        "invalid proxy in {variable}: expected a URL such as http://proxy.example:3128 or socks5h://proxy.example:1080"
    )]
    InvalidProxy {
        /// The variable.
        variable: String,
    },

    /// The HTTP client cannot be set up: no certificates of certification authorities were found, for instance.
    #[error("cannot set up the HTTP client")]
    Setup(#[source] reqwest::Error),

    /// The certificate of a server is not accepted.
    #[error("the certificate of {host} ({peer}) {problem}")]
    Certificate {
        /// The other end of the connection.
        peer: Peer,
        /// Its host.
        host: String,
        /// What is wrong with its certificate.
        problem: CertificateProblem,
        /// The cause, without the URL.
        source: reqwest::Error,
    },

    /// The proxy that the environment names was of no use.
    #[error("the proxy {proxy} on the way to {peer} {problem}")]
    Proxy {
        /// The other end of the connection.
        peer: Peer,
        /// The proxy.
        proxy: Proxy,
        /// What it did.
        problem: ProxyProblem,
        /// The cause, without the URL; `None` if the proxy responded with 407.
        source: Option<reqwest::Error>,
    },

    /// No connection, a broken one, or a timeout. Whether the peer has processed the request is unknown.
    #[error("connection to {peer} failed")]
    Transport {
        /// The other end of the connection.
        peer: Peer,
        /// The cause, without the URL.
        source: reqwest::Error,
    },

    /// No byte was transferred to or from S3 for this long.
    #[error("transfer stalled: no byte was sent to or received from S3 for {} s", .0.as_secs_f32())]
    Stalled(Duration),

    /// The API has not responded to the request for a stream of events for this long.
    #[error("the API has not responded for {} s", .0.as_secs_f32())]
    NoResponse(Duration),

    /// The API refused the request. [`Error::error_type`] is its machine code.
    #[error("the API refused with {status}: {}", details(.errors))]
    Api {
        /// Status of the response.
        status: StatusCode,
        /// Every error that the API found; never empty.
        errors: Vec<ApiError>,
        /// The `Retry-After` of the response, if any.
        retry_after: Option<Duration>,
    },

    /// An error response that is not the API's: an unknown path, a proxy, or another server. Check the endpoint.
    #[error(
        "unexpected response {status}, not from the Restow API; check the endpoint: {message:?}"
    )]
    UnexpectedResponse {
        /// Status of the response.
        status: StatusCode,
        /// Beginning of the body; may be empty.
        message: String,
        /// The `Retry-After` of the response, if any.
        retry_after: Option<Duration>,
        /// The proxy that the request went through, which may have sent the response.
        proxy: Option<Box<Proxy>>,
    },

    /// A successful response that does not conform to the API's schema.
    #[error("invalid response: {0}")]
    InvalidResponse(String),

    /// S3 refused the upload of a part, or a download.
    #[error("S3 refused{} with {status}: {code} {message}", of_part(*.part_number))]
    S3 {
        /// Status of the response.
        status: StatusCode,
        /// S3's error code, such as `AccessDenied`; empty if the response had none.
        code: String,
        /// S3's error message; empty if the response had none.
        message: String,
        /// Number of the part, from 1; `None` for a download.
        part_number: Option<u64>,
        /// The `Retry-After` of the response, if any.
        retry_after: Option<Duration>,
    },

    /// The local file of a download cannot be created, read or written. Check the directory, its permissions, and the
    /// free space. The kind of `source` is `AlreadyExists` if a file exists that
    /// [`DownloadBuilder::replace`](crate::DownloadBuilder::replace) does not allow to be replaced, and `ResourceBusy`
    /// while another download writes to the same file.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },

    /// The content to upload cannot be read. S3 keeps the parts that it holds, and the same call resumes the upload.
    #[error("cannot read {name}")]
    Source {
        /// Name of the [`Source`](crate::Source), such as the path of a file.
        name: String,
        /// The cause.
        source: io::Error,
    },

    /// The content is empty: the API accepts no files of zero bytes.
    #[error("{0} is empty; a version needs at least one byte")]
    EmptySource(String),

    /// The content changed during the upload, so its parts would be inconsistent. The job has been cancelled, unless
    /// another process may have created it. Upload again when the file is no longer written to.
    #[error("{0} changed while it was uploaded; upload it again when it is no longer written to")]
    SourceChanged(String),

    /// The MD5 of a part that S3 holds, or of a download, does not match: something between the client and S3 changes
    /// data. For a store whose `ETag`s look like MD5s but are not, disable
    /// [`DownloadBuilder::verify`](crate::DownloadBuilder::verify).
    #[error("the MD5 of {} differs from the expected one; check for a proxy that changes data", corrupted_object(*.part_number))]
    Corrupted {
        /// Number of the part, from 1; `None` for a download.
        part_number: Option<u64>,
    },

    /// The caller's [`CancellationToken`](crate::CancellationToken) was cancelled. The same call resumes the transfer.
    #[error("cancelled")]
    Cancelled,

    /// The current version of the dataset is not the one to be replaced. Nothing was committed.
    #[error("the dataset has {}, not {}", version(*.current), version(*.expected))]
    VersionConflict {
        /// The version to be replaced; `None` for no version.
        expected: Option<i64>,
        /// The dataset's current version; `None` if it has none.
        current: Option<i64>,
    },

    /// Two calls resumed the same job at the same time with different files of one name and size, and the version has
    /// the content of the other file. Upload again.
    #[error(
        "version {version} has the content of a concurrent upload that resumed the same job; upload again"
    )]
    ConcurrentUpload {
        /// The version, which is complete and has the other content.
        version: i64,
    },

    /// The policy of the dataset refuses changes of the file that the commit did not accept, or the columns of the file
    /// are not known, and the commit did not accept `uninspected`. Nothing was committed.
    #[error("the commit was refused: {}", messages(.changes, *.total))]
    BreakingChange {
        /// Version that the file was compared with; `None` if the dataset has none.
        current_version: Option<i64>,
        /// The refused changes, at most a hundred; empty if the columns of the file are not known.
        changes: Vec<Change>,
        /// Number of all refused changes.
        total: u64,
    },

    /// None of the caller's datasets has this name or id.
    #[error("dataset {0:?} not found")]
    DatasetNotFound(String),

    /// The writer of a download failed.
    #[error("failed to write the download")]
    Write(#[source] io::Error),

    /// A download has fewer or more bytes than the version.
    #[error("wrong length of the download: received {received} bytes, expected {expected}")]
    WrongLength {
        /// Size of the version in bytes.
        expected: u64,
        /// Bytes received.
        received: u64,
    },

    /// The content cannot be read as it stands. S3 keeps the object: the operation `inspect_job` inspects it again with
    /// other read options, and a commit that accepts `uninspected` publishes it as it is.
    #[error("the content was rejected: {} ({})", .reason.msg, .reason.type_)]
    JobRejected {
        /// The job, which can be inspected again, committed or cancelled.
        job_id: Uuid,
        /// The first fault.
        reason: Box<JobError>,
        /// All findings, and what could be read.
        preview: Box<Preview>,
    },

    /// The object is lost, or its inspection repeatedly crashed the server.
    #[error("the job failed: {} ({})", .0.msg, .0.type_)]
    JobFailed(Box<JobError>),

    /// The job ended without a version: it was cancelled, or it expired.
    #[error("the job is {0}")]
    JobEnded(JobStatus),
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// The Restow server.
    Api,
    /// The S3 store of the signed URLs.
    S3,
}

impl std::fmt::Display for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Api => "the API",
            Self::S3 => "S3",
        })
    }
}

impl Error {
    /// Status of the error response; `None` if there was no response.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api { status, .. }
            | Self::UnexpectedResponse { status, .. }
            | Self::S3 { status, .. } => Some(*status),
            Self::BreakingChange { .. } => Some(StatusCode::CONFLICT),
            _ => None,
        }
    }

    /// Machine code of the API's first error, such as `version_conflict`; `None` for errors that are not the API's.
    pub fn error_type(&self) -> Option<&str> {
        match self {
            Self::Api { errors, .. } => errors.first().map(|error| error.type_.as_str()),
            Self::BreakingChange { .. } => Some("breaking_change"),
            _ => None,
        }
    }

    /// Whether the resource does not exist or belongs to another principal.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::DatasetNotFound(_)) || self.error_type() == Some("not_found")
    }

    /// Whether the current version of the dataset is not the one to be replaced.
    pub fn is_version_conflict(&self) -> bool {
        matches!(self, Self::VersionConflict { .. })
            || self.error_type() == Some("version_conflict")
    }

    /// Whether the token is missing, unknown, expired or revoked.
    pub fn is_unauthorized(&self) -> bool {
        matches!(
            self,
            Self::Api {
                status: StatusCode::UNAUTHORIZED,
                ..
            }
        )
    }

    /// Whether the server cannot use its S3 until its operator has corrected the configuration.
    pub fn is_permanently_unavailable(&self) -> bool {
        let Self::Api { errors, .. } = self else {
            return false;
        };
        errors.first().is_some_and(|error| {
            error.type_ == "unavailable"
                && error.ctx.get("permanent").and_then(Value::as_bool) == Some(true)
        })
    }

    /// Whether the same call may succeed later without any change.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Transport { source, .. } => !source.is_builder(),
            Self::Stalled(_) | Self::NoResponse(_) => true,
            Self::Proxy { problem, .. } => *problem != ProxyProblem::Unauthenticated,
            // S3's code for an idle connection, and for too many requests on stores that respond with 400.
            Self::S3 { code, .. } if matches!(code.as_str(), "RequestTimeout" | "SlowDown") => true,
            Self::Api { .. } if self.is_permanently_unavailable() => false,
            // Only the end of another job lets a new one be created.
            Self::Api { .. } if self.error_type() == Some("too_many_open_jobs") => false,
            _ => self.status().is_some_and(|status| {
                status.is_server_error()
                    || matches!(
                        status,
                        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
                    )
            }),
        }
    }

    /// The `Retry-After` of the error response, if any.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api { retry_after, .. }
            | Self::UnexpectedResponse { retry_after, .. }
            | Self::S3 { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
