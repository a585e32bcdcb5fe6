//! Bearer tokens: random, shown once, kept as a hash.
//!
//! A process remembers for three seconds which tokens are valid, so that not every request reads the database for
//! them. A revoked token is refused by every process within five seconds.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::store::{Principal, Store};

/// What every token begins with, so that it is recognised where it should not be.
const PREFIX: &str = "restow_";

/// Bytes of randomness in a token.
const ENTROPY: usize = 32;

/// How long a token counts as valid after the database said so. Less than the five seconds, since reading takes time too.
const REMEMBERED: Duration = Duration::from_secs(3);

/// Valid tokens that a process remembers, at most; about 100 bytes each.
const MAX_REMEMBERED: u64 = 10_000;

/// Tokens that were valid a moment ago, by their hashes.
#[derive(Debug)]
pub struct ValidTokens(Cache<[u8; 32], ValidToken>);

#[derive(Clone, Copy, Debug)]
struct ValidToken {
    principal: Principal,
    expires_at: Option<DateTime<Utc>>,
}

impl Default for ValidTokens {
    fn default() -> Self {
        let cache = Cache::builder().max_capacity(MAX_REMEMBERED);
        Self(cache.time_to_live(REMEMBERED).build())
    }
}

impl ValidTokens {
    /// The principal of a token that was valid a moment ago, and has not expired since.
    fn find(&self, hash: &[u8; 32], now: DateTime<Utc>) -> Option<Principal> {
        let found = self.0.get(hash)?;
        let is_valid = found.expires_at.is_none_or(|expires_at| expires_at > now);
        is_valid.then_some(found.principal)
    }
}

/// A token that has just been made: the only time that its secret is seen.
pub struct NewToken {
    /// Identifier of the token, by which it is listed and revoked.
    pub id: Uuid,
    /// The token itself.
    pub secret: String,
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

impl NewToken {
    /// A random token, not yet stored.
    pub fn generate() -> Self {
        let secret = format!(
            "{PREFIX}{}",
            URL_SAFE_NO_PAD.encode(rand::random::<[u8; ENTROPY]>())
        );
        Self {
            id: Uuid::now_v7(),
            secret,
        }
    }
}

/// Makes a token valid for the principal of that name, who is created where there is none.
pub async fn insert(
    store: &Store,
    token: &NewToken,
    principal: &str,
    life: Option<TimeDelta>,
    now: DateTime<Utc>,
) -> Result<()> {
    let principal = store.ensure_principal(principal, now).await?;
    let expires_at = life.and_then(|life| now.checked_add_signed(life));
    store
        .insert_token(token.id, &principal, &hash(&token.secret), now, expires_at)
        .await?;
    Ok(())
}

/// The principal of a token.
///
/// # Errors
/// [`Error::InvalidToken`] where it is unknown, expired or revoked.
pub async fn authenticate(
    store: &Store,
    valid: &ValidTokens,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Principal> {
    let hash = hash(token);
    // The time of the lookup depends on the hash alone, from which the token cannot be computed.
    if let Some(principal) = valid.find(&hash, now) {
        return Ok(principal);
    }
    let found = store.find_token(&hash, now).await?;
    let found = found.filter(|found| bool::from(found.hash.ct_eq(&hash)));
    let found = found.ok_or(Error::InvalidToken)?;
    let principal = Principal {
        id: found.principal_id,
    };
    let expires_at = found.expires_at;
    let token = ValidToken {
        principal,
        expires_at,
    };
    valid.0.insert(hash, token);
    Ok(principal)
}
