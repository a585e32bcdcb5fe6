//! What goes wrong in the command itself, and what a person can do about any error.

use std::path::PathBuf;

use uuid::Uuid;

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

    /// Machine code of the failure.
    pub fn error_type(&self) -> &'static str {
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

    /// What to do about it, if there is something.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_messages_cannot_move_the_cursor() {
        let told = Failure::NoVersion("a\u{1b}[2J".to_string());
        assert_eq!(told.to_string(), "a\\u{1b}[2J has no version yet");
        assert!(!told.hint().unwrap().contains('\u{1b}'));
    }
}
