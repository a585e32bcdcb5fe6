//! Why a token is refused. The reasons are for the log: a client learns only that its token is invalid.

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More bytes than a token may have.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts in base64url, of which two are JSON objects.
    #[error("the token is malformed")]
    Malformed,
    /// The header's type is another than that of an access or ID token.
    #[error("the header's `typ` is not accepted")]
    Type,
    /// The header demands extensions.
    #[error("the header has `crit`, and no extension is supported")]
    Critical,
    /// The algorithm is not one of those that are pinned for the issuer.
    #[error("the algorithm is not accepted for the issuer")]
    Algorithm,
    /// No configured issuer has the token's `iss`, or not for this use.
    #[error("the issuer is not configured for this use")]
    UnknownIssuer,
    /// The issuer has no such key, or several.
    #[error("the issuer has no key, or several, with the token's `kid` and algorithm")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// `aud` is missing, or names none of the configured audiences.
    #[error("the audience is not accepted")]
    Audience,
    /// `exp` is missing or no number.
    #[error("`exp` is missing or no number")]
    NoExpiry,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `exp` is further ahead than the token of a CI job may live.
    #[error("the token is valid for too long")]
    TooLongLived,
    /// `nbf` or `iat` is in the future, or no number.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// A claim is missing or has another value than the configuration demands.
    #[error("a required claim is missing or different")]
    Claim,
    /// The claim that names the principal is missing, empty, too long, or has control characters.
    #[error("the claim that names the principal is missing or unusable")]
    Name,
    /// The token of a CI job has no `jti`, so that its second use would not be noticed.
    #[error("`jti` is missing")]
    NoJti,
    /// The token of a CI job was exchanged before.
    #[error("the token was used before")]
    Reused,
    /// No trust rule of the dataset matches the token.
    #[error("no trust rule matches")]
    NoRule,
    /// The principal is disabled.
    #[error("the principal is disabled")]
    Disabled,
}

/// A token that cannot be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// The token is not good.
    #[error("{0}")]
    Invalid(#[from] Refusal),
    /// The keys of its issuer are not known, and cannot be fetched at the moment.
    #[error("the keys of the issuer are not known")]
    IssuerUnavailable,
}
