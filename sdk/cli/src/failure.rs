//! What goes wrong in the command itself, and what a person can do about any error.

use std::path::PathBuf;

use uuid::Uuid;

use restow_sdk::{ApiError, Error, Peer};

use crate::exit;
use crate::printable::printable;
use crate::shell_word::{option_words, shell_word};

/// Why a command ends, other than by an [`Error`] of the client.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The arguments make no sense together.
    #[error("{0}")]
    Usage(String),
    /// Nothing says which server, or with which token.
    #[error("not logged in")]
    NotLoggedIn,
    /// There is a token, for another server than the one that is asked for.
    #[error("not logged in to {0}")]
    OtherServer(String),
    /// The dataset of this name has no version.
    #[error("{} has no version yet", printable(.0))]
    NoVersion(String),
    /// There is a file where one was to be written.
    #[error("{} exists already", printable(&.0.to_string_lossy()))]
    FileExists(PathBuf),
    /// Stopped by a signal, with what can be done to go on.
    #[error("interrupted")]
    Interrupted(Option<String>),
    /// Nobody reads what is printed any more.
    #[error("the output is closed")]
    OutputClosed,
    /// All has been said that there is to say; only the exit code is left.
    #[error("exit code {0}")]
    Told(u8),
}

impl Failure {
    /// The exit code that says what it is.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => exit::USAGE,
            Self::NotLoggedIn | Self::OtherServer(_) => exit::LOGIN,
            Self::NoVersion(_) => exit::NOT_FOUND,
            Self::FileExists(_) => exit::CONFLICT,
            Self::Interrupted(_) => exit::INTERRUPTED,
            // Whoever closed it has read what they wanted.
            Self::OutputClosed => 0,
            Self::Told(code) => *code,
        }
    }

    fn error_type(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::NotLoggedIn | Self::OtherServer(_) => "not_logged_in",
            Self::NoVersion(_) => "not_found",
            Self::FileExists(_) => "file_exists",
            Self::Interrupted(_) => "interrupted",
            Self::OutputClosed => "output_closed",
            Self::Told(_) => "error",
        }
    }

    fn advice(&self) -> Option<String> {
        Some(match self {
            Self::NotLoggedIn => {
                "run `restow login`, or set RESTOW_ENDPOINT and RESTOW_TOKEN".to_string()
            }
            Self::OtherServer(endpoint) => {
                format!(
                    "run `restow login --endpoint {}`, or set RESTOW_TOKEN",
                    shell_word(endpoint)
                )
            }
            Self::NoVersion(name) => {
                format!(
                    "`restow push FILE {}` makes the first one",
                    option_words("--dataset", name)
                )
            }
            Self::FileExists(_) => {
                "--force replaces it, --output writes to another file".to_string()
            }
            Self::Interrupted(advice) => return advice.clone(),
            Self::Usage(_) | Self::OutputClosed | Self::Told(_) => return None,
        })
    }
}

/// The job that an error is about.
#[derive(Debug, thiserror::Error)]
#[error("job {0}")]
pub struct OfJob(pub Uuid);

/// Machine code of an error: that of the API where it was the API that refused.
pub fn error_type(error: &anyhow::Error) -> String {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.error_type().to_string();
    }
    let Some(error) = error.downcast_ref::<Error>() else {
        return "error".to_string();
    };
    let own = match error {
        Error::InvalidEndpoint => "invalid_endpoint",
        Error::InvalidToken => "invalid_token",
        Error::InvalidRequest(_) => "invalid_request",
        Error::DatasetNotFound(_) => "not_found",
        Error::VersionConflict { .. } => "version_conflict",
        Error::Transport { .. } | Error::Stalled(_) => "unreachable",
        Error::UnexpectedResponse { .. } | Error::InvalidResponse(_) => "foreign_answer",
        Error::S3 { .. } => "s3_refused",
        Error::JobFailed(reason) => reason.type_.as_str(),
        Error::JobEnded(_) => "invalid_state",
        Error::Cancelled => "interrupted",
        Error::EmptySource(_) => "empty_file",
        Error::SourceChanged(_) => "file_changed",
        _ => "error",
    };
    error.error_type().unwrap_or(own).to_string()
}

/// What a person can do about an error, if there is something.
pub fn advice(error: &anyhow::Error) -> Option<String> {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.advice();
    }
    let (error, job) = (
        error.downcast_ref::<Error>()?,
        error.downcast_ref::<OfJob>(),
    );
    match (current_version(error), job) {
        (Some(version), Some(OfJob(id))) => {
            let compare = format!("`restow preview {id}` compares the file with it");
            Some(format!(
                "{compare}, and `restow job commit {id} --replaces {version}` replaces it"
            ))
        }
        (Some(version), None) => Some(format!("`--replaces {version}` replaces that one")),
        (None, _) => of_others(error).map(str::to_string),
    }
}

/// The version that is in the way, where the error tells.
fn current_version(error: &Error) -> Option<i64> {
    match error {
        Error::VersionConflict { current, .. } => *current,
        Error::Api { errors, .. } if error.is_version_conflict() => {
            errors.first()?.ctx.get("current_version")?.as_i64()
        }
        _ => None,
    }
}

fn of_others(error: &Error) -> Option<&'static str> {
    Some(match error {
        error if error.is_unauthorized() => {
            "the token is unknown, expired or revoked; get another one and run `restow login`"
        }
        Error::InvalidEndpoint => "write the server's URL, for example https://restow.example",
        Error::InvalidToken => "run `restow login` with the token as the server showed it",
        Error::DatasetNotFound(_) => {
            "`restow dataset list` shows your datasets; `restow push --create` makes a new one"
        }
        error if error.is_version_conflict() => "`restow versions DATASET` shows what is there now",
        Error::Transport { peer: Peer::S3, .. } | Error::Stalled(_) => {
            "the same command once more goes on where this one stopped; `restow doctor` looks for the cause"
        }
        Error::Transport { .. } => {
            "is the server running, and the endpoint right? `restow doctor` looks for the cause"
        }
        Error::UnexpectedResponse { .. } => {
            "is the endpoint the URL of a Restow server? `restow doctor` looks for the cause"
        }
        Error::S3 { .. } => "`restow doctor` looks for the cause",
        Error::JobFailed(reason) if exit::is_of_content(reason) => {
            "mend the file, and push it again"
        }
        Error::JobFailed(_) => "push the file again; the server's log tells what has happened",
        Error::SourceChanged(_) => "push it again when nobody writes to it any more",
        Error::Api { errors, .. } => return of_refusal(errors.first()?),
        _ => return None,
    })
}

fn of_refusal(error: &ApiError) -> Option<&'static str> {
    let place = error
        .loc
        .last()
        .map(ToString::to_string)
        .unwrap_or_default();
    Some(match (error.type_.as_str(), place.as_str()) {
        ("not_found", "version") => "`restow versions DATASET` shows the versions",
        ("not_found", "job_id") => "`restow jobs DATASET` shows the jobs",
        ("name_taken", _) => "`restow dataset list` shows your datasets; choose another name",
        ("invalid_state", _) => "`restow job show JOB` tells the job's state",
        ("quota_exceeded", _) => {
            "delete datasets that you no longer need, or ask for a larger quota"
        }
        ("too_many_open_jobs", _) => {
            "`restow jobs DATASET` shows the jobs; commit or cancel some of them"
        }
        ("unavailable", _) => "try again a little later; `restow doctor` shows what is away",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_messages_cannot_move_the_cursor() {
        let told = Failure::NoVersion("a\u{1b}[2J".to_string());
        assert_eq!(told.to_string(), "a\\u{1b}[2J has no version yet");
        assert!(!advice(&told.into()).unwrap().contains('\u{1b}'));
    }

    #[test]
    fn machine_codes_are_those_of_the_api_where_it_has_one() {
        assert_eq!(
            error_type(&Error::DatasetNotFound("x".to_string()).into()),
            "not_found"
        );
        assert_eq!(error_type(&Failure::NotLoggedIn.into()), "not_logged_in");
        assert_eq!(error_type(&anyhow::anyhow!("odd")), "error");
    }
}
