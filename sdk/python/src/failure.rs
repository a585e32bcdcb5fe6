//! Errors as documents, from which the package makes exceptions.

use std::error::Error as _;
use std::io::ErrorKind;

use restow_sdk::Error;
use restow_sdk::generated::types::Preview;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Error numbers of POSIX that are the same on Linux and macOS, for errors that the system did not number.
const EEXIST: i32 = 17;
const EBUSY: i32 = 16;
const EISDIR: i32 = 21;
const ENOENT: i32 = 2;
const EIO: i32 = 5;

/// An error as a document: the name of the exception's class, its message and its attributes.
#[derive(Debug)]
pub struct Failure {
    class: &'static str,
    message: String,
    attributes: Map<String, Value>,
}

impl Failure {
    fn new(class: &'static str, message: &str) -> Self {
        Self {
            class,
            message: message.to_string(),
            attributes: Map::new(),
        }
    }

    /// Arguments that are refused before anything is sent.
    pub fn validation(message: &str) -> Self {
        Self::new("ValidationError", message)
    }

    /// There are no credentials.
    pub fn unauthorized(message: &str) -> Self {
        Self::new("Unauthorized", message)
    }

    /// A dataset without versions.
    pub fn no_version(dataset: &str) -> Self {
        Self::new("NotFound", &format!("{dataset} has no version yet")).with("type", "not_found")
    }

    /// A stream of events in a process that did not open it.
    pub fn inherited_stream() -> Self {
        let message = "a stream of events cannot be used after a fork; follow anew in this process, with `after` set to \
                       its `last_id`";
        Self::new("RestowError", message)
    }

    /// An operation that ended without a result.
    pub fn internal(message: &str) -> Self {
        Self::new("RestowError", message)
    }

    /// An upload whose changes were refused: it was inspected, and not committed.
    pub fn refused(job_id: Uuid, changes: impl Serialize, preview: &Preview) -> Self {
        let message = "the upload was not committed: its changes break readers, its columns are not known, or the policy \
                       of the dataset refuses it; commit the job with `accept`, or cancel it";
        Self::new("BreakingChange", message)
            .with("type", "breaking_change")
            .with("job_id", job_id)
            .with("changes", changes)
            .with("preview", preview)
    }

    /// The failure as JSON.
    pub fn document(&self) -> String {
        let mut document = self.attributes.clone();
        document.insert("class".to_string(), self.class.into());
        document.insert("message".to_string(), self.message.clone().into());
        Value::Object(document).to_string()
    }

    /// Adds an attribute of the exception.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        // Types of the API and plain values have no keys that JSON lacks.
        let value = serde_json::to_value(value).unwrap_or_default();
        self.attributes.insert(name.to_string(), value);
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let failure = Self::new(class(&error), &chain(&error))
            .with("type", error.error_type())
            .with("status", error.status().map(|status| status.as_u16()))
            .with(
                "retry_after",
                error.retry_after().map(|delay| delay.as_secs_f64()),
            )
            .with("is_transient", error.is_transient());
        match error {
            Error::Api { errors, .. } => failure.with("errors", errors),
            Error::VersionConflict { expected, current } => failure
                .with("type", "version_conflict")
                .with("expected", expected)
                .with("current", current),
            Error::BreakingChange { changes, .. } => failure.with("changes", changes),
            Error::JobRejected {
                job_id,
                reason,
                preview,
            } => failure
                .with("type", &reason.type_)
                .with("job_id", job_id)
                .with("preview", preview),
            Error::JobFailed(reason) => failure.with("type", &reason.type_),
            Error::DatasetNotFound(_) => failure.with("type", "not_found"),
            Error::File { path, source } => local(failure, &source, &path.to_string_lossy()),
            Error::Source { name, source } => local(failure, &source, &name),
            _ => failure,
        }
    }
}

/// The name of the class of the exception.
fn class(error: &Error) -> &'static str {
    match error {
        Error::InvalidEndpoint
        | Error::InvalidRequest(_)
        | Error::EmptySource(_)
        | Error::CaFile { .. }
        | Error::InvalidProxy { .. } => "ValidationError",
        Error::InvalidToken => "Unauthorized",
        Error::Api { status, .. } => match (status.as_u16(), error.error_type()) {
            (_, Some("version_conflict")) => "VersionConflict",
            (401, _) => "Unauthorized",
            (403, _) => "Forbidden",
            (404, _) => "NotFound",
            (409, _) => "Conflict",
            (413, _) => "TooLarge",
            (429, _) => "TooManyRequests",
            (408 | 500.., _) => "Unavailable",
            (400..500, _) => "ValidationError",
            _ => "RestowError",
        },
        Error::DatasetNotFound(_) => "NotFound",
        Error::VersionConflict { .. } => "VersionConflict",
        Error::BreakingChange { .. } => "BreakingChange",
        Error::ConcurrentUpload { .. } => "Conflict",
        Error::JobRejected { .. } => "Rejected",
        Error::JobFailed(_) | Error::JobEnded(_) => "JobFailed",
        Error::SourceChanged(_) => "SourceChanged",
        Error::Corrupted { .. } | Error::WrongLength { .. } => "Corrupted",
        Error::File { .. } | Error::Source { .. } => "OSError",
        Error::Certificate { .. } | Error::Proxy { .. } => "Unavailable",
        error if error.is_transient() => "Unavailable",
        Error::S3 { .. } => "StorageError",
        Error::UnexpectedResponse { .. } | Error::InvalidResponse(_) => "UnexpectedResponse",
        _ => "RestowError",
    }
}

/// The error and its causes.
fn chain(error: &Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    message
}

/// Error number and path, from which Python selects the class, such as `FileNotFoundError`.
fn local(failure: Failure, source: &std::io::Error, path: &str) -> Failure {
    let errno = source.raw_os_error().unwrap_or(match source.kind() {
        ErrorKind::AlreadyExists => EEXIST,
        ErrorKind::ResourceBusy => EBUSY,
        ErrorKind::IsADirectory => EISDIR,
        ErrorKind::NotFound => ENOENT,
        _ => EIO,
    });
    let reason = json!({ "errno": errno, "path": path, "strerror": source.to_string() });
    failure.with("local", reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn document(error: Error) -> Value {
        serde_json::from_str(&Failure::from(error).document()).unwrap()
    }

    #[test]
    fn local_errors_have_a_number_and_a_path() {
        let document = document(Error::File {
            path: "weather.csv".into(),
            source: io::ErrorKind::AlreadyExists.into(),
        });
        assert_eq!(document["class"], "OSError");
        assert_eq!(document["local"]["errno"], EEXIST);
        assert_eq!(document["local"]["path"], "weather.csv");
    }

    #[test]
    fn conflicts_have_both_versions() {
        let document = document(Error::VersionConflict {
            expected: None,
            current: Some(2),
        });
        assert_eq!(document["class"], "VersionConflict");
        assert_eq!(document["current"], 2);
        assert_eq!(document["expected"], Value::Null);
    }
}
