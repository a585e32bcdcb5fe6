//! Classifies errors: the exit code of the process, and the machine code in JSON.

use std::io::ErrorKind;

use restow_sdk::Error;

use crate::exit::{
    CONFLICT, LOGIN, NOT_COMMITTED, NOT_FOUND, OTHER, REFUSED, REJECTED, UNREACHABLE, USAGE,
};
use crate::failure::Failure;
use crate::first_signal;

/// Whether the command was interrupted by a signal.
pub fn is_interruption(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Failure::Interrupted { .. }))
        || matches!(error.downcast_ref(), Some(Error::Cancelled))
}

/// The exit code for an error.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.exit_code();
    }
    error
        .downcast_ref::<Error>()
        .map_or(OTHER, client_exit_code)
}

/// The exit code of several outcomes: 0 if none failed, the code of the failures if they share one, else [`OTHER`].
pub fn combined_exit_code(codes: impl IntoIterator<Item = u8>) -> u8 {
    let mut failed = codes.into_iter().filter(|code| *code != 0);
    let Some(first) = failed.next() else { return 0 };
    if failed.all(|code| code == first) {
        first
    } else {
        OTHER
    }
}

fn client_exit_code(error: &Error) -> u8 {
    match error {
        Error::Cancelled => first_signal::exit_code(),
        Error::InvalidToken => LOGIN,
        Error::InvalidEndpoint
        | Error::InvalidRequest(_)
        | Error::CaFile { .. }
        | Error::InvalidProxy { .. } => USAGE,
        Error::DatasetNotFound(_) => NOT_FOUND,
        Error::VersionConflict { .. } | Error::JobEnded(_) => CONFLICT,
        Error::JobRejected { .. } => REJECTED,
        Error::BreakingChange { .. } => NOT_COMMITTED,
        Error::EmptySource(_) => REFUSED,
        Error::File { source, .. } if source.kind() == ErrorKind::ResourceBusy => CONFLICT,
        Error::UnexpectedResponse { .. } | Error::Certificate { .. } | Error::Proxy { .. } => {
            UNREACHABLE
        }
        Error::Api { status, .. } => {
            api_exit_code(status.as_u16(), error.error_type().unwrap_or_default())
        }
        error if error.is_transient() => UNREACHABLE,
        _ => OTHER,
    }
}

fn api_exit_code(status: u16, error_type: &str) -> u8 {
    match (status, error_type) {
        (_, "extension_not_allowed" | "file_too_large") => REFUSED,
        (401 | 403, _) => LOGIN,
        (404, _) => NOT_FOUND,
        (409, _) => CONFLICT,
        (422, _) => USAGE,
        (408 | 500.., _) => UNREACHABLE,
        _ => OTHER,
    }
}

/// Machine code of an error: that of the API, where the API refused the request.
pub fn error_type(error: &anyhow::Error) -> String {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.error_type().to_string();
    }
    let Some(error) = error.downcast_ref::<Error>() else {
        return "error".to_string();
    };
    let code = match error {
        Error::InvalidEndpoint => "invalid_endpoint",
        Error::InvalidToken => "invalid_token",
        Error::InvalidRequest(_) => "invalid_request",
        Error::DatasetNotFound(_) => "not_found",
        Error::VersionConflict { .. } => "version_conflict",
        Error::Transport { .. } | Error::Stalled(_) | Error::NoResponse(_) => "unreachable",
        Error::Certificate { .. } => "certificate_refused",
        Error::Proxy { .. } => "proxy_failed",
        Error::CaFile { .. } => "invalid_ca_file",
        Error::InvalidProxy { .. } => "invalid_proxy",
        Error::UnexpectedResponse { .. } | Error::InvalidResponse(_) => "foreign_answer",
        Error::S3 { .. } => "s3_refused",
        Error::JobFailed(reason) | Error::JobRejected { reason, .. } => reason.type_.as_str(),
        Error::JobEnded(_) => "invalid_state",
        Error::Cancelled => "interrupted",
        Error::EmptySource(_) => "empty_file",
        Error::SourceChanged(_) => "file_changed",
        _ => "error",
    };
    error.error_type().unwrap_or(code).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use restow_sdk::generated::types::JobError;
    use serde_json::json;
    use uuid::Uuid;

    #[test]
    fn api_errors_have_documented_exit_codes() {
        for (status, error_type, expected) in [
            (401, "invalid_token", LOGIN),
            (403, "forbidden", LOGIN),
            (404, "not_found", NOT_FOUND),
            (409, "version_conflict", CONFLICT),
            (409, "name_taken", CONFLICT),
            (413, "file_too_large", REFUSED),
            (413, "quota_exceeded", OTHER),
            (422, "extension_not_allowed", REFUSED),
            (422, "string_too_long", USAGE),
            (429, "too_many_open_jobs", OTHER),
            (429, "too_many_streams", OTHER),
            (503, "unavailable", UNREACHABLE),
        ] {
            assert_eq!(
                api_exit_code(status, error_type),
                expected,
                "{status} {error_type}"
            );
        }
    }

    #[test]
    fn client_errors_have_exit_codes() {
        let code = |error: Error| exit_code(&error.into());
        assert_eq!(code(Error::Cancelled), crate::exit::INTERRUPTED);
        assert_eq!(
            code(Error::DatasetNotFound("weather".to_string())),
            NOT_FOUND
        );
        assert_eq!(
            code(Error::VersionConflict {
                expected: Some(1),
                current: Some(2)
            }),
            CONFLICT
        );
        assert_eq!(
            exit_code(&Failure::Reported(NOT_COMMITTED).into()),
            NOT_COMMITTED
        );
        assert_eq!(exit_code(&anyhow::anyhow!("unknown")), OTHER);
    }

    #[test]
    fn rejected_and_refused_files_have_own_codes() {
        let preview = json!({
            "job_id": Uuid::nil(), "columns": [], "sample": [], "findings": [], "findings_total": 0,
            "schema_diff": {"verdict": "breaking", "changes": [], "row_count": {}, "file_size": {}},
        });
        let reason = JobError {
            ctx: serde_json::Map::new(),
            msg: String::new(),
            type_: "unclosed_quote".to_string(),
        };
        let rejected = anyhow::Error::new(Error::JobRejected {
            job_id: Uuid::nil(),
            reason: Box::new(reason.clone()),
            preview: Box::new(serde_json::from_value(preview).unwrap()),
        });
        assert_eq!(exit_code(&rejected), REJECTED);
        assert_eq!(error_type(&rejected), "unclosed_quote");
        let refused = anyhow::Error::new(Error::BreakingChange {
            current_version: None,
            changes: vec![],
            total: 0,
        });
        assert_eq!(exit_code(&refused), NOT_COMMITTED);
        assert_eq!(error_type(&refused), "breaking_change");
        assert_eq!(exit_code(&Error::JobFailed(Box::new(reason)).into()), OTHER);
    }

    #[test]
    fn combined_exit_code_is_the_shared_one() {
        assert_eq!(combined_exit_code([0, 0]), 0);
        assert_eq!(combined_exit_code([0, REFUSED, REFUSED]), REFUSED);
        assert_eq!(combined_exit_code([NOT_FOUND, REFUSED]), OTHER);
    }

    #[test]
    fn machine_codes_match_those_of_the_api() {
        assert_eq!(
            error_type(&Error::DatasetNotFound("x".to_string()).into()),
            "not_found"
        );
        assert_eq!(error_type(&Failure::NotLoggedIn.into()), "not_logged_in");
        assert_eq!(error_type(&anyhow::anyhow!("unknown")), "error");
    }
}
