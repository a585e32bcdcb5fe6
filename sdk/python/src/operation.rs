//! The operations of the Python package, as its classes send them.

mod access;
mod event;
mod webhook;

use std::num::NonZeroU64;
use std::path::PathBuf;

use bytes::Bytes;
use restow_sdk::CommitPolicy;
use restow_sdk::generated::types::{Acceptance, JobStatus, ReadOptions};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

pub use self::access::{GrantOperation, NewToken, NewTrustRule, TokenOperation, TrustOperation};
pub use self::event::{EventFilter, EventOperation, Follow, FollowStep};
pub use self::webhook::WebhookOperation;
use crate::failure::Failure;

/// An operation with its arguments. Each is a method of the Python class `Client`, which is documented there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// On datasets and their versions.
    Dataset(DatasetOperation),
    /// On a job.
    Job(JobOperation),
    /// An upload or a download.
    Transfer(TransferOperation),
    /// On tokens.
    Token(TokenOperation),
    /// On the grants of a dataset.
    Grant(GrantOperation),
    /// On the trust rules of a dataset.
    Trust(TrustOperation),
    /// On events.
    Event(EventOperation),
    /// On the webhooks of a dataset.
    Webhook(WebhookOperation),
}

/// Operations on datasets and their versions. `dataset` is a name or an id.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "documented in Python")]
pub enum DatasetOperation {
    List {},
    Get {
        dataset: String,
    },
    Create {
        name: String,
    },
    Delete {
        dataset: String,
    },
    Versions {
        dataset: String,
    },
    Version {
        dataset: String,
        version: Option<i64>,
    },
    Restore {
        dataset: String,
        version: i64,
        replaces: Option<i64>,
    },
    Diff {
        dataset: String,
        start: NonZeroU64,
        end: Option<NonZeroU64>,
    },
    Jobs {
        dataset: String,
        status: Option<JobStatus>,
    },
}

/// Operations on a job.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "documented in Python")]
pub enum JobOperation {
    Get {
        job: Uuid,
    },
    Wait {
        job: Uuid,
    },
    Preview {
        job: Uuid,
    },
    Inspect {
        job: Uuid,
        read_options: Option<ReadOptions>,
    },
    Commit(Commit),
    Cancel {
        job: Uuid,
    },
}

/// Uploads and downloads.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "documented in Python")]
pub enum TransferOperation {
    Push(Box<Push>),
    Pull(Pull),
    Read(Pull),
}

/// An upload.
#[derive(Debug, Deserialize)]
pub struct Push {
    /// Name or id of the dataset.
    pub dataset: String,
    /// Whether to create the dataset if there is none of this name.
    pub create: bool,
    /// Filename of the version; bytes have no other.
    pub filename: Option<String>,
    /// MIME type of the version.
    pub content_type: Option<String>,
    /// When to commit.
    pub commit: CommitWhen,
    /// Kinds of changes to accept.
    pub accept: Vec<Acceptance>,
    /// Whether the same bytes become a new version.
    pub force: bool,
    /// The version that must be current; 0 if the dataset must have none.
    pub replaces: Option<i64>,
    /// How to read the content.
    pub read_options: Option<ReadOptions>,
    /// Maximum number of parallel part uploads.
    pub concurrency: Option<usize>,
    /// Whether to resume an interrupted upload.
    pub resume: bool,
}

/// When an upload is committed, as the command line has it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitWhen {
    /// Whatever its changes are.
    Always,
    /// If its changes break no reader, or are accepted.
    IfCompatible,
    /// Not by this operation.
    Never,
}

impl From<CommitWhen> for CommitPolicy {
    fn from(when: CommitWhen) -> Self {
        match when {
            CommitWhen::Always => Self::Always,
            CommitWhen::IfCompatible => Self::IfCompatible,
            CommitWhen::Never => Self::LeaveAtPreview,
        }
    }
}

/// A download.
#[derive(Debug, Deserialize)]
pub struct Pull {
    /// Name or id of the dataset.
    pub dataset: String,
    /// Number of the version; `None` for the current one.
    pub version: Option<i64>,
    /// Whether an existing file is replaced.
    pub replace: bool,
    /// Whether the data is verified by the `ETag`.
    pub verify: bool,
}

/// The commit of a job.
#[derive(Debug, Deserialize)]
pub struct Commit {
    /// The job.
    pub job: Uuid,
    /// Kinds of changes to accept.
    pub accept: Vec<Acceptance>,
    /// Whether the same bytes become a new version.
    pub force: bool,
    /// The version that must be current; 0 if the dataset must have none.
    pub replaces: Option<i64>,
}

/// What is not text in the arguments of an operation: a path may be invalid Unicode.
#[derive(Debug, Clone)]
pub enum Content {
    /// The file to upload, or to download to.
    File(PathBuf),
    /// The bytes to upload.
    Bytes(Bytes),
}

/// Reads an operation, or what else Python sends as JSON.
///
/// # Errors
/// A `ValidationError` with the argument that is invalid.
pub fn parse<T: DeserializeOwned>(document: &str) -> Result<T, Failure> {
    serde_json::from_str(document)
        .map_err(|error| Failure::validation(&format!("invalid argument: {error}")))
}
