//! Failures of the command itself.

use std::path::PathBuf;

use uuid::Uuid;

use crate::exit;
use crate::first_signal;
use crate::printable::printable;
use crate::read_arguments::ReadArguments;
use crate::shell_word::{option_words, shell_word};

/// A failure other than an [`Error`](restow_sdk::Error) of the client.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Invalid arguments.
    #[error("{0}")]
    Usage(String),
    /// There is no endpoint or no token.
    #[error("not logged in")]
    NotLoggedIn,
    /// The stored token belongs to another server than the requested one.
    #[error("not logged in to {0}")]
    OtherServer(String),
    /// There is no profile of this name.
    #[error("not logged in: there is no profile {0}")]
    NoProfile(String),
    /// The dataset of this name has no version.
    #[error("{} has no version yet", printable(.0))]
    NoVersion(String),
    /// No job is called like this, or no dataset of this name has one.
    #[error("there is no job {}", printable(.0))]
    NoJob(String),
    /// The file to be written exists.
    #[error("{} already exists", printable(&.0.to_string_lossy()))]
    FileExists(PathBuf),
    /// There is no token of a CI job, or none can be requested.
    #[error("cannot log in as a CI job: {0}")]
    NoCiToken(String),
    /// The issuer has ended the login, or refused it.
    #[error("the login was not completed: {0}")]
    LoginRefused(String),
    /// The issuer does not renew the stored token any more.
    #[error("the login has expired, and the issuer does not renew it: {0}")]
    LoginExpired(String),
    /// Interrupted by a signal.
    #[error("interrupted{}", .done.as_ref().map(|done| format!(": {done}")).unwrap_or_default())]
    Interrupted {
        /// What is done so far.
        done: Option<String>,
        /// How to resume.
        hint: Option<String>,
    },
    /// The reader of the standard output has closed it.
    #[error("the output is closed")]
    OutputClosed,
    /// The command failed with this exit code, and the failure was already printed.
    #[error("exit code {0}")]
    Reported(u8),
}

impl Failure {
    /// An interruption of which there is no more to say.
    pub const INTERRUPTED: Self = Self::Interrupted {
        done: None,
        hint: None,
    };

    /// The exit code of the failure.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => exit::USAGE,
            Self::NotLoggedIn
            | Self::OtherServer(_)
            | Self::NoProfile(_)
            | Self::NoCiToken(_)
            | Self::LoginRefused(_)
            | Self::LoginExpired(_) => exit::LOGIN,
            Self::NoVersion(_) | Self::NoJob(_) => exit::NOT_FOUND,
            Self::FileExists(_) => exit::CONFLICT,
            Self::Interrupted { .. } => first_signal::exit_code(),
            // As with `restow dataset list | head -1`, this is no failure.
            Self::OutputClosed => 0,
            Self::Reported(code) => *code,
        }
    }

    /// Machine code of the failure.
    pub fn error_type(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::NotLoggedIn
            | Self::OtherServer(_)
            | Self::NoProfile(_)
            | Self::LoginRefused(_)
            | Self::LoginExpired(_) => "not_logged_in",
            Self::NoCiToken(_) => "no_ci_token",
            Self::NoVersion(_) | Self::NoJob(_) => "not_found",
            Self::FileExists(_) => "file_exists",
            Self::Interrupted { .. } => "interrupted",
            Self::OutputClosed => "output_closed",
            Self::Reported(_) => "error",
        }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
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
            Self::NoProfile(name) => format!(
                "`restow login --profile {name}` creates it; `restow config` lists the profiles"
            ),
            Self::NoVersion(name) => {
                format!(
                    "`restow push FILE {}` uploads the first version",
                    option_words("--dataset", name)
                )
            }
            Self::NoJob(_) => "`restow jobs DATASET` shows the jobs".to_string(),
            Self::FileExists(_) => {
                "replace it with --force, or write to another file with --output".to_string()
            }
            Self::NoCiToken(_) => "in GitHub Actions, give the job the permission `id-token: write`; in other CI systems, \
                 set RESTOW_CI_TOKEN to the job's OpenID Connect token"
                .to_string(),
            Self::LoginRefused(_) | Self::LoginExpired(_) => {
                "run `restow login` again".to_string()
            }
            Self::Interrupted { hint, .. } => return hint.clone(),
            Self::Usage(_) | Self::OutputClosed | Self::Reported(_) => return None,
        })
    }
}

/// Context of an error: the job that it is about.
#[derive(Debug, thiserror::Error)]
#[error("job {id}")]
pub struct JobContext {
    /// Identifier of the job.
    pub id: Uuid,
    /// How its file was to be read, so that a hint can name the options that remain right.
    pub read: ReadArguments,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_in_names_are_escaped() {
        let failure = Failure::NoVersion("a\u{1b}[2J".to_string());
        assert_eq!(failure.to_string(), "a\\u{1b}[2J has no version yet");
        assert!(!failure.hint().unwrap().contains('\u{1b}'));
    }
}
