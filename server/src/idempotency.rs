//! Idempotency keys: which request a key stands for, and how long it is remembered.

use chrono::{DateTime, TimeDelta, Utc};
use restow_api::idempotency::IdempotencyKey;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::store::{KeyUse, Principal};

/// How long a key is remembered after its first use.
pub const KEY_LIFETIME: TimeDelta = TimeDelta::days(1);

/// The use of a key by a request of the principal. `request` is all that distinguishes it from other requests: the
/// operation, the resource in its path, and the body as it was understood, so that spaces in it or members that were left
/// out make no difference.
pub fn key_use(
    principal: &Principal,
    key: &IdempotencyKey,
    request: impl Serialize,
    now: DateTime<Utc>,
) -> KeyUse {
    KeyUse {
        principal_id: principal.id,
        key: key.as_str().to_string(),
        fingerprint: Sha256::digest(json!(request).to_string()).into(),
        used_at: now,
        remembered_since: now - KEY_LIFETIME,
    }
}
