//! Parts of the messages of errors.

use serde_json::Value;

use crate::generated::types::{Change, ValidationError};

/// The errors with their places in the request, and the reason of an unavailable dependency.
pub fn details(errors: &[ValidationError]) -> String {
    let details = errors.iter().map(|error| {
        let place: Vec<_> = error.loc.iter().map(ToString::to_string).collect();
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("{}: ", place.join("."))
        };
        let reason = error.ctx.get("reason").and_then(Value::as_str);
        let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
        format!("{place}{}{reason} ({})", error.msg, error.type_)
    });
    details.collect::<Vec<_>>().join("; ")
}

/// A version, or none.
pub fn version(number: Option<i64>) -> String {
    number.map_or_else(
        || "no version".to_string(),
        |number| format!("version {number}"),
    )
}

/// The first changes, and the number of the others. Without any, the object was not inspected.
pub fn messages(changes: &[Change], total: u64) -> String {
    const SHOWN: usize = 3;
    if changes.is_empty() {
        return "the columns of the file are not known".to_string();
    }
    let messages: Vec<_> = changes
        .iter()
        .take(SHOWN)
        .map(|change| change.msg.as_str())
        .collect();
    let messages = messages.join(" ");
    match total.saturating_sub(changes.len().min(SHOWN) as u64) {
        0 => messages,
        more => format!("{messages} And {more} more."),
    }
}

/// What a wrong digest was found of.
pub fn corrupted_object(number: Option<u64>) -> String {
    number.map_or_else(
        || "the download".to_string(),
        |number| format!("part {number} in S3"),
    )
}

/// A part, unless it is a download.
pub fn of_part(number: Option<u64>) -> String {
    number.map_or_else(String::new, |number| format!(" part {number}"))
}
