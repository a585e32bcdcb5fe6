//! The programs that are measured.

use std::fmt;

use serde::{Serialize, Serializer};

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

impl Serialize for Tool {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
