//! Which refusals an operation can answer with, and when: what its document says of statuses other than success.

use std::collections::BTreeMap;
use std::fmt;

use dropshot::{ErrorStatusCode, HttpError, HttpResponseError};
use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::{Schema, SchemaObject};
use serde::Serialize;
use serde_json::json;

use crate::error::{ErrorType, Failure, HTTPValidationError};

/// Why an operation may refuse, beside the reasons that all of them have.
pub mod reasons {
    /// What the path names does not exist, or is somebody else's.
    pub const NOT_FOUND: u16 = 1;
    /// The operation goes on from a page token.
    pub const PAGE: u16 = 1 << 1;
    /// The operation needs a current version.
    pub const NO_VERSION: u16 = 1 << 2;
    /// The operation gives a name.
    pub const NAME: u16 = 1 << 3;
    /// The operation depends on the job's state.
    pub const STATE: u16 = 1 << 4;
    /// The operation names parts.
    pub const PARTS: u16 = 1 << 5;
    /// The operation replaces the current version.
    pub const VERSION: u16 = 1 << 6;
    /// The operation takes a body.
    pub const BODY: u16 = 1 << 7;
    /// The operation plans a file.
    pub const FILE: u16 = 1 << 8;
    /// The operation opens a job.
    pub const JOB: u16 = 1 << 9;
}

/// Of each refusal the reason, the code, and when it comes. Reason 0 is that of every operation.
const REFUSALS: [(u16, ErrorType, &str); 16] = [
    (0, ErrorType::NotAuthenticated, "there is no bearer token"),
    (
        0,
        ErrorType::InvalidToken,
        "the token is unknown, expired or revoked",
    ),
    (
        reasons::NOT_FOUND,
        ErrorType::NotFound,
        "what the path names does not exist, or is somebody else's",
    ),
    (
        reasons::PAGE,
        ErrorType::NotFound,
        "the page token is none that this list has given",
    ),
    (
        reasons::NO_VERSION,
        ErrorType::NotFound,
        "the dataset has no version yet",
    ),
    (
        reasons::BODY,
        ErrorType::RequestTimeout,
        "the body did not arrive in time",
    ),
    (
        reasons::NAME,
        ErrorType::NameTaken,
        "another dataset of the caller has the name",
    ),
    (
        reasons::STATE,
        ErrorType::InvalidState,
        "the job's state, which `ctx` tells, does not allow it",
    ),
    (
        reasons::PARTS,
        ErrorType::PartsMismatch,
        "parts are missing, wrong or not planned; `ctx` lists up to 100 of them",
    ),
    (
        reasons::VERSION,
        ErrorType::VersionConflict,
        "the current version, which `ctx` tells, is not the one to be replaced",
    ),
    (
        reasons::BODY,
        ErrorType::BodyTooLarge,
        "the body has more bytes than the operation takes",
    ),
    (
        reasons::FILE,
        ErrorType::FileTooLarge,
        "the file is larger than the server takes",
    ),
    (
        reasons::FILE,
        ErrorType::QuotaExceeded,
        "the file would go beyond what the caller may store",
    ),
    (
        reasons::BODY,
        ErrorType::UnsupportedMediaType,
        "the body is not JSON",
    ),
    (
        reasons::JOB,
        ErrorType::TooManyOpenJobs,
        "the caller has as many jobs under way as it may",
    ),
    (
        0,
        ErrorType::Unavailable,
        "a dependency of the server, which `ctx` names, does not answer",
    ),
];

/// Description of 422, in the contract's words: what is wrong is in the body.
const VALIDATION_ERROR: &str = "Validation Error";

/// The error statuses of an operation with these reasons, each with its description.
fn responses(set: u16) -> BTreeMap<String, String> {
    let mut told = BTreeMap::<String, Vec<String>>::new();
    for (_, error_type, when) in REFUSALS
        .iter()
        .filter(|(reason, ..)| *reason == 0 || set & reason != 0)
    {
        told.entry(error_type.status().as_str().to_string())
            .or_default()
            .push(format!("`{}`: {when}", error_type.as_str()));
    }
    let mut found: BTreeMap<_, _> = told
        .into_iter()
        .map(|(status, told)| (status, told.join("; ")))
        .collect();
    found.insert("422".to_string(), VALIDATION_ERROR.to_string());
    found
}

/// Name of the extension by which an operation's error responses reach the document's transform.
pub const RESPONSES_EXTENSION: &str = "x-responses";

/// The `Err` side of an operation that may refuse for these reasons.
///
/// Handlers put their refusals into [`crate::Answer`], which can set headers; this type says which there
/// are, and carries what goes wrong inside the framework.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Failures<const REASONS: u16>(HTTPValidationError);

impl<const REASONS: u16> From<HttpError> for Failures<REASONS> {
    fn from(_: HttpError) -> Self {
        Self(Failure::unavailable("server").into_body())
    }
}

impl<const REASONS: u16> fmt::Display for Failures<REASONS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .detail
            .iter()
            .try_for_each(|error| f.write_str(&error.msg))
    }
}

impl<const REASONS: u16> HttpResponseError for Failures<REASONS> {
    fn status_code(&self) -> ErrorStatusCode {
        ErrorStatusCode::SERVICE_UNAVAILABLE
    }
}

impl<const REASONS: u16> JsonSchema for Failures<REASONS> {
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
    fn a_status_tells_of_each_of_its_codes_once() {
        let found = responses(reasons::BODY | reasons::FILE);
        assert_eq!(
            found.keys().collect::<Vec<_>>(),
            ["401", "408", "413", "415", "422", "503"]
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
            ["401", "422", "503"]
        );
    }

    #[test]
    fn every_code_is_some_operations_or_the_routers() {
        let everywhere = responses(u16::MAX);
        for error_type in ErrorType::ALL
            .iter()
            .filter(|error_type| error_type.status() != 422)
        {
            let told = everywhere.get(error_type.status().as_str());
            let code = format!("`{}`", error_type.as_str());
            assert!(
                *error_type == ErrorType::MethodNotAllowed
                    || told.is_some_and(|told| told.contains(&code)),
                "{code}"
            );
        }
    }
}
