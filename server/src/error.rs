//! What can go wrong, in the words of the domain. The one table that maps it to statuses is `http::error`.

use crate::rate_limit::Exceeded;
use restow_api::Change;
use restow_api::grant::Role;
use restow_api::job::JobStatus;
use restow_api::scope::Scopes;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A rejected request, or a dependency that failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No bearer token was sent.
    #[error("no bearer token")]
    NotAuthenticated,
    /// The token is unknown, expired or revoked.
    #[error("invalid token")]
    InvalidToken,
    /// The token of a CI job is not good, was exchanged before, or matches no trust rule of the dataset.
    #[error("the token of the CI job is refused")]
    InvalidCiToken,
    /// The keys of a token's issuer are not known, and cannot be fetched.
    #[error("the issuer of the token is unavailable")]
    IssuerUnavailable,
    /// The issuer of a trust rule is not among those that are configured.
    #[error("the issuer is not configured")]
    UnknownIssuer {
        /// The issuer.
        issuer: String,
        /// The issuers that are configured for trust rules.
        known: Vec<String>,
    },
    /// The caller may not do what it requested.
    #[error("forbidden: {0}")]
    Forbidden(#[from] Forbidden),
    /// The resource does not exist, or belongs to another principal; the location is the part of the request that named it.
    #[error("{} not found", .0[1])]
    NotFound([&'static str; 2]),
    /// Another dataset of the principal has the name.
    #[error("the name is in use")]
    NameTaken,
    /// The dataset's current version is another than was to be replaced.
    #[error("the current version has changed")]
    VersionConflict {
        /// The current version.
        current: Option<u64>,
        /// The version that was to be replaced.
        expected: Option<u64>,
    },
    /// The job's state does not allow the operation.
    #[error("the job is {status}")]
    InvalidState {
        /// The job's state.
        status: JobStatus,
        /// What the state would have to be for.
        operation: &'static str,
    },
    /// The policy of the dataset refuses what the commit would change.
    #[error("{} changes are refused", .0.total)]
    BreakingChange(RefusedChanges),
    /// Parts are missing or wrong.
    #[error("{} parts do not match", .0.total)]
    PartsMismatch(PartsMismatch),
    /// Parts were requested that the plan does not have.
    #[error("{} parts are not planned", .0.total)]
    PartsNotPlanned(PartsMismatch),
    /// Another request has used the idempotency key.
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// The request was executed before, with the same idempotency key, and what it created is gone.
    #[error("what the idempotency key created is gone")]
    CreatedGone,
    /// The request was executed before, with the same idempotency key, and its job does not wait for its upload any more.
    #[error("the job that the idempotency key created is {status}")]
    CreatedJobBegun {
        /// The job.
        job_id: Uuid,
        /// The job's state.
        status: JobStatus,
    },
    /// The dataset has no version yet.
    #[error("no version yet")]
    NoVersion,
    /// The file is larger than can be uploaded.
    #[error("the file is too large")]
    FileTooLarge {
        /// Most bytes that a file may have.
        limit: u64,
        /// Bytes that were requested.
        asked: u64,
    },
    /// The file would go beyond what the principal may store.
    #[error("the quota is exceeded")]
    QuotaExceeded {
        /// Bytes that the principal may store.
        limit: u64,
        /// Bytes that were requested.
        asked: u64,
        /// Bytes of the principal's versions and of its open jobs.
        used: u64,
    },
    /// The principal has as many open jobs as its quota allows.
    #[error("too many jobs are open")]
    TooManyOpenJobs {
        /// Maximum number of open jobs of the principal.
        limit: u64,
    },
    /// More was requested than the rate limit admits.
    #[error(transparent)]
    RateLimited(#[from] Exceeded),
    /// The principal has as many streams of events as it may have.
    #[error("too many streams are open")]
    TooManyStreams {
        /// Maximum number of open streams of the principal.
        limit: u32,
    },
    /// The process has as many streams of events as it may have, of all principals together.
    #[error("the server has too many streams open")]
    NoStreamPlace,
    /// The dataset has as many webhooks as it may have.
    #[error("too many webhooks")]
    TooManyWebhooks {
        /// Maximum number of webhooks of a dataset.
        limit: u64,
    },
    /// Events are not sent to this URL, for this reason.
    #[error("the URL is not allowed: {0}")]
    WebhookUrl(&'static str),
    /// The filename's extension is not among those that are accepted.
    #[error("the extension is not allowed")]
    ExtensionNotAllowed {
        /// The filename.
        filename: String,
        /// The extensions that are accepted.
        allowed: Vec<String>,
    },
    /// The server is in read-only mode, and the operation changes something.
    #[error("the server is read-only")]
    ReadOnly,
    /// The database does not respond.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A request to S3 failed.
    #[error("storage: {0}")]
    Storage(#[from] crate::storage::StorageError),
}

/// The result of an operation of the domain.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a caller may not do what it requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// The token is not for that.
    #[error("the token has none of the scopes {0}")]
    Scope(Scopes),
    /// The principal has too small a role on the dataset.
    #[error("the principal is no {0} of the dataset")]
    Role(Role),
    /// The token would be for more than the one that creates it.
    #[error("the token would have more scopes than the caller's")]
    MoreThanOwn,
    /// Only administrators do that for others.
    #[error("the caller is no administrator")]
    OtherPrincipal,
    /// Only administrators of the deployment do that.
    #[error("the caller does not administer the deployment")]
    Administrator,
    /// A token that is restricted to datasets is for nothing else, such as a new dataset or another principal's tokens.
    #[error("the token is restricted to datasets")]
    Restricted,
    /// The owner has a role already.
    #[error("the principal owns the dataset")]
    GrantToOwner,
}

/// Most changes that a refusal lists.
const MAX_LISTED_CHANGES: usize = 100;

/// Why an object is not committed in the place of a version.
#[derive(Clone, Debug, PartialEq)]
pub struct RefusedChanges {
    current_version: Option<u64>,
    listed: Vec<Value>,
    first: Option<String>,
    total: usize,
}

impl RefusedChanges {
    /// The changes from a version that its dataset's policy refuses; none where it is not known what changes.
    pub fn new(current_version: Option<u64>, changes: &[&Change]) -> Self {
        let listed = changes.iter().take(MAX_LISTED_CHANGES);
        Self {
            current_version,
            listed: listed.map(|change| json!(change)).collect(),
            first: changes.first().map(|change| change.msg.clone()),
            total: changes.len(),
        }
    }

    /// What is refused, as a message.
    pub fn message(&self) -> String {
        match (&self.first, self.total) {
            (None, _) => "The columns are not known, so that readers of the dataset may not be able to read the object; \
                          accept `uninspected` to commit it nevertheless"
                .to_string(),
            (Some(first), 1) => {
                format!("The policy of the dataset refuses a change: {first}")
            }
            (Some(first), total) => format!(
                "The policy of the dataset refuses {total} changes, of which the first is: {first}"
            ),
        }
    }

    /// The numbers and changes in the message.
    pub fn context(&self) -> Map<String, Value> {
        let context = [
            ("current_version", json!(self.current_version)),
            ("changes", json!(self.listed)),
            ("total", json!(self.total)),
        ];
        context
            .into_iter()
            .map(|(name, value)| (name.to_string(), value))
            .collect()
    }
}

/// Most parts that a refusal lists.
const MAX_LISTED_PARTS: usize = 100;

/// Parts that stand in the way of a completion.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartsMismatch {
    listed: Vec<Value>,
    total: usize,
}

/// What is wrong with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartProblem<'a> {
    /// S3 does not hold it.
    Missing,
    /// S3 holds it, and the client's list, which is not empty, leaves it out.
    NotNamed,
    /// The plan has no such part.
    NotPlanned,
    /// It has another size than planned, in bytes.
    Size {
        /// Planned size.
        expected: u64,
        /// Size that S3 holds.
        found: u64,
    },
    /// Its entity tag is another than the client's.
    Etag {
        /// The client's entity tag.
        expected: &'a str,
        /// Entity tag that S3 holds.
        found: &'a str,
    },
}

impl PartsMismatch {
    /// Adds a part, by its number from 1.
    pub fn add(&mut self, part_number: u32, problem: PartProblem<'_>) {
        self.total += 1;
        if self.listed.len() < MAX_LISTED_PARTS {
            self.listed.push(match problem {
                PartProblem::Missing => json!({ "part_number": part_number, "problem": "missing" }),
                PartProblem::NotNamed => json!({ "part_number": part_number, "problem": "not_named" }),
                PartProblem::NotPlanned => json!({ "part_number": part_number, "problem": "not_planned" }),
                PartProblem::Size { expected, found } => {
                    json!({ "part_number": part_number, "problem": "size", "expected": expected, "found": found })
                }
                PartProblem::Etag { expected, found } => {
                    json!({ "part_number": part_number, "problem": "etag", "expected": expected, "found": found })
                }
            });
        }
    }

    /// What is wrong, as a message.
    pub fn message(&self) -> String {
        match self.total {
            0 => "The parts changed during the completion; call complete again".to_string(),
            1 => "1 part is missing or wrong".to_string(),
            total => format!("{total} parts are missing or wrong"),
        }
    }

    /// Whether there is nothing wrong.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// How many parts are wrong.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The first hundred of them, each with its number and its problem.
    pub fn listed(&self) -> &[Value] {
        &self.listed
    }
}
