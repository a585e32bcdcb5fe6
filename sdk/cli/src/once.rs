//! Requests that the server executes again if they are sent again, since they have no `Idempotency-Key`: they are sent once.

use reqwest::StatusCode;
use serde_json::Value;

use restow_sdk::Error;

/// Adds `doubt` to an error that leaves open whether the request had its effect.
pub fn in_doubt(error: Error, doubt: String) -> anyhow::Error {
    let is_unknown = is_unknown(&error);
    let error = anyhow::Error::new(error);
    if is_unknown {
        error.context(doubt)
    } else {
        error
    }
}

fn is_unknown(error: &Error) -> bool {
    match error {
        Error::Transport { .. }
        | Error::NoResponse(_)
        | Error::UnexpectedResponse { .. }
        | Error::InvalidResponse(_) => true,
        // The connection to the database may have broken while it executed the change. A server in read-only mode executes none.
        Error::Api { status, errors, .. } => {
            let reason = errors.first().and_then(|error| error.ctx.get("reason"));
            *status == StatusCode::SERVICE_UNAVAILABLE
                && reason.and_then(Value::as_str) != Some("read_only")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Whether an error of the API with this status and context leaves the effect open.
    fn is_in_doubt(status: StatusCode, ctx: &Value) -> bool {
        let error = json!({ "loc": [], "msg": "no", "type": "unavailable", "ctx": ctx });
        let error = Error::Api {
            status,
            errors: vec![serde_json::from_value(error).unwrap()],
            retry_after: None,
        };
        let error = in_doubt(error, "it is unknown".to_string());
        assert!(error.downcast_ref::<Error>().is_some());
        error.to_string() == "it is unknown"
    }

    #[test]
    fn only_failures_of_the_server_leave_the_effect_open() {
        let unavailable = StatusCode::SERVICE_UNAVAILABLE;
        assert!(is_in_doubt(
            unavailable,
            &json!({ "dependency": "database" })
        ));
        let read_only = json!({ "dependency": "server", "reason": "read_only" });
        assert!(!is_in_doubt(unavailable, &read_only));
        assert!(!is_in_doubt(StatusCode::FORBIDDEN, &json!({})));
        assert!(!is_in_doubt(StatusCode::CONFLICT, &json!({})));
    }
}
