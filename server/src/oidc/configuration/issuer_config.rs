//! What a configuration says of an issuer.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;
use jsonwebtoken::Algorithm;
use restow_api::scope::Scopes;

/// What a configuration says of an issuer.
#[derive(Clone, Debug, PartialEq)]
pub struct IssuerConfig {
    /// Short name, with which the names of its principals begin.
    pub name: String,
    /// URL, which is compared with `iss` byte by byte.
    pub url: String,
    /// Audiences of which a token must name one. The first is what clients request.
    pub audiences: Vec<String>,
    /// Signature algorithms that are accepted.
    pub algorithms: Vec<Algorithm>,
    /// How far clocks may differ.
    pub leeway: TimeDelta,
    /// Whether its tokens are accepted as bearer tokens.
    pub bearer_tokens: bool,
    /// The CI system that it is, where datasets may have trust rules for it.
    pub ci: Option<CiSystem>,
    /// Claims that every token must have, with their values.
    pub required_claims: BTreeMap<String, String>,
    /// How a bearer token's principal and scopes are found.
    pub mapping: ClaimMapping,
    /// How keys are fetched.
    pub keys: KeyTimes,
    /// Whether plain HTTP is accepted, also where it is not on this machine.
    pub allow_http: bool,
    /// How people log in, where the issuer offers device authorization.
    pub device: Option<DeviceLogin>,
}

/// How a bearer token's principal and scopes are found in its claims.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimMapping {
    /// Claim with the name of the principal.
    pub principal: String,
    /// Claims with scopes, of which the first that is there counts.
    pub scopes: Vec<String>,
    /// What the scopes of Restow begin with in such a claim.
    pub scope_prefix: String,
    /// Most that a token may be used for.
    pub max_scopes: Scopes,
    /// What a token may be used for that has none of the claims.
    pub default_scopes: Scopes,
    /// Claim and value that make an administrator of the deployment.
    pub admin: Option<(String, String)>,
}

/// How keys are fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTimes {
    /// Pause between two fetches in the background.
    pub refresh: Duration,
    /// Shortest pause between two fetches, however many tokens name unknown keys.
    pub min_pause: Duration,
    /// How long keys are used after they were fetched, if the issuer is away.
    pub max_age: Duration,
}

/// A CI system, whose tokens have claims of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CiSystem {
    /// GitHub Actions.
    Github,
    /// GitLab CI/CD.
    Gitlab,
}

impl CiSystem {
    /// Its name in the configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        }
    }
}

/// How people log in by device authorization (RFC 8628).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceLogin {
    /// Identifier of the command at the issuer, which has no secret.
    pub client_id: String,
    /// Scopes to request.
    pub scopes: Vec<String>,
    /// Which token of the issuer's response is the bearer token: `access_token` or `id_token`.
    pub token: &'static str,
}
