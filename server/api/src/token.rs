//! Tokens, and the callers who send them.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::page::PageQuery;
use crate::scope::Scope;
use crate::validation::TEXT_PATTERN;

/// Lifetime of a new token in seconds, unless the request states another one: 90 days.
const DEFAULT_EXPIRES_IN: u32 = 90 * 86_400;

fn default_expires_in() -> u32 {
    DEFAULT_EXPIRES_IN
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Token {
    /// Identifier of the token.
    #[schemars(title = "Id")]
    pub id: Uuid,
    /// What the token is called; empty in tokens of early releases.
    #[schemars(title = "Name")]
    pub name: String,
    /// Name of the principal that the token belongs to.
    #[schemars(title = "Principal")]
    pub principal: String,
    /// What the token may be used for.
    #[schemars(title = "Scopes")]
    pub scopes: Vec<Scope>,
    /// Datasets that the token is for; null for all that its principal may use.
    #[schemars(title = "Datasets")]
    pub datasets: Option<Vec<Uuid>>,
    /// Identifier of the token that created it, with which it is revoked; null where no token of this server did.
    #[schemars(title = "Created With")]
    pub created_with: Option<Uuid>,
    /// Time of creation.
    #[schemars(title = "Created At")]
    pub created_at: DateTime<Utc>,
    /// Time from which the token is no longer valid; null where it is valid until it is revoked.
    #[schemars(title = "Expires At")]
    pub expires_at: Option<DateTime<Utc>>,
    /// Time of the last use, to within five minutes; null before the first one.
    #[schemars(title = "Last Used At")]
    pub last_used_at: Option<DateTime<Utc>>,
    /// Time at which the token was revoked; null where it was not.
    #[schemars(title = "Revoked At")]
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A token that has just been created.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct CreatedToken {
    /// The token itself, which is not shown again.
    #[schemars(title = "Secret")]
    pub secret: String,
    /// What the token is for.
    pub token: Token,
}

/// What a new token is for.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct CreateTokenRequest {
    /// What the token is called, so that its owner knows what uses it.
    #[schemars(
        title = "Name",
        length(min = 1, max = 100),
        regex(path = "TEXT_PATTERN")
    )]
    pub name: String,
    /// What the token may be used for: at most the scopes of the caller's own.
    #[schemars(title = "Scopes", length(min = 1, max = 5))]
    pub scopes: Vec<Scope>,
    /// Datasets that the token is for. By default, all that its principal may use, or those of the caller's own token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Datasets", length(min = 1, max = 100))]
    pub datasets: Option<Vec<Uuid>>,
    /// Lifetime of the token in seconds: one minute to one year, by default 90 days. It ends no later than that of the
    /// caller's own token, whatever is stated here.
    #[serde(default = "default_expires_in")]
    #[schemars(title = "Expires In", range(min = 60, max = 31_536_000))]
    pub expires_in: u32,
    /// Name of the principal that the token belongs to: by default the caller's own. Others are for administrators,
    /// with a token that is not restricted to datasets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(title = "Principal", length(min = 1, max = 255))]
    pub principal: Option<String>,
}

/// Path of a token.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TokenPath {
    /// Identifier of the token.
    #[schemars(description = "")]
    pub token_id: Uuid,
}

/// Which tokens to list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TokenQuery {
    /// Page of the list.
    #[serde(flatten)]
    pub page: PageQuery,
    /// Principal whose tokens are listed: by default the caller's own. Others are for administrators, with a token that is
    /// not restricted to datasets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
}

/// Who sends a request, and what the token is for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Caller {
    /// Name of the principal.
    #[schemars(title = "Principal")]
    pub principal: String,
    /// Whether the principal administers the deployment.
    #[schemars(title = "Is Admin")]
    pub is_admin: bool,
    /// Identifier of the token; null for one that another issuer signed.
    #[schemars(title = "Token Id")]
    pub token_id: Option<Uuid>,
    /// What the token is called.
    #[schemars(title = "Token Name")]
    pub token_name: String,
    /// What the token may be used for.
    #[schemars(title = "Scopes")]
    pub scopes: Vec<Scope>,
    /// Datasets that the token is for; null for all that its principal may use.
    #[schemars(title = "Datasets")]
    pub datasets: Option<Vec<Uuid>>,
    /// Time from which the token is no longer valid; null where it is valid until it is revoked.
    #[schemars(title = "Expires At")]
    pub expires_at: Option<DateTime<Utc>>,
}
