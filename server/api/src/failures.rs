//! The error responses of each operation, as documented: status, code, and condition.

use std::collections::BTreeMap;
use std::fmt;

use dropshot::{ErrorStatusCode, HttpError, HttpResponseError};
use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::{Schema, SchemaObject};
use serde::Serialize;
use serde_json::json;

use crate::error::{ErrorType, Failure, HTTPValidationError};

/// Properties of an operation that decide which errors it can return, in addition to those of every operation.
pub mod reasons {
    /// The path names a resource, which may not exist or may belong to another principal.
    pub const NOT_FOUND: u32 = 1;
    /// The operation accepts a page token.
    pub const PAGE: u32 = 1 << 1;
    /// The operation requires a current version.
    pub const NO_VERSION: u32 = 1 << 2;
    /// The operation sets a name.
    pub const NAME: u32 = 1 << 3;
    /// The operation depends on the job's state.
    pub const STATE: u32 = 1 << 4;
    /// The operation lists parts.
    pub const PARTS: u32 = 1 << 5;
    /// The operation replaces the current version.
    pub const VERSION: u32 = 1 << 6;
    /// The operation accepts a body.
    pub const BODY: u32 = 1 << 7;
    /// The operation plans the upload of a file.
    pub const FILE: u32 = 1 << 8;
    /// The operation opens a job.
    pub const JOB: u32 = 1 << 9;
    /// The operation accepts an idempotency key.
    pub const KEY: u32 = 1 << 10;
    /// The operation commits changes.
    pub const CHANGES: u32 = 1 << 11;
    /// The request may name another principal.
    pub const PRINCIPAL: u32 = 1 << 12;
    /// The request contains nothing that could be invalid.
    pub const NO_INPUT: u32 = 1 << 13;
    /// Every valid token suffices.
    pub const ANY_TOKEN: u32 = 1 << 17;
    /// The request is sent without a bearer token.
    pub const ANONYMOUS: u32 = 1 << 16;
    /// The operation can return a stream of events.
    pub const STREAM: u32 = 1 << 14;
    /// The operation creates a webhook.
    pub const WEBHOOK: u32 = 1 << 15;
}

/// The reason, code and condition of each error. Reason 0 applies to every operation.
const ERRORS: [(u32, ErrorType, &str); 24] = [
    (0, ErrorType::NotAuthenticated, "there is no bearer token"),
    (
        0,
        ErrorType::InvalidToken,
        "the token is unknown, expired or revoked",
    ),
    (
        0,
        ErrorType::Forbidden,
        "the token does not have the scope, or its principal not the role, that the operation demands",
    ),
    (
        reasons::ANONYMOUS,
        ErrorType::InvalidToken,
        "the token in the body is not good, matches no trust rule of the dataset, or was exchanged before",
    ),
    (
        reasons::NOT_FOUND,
        ErrorType::NotFound,
        "the resource does not exist, or belongs to another principal",
    ),
    (
        reasons::PAGE,
        ErrorType::NotFound,
        "the page token was not issued by this list",
    ),
    (
        reasons::NO_VERSION,
        ErrorType::NotFound,
        "the dataset has no version yet",
    ),
    (
        reasons::PRINCIPAL,
        ErrorType::NotFound,
        "the request names a principal or a dataset that does not exist, or that the caller may not know of",
    ),
    (
        reasons::KEY,
        ErrorType::NotFound,
        "what an earlier request with the idempotency key created no longer exists",
    ),
    (
        reasons::BODY,
        ErrorType::RequestTimeout,
        "the body did not arrive in time",
    ),
    (
        reasons::NAME,
        ErrorType::NameTaken,
        "another dataset of the caller has this name",
    ),
    (
        reasons::STATE,
        ErrorType::InvalidState,
        "the job's state, which is in `ctx`, does not allow the operation",
    ),
    (
        reasons::PARTS,
        ErrorType::PartsMismatch,
        "parts are missing, wrong or not planned; `ctx` lists up to 100 of them",
    ),
    (
        reasons::VERSION,
        ErrorType::VersionConflict,
        "the current version, which is in `ctx`, is not the one that the request replaces",
    ),
    (
        reasons::CHANGES,
        ErrorType::BreakingChange,
        "the policy of the dataset refuses changes, which are in `ctx` (at most 100), and `accept` does not name them",
    ),
    (
        reasons::BODY,
        ErrorType::BodyTooLarge,
        "the body is larger than the operation accepts",
    ),
    (
        reasons::FILE,
        ErrorType::FileTooLarge,
        "the file is larger than the server accepts",
    ),
    (
        reasons::FILE,
        ErrorType::QuotaExceeded,
        "the file would exceed the caller's storage quota",
    ),
    (
        reasons::BODY,
        ErrorType::UnsupportedMediaType,
        "the body is not JSON",
    ),
    (
        reasons::JOB,
        ErrorType::TooManyOpenJobs,
        "the caller has the maximum number of open jobs",
    ),
    (
        reasons::WEBHOOK,
        ErrorType::TooManyWebhooks,
        "the dataset has the maximum number of webhooks",
    ),
    (
        reasons::STREAM,
        ErrorType::TooManyStreams,
        "the caller has the maximum number of open streams of events",
    ),
    (
        0,
        ErrorType::RateLimited,
        "too many requests, or too many URLs; `Retry-After` says when to try again",
    ),
    (
        0,
        ErrorType::Unavailable,
        "a dependency of the server, which `ctx` names with the `reason`, is unavailable; where `permanent` is true, until \
         the server's configuration is corrected",
    ),
];

/// Description of 422, in the contract's words: the body lists the errors.
const VALIDATION_ERROR: &str = "Validation Error";

/// Whether an operation with these reasons can return an error of this type for this reason.
fn is_possible(reason: u32, error_type: ErrorType, set: u32) -> bool {
    let is_of_bearer_token = matches!(
        error_type,
        ErrorType::NotAuthenticated | ErrorType::InvalidToken | ErrorType::Forbidden
    );
    if error_type == ErrorType::Forbidden && set & reasons::ANY_TOKEN != 0 && set != u32::MAX {
        return false;
    }
    match reason {
        0 => set & reasons::ANONYMOUS == 0 || set == u32::MAX || !is_of_bearer_token,
        _ => set & reason != 0,
    }
}

/// The error statuses of an operation with these reasons, each with its description.
fn responses(set: u32) -> BTreeMap<String, String> {
    let mut described = BTreeMap::<String, Vec<String>>::new();
    for (_, error_type, when) in ERRORS
        .iter()
        .filter(|(reason, error_type, _)| is_possible(*reason, *error_type, set))
    {
        described
            .entry(error_type.status().as_str().to_string())
            .or_default()
            .push(format!("`{}`: {when}", error_type.as_str()));
    }
    let mut found: BTreeMap<_, _> = described
        .into_iter()
        .map(|(status, described)| (status, described.join("; ")))
        .collect();
    if set & reasons::NO_INPUT == 0 {
        found.insert("422".to_string(), VALIDATION_ERROR.to_string());
    }
    found
}

/// Extension that passes an operation's error responses to the document's transform.
pub const RESPONSES_EXTENSION: &str = "x-responses";

/// The `Err` type of an operation whose errors have these reasons.
///
/// Handlers return their errors as [`crate::ApiResponse`], which can set headers; this type documents them, and
/// carries the errors of the framework itself.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Failures<const REASONS: u32>(HTTPValidationError);

impl<const REASONS: u32> From<HttpError> for Failures<REASONS> {
    fn from(_: HttpError) -> Self {
        Self(Failure::unavailable("server").into_body())
    }
}

impl<const REASONS: u32> fmt::Display for Failures<REASONS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .detail
            .iter()
            .try_for_each(|error| f.write_str(&error.msg))
    }
}

impl<const REASONS: u32> HttpResponseError for Failures<REASONS> {
    fn status_code(&self) -> ErrorStatusCode {
        ErrorStatusCode::SERVICE_UNAVAILABLE
    }
}

impl<const REASONS: u32> JsonSchema for Failures<REASONS> {
    fn schema_name() -> String {
        format!("Failures{REASONS}")
    }

    fn is_referenceable() -> bool {
        false
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<HTTPValidationError>();
        let mut schema = SchemaObject::default();
        schema
            .extensions
            .insert(RESPONSES_EXTENSION.to_string(), json!(responses(REASONS)));
        schema.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_description_lists_each_code_once() {
        let found = responses(reasons::BODY | reasons::FILE);
        assert_eq!(
            found.keys().collect::<Vec<_>>(),
            ["401", "403", "408", "413", "415", "422", "429", "503"]
        );
        let too_large = &found["413"];
        for code in [
            "`body_too_large`: ",
            "`file_too_large`: ",
            "`quota_exceeded`: ",
        ] {
            assert_eq!(too_large.matches(code).count(), 1, "{too_large}");
        }
        assert_eq!(
            responses(0).keys().collect::<Vec<_>>(),
            ["401", "403", "422", "429", "503"]
        );
    }

    #[test]
    fn every_code_is_documented_somewhere() {
        let everywhere = responses(!(reasons::NO_INPUT | reasons::ANONYMOUS | reasons::ANY_TOKEN));
        for error_type in ErrorType::ALL
            .iter()
            .filter(|error_type| error_type.status() != 422)
        {
            let described = everywhere.get(error_type.status().as_str());
            let code = format!("`{}`", error_type.as_str());
            assert!(
                *error_type == ErrorType::MethodNotAllowed
                    || described.is_some_and(|described| described.contains(&code)),
                "{code}"
            );
        }
    }
}
