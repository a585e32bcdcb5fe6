//! Which services there are.

use std::fmt;

use super::operation::Operation;

/// Which service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Restow,
    /// FastAPI, which creates nothing in S3 for a single part.
    FastApi,
    /// FastAPI, which creates an upload for every request, as Restow does.
    FastApiCreating,
    /// axum with the AWS SDK, which creates an upload for every request.
    Axum,
}

impl Kind {
    /// All of them, Restow first.
    pub const ALL: [Self; 4] = [
        Self::Restow,
        Self::FastApi,
        Self::FastApiCreating,
        Self::Axum,
    ];

    /// Whether it does the operation otherwise than the others do.
    pub fn takes_part(self, operation: Operation) -> bool {
        // For a thousand parts it creates an upload, too, and reads are the same.
        self != Self::FastApi || matches!(operation, Operation::Single | Operation::Cycle)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Restow => "Restow",
            Self::FastApi => "FastAPI, creating nothing",
            Self::FastApiCreating => "FastAPI, creating the upload",
            Self::Axum => "axum, creating the upload",
        })
    }
}
