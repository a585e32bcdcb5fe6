//! Hints: what the user can do about an error.

use std::collections::BTreeSet;

use restow_sdk::generated::types::{Acceptance, Change};
use restow_sdk::{ApiError, Error, Peer};
use uuid::Uuid;

use crate::failure::{Failure, JobContext};
use crate::network_hint::network_hint;

/// What the user can do about an error.
pub fn hint(error: &anyhow::Error) -> Option<String> {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.hint();
    }
    let (error, job) = (
        error.downcast_ref::<Error>()?,
        error.downcast_ref::<JobContext>(),
    );
    if let Some(hint) = content_hint(error, job) {
        return Some(hint);
    }
    match (current_version(error), job) {
        (Some(version), Some(JobContext { id, .. })) => {
            let compare = format!("`restow preview {id}` compares the file with that version");
            Some(format!(
                "{compare}, and `restow job commit {id} --replaces {version}` replaces it"
            ))
        }
        (Some(version), None) => Some(format!(
            "to replace that version, pass `--replaces {version}`"
        )),
        (None, _) => network_hint(error).or_else(|| client_hint(error).map(str::to_string)),
    }
}

/// What to do about a file that is rejected, or whose changes are refused: commands that need no upload.
fn content_hint(error: &Error, job: Option<&JobContext>) -> Option<String> {
    match (error, job) {
        (
            Error::JobRejected {
                job_id: id,
                preview,
                ..
            },
            job,
        ) => {
            let read = job.map(|job| job.read.clone()).unwrap_or_default();
            Some(format!(
                "{}; `restow job commit {id} --accept uninspected` publishes it as it is, and `restow job cancel {id}` \
                 discards it",
                read.inspect_again(*id, &preview.findings)
            ))
        }
        (Error::BreakingChange { changes, .. }, Some(JobContext { id, .. })) => Some(format!(
            "`restow preview {id}` shows all changes, and `{}` accepts them",
            accepting_command(*id, changes)
        )),
        _ => None,
    }
}

/// The command that commits a job with all of these changes, or without any since its columns are not known.
pub fn accepting_command(id: Uuid, changes: &[Change]) -> String {
    let mut kinds: BTreeSet<String> = changes
        .iter()
        .map(|change| change.kind.to_string())
        .collect();
    if kinds.is_empty() {
        kinds.insert(Acceptance::Uninspected.to_string());
    }
    let kinds: Vec<_> = kinds.into_iter().collect();
    format!("restow job commit {id} --accept {}", kinds.join(","))
}

/// The current version of the dataset, where the error names it.
fn current_version(error: &Error) -> Option<i64> {
    match error {
        Error::VersionConflict { current, .. } => *current,
        Error::Api { errors, .. } if error.is_version_conflict() => {
            errors.first()?.ctx.get("current_version")?.as_i64()
        }
        _ => None,
    }
}

fn client_hint(error: &Error) -> Option<&'static str> {
    Some(match error {
        error if error.is_unauthorized() => {
            "the token is unknown, expired or revoked; request a new one and run `restow login`"
        }
        Error::InvalidEndpoint => "pass the URL of the server, for example https://restow.example",
        Error::InvalidToken => "run `restow login` with the token exactly as the server printed it",
        Error::DatasetNotFound(_) => {
            "`restow dataset list` shows your datasets; one that another principal shared with you is named OWNER/NAME, and \
             `restow push --create` creates a new one"
        }
        error if error.is_version_conflict() => {
            "`restow versions DATASET` shows the current version"
        }
        Error::Transport { peer: Peer::S3, .. } | Error::Stalled(_) => {
            "run the same command again to resume; `restow doctor` searches for the cause"
        }
        Error::Transport { .. } | Error::NoResponse(_) => {
            "check that the server is running and that the endpoint is correct; `restow doctor` searches for the cause"
        }
        Error::UnexpectedResponse { .. } => {
            "check that the endpoint is the URL of a Restow server; `restow doctor` searches for the cause"
        }
        Error::S3 { .. } => "`restow doctor` searches for the cause",
        Error::JobFailed(_) => "push the file again; see the log of the server for the cause",
        Error::SourceChanged(_) => "push it again once no other process writes to it",
        error if error.is_permanently_unavailable() => {
            "the operator of the server has to correct its configuration; `restow doctor` shows what to check"
        }
        Error::Api { errors, .. } => return api_hint(errors.first()?),
        _ => return None,
    })
}

fn api_hint(error: &ApiError) -> Option<&'static str> {
    let field = error
        .loc
        .last()
        .map(ToString::to_string)
        .unwrap_or_default();
    Some(match (error.type_.as_str(), field.as_str()) {
        ("not_found", "version") => "`restow versions DATASET` shows the versions",
        ("not_found", "job_id") => "`restow jobs DATASET` shows the jobs",
        ("name_taken", _) => "`restow dataset list` shows your datasets; choose another name",
        ("invalid_state", _) => "`restow job show JOB` shows the state of the job",
        ("quota_exceeded", _) => {
            "delete datasets that you no longer need, or request a larger quota"
        }
        ("too_many_open_jobs", _) => {
            "`restow jobs DATASET` shows the jobs; commit or cancel some of them"
        }
        ("too_many_streams", _) => {
            "end another `restow dataset events --follow`, or let an operator raise --max-event-streams"
        }
        ("unavailable", _) => {
            "try again later; `restow doctor` shows which service is unavailable, and why"
        }
        (error_type, field) => return webhook_hint(error_type, field),
    })
}

fn webhook_hint(error_type: &str, field: &str) -> Option<&'static str> {
    Some(match (error_type, field) {
        ("not_found", "webhook_id") => "`restow webhook list DATASET` shows the webhooks",
        ("not_found", "delivery_id") => {
            "`restow webhook deliveries DATASET WEBHOOK` shows the deliveries"
        }
        ("too_many_webhooks", _) => {
            "`restow webhook list DATASET` shows the webhooks; `restow webhook remove` deletes one"
        }
        ("webhook_url_not_allowed", _) => {
            "use an https:// URL of a public host, without a user name; for receivers in a network of its own, an operator \
             can start the server with --webhook-allow-private"
        }
        _ => return None,
    })
}
