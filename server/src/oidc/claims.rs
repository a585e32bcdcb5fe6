//! The claims of a token whose signature was verified.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// The claims of a token that is good.
#[derive(Clone, Debug)]
pub struct Claims {
    all: Map<String, Value>,
    /// When the token expires, by its issuer's clock.
    pub expires_at: DateTime<Utc>,
}

impl Claims {
    pub(super) fn new(all: Map<String, Value>, expires_at: DateTime<Utc>) -> Self {
        Self { all, expires_at }
    }

    /// Claims that no token was verified for.
    #[cfg(test)]
    pub(crate) fn for_test(all: Map<String, Value>) -> Self {
        Self::new(all, DateTime::UNIX_EPOCH)
    }

    /// The text of a claim; `None` where it is missing or no string. Identifiers that are numbers count as text.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.all.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) if number.is_u64() => Some(number.to_string()),
            _ => None,
        }
    }

    /// Whether a claim has exactly this text, or is true where the text is `true`.
    pub fn is(&self, name: &str, value: &str) -> bool {
        match self.all.get(name) {
            Some(Value::Bool(truth)) => value == if *truth { "true" } else { "false" },
            _ => self.text(name).is_some_and(|text| text == value),
        }
    }

    /// The words of a claim: the items of a list, or what spaces separate. `None` where the claim is missing.
    pub fn words(&self, name: &str) -> Option<Vec<&str>> {
        match self.all.get(name)? {
            Value::String(text) => Some(text.split_ascii_whitespace().collect()),
            Value::Array(items) => Some(items.iter().filter_map(Value::as_str).collect()),
            _ => Some(Vec::new()),
        }
    }

    /// Whether a claim is this value, or a list with it.
    pub fn contains(&self, name: &str, value: &str) -> bool {
        match self.all.get(name) {
            Some(Value::Array(items)) => items.iter().any(|item| item.as_str() == Some(value)),
            _ => self.is(name, value),
        }
    }
}
