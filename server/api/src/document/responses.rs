//! The responses of operations, of which the framework knows only the success and that there are errors.

use serde_json::{Value, json};

use super::member::take;
use crate::event::EVENT_STREAM;
use crate::failures::RESPONSES_EXTENSION;

/// Adds what reads have in common: an entity tag, and 304 where the client names it.
pub(super) fn add_conditional(responses: &mut Value) {
    responses["200"]["headers"] = json!({ "ETag": header("Weak entity tag of the body") });
    responses["304"] = json!({
        "description": "Not Modified: `If-None-Match` names the entity tag of the body",
        "headers": { "ETag": header("Weak entity tag of the body") },
    });
}

/// Adds the redirect of a download.
pub(super) fn add_redirect(responses: &mut Value) {
    responses["303"] = json!({
        "description": "See Other: the object, where `redirect` is true",
        "headers": { "Location": header("Presigned URL for the method of the request") },
    });
}

/// Adds the stream of events to the page of them.
pub(super) fn add_stream(responses: &mut Value) {
    responses["200"]["content"][EVENT_STREAM] = json!({
        "schema": {
            "title": "Event Stream",
            "type": "string",
            "description": "Server-sent events: `id`, `event` (the type), and `data` (an `Event` as JSON)",
        },
    });
    // A stream has none.
    responses["200"]["headers"]["ETag"]["required"] = json!(false);
}

fn header(description: &str) -> Value {
    json!({ "description": description, "required": true, "schema": { "type": "string" } })
}

/// Replaces `4XX` and `5XX` by the error responses that the operation's error type lists.
pub(super) fn expand_failures(responses: &mut Value, failures: &Value) -> Result<(), String> {
    take(responses, "5XX");
    let reference = take(responses, "4XX");
    let name = reference["$ref"]
        .as_str()
        .and_then(|text| text.rsplit('/').next())
        .unwrap_or_default();
    let named = &failures[name]["content"]["application/json"]["schema"][RESPONSES_EXTENSION];
    let named = named
        .as_object()
        .ok_or_else(|| format!("{name} names no responses"))?;
    for (status, description) in named {
        responses[status] = failure_response(status, description);
    }
    if let Some(members) = responses.as_object_mut() {
        members.sort_keys();
    }
    Ok(())
}

fn failure_response(status: &str, description: &Value) -> Value {
    let mut response = json!({
        "description": description,
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/HTTPValidationError" } } },
    });
    let header = match status {
        "401" => Some((
            "WWW-Authenticate",
            "string",
            "The authentication scheme: Bearer",
        )),
        "429" | "503" => Some(("Retry-After", "integer", "Seconds to wait before retrying")),
        _ => None,
    };
    if let Some((name, json_type, description)) = header {
        response["headers"] = json!({
            name: { "description": description, "required": true, "schema": { "type": json_type } },
        });
    }
    response
}
