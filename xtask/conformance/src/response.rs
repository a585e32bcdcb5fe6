//! A response of the API, compared with the contract.

use anyhow::Result;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use serde_json::Value;

use crate::check::Check;
use crate::client::Answer;
use crate::contract::{Documented, Operation};
use crate::finding::Rule;
use crate::schema::faults;

/// Judges a response that must have the `expected` status, and returns its body: null where it has none.
///
/// # Errors
/// If the contract cannot be read.
pub fn judge(
    operation: &Operation,
    expected: u16,
    answer: &Answer,
    check: &mut Check,
) -> Result<Value> {
    let place = format!("{} {}", operation.name(), answer.status);
    let body = String::from_utf8_lossy(&answer.body);
    let seen = format!("{} {body}", answer.status);
    let Some(documented) = operation.documented(answer.status)? else {
        let statuses = operation.statuses().join(", ");
        let expected = format!("{expected}, and in any case one of {statuses}");
        check.find(Rule::UndocumentedStatus, &place, &expected, &seen);
        return Ok(Value::Null);
    };
    if answer.status != expected {
        check.find(Rule::Status, &place, &expected, &seen);
    }
    let Documented::Json(validator) = documented else {
        if !answer.body.is_empty() {
            check.find(Rule::ContentType, &place, &"no body", &body);
        }
        return Ok(Value::Null);
    };
    judge_media_type(answer, &place, check);
    let value: Value = match serde_json::from_slice(&answer.body) {
        Ok(value) => value,
        Err(error) => {
            check.find(
                Rule::InvalidJson,
                &place,
                &"JSON",
                &format!("{error}: {body}"),
            );
            return Ok(Value::Null);
        }
    };
    for fault in faults(&validator, &value) {
        let place = format!("{place} {}", fault.pointer);
        check.find(fault.rule, place.trim_end(), &fault.expected, &fault.seen);
    }
    if answer.status >= 400 {
        judge_error(answer, &value, &place, check);
    }
    Ok(value)
}

fn judge_media_type(answer: &Answer, place: &str, check: &mut Check) {
    let found = answer.headers.get(CONTENT_TYPE);
    let found = found
        .and_then(|value| value.to_str().ok())
        .unwrap_or("no Content-Type");
    let media_type = found.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        check.find(Rule::ContentType, place, &"application/json", &found);
    }
}

/// Every error response has the one body, with at least one error, and the header that its status requires.
fn judge_error(answer: &Answer, body: &Value, place: &str, check: &mut Check) {
    let has_errors = body["detail"]
        .as_array()
        .is_some_and(|errors| !errors.is_empty());
    if !has_errors {
        let expected = "a list of at least one error in detail";
        check.find(Rule::ErrorBody, place, &expected, &body);
    }
    let required = match answer.status {
        401 => WWW_AUTHENTICATE,
        429 | 503 => RETRY_AFTER,
        _ => return,
    };
    let count = answer.headers.get_all(&required).iter().count();
    if count != 1 {
        let expected = format!("the header {required} once");
        check.find(
            Rule::MissingHeader,
            place,
            &expected,
            &format!("{count} times"),
        );
    }
}
