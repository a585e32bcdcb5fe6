//! Bearer tokens: random, shown once, kept as a hash. Those of other issuers are told apart by their form.
//!
//! A process remembers valid tokens for a moment ([`crate::identity`]). A revoked token is refused by every process within five
//! seconds.

mod issued;
mod operations;

use std::sync::Arc;
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use restow_api::scope::Scopes;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::app::App;

use crate::error::{Error, Result};
use crate::identity::Identity;
use crate::oidc;
use crate::store::{NewTokenRow, Principal, Store, StoredScopes, ValidTokenRow};

pub use self::operations::{create, list, revoke};

/// What every token begins with, so that it is recognised where it should not be.
const PREFIX: &str = "restow_";

/// Bytes of randomness in a token.
const ENTROPY: usize = 32;

/// How much a token's last use may lie in the past before it is recorded anew.
const USE_INTERVAL: TimeDelta = TimeDelta::minutes(5);

/// A token that has just been made: the only time that its secret is seen.
pub struct NewToken {
    /// Identifier of the token, by which it is listed and revoked.
    pub id: Uuid,
    /// The token itself.
    pub secret: String,
}

/// What a token is for.
#[derive(Clone, Debug)]
pub struct TokenTerms {
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Scopes,
    /// Datasets that it is for; `None` for all.
    pub datasets: Option<Vec<Uuid>>,
    /// Time from which it is no longer valid, if any.
    pub expires_at: Option<DateTime<Utc>>,
    /// The token that creates it, with which it is revoked.
    pub created_with: Option<Uuid>,
}

impl TokenTerms {
    /// Everything that the principal may do, until the token is revoked.
    pub fn unlimited(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            scopes: Scopes::ALL,
            datasets: None,
            expires_at: None,
            created_with: None,
        }
    }
}

/// The hash by which a token is known.
pub(crate) fn hash(token: &str) -> [u8; 32] {
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

/// Makes a token valid for a principal.
///
/// # Errors
/// [`Error::InvalidToken`] where the token that creates it is no longer valid.
pub async fn insert(
    store: &Store,
    token: &NewToken,
    principal: &Principal,
    terms: &TokenTerms,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = NewTokenRow {
        id: token.id,
        principal_id: principal.id,
        hash: hash(&token.secret),
        name: &terms.name,
        scopes: StoredScopes(terms.scopes),
        datasets: terms.datasets.as_deref(),
        created_with: terms.created_with,
        created_at: now,
        expires_at: terms.expires_at,
    };
    if store.insert_token(&row).await? {
        Ok(())
    } else {
        Err(Error::InvalidToken)
    }
}

/// Whose a token is.
///
/// # Errors
/// [`Error::InvalidToken`] where it is unknown, expired or revoked, or its principal is disabled.
pub async fn authenticate(app: &Arc<App>, token: &str) -> Result<Arc<Identity>> {
    let (hash, now) = (hash(token), app.now());
    // The time of the lookup depends on the hash alone, from which the token cannot be computed.
    if let Some(identity) = app.valid_tokens.find(&hash, now) {
        return Ok(identity);
    }
    let read_since = Instant::now();
    if oidc::is_jwt(token) {
        let identity = Arc::new(issued::authenticate(app, token, now).await?);
        app.valid_tokens.remember(hash, &identity, read_since);
        return Ok(identity);
    }
    let found = app.store.find_valid_token(&hash, now).await?;
    let found = found.filter(|found| bool::from(found.hash.ct_eq(&hash)));
    let found = found.ok_or(Error::InvalidToken)?;
    let is_use_old = found
        .last_used_at
        .is_none_or(|last_used_at| now - last_used_at > USE_INTERVAL);
    if is_use_old && !app.settings.is_read_only {
        record_use(app, found.token_id, now);
    }
    let identity = Arc::new(identity(&app.store, found).await?);
    app.valid_tokens.remember(hash, &identity, read_since);
    Ok(identity)
}

async fn identity(store: &Store, row: ValidTokenRow) -> Result<Identity> {
    let datasets = if row.is_restricted {
        Some(store.datasets_of_token(row.token_id).await?)
    } else {
        None
    };
    Ok(Identity {
        principal: row.principal,
        name: row.name,
        is_admin: row.is_admin,
        has_grants: row.has_grants,
        token_id: Some(row.token_id),
        token_name: row.token_name,
        scopes: row.scopes.0,
        datasets,
        expires_at: row.expires_at,
    })
}

/// Records the use of a token without letting the request wait for it.
fn record_use(app: &Arc<App>, token_id: Uuid, now: DateTime<Utc>) {
    let store = app.store.clone();
    app.tasks.spawn(async move {
        if let Err(error) = store.set_token_used(token_id, now).await {
            tracing::warn!(%token_id, %error, "failed to record the use of a token");
        }
    });
}
