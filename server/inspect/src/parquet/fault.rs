//! Why a column cannot be read.

use std::io;

use ::parquet::errors::ParquetError;

/// Why the values of a column cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// The source failed; the content may be sound.
    #[error("the object could not be read: {0}")]
    Source(#[source] io::Error),
    /// The progress callback stopped the inspection.
    #[error("the inspection was stopped")]
    Stopped,
    /// A codec, an encoding or an encryption that is not supported.
    #[error("{0} is not supported")]
    Unsupported(String),
    /// A limit of the inspection.
    #[error("{0}")]
    Bounded(String),
    /// The pages are not as the format wants them.
    #[error("{0}")]
    Damaged(String),
}

impl Fault {
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }
}

// The readers of Parquet pass on what a page reader returns.
impl From<Fault> for ParquetError {
    fn from(fault: Fault) -> Self {
        Self::External(Box::new(fault))
    }
}

impl From<ParquetError> for Fault {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(source) => match source.downcast::<Self>() {
                Ok(fault) => *fault,
                Err(source) => Self::Damaged(source.to_string()),
            },
            ParquetError::NYI(what) => {
                Self::Unsupported(what.trim_end_matches(" is not supported").to_owned())
            }
            ParquetError::General(what) | ParquetError::EOF(what) => Self::Damaged(what),
            other => Self::Damaged(other.to_string()),
        }
    }
}
