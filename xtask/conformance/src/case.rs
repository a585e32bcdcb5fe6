//! The published examples of requests and responses.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

const CASES: &str = include_str!("../../../tests/published/validation_cases.json");

/// Maximum length in characters of an input that a response must repeat.
const MAX_INPUT: usize = 256;

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

/// An example.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// Its unique name.
    pub id: String,
    /// The request.
    pub request: CaseRequest,
    /// The response that the request must get.
    pub answer: CaseAnswer,
}

/// The request of an example.
#[derive(Clone, Debug, Deserialize)]
pub struct CaseRequest {
    /// Method.
    pub method: String,
    /// Path below `/api`.
    pub path: String,
    /// Headers.
    pub headers: BTreeMap<String, String>,
    /// Body.
    pub body: String,
}

/// The response of an example.
#[derive(Clone, Debug, Deserialize)]
pub struct CaseAnswer {
    /// Status.
    pub status: u16,
    /// Headers that the response must have.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Body of an error.
    pub body: Option<Value>,
}

/// All published examples.
///
/// # Errors
/// If they are not what this build expects.
pub fn published_cases() -> Result<Vec<Case>> {
    let cases: Cases = serde_json::from_str(CASES).context("the published cases cannot be read")?;
    Ok(cases.cases)
}

impl Case {
    /// The request for an existing dataset, with a valid token.
    #[must_use]
    pub fn request_with(&self, dataset_id: Uuid, token: &str) -> CaseRequest {
        let id = dataset_id.to_string();
        let fill = |text: &String| {
            text.replace("{dataset_id}", &id)
                .replace("{dataset_id_upper}", &id.to_uppercase())
                .replace("{token}", token)
        };
        let headers = self.request.headers.iter();
        CaseRequest {
            path: fill(&self.request.path),
            headers: headers
                .map(|(name, value)| (name.clone(), fill(value)))
                .collect(),
            ..self.request.clone()
        }
    }

    /// The errors that a response must list and does not, or lists without need: pairs of the expected and the found one, null
    /// where there is none.
    #[must_use]
    pub fn different_errors(&self, found: &Value) -> Vec<(Value, Value)> {
        let Some(expected) = &self.answer.body else {
            return Vec::new();
        };
        let errors = |body: &Value| body["detail"].as_array().cloned().unwrap_or_default();
        let (expected, found) = (errors(expected), errors(found));
        let at = |errors: &[Value], index| errors.get(index).cloned().unwrap_or_default();
        (0..expected.len().max(found.len()))
            .map(|index| (at(&expected, index), at(&found, index)))
            .filter(|(expected, found)| {
                comparable(found, expected) != comparable(expected, expected)
            })
            .collect()
    }
}

/// The error without those members that the published rules leave open.
fn comparable(error: &Value, expected: &Value) -> Map<String, Value> {
    let mut error = error.as_object().cloned().unwrap_or_default();
    let is = |error_type: &str| expected["type"] == error_type;
    let msg = error.get("msg").and_then(Value::as_str).unwrap_or_default();
    let is_free = is("json_invalid")
        || is("uuid_parsing") && msg.starts_with("Input should be a valid UUID")
        || expected["msg"] == "…" && !msg.is_empty();
    if is_free {
        error.shift_remove("msg");
    }
    if is("json_invalid") {
        error.shift_remove("ctx");
        let offset = error.get_mut("loc").and_then(|loc| loc.get_mut(1));
        if let Some(offset) = offset.filter(|offset| offset.is_u64()) {
            *offset = Value::Null;
        }
    }
    let input = expected["input"].as_str();
    if input.is_some_and(|input| input.chars().count() > MAX_INPUT) {
        error.shift_remove("input");
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn case(expected: &Value) -> Case {
        let case = json!({
            "id": "x",
            "request": { "method": "POST", "path": "/{dataset_id}", "headers": {}, "body": "" },
            "answer": { "status": 422, "body": { "detail": [expected] } },
        });
        serde_json::from_value(case).unwrap()
    }

    #[test]
    fn only_what_is_left_open_may_differ() {
        let missing = json!({ "type": "missing", "loc": ["body"], "msg": "Field required" });
        let found = |error: &Value| json!({ "detail": [error] });
        assert_eq!(case(&missing).different_errors(&found(&missing)), []);
        let mut other = missing.clone();
        other["msg"] = json!("Required");
        let differences = case(&missing).different_errors(&found(&other));
        assert_eq!(differences, [(missing.clone(), other)]);
        let none = case(&missing).different_errors(&json!({}));
        assert_eq!(none, [(missing.clone(), Value::Null)]);
        let syntax = json!({ "type": "json_invalid", "loc": ["body", 3], "msg": "a", "ctx": {} });
        let elsewhere = json!({ "type": "json_invalid", "loc": ["body", 9], "msg": "b" });
        assert_eq!(case(&syntax).different_errors(&found(&elsewhere)), []);
        assert_eq!(case(&syntax).different_errors(&found(&missing)).len(), 1);
    }

    #[test]
    fn published_examples_have_unique_ids() {
        let cases = published_cases().unwrap();
        let ids: std::collections::BTreeSet<_> = cases.iter().map(|case| &case.id).collect();
        assert_eq!(ids.len(), cases.len());
        assert!(ids.iter().all(|id| !id.is_empty()));
    }
}
