//! What can go wrong, in one type.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::StatusCode;

pub use crate::generated::types::ValidationError as ApiError;
use crate::generated::types::{JobError, JobStatus};

/// Result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why something could not be done.
///
/// Neither `Display` nor `Debug` ever shows a signed URL or the token. `?` turns the errors of
/// [generated operations](crate::generated) into this type.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The endpoint is no `http` or `https` URL, or carries a user name or password.
    #[error("the endpoint is not an http or https URL of a server")]
    InvalidEndpoint,

    /// The token is empty, or contains what no HTTP header can carry.
    #[error("the token is empty or contains characters that no header can carry")]
    InvalidToken,

    /// The request was never sent: a value does not keep to the API's schema.
    #[error("invalid request: {0}")]
    InvalidRequest(String),

    /// No connection, a broken one, or no answer in time. Nothing is known about what the peer did.
    #[error("cannot exchange data with {peer}")]
    Transport {
        /// Whom the client was talking to.
        peer: Peer,
        /// What happened, without the URL.
        source: reqwest::Error,
    },

    /// S3 neither took nor sent a byte for this long.
    #[error("S3 moved no byte for {} s", .0.as_secs_f32())]
    Stalled(Duration),

    /// The API refused. [`Error::error_type`] is the code to act on.
    #[error("the API refused with {status}: {}", in_words(.errors))]
    Api {
        /// Status of the answer.
        status: StatusCode,
        /// Every fault that the API found; never empty.
        errors: Vec<ApiError>,
        /// Time after which the API wants to be asked again, if it said so.
        retry_after: Option<Duration>,
    },

    /// An answer that no operation of the API gives: an unknown path (is the endpoint right?), a proxy, or
    /// some other server.
    #[error("the endpoint answered {status} without a reason of the API's: {message:?}")]
    UnexpectedResponse {
        /// Status of the answer.
        status: StatusCode,
        /// Beginning of what it said; empty if nothing.
        message: String,
        /// Time after which it wants to be asked again, if it said so.
        retry_after: Option<Duration>,
    },

    /// An answer of success that does not mean what the contract says.
    #[error("unintelligible answer: {0}")]
    InvalidResponse(String),

    /// S3 refused a part or a download.
    #[error("S3 refused{} with {status}: {code} {message}", of_part(*.part_number))]
    S3 {
        /// Status of the answer.
        status: StatusCode,
        /// S3's code, such as `AccessDenied`; empty if the answer had none.
        code: String,
        /// S3's words; empty if the answer had none.
        message: String,
        /// Number of the part, from 1; `None` for a download.
        part_number: Option<u64>,
        /// Time after which S3 wants to be asked again, if it said so.
        retry_after: Option<Duration>,
    },

    /// A local file that a download goes to cannot be used. Check the directory, its permissions, and the space
    /// that is left. The kind of `source` is `AlreadyExists` where something is in the way that
    /// [`DownloadBuilder::replace`](crate::DownloadBuilder::replace) does not let it replace, and `ResourceBusy` while
    /// another download goes to the same file.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },

    /// What is to be uploaded cannot be read. Nothing that S3 has is lost: the same call goes on from there.
    #[error("cannot read {name}")]
    Source {
        /// What the [`Source`](crate::Source) is called, such as the path of a file.
        name: String,
        /// What happened.
        source: io::Error,
    },

    /// There is nothing to upload: the API takes no files of zero bytes.
    #[error("{0} is empty, and an empty file cannot be a version")]
    EmptySource(String),

    /// What is uploaded is not what it was when the upload began, so that the parts would not fit together. The
    /// job has been cancelled, unless somebody else may have begun it; upload again once nobody writes to the file any
    /// more.
    #[error("{0} changed while it was uploaded; upload it again when it is complete")]
    SourceChanged(String),

    /// What S3 has, or has sent, is not what it should be, by its MD5: something between here and the store
    /// changes data. A store whose entity tags look like MD5s and are none needs
    /// [`DownloadBuilder::verify`](crate::DownloadBuilder::verify) switched off to read from.
    #[error("{} does not have the MD5 that it should have; something on the way changes data", of_what(*.part_number))]
    Corrupted {
        /// Number of the part, from 1; `None` for a download.
        part_number: Option<u64>,
    },

    /// The caller's [`CancellationToken`](crate::CancellationToken) was cancelled. The same call goes on from
    /// where it was.
    #[error("cancelled")]
    Cancelled,

    /// The dataset is not at the version that was to be replaced. Nothing has been committed.
    #[error("the dataset has {}, not {}", version(*.current), version(*.expected))]
    VersionConflict {
        /// The version that was to be replaced; `None` for no version at all.
        expected: Option<i64>,
        /// The dataset's current version.
        current: Option<i64>,
    },

    /// Two calls have gone on with the same job at once, with different files of one name and size, and the version has
    /// the bytes of the other one. Upload again.
    #[error(
        "version {version} has the bytes of another upload that went on with the same job; upload again"
    )]
    ConcurrentUpload {
        /// The version, which is whole and is the other's.
        version: i64,
    },

    /// None of the caller's datasets has this name or id.
    #[error("there is no dataset {0:?}")]
    DatasetNotFound(String),

    /// The writer that a download was to go to failed.
    #[error("cannot write the download")]
    Write(#[source] io::Error),

    /// A download ended early, or went on for too long.
    #[error("the download has {received} bytes instead of {expected}")]
    WrongLength {
        /// Size of the version in bytes.
        expected: u64,
        /// Bytes that arrived.
        received: u64,
    },

    /// The server could not make a version of the uploaded file: the content is bad.
    #[error("the job failed: {} ({})", .0.msg, .0.type_)]
    JobFailed(Box<JobError>),

    /// The job ended without a result: it was cancelled, or its deadline passed.
    #[error("the job is {0}")]
    JobEnded(JobStatus),
}

/// The two that a client talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// The Restow server.
    Api,
    /// The store that signed URLs lead to.
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
    /// A transport error, rid of the URL that `reqwest` notes in it.
    pub(crate) fn transport(peer: Peer, error: reqwest::Error) -> Self {
        Self::Transport {
            peer,
            source: error.without_url(),
        }
    }

    /// Status of the answer that refused; `None` where there was no answer.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api { status, .. }
            | Self::UnexpectedResponse { status, .. }
            | Self::S3 { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Machine code of the API's first fault, such as `version_conflict`; `None` if it was not the API that
    /// refused.
    pub fn error_type(&self) -> Option<&str> {
        match self {
            Self::Api { errors, .. } => errors.first().map(|error| error.type_.as_str()),
            _ => None,
        }
    }

    /// Whether the thing does not exist, or belongs to somebody else.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::DatasetNotFound(_)) || self.error_type() == Some("not_found")
    }

    /// Whether the dataset has moved from the version that was to be replaced.
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

    /// Whether the same call may succeed a little later, with nothing changed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Transport { source, .. } => !source.is_builder(),
            Self::Stalled(_) => true,
            // S3's word for a connection on which nothing came, and for too many requests on stores that say 400.
            Self::S3 { code, .. } if matches!(code.as_str(), "RequestTimeout" | "SlowDown") => true,
            // Only the end of another job frees a place.
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

    /// Time after which whoever refused wants to be asked again, if it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Api { retry_after, .. }
            | Self::UnexpectedResponse { retry_after, .. }
            | Self::S3 { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

fn in_words(errors: &[ApiError]) -> String {
    let words = errors.iter().map(|error| {
        let place: Vec<_> = error.loc.iter().map(ToString::to_string).collect();
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("{}: ", place.join("."))
        };
        format!("{place}{} ({})", error.msg, error.type_)
    });
    words.collect::<Vec<_>>().join("; ")
}

fn version(number: Option<i64>) -> String {
    number.map_or_else(
        || "no version".to_string(),
        |number| format!("version {number}"),
    )
}

fn of_what(number: Option<u64>) -> String {
    number.map_or_else(
        || "the download".to_string(),
        |number| format!("part {number} as S3 has it"),
    )
}

fn of_part(number: Option<u64>) -> String {
    number.map_or_else(String::new, |number| format!(" part {number}"))
}
