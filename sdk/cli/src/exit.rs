//! How the process ends: one exit code for each kind of outcome.

use std::io::ErrorKind;

use restow_sdk::Error;
use restow_sdk::generated::types::JobError;

use crate::failure::Failure;

/// Any other error.
pub const OTHER: u8 = 1;
/// The command line, or a value on it, makes no sense.
pub const USAGE: u8 = 2;
/// Not logged in, or the token is refused.
pub const LOGIN: u8 = 3;
/// What the command names does not exist.
pub const NOT_FOUND: u8 = 4;
/// The dataset, the job, the name or the file is not in the state that the command needs.
pub const CONFLICT: u8 = 5;
/// The file is refused: its content, size or extension.
pub const REFUSED: u8 = 6;
/// The file is uploaded, and not committed because readers of the current version cannot read it.
pub const NOT_COMMITTED: u8 = 7;
/// The server or S3 cannot be reached.
pub const UNREACHABLE: u8 = 8;
/// Stopped by Ctrl-C or SIGTERM.
pub const INTERRUPTED: u8 = 130;

/// The codes above, for the help.
pub const HELP: &str = "\
Exit codes:
    0  success
    1  any other error
    2  the command line makes no sense
    3  not logged in, or the token is refused
    4  what the command names does not exist
    5  conflict: the version has moved, the name or file exists, the job's state forbids it
    6  the file is refused: its content, size or extension
    7  uploaded, but not committed: its schema is not compatible with the current version
    8  the server or S3 cannot be reached
  130  interrupted";

/// The exit code that says what `error` is.
pub fn code(error: &anyhow::Error) -> u8 {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.exit_code();
    }
    error.downcast_ref::<Error>().map_or(OTHER, of_client)
}

/// The exit code for several outcomes: that of those which failed, if they all failed alike.
pub fn of_several(codes: impl IntoIterator<Item = u8>) -> u8 {
    let mut failed = codes.into_iter().filter(|code| *code != 0);
    let Some(first) = failed.next() else { return 0 };
    if failed.all(|code| code == first) {
        first
    } else {
        OTHER
    }
}

fn of_client(error: &Error) -> u8 {
    match error {
        Error::Cancelled => INTERRUPTED,
        Error::InvalidToken => LOGIN,
        Error::InvalidEndpoint | Error::InvalidRequest(_) => USAGE,
        Error::DatasetNotFound(_) => NOT_FOUND,
        Error::VersionConflict { .. } | Error::JobEnded(_) => CONFLICT,
        Error::JobFailed(reason) if !is_of_content(reason) => OTHER,
        Error::JobFailed(_) | Error::EmptySource(_) => REFUSED,
        Error::File { source, .. } if source.kind() == ErrorKind::ResourceBusy => CONFLICT,
        Error::UnexpectedResponse { .. } => UNREACHABLE,
        Error::Api { status, .. } => {
            of_refusal(status.as_u16(), error.error_type().unwrap_or_default())
        }
        error if error.is_transient() => UNREACHABLE,
        _ => OTHER,
    }
}

/// Whether a job failed for its content, and not for what happened to the object or to the server.
pub fn is_of_content(reason: &JobError) -> bool {
    !matches!(
        reason.type_.as_str(),
        "object_missing" | "inspection_crashed"
    )
}

fn of_refusal(status: u16, error_type: &str) -> u8 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_the_api_have_the_codes_that_the_help_tells() {
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
            (503, "unavailable", UNREACHABLE),
        ] {
            assert_eq!(
                of_refusal(status, error_type),
                expected,
                "{status} {error_type}"
            );
        }
    }

    #[test]
    fn other_errors_have_codes_too() {
        let code = |error: Error| code(&error.into());
        assert_eq!(code(Error::Cancelled), INTERRUPTED);
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
            super::code(&Failure::Told(NOT_COMMITTED).into()),
            NOT_COMMITTED
        );
        assert_eq!(super::code(&anyhow::anyhow!("odd")), OTHER);
    }

    #[test]
    fn a_file_is_refused_only_where_its_content_is_the_reason() {
        for (error_type, expected) in [
            ("content_mismatch", REFUSED),
            ("object_missing", OTHER),
            ("inspection_crashed", OTHER),
        ] {
            let reason = JobError {
                ctx: serde_json::Map::new(),
                msg: String::new(),
                type_: error_type.to_string(),
            };
            assert_eq!(
                code(&Error::JobFailed(Box::new(reason)).into()),
                expected,
                "{error_type}"
            );
        }
    }

    #[test]
    fn several_outcomes_have_the_code_that_they_share() {
        assert_eq!(of_several([0, 0]), 0);
        assert_eq!(of_several([0, REFUSED, REFUSED]), REFUSED);
        assert_eq!(of_several([NOT_FOUND, REFUSED]), OTHER);
    }

    #[test]
    fn every_code_is_in_the_help() {
        let codes = [
            OTHER,
            USAGE,
            LOGIN,
            NOT_FOUND,
            CONFLICT,
            REFUSED,
            NOT_COMMITTED,
            UNREACHABLE,
            INTERRUPTED,
        ];
        for code in codes {
            assert!(HELP.contains(&format!("{code:5}  ")), "{code}");
        }
    }
}
