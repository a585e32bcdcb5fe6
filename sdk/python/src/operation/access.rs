//! Operations on tokens, grants and trust rules.

use restow_sdk::generated::types::{Role, Scope};
use serde::Deserialize;
use uuid::Uuid;

/// Operations on tokens.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "documented in Python")]
pub enum TokenOperation {
    Caller {},
    List { principal: Option<String> },
    Create(NewToken),
    Revoke { token: Uuid },
}

/// A token to create.
#[derive(Debug, Deserialize)]
pub struct NewToken {
    /// What the token is called.
    pub name: String,
    /// What the token may be used for.
    pub scopes: Vec<Scope>,
    /// Names or ids of the datasets that the token is for; `None` for all that its principal may use.
    pub datasets: Option<Vec<String>>,
    /// Lifetime in seconds.
    pub expires_in: i64,
    /// Name of the principal that the token belongs to; `None` for the caller's own.
    pub principal: Option<String>,
}

/// Operations on the grants of a dataset. `dataset` is a name or an id.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "documented in Python")]
pub enum GrantOperation {
    List {
        dataset: String,
    },
    Put {
        dataset: String,
        principal: String,
        role: Role,
    },
    Delete {
        dataset: String,
        principal: String,
    },
}

/// Operations on the trust rules of a dataset. `dataset` is a name or an id.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "documented in Python")]
pub enum TrustOperation {
    List { dataset: String },
    Create(NewTrustRule),
    Delete { dataset: String, rule: Uuid },
}

/// A trust rule to create. What is `None` does not matter.
#[derive(Debug, Deserialize)]
pub struct NewTrustRule {
    /// Name or id of the dataset.
    pub dataset: String,
    /// URL of the issuer of the CI jobs' tokens.
    pub issuer: String,
    /// Repository of the CI jobs.
    pub repository: String,
    /// Number of the repository's owner.
    pub repository_owner_id: Option<String>,
    /// File of the workflow.
    pub workflow: Option<String>,
    /// Branch that the CI jobs run on.
    pub branch: Option<String>,
    /// Environment of the CI jobs.
    pub environment: Option<String>,
}
