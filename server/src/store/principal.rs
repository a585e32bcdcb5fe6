//! Principals and their tokens. A token is known by its hash alone.

use chrono::{DateTime, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::statement::statements;
use super::{Store, reading, writing};

/// Who a token belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Principal {
    /// Identifier of the principal.
    pub id: Uuid,
}

/// A token, without its secret.
#[derive(Clone, Debug, FromRow)]
pub struct TokenRow {
    /// Identifier of the token.
    pub id: Uuid,
    /// Name of the principal that it belongs to.
    pub principal: String,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// Time from which it is no longer valid, if any.
    pub expires_at: Option<DateTime<Utc>>,
    /// Time at which it was revoked, if it was.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A token that is valid.
#[derive(Clone, Debug, FromRow)]
pub struct ValidTokenRow {
    /// Identifier of the principal that it belongs to.
    pub principal_id: Uuid,
    /// Its hash, as it is stored.
    pub hash: Vec<u8>,
    /// Time from which it is no longer valid, if any.
    pub expires_at: Option<DateTime<Utc>>,
}

statements! {
    ENSURE = "INSERT INTO principals (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    FIND = "SELECT id FROM principals WHERE name = $1";
    INSERT_TOKEN = "INSERT INTO tokens (id, principal_id, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    FIND_BY_TOKEN = "SELECT principal_id, hash, expires_at FROM tokens \
         WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
    LIST_TOKENS = "SELECT t.id, p.name AS principal, t.created_at, t.expires_at, t.revoked_at \
         FROM tokens t JOIN principals p ON p.id = t.principal_id ORDER BY t.id";
    REVOKE_TOKEN = "UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    COUNT_TOKENS = "SELECT count(*) FROM tokens";
}

impl Store {
    /// The principal of that name, created where there is none.
    pub async fn ensure_principal(
        &self,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<Principal, sqlx::Error> {
        writing!(self, pool => {
            sqlx::query(ENSURE).bind(Uuid::now_v7()).bind(name).bind(now).execute(pool).await?;
            sqlx::query_as(FIND).bind(name).fetch_one(pool).await
        })
    }

    /// Keeps a token's hash.
    pub async fn insert_token(
        &self,
        id: Uuid,
        principal: &Principal,
        hash: &[u8],
        now: DateTime<Utc>,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<(), sqlx::Error> {
        writing!(self, pool => sqlx::query(INSERT_TOKEN).bind(id).bind(principal.id).bind(hash).bind(now)
            .bind(expires_at).execute(pool).await.map(drop))
    }

    /// The valid token with that hash.
    pub async fn find_token(
        &self,
        hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<ValidTokenRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(FIND_BY_TOKEN).bind(hash).bind(now).fetch_optional(pool).await)
    }

    /// Every token, oldest first.
    pub async fn list_tokens(&self) -> Result<Vec<TokenRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(LIST_TOKENS).fetch_all(pool).await)
    }

    /// Revokes a token; false where there is none that could be.
    pub async fn revoke_token(&self, id: Uuid, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
        writing!(self, pool => Ok(sqlx::query(REVOKE_TOKEN).bind(id).bind(now).execute(pool).await?.rows_affected() == 1))
    }

    /// How many tokens there are, valid or not.
    pub async fn count_tokens(&self) -> Result<i64, sqlx::Error> {
        reading!(self, pool => sqlx::query_scalar(COUNT_TOKENS).fetch_one(pool).await)
    }
}
