//! The one table that maps errors of the domain to responses.

use restow_api::error::{ErrorType, Failure, ValidationError};
use restow_api::idempotency::IDEMPOTENCY_KEY;
use restow_api::job::JobStatus;
use restow_api::scope::Scope;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::error::{Error, Forbidden};
use crate::rate_limit::Exceeded;
use crate::storage::Reason;

impl From<Error> for Failure {
    #[expect(clippy::too_many_lines, reason = "it is one table")]
    fn from(error: Error) -> Self {
        use ErrorType as E;
        let detail = error.to_string();
        match error {
            Error::NotAuthenticated => credential(
                E::NotAuthenticated,
                "Not authenticated: send a bearer token",
            ),
            Error::InvalidToken => {
                credential(E::InvalidToken, "The token is unknown, expired or revoked")
            }
            Error::InvalidCiToken => ValidationError::new(
                E::InvalidToken,
                ["body", "token"],
                "The token is not good, matches no trust rule of the dataset, or was exchanged before",
            )
            .into(),
            Error::IssuerUnavailable => Failure::unavailable("issuer"),
            Error::UnknownIssuer { issuer, known } => unknown_issuer(&issuer, known),
            Error::Forbidden(forbidden) => forbidden_because(forbidden).into(),
            Error::NotFound(place) => ValidationError::new(E::NotFound, place, "Not found").into(),
            Error::NameTaken => ValidationError::new(
                E::NameTaken,
                ["body", "name"],
                "Another dataset has this name",
            )
            .into(),
            Error::VersionConflict { current, expected } => ValidationError::new(
                E::VersionConflict,
                ["body", "replaces"],
                "The current version has changed since the job began",
            )
            .with_context("current_version", current)
            .with_context("replaces", expected)
            .into(),
            Error::InvalidState { status, operation } => ValidationError::new(
                E::InvalidState,
                ["path", "job_id"],
                format!("A job that is {status} cannot {operation}"),
            )
            .with_context("status", status.as_str())
            .into(),
            Error::BreakingChange(refused) => {
                let error =
                    ValidationError::new(E::BreakingChange, ["body", "accept"], refused.message());
                with_contexts(error, refused.context()).into()
            }
            Error::PartsMismatch(mismatch) => {
                ValidationError::new(E::PartsMismatch, ["body", "parts"], mismatch.message())
                    .with_context("parts", mismatch.listed())
                    .with_context("total", mismatch.total())
                    .into()
            }
            Error::PartsNotPlanned(unknown) => {
                let msg = "The upload has no parts with these numbers";
                ValidationError::new(E::PartsMismatch, ["body", "part_numbers"], msg)
                    .with_context("parts", unknown.listed())
                    .with_context("total", unknown.total())
                    .into()
            }
            Error::IdempotencyKeyReused => in_key(
                E::IdempotencyKeyReused,
                "The key was used for another request; use a new key for each request",
            )
            .into(),
            Error::CreatedGone => in_key(
                E::NotFound,
                "What an earlier request with this key created no longer exists; use a new key",
            )
            .into(),
            Error::CreatedJobBegun { job_id, status } => created_job_begun(job_id, status),
            Error::NoVersion => ValidationError::new(
                E::NotFound,
                ["path", "dataset_id"],
                "The dataset has no version yet",
            )
            .into(),
            Error::FileTooLarge { limit, asked } => {
                let msg = format!("The file must have at most {limit} bytes");
                ValidationError::new(E::FileTooLarge, ["body", "file_size"], msg)
                    .with_context("limit", limit)
                    .with_context("asked", asked)
                    .into()
            }
            Error::QuotaExceeded { limit, asked, used } => {
                let msg = format!("The file would exceed the quota of {limit} bytes");
                ValidationError::new(E::QuotaExceeded, ["body", "file_size"], msg)
                    .with_context("limit", limit)
                    .with_context("asked", asked)
                    .with_context("used", used)
                    .into()
            }
            Error::TooManyOpenJobs { limit } => {
                let msg = format!("At most {limit} jobs may be open; commit or cancel one first");
                ValidationError::new(E::TooManyOpenJobs, ["body"], msg)
                    .with_context("limit", limit)
                    .into()
            }
            Error::RateLimited(exceeded) => rate_limited(&exceeded),
            Error::TooManyStreams { limit } => {
                let msg = format!("At most {limit} streams of events may be open; close one first");
                ValidationError::new(E::TooManyStreams, ["header", "accept"], msg)
                    .with_context("limit", limit)
                    .into()
            }
            Error::NoStreamPlace => {
                let cause = "it has as many streams of events open as it may have";
                Failure::unavailable_because("server", ("event_streams", cause), false)
            }
            Error::TooManyWebhooks { limit } => {
                let msg = format!("A dataset has at most {limit} webhooks; delete one first");
                ValidationError::new(E::TooManyWebhooks, ["path", "dataset_id"], msg)
                    .with_context("limit", limit)
                    .into()
            }
            Error::WebhookUrl(reason) => {
                let msg = format!("Events cannot be sent to this URL: {reason}");
                ValidationError::new(E::WebhookUrlNotAllowed, ["body", "url"], msg).into()
            }
            Error::ExtensionNotAllowed { filename, allowed } => {
                let msg = format!("The filename must end in one of: .{}", allowed.join(", ."));
                ValidationError::new(E::ExtensionNotAllowed, ["body", "filename"], msg)
                    .with_input(&json!(filename))
                    .with_context("allowed", allowed)
                    .into()
            }
            Error::ReadOnly => {
                let cause = "it is in read-only mode, in which nothing can be changed";
                Failure::unavailable_because("server", ("read_only", cause), false)
            }
            Error::Database(_) => unavailable("database", &detail),
            Error::Storage(error) => storage_unavailable(error.reason(), &detail),
        }
    }
}

fn with_contexts(error: ValidationError, context: Map<String, Value>) -> ValidationError {
    context.into_iter().fold(error, |error, (name, value)| {
        error.with_context(&name, value)
    })
}

fn in_key(error_type: ErrorType, msg: impl Into<String>) -> ValidationError {
    ValidationError::new(error_type, ["header", IDEMPOTENCY_KEY], msg)
}

fn created_job_begun(job_id: Uuid, status: JobStatus) -> Failure {
    let msg = format!(
        "An earlier request with this key created a job that is {status} and takes no parts"
    );
    in_key(ErrorType::InvalidState, msg)
        .with_context("status", status.as_str())
        .with_context("job_id", job_id.to_string())
        .into()
}

fn unknown_issuer(issuer: &str, known: Vec<String>) -> Failure {
    let msg = match &known[..] {
        [] => "The server trusts no issuer of CI jobs; its operator can configure one".to_string(),
        known => format!("The issuer must be one of: {}", known.join(", ")),
    };
    ValidationError::new(ErrorType::UnknownIssuer, ["body", "issuer"], msg)
        .with_input(&json!(issuer))
        .with_context("issuers", known)
        .into()
}

fn credential(error_type: ErrorType, msg: &str) -> Failure {
    ValidationError::new(error_type, ["header", "authorization"], msg).into()
}

fn forbidden_because(forbidden: Forbidden) -> ValidationError {
    let error =
        |place: [&str; 2], msg: &str| ValidationError::new(ErrorType::Forbidden, place, msg);
    let of_token = ["header", "authorization"];
    match forbidden {
        Forbidden::Scope(scopes) => {
            let names: Vec<_> = scopes.iter().map(Scope::as_str).collect();
            let msg = format!(
                "The token does not have the scope {}; use a token that has it",
                names.join(" or ")
            );
            error(of_token, &msg).with_context("scopes", names)
        }
        Forbidden::Role(role) => {
            let msg = format!(
                "Only a principal with the role {role} may do this; an owner of the dataset can grant it"
            );
            error(of_token, &msg).with_context("role", role.as_str())
        }
        Forbidden::MoreThanOwn => error(
            ["body", "scopes"],
            "A token cannot have scopes that the token which creates it does not have",
        ),
        Forbidden::OtherPrincipal => error(
            of_token,
            "Only an administrator may do this for another principal",
        ),
        Forbidden::Administrator => error(
            of_token,
            "Only an administrator of the deployment may do this, with a token that has the scope admin",
        ),
        Forbidden::Restricted => error(
            of_token,
            "The token is restricted to datasets, and this concerns more than these; use a token without this restriction",
        ),
        Forbidden::GrantToOwner => error(
            ["path", "principal"],
            "The principal owns the dataset, and cannot be granted another role",
        ),
    }
}

/// What an address or a principal gets above its rate.
pub(super) fn rate_limited(exceeded: &Exceeded) -> Failure {
    let rate = exceeded.rate;
    let (count, window) = (rate.count.get(), rate.window.as_secs());
    let advice = match exceeded.retry_after {
        Some(_) => "try again later",
        None => "request fewer at once",
    };
    let msg = format!("The limit is {count} in {window} s; {advice}");
    // Waiting does not help a request that alone exceeds the limit.
    let wait = exceeded.retry_after.unwrap_or(rate.window);
    let seconds = wait.as_secs().saturating_add(1).try_into();
    let error = ValidationError::new(ErrorType::RateLimited, ["header", "authorization"], msg)
        .with_context("limit", count)
        .with_context("window", window);
    Failure::from(error).with_retry_after(seconds.unwrap_or(u32::MAX))
}

/// The client learns which dependency it is, the log what is wrong with it.
fn unavailable(dependency: &str, detail: &str) -> Failure {
    tracing::warn!(error = detail, "a dependency failed");
    Failure::unavailable(dependency)
}

fn storage_unavailable(reason: Reason, detail: &str) -> Failure {
    tracing::warn!(
        error = detail,
        reason = reason.as_str(),
        advice = reason.advice(),
        "a request to S3 failed"
    );
    let because = (reason.as_str(), reason.cause());
    Failure::unavailable_because("storage", because, reason.is_permanent())
}
