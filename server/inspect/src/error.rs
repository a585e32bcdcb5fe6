//! Errors of an inspection.

use std::io;

use serde_json::{Map, Value};

/// Why an inspection was not completed.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// The store could not be read, or returned fewer bytes than the object has: worth a retry.
    #[error("the object could not be read: {0}")]
    Read(#[source] io::Error),
    /// The content is invalid; a retry does not help.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The progress callback stopped the inspection.
    #[error("the inspection was stopped")]
    Stopped,
}

/// The progress callback stopped the inspection.
#[derive(Debug, thiserror::Error)]
#[error("the inspection was stopped")]
pub(crate) struct StopRequested;

impl From<StopRequested> for InspectError {
    fn from(_: StopRequested) -> Self {
        Self::Stopped
    }
}

// Every I/O error within the crate comes from the source, or is `StopRequested` on its way up through `BufRead`.
impl From<io::Error> for InspectError {
    fn from(error: io::Error) -> Self {
        if error
            .get_ref()
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<StopRequested>)
        {
            Self::Stopped
        } else {
            Self::Read(error)
        }
    }
}

/// What is wrong with the content of an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ContentError {
    /// What is wrong, for programs.
    pub code: ContentErrorCode,
    /// What is wrong and where, for people; contains column names and positions, no values.
    pub message: String,
    /// The numbers and names in `message`, for programs.
    pub context: Map<String, Value>,
}

impl ContentError {
    pub(crate) fn new(code: ContentErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            context: Map::new(),
        }
    }

    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.context.insert(key.to_owned(), value.into());
        self
    }
}

/// What can be wrong with the content of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentErrorCode {
    /// The first bytes are those of another format than the extension's. Context: `expected`, `detected`.
    ContentMismatch,
    /// The object is damaged, or not in its format. Context: where it is known, `row` (from 1, without the header) or
    /// `line` (from 1), and for a row of the wrong length `expected` and `found` numbers of fields.
    Malformed,
    /// More columns than [`Limits::max_columns`](crate::Limits::max_columns), or names with more bytes in total than
    /// [`Limits::max_header_bytes`](crate::Limits::max_header_bytes). Context: `limit`.
    TooManyColumns,
    /// A header row or a record beyond its limit. Context: `limit`, `row` or `line`.
    RecordTooLong,
    /// Text that is not UTF-8, or an encrypted file. Context: where it is known, `byte` (from 0), `row` or `line`.
    UnsupportedEncoding,
    /// A Parquet footer beyond [`Limits::max_footer_bytes`](crate::Limits::max_footer_bytes), or with more column
    /// chunks than such a footer has in practice. Context: `limit`.
    FooterTooLarge,
}

impl ContentErrorCode {
    /// The code as it is published, in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ContentMismatch => "content_mismatch",
            Self::Malformed => "malformed",
            Self::TooManyColumns => "too_many_columns",
            Self::RecordTooLong => "record_too_long",
            Self::UnsupportedEncoding => "unsupported_encoding",
            Self::FooterTooLarge => "footer_too_large",
        }
    }
}
