//! Trust rules: which CI jobs may publish to a dataset without a stored secret.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::scope::Scope;
use crate::validation::TEXT_PATTERN;

/// Which CI jobs may publish to a dataset: those whose token has all of these values, compared exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TrustRule {
    /// Identifier of the rule.
    #[schemars(title = "Id")]
    pub id: Uuid,
    /// URL of the issuer of the token.
    #[schemars(title = "Issuer")]
    pub issuer: String,
    /// Repository of the CI job, such as `octo/weather`.
    #[schemars(title = "Repository")]
    pub repository: String,
    /// Number of the repository's owner, which a name that changes hands does not keep. Where the rule was created without
    /// one, it is null until a CI job first gets a token by the rule: from then on it is the number of that job.
    #[schemars(title = "Repository Owner Id")]
    pub repository_owner_id: Option<String>,
    /// File of the workflow; null where it does not matter.
    #[schemars(title = "Workflow")]
    pub workflow: Option<String>,
    /// Branch that the CI job runs on; null where it does not matter.
    #[schemars(title = "Branch")]
    pub branch: Option<String>,
    /// Environment of the CI job; null where it does not matter.
    #[schemars(title = "Environment")]
    pub environment: Option<String>,
    /// Name of the principal that created the rule, which ends with the principal's role on the dataset; null for rules of
    /// early releases, which count as the owner's.
    #[schemars(title = "Created By")]
    pub created_by: Option<String>,
    /// Time of creation.
    #[schemars(title = "Created At")]
    pub created_at: DateTime<Utc>,
    /// Time at which a CI job last got a token by the rule; null where none has.
    #[schemars(title = "Last Used At")]
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A trust rule to create. What is omitted does not matter.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CreateTrustRuleRequest {
    /// URL of the issuer, which the server must be configured for: `https://token.actions.githubusercontent.com` for GitHub.
    #[schemars(
        title = "Issuer",
        length(min = 1, max = 255),
        regex(path = "TEXT_PATTERN")
    )]
    pub issuer: String,
    /// Repository of the CI job, with its owner, exactly as the CI system writes it.
    #[schemars(
        title = "Repository",
        length(min = 1, max = 255),
        regex(path = "TEXT_PATTERN")
    )]
    pub repository: String,
    /// Number of the repository's owner (GitHub) or namespace (GitLab): another account that takes over the name of the owner
    /// has another number. By default that of the first CI job that gets a token by the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "Repository Owner Id",
        length(min = 1, max = 64),
        regex(path = "TEXT_PATTERN")
    )]
    pub repository_owner_id: Option<String>,
    /// File of the workflow: a file name, such as `publish.yml`, is one of the repository itself. A path is that of a reusable
    /// workflow, with its repository, and with `@` and the reference if that matters too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "Workflow",
        length(min = 1, max = 512),
        regex(path = "TEXT_PATTERN")
    )]
    pub workflow: Option<String>,
    /// Branch that the CI job runs on, such as `main`. Tags and pull requests are no branches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "Branch",
        length(min = 1, max = 255),
        regex(path = "TEXT_PATTERN")
    )]
    pub branch: Option<String>,
    /// Environment of the CI job, whose protection rules the CI system enforces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        title = "Environment",
        length(min = 1, max = 255),
        regex(path = "TEXT_PATTERN")
    )]
    pub environment: Option<String>,
}

/// Path of a trust rule.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TrustRulePath {
    /// Identifier of the dataset.
    #[schemars(description = "")]
    pub dataset_id: Uuid,
    /// Identifier of the rule.
    #[schemars(description = "")]
    pub rule_id: Uuid,
}

/// A CI job's token, and the dataset to publish to.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct ExchangeTokenRequest {
    /// OpenID Connect token of the CI job, for the audience of this server. It can be exchanged once.
    #[schemars(title = "Ci Token", length(min = 1, max = 16384))]
    pub token: String,
    /// Identifier of the dataset.
    #[schemars(title = "Dataset Id")]
    pub dataset_id: Uuid,
}

/// The token is left out.
impl std::fmt::Debug for ExchangeTokenRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExchangeTokenRequest")
            .field("dataset_id", &self.dataset_id)
            .finish_non_exhaustive()
    }
}

/// A token of Restow for a CI job.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct ExchangedToken {
    /// Bearer token, for the dataset alone.
    #[schemars(title = "Ci Token")]
    pub token: String,
    /// Name of the token: the CI job that it was issued to.
    #[schemars(title = "Name")]
    pub name: String,
    /// What it may be used for.
    #[schemars(title = "Scopes")]
    pub scopes: Vec<Scope>,
    /// Dataset that it is for.
    #[schemars(title = "Dataset Id")]
    pub dataset_id: Uuid,
    /// Time from which it is no longer valid.
    #[schemars(title = "Expires At")]
    pub expires_at: DateTime<Utc>,
}

/// The token is left out.
impl std::fmt::Debug for ExchangedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExchangedToken")
            .field("name", &self.name)
            .field("dataset_id", &self.dataset_id)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
