//! The header of a token.

use jsonwebtoken::Algorithm;
use serde_json::{Map, Value};

use super::key::Key;
use super::key_set::KeySet;
use super::refusal::Refusal;

/// Types of tokens that are accepted: none, that of any JSON Web Token, and that of access tokens (RFC 9068).
const TYPES: [&str; 2] = ["jwt", "at+jwt"];

/// What the header of a token says. Keys and URLs of keys in it are not looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Algorithm of the signature.
    pub algorithm: Algorithm,
    /// Identifier of the key.
    pub key_id: Option<String>,
}

impl Header {
    /// Reads a header.
    ///
    /// # Errors
    /// If it demands an extension, is that of another type of tokens, or names an algorithm without a public key.
    pub fn read(header: &Map<String, Value>) -> Result<Self, Refusal> {
        if header.contains_key("crit") {
            return Err(Refusal::Critical);
        }
        let is_accepted = match header.get("typ") {
            None => true,
            Some(Value::String(name)) => {
                let name = name.to_ascii_lowercase();
                TYPES.contains(&name.strip_prefix("application/").unwrap_or(&name))
            }
            Some(_) => false,
        };
        if !is_accepted {
            return Err(Refusal::Type);
        }
        let algorithm = header.get("alg").and_then(Value::as_str);
        let algorithm: Option<Algorithm> = algorithm.and_then(|name| name.parse().ok());
        let key_id = match header.get("kid") {
            None => None,
            Some(Value::String(id)) => Some(id.clone()),
            Some(_) => return Err(Refusal::Malformed),
        };
        Ok(Self {
            algorithm: algorithm.ok_or(Refusal::Algorithm)?,
            key_id,
        })
    }

    /// The key of the set that the header names.
    pub fn find_key(&self, keys: &KeySet) -> Option<Key> {
        keys.find(self.key_id.as_deref(), self.algorithm).cloned()
    }
}
