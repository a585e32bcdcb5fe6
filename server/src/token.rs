//! Bearer tokens: random, shown once, kept as a hash.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::store::{Principal, Store};

/// What every token begins with, so that it is recognised where it should not be.
const PREFIX: &str = "restow_";

/// Bytes of randomness in a token.
const ENTROPY: usize = 32;

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
pub async fn authenticate(store: &Store, token: &str, now: DateTime<Utc>) -> Result<Principal> {
    let hash = hash(token);
    let found = store.find_principal_by_token(&hash, now).await?;
    match found {
        Some((principal, stored)) if bool::from(stored.ct_eq(&hash)) => Ok(principal),
        _ => Err(Error::InvalidToken),
    }
}
