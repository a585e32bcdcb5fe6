//! Identities: principals, and the tokens by which they are authenticated.
//!
//! A process remembers for three seconds which tokens are valid, so that not every request reads the database for them. What
//! changes of a token, its principal and its grants counts in every process within five seconds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use restow_api::scope::Scopes;
use uuid::Uuid;

use crate::store::Principal;

/// Time within which every process refuses what was revoked.
pub const REVOKED_WITHIN: Duration = Duration::from_secs(5);

/// How long a token counts as valid after the database said so.
const REMEMBERED: Duration = Duration::from_secs(3);

/// How long the reads may take by which a token is found valid; after longer ones, it is not remembered.
const MAX_READ_TIME: Duration = Duration::from_secs(1);

/// Valid tokens that a process remembers, at most; some 300 bytes each.
const MAX_REMEMBERED: u64 = 10_000;

/// A principal, and the token by which it was authenticated.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The principal.
    pub principal: Principal,
    /// Name of the principal.
    pub name: String,
    /// Whether the principal administers the deployment.
    pub is_admin: bool,
    /// Whether the principal may do something with datasets of others.
    pub has_grants: bool,
    /// Identifier of the token, where the database has it.
    pub token_id: Option<Uuid>,
    /// What the token's owner calls it.
    pub token_name: String,
    /// What the token may be used for.
    pub scopes: Scopes,
    /// Datasets that the token is for; `None` for all.
    pub datasets: Option<Vec<Uuid>>,
    /// Time from which the token is no longer valid, if any.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Tokens that were valid a moment ago, by their hashes.
#[derive(Debug)]
pub struct ValidTokens(Cache<[u8; 32], Arc<Identity>>);

impl Default for ValidTokens {
    fn default() -> Self {
        let cache = Cache::builder().max_capacity(MAX_REMEMBERED);
        Self(cache.time_to_live(REMEMBERED).build())
    }
}

impl ValidTokens {
    /// Whose a token is that was valid a moment ago, and has not expired since.
    pub fn find(&self, hash: &[u8; 32], now: DateTime<Utc>) -> Option<Arc<Identity>> {
        let found = self.0.get(hash)?;
        let is_valid = found.expires_at.is_none_or(|expires_at| expires_at > now);
        is_valid.then_some(found)
    }

    /// Remembers a token that the database has called valid since then.
    pub fn remember(&self, hash: [u8; 32], identity: &Arc<Identity>, read_since: Instant) {
        if read_since.elapsed() <= MAX_READ_TIME {
            self.0.insert(hash, Arc::clone(identity));
        }
    }
}
