//! Hints: what the user can do about an error.

use restow_sdk::{ApiError, Error, Peer};

use crate::error_code::is_of_content;
use crate::failure::{Failure, OfJob};

/// What a person can do about an error, if there is something.
pub fn hint(error: &anyhow::Error) -> Option<String> {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.hint();
    }
    let (error, job) = (
        error.downcast_ref::<Error>()?,
        error.downcast_ref::<OfJob>(),
    );
    match (current_version(error), job) {
        (Some(version), Some(OfJob(id))) => {
            let compare = format!("`restow preview {id}` compares the file with it");
            Some(format!(
                "{compare}, and `restow job commit {id} --replaces {version}` replaces it"
            ))
        }
        (Some(version), None) => Some(format!("`--replaces {version}` replaces that one")),
        (None, _) => client_hint(error).map(str::to_string),
    }
}

/// The version that is in the way, where the error tells.
fn current_version(error: &Error) -> Option<i64> {
    match error {
        Error::VersionMoved { current, .. } => *current,
        Error::Api { errors, .. } if error.is_version_conflict() => {
            errors.first()?.ctx.get("current_version")?.as_i64()
        }
        _ => None,
    }
}

fn client_hint(error: &Error) -> Option<&'static str> {
    Some(match error {
        error if error.is_unauthorized() => {
            "the token is unknown, expired or revoked; get another one and run `restow login`"
        }
        Error::InvalidEndpoint => "write the server's URL, for example https://restow.example",
        Error::InvalidToken => "run `restow login` with the token as the server showed it",
        Error::NoSuchDataset(_) => {
            "`restow dataset list` shows your datasets; `restow push --create` makes a new one"
        }
        error if error.is_version_conflict() => "`restow versions DATASET` shows what is there now",
        Error::Transport { peer: Peer::S3, .. } | Error::Stalled(_) => {
            "the same command once more goes on where this one stopped; `restow doctor` looks for the cause"
        }
        Error::Transport { .. } => {
            "is the server running, and the endpoint right? `restow doctor` looks for the cause"
        }
        Error::Foreign { .. } => {
            "is the endpoint the URL of a Restow server? `restow doctor` looks for the cause"
        }
        Error::S3 { .. } => "`restow doctor` looks for the cause",
        Error::JobFailed(reason) if is_of_content(reason) => "mend the file, and push it again",
        Error::JobFailed(_) => "push the file again; the server's log tells what has happened",
        Error::SourceChanged(_) => "push it again when nobody writes to it any more",
        Error::Api { errors, .. } => return api_hint(errors.first()?),
        _ => return None,
    })
}

fn api_hint(error: &ApiError) -> Option<&'static str> {
    let place = error
        .loc
        .last()
        .map(ToString::to_string)
        .unwrap_or_default();
    Some(match (error.type_.as_str(), place.as_str()) {
        ("not_found", "version") => "`restow versions DATASET` shows the versions",
        ("not_found", "job_id") => "`restow jobs DATASET` shows the jobs",
        ("name_taken", _) => "`restow dataset list` shows your datasets; choose another name",
        ("invalid_state", _) => "`restow job show JOB` tells the job's state",
        ("quota_exceeded", _) => {
            "delete datasets that you no longer need, or ask for a larger quota"
        }
        ("too_many_open_jobs", _) => {
            "`restow jobs DATASET` shows the jobs; commit or cancel some of them"
        }
        ("unavailable", _) => "try again a little later; `restow doctor` shows what is away",
        _ => return None,
    })
}
