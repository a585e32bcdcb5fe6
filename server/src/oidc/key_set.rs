//! The keys of an issuer.

use std::collections::BTreeMap;

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::Value;

use super::key::{Jwk, Key};

/// Most keys of a set that are looked at.
const MAX_KEYS: usize = 64;

/// The usable keys of an issuer.
#[derive(Clone, Debug, Default)]
pub(super) struct KeySet(Vec<Key>);

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Value>,
}

impl KeySet {
    /// The keys of a document that can verify signatures of the algorithms that are pinned. What cannot is left out, and so
    /// are keys with the same identifier: which of them is meant would be a guess.
    ///
    /// # Errors
    /// If the document is no key set.
    pub fn read(document: &[u8], pinned: &[Algorithm]) -> Result<Self, serde_json::Error> {
        let jwks: Jwks = serde_json::from_slice(document)?;
        let mut ids: BTreeMap<String, usize> = BTreeMap::new();
        let mut keys = Vec::new();
        for value in jwks.keys.into_iter().take(MAX_KEYS) {
            if let Some(id) = value["kid"].as_str() {
                *ids.entry(id.to_string()).or_default() += 1;
            }
            let Ok(jwk) = serde_json::from_value::<Jwk>(value) else {
                continue;
            };
            match jwk.usable(pinned) {
                Ok(key) => keys.push(key),
                Err(reason) => tracing::debug!(%reason, "a key of an issuer is left out"),
            }
        }
        let is_unique = |key: &Key| key.id.as_ref().is_none_or(|id| ids.get(id) == Some(&1));
        let (unique, ambiguous): (Vec<_>, Vec<_>) = keys.into_iter().partition(is_unique);
        if !ambiguous.is_empty() {
            tracing::warn!(
                keys = ambiguous.len(),
                "keys of an issuer have the same identifier, and are not used"
            );
        }
        Ok(Self(unique))
    }

    /// How many keys can be used.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The key with this identifier, for this algorithm. A token that names no key is verified only where there is one key.
    pub fn find(&self, id: Option<&str>, algorithm: Algorithm) -> Option<&Key> {
        let key = match id {
            Some(id) => self.0.iter().find(|key| key.id.as_deref() == Some(id)),
            None => match &self.0[..] {
                [only] => Some(only),
                _ => None,
            },
        };
        key.filter(|key| key.algorithms.contains(&algorithm))
    }
}
