//! The programs that are measured.

use std::fmt;

/// A program that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    Restow,
    DuckDb,
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Restow => "restow inspect",
            Self::DuckDb => "duckdb SUMMARIZE",
        })
    }
}
