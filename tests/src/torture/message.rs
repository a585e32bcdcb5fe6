//! Requests to the API, and the responses to them.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::Value;

/// A request: an operation of the document, where and with what.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) operation: &'static str,
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Option<Value>,
    pub(super) token: Option<String>,
}

/// The final response to a request.
#[derive(Clone, Debug)]
pub struct Response {
    /// Status.
    pub status: u16,
    /// Body; null where there is none.
    pub body: Value,
    /// Whether the request was sent before, and may have been done then.
    pub repeated: bool,
    /// When the request was sent to which this is the response.
    pub sent_at: DateTime<Utc>,
}

impl Request {
    /// A request without a body; the path is the one below `/api`.
    pub fn new(operation: &'static str, method: Method, path: impl Into<String>) -> Self {
        Self {
            operation,
            method,
            path: path.into(),
            body: None,
            token: None,
        }
    }

    /// A request that reads.
    pub fn get(operation: &'static str, path: impl Into<String>) -> Self {
        Self::new(operation, Method::GET, path)
    }

    /// A request with a body.
    pub fn post(operation: &'static str, path: impl Into<String>, body: Value) -> Self {
        Self {
            body: Some(body),
            ..Self::new(operation, Method::POST, path)
        }
    }

    /// The same with another method.
    #[must_use]
    pub fn by(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// The same with another token.
    #[must_use]
    pub fn with_token(self, token: String) -> Self {
        Self {
            token: Some(token),
            ..self
        }
    }
}

impl Response {
    /// Machine code of the first error.
    pub fn error_type(&self) -> &str {
        self.body["detail"][0]["type"].as_str().unwrap_or_default()
    }

    /// A value of the first error's `ctx`; null where it is missing.
    pub fn context(&self, name: &str) -> &Value {
        &self.body["detail"][0]["ctx"][name]
    }

    /// Whether it is this error.
    pub fn is(&self, status: u16, error_type: &str) -> bool {
        self.status == status && self.error_type() == error_type
    }
}
