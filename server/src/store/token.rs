//! Tokens. A token is known by its hash alone.

use chrono::{DateTime, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::principal::Principal;
use super::statement::{is_owner, statements};
use super::stored::StoredScopes;
use super::{Store, reading, writing};
use crate::actor::Actor;

/// A token, without its secret.
#[derive(Clone, Debug, FromRow)]
pub struct TokenRow {
    /// Identifier of the token.
    pub id: Uuid,
    /// What its owner calls it; empty in tokens of early releases.
    pub name: String,
    /// Name of the principal that it belongs to.
    pub principal: String,
    /// What it may be used for.
    #[sqlx(try_from = "String")]
    pub scopes: StoredScopes,
    /// Whether it is for certain datasets alone.
    pub is_restricted: bool,
    /// The token that created it, if one did.
    pub created_with: Option<Uuid>,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// Time from which it is no longer valid, if any.
    pub expires_at: Option<DateTime<Utc>>,
    /// Time at which it was last used, to within some minutes.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Time at which it was revoked, if it was.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A token that is valid, and the principal that it belongs to.
#[derive(Clone, Debug, FromRow)]
pub struct ValidTokenRow {
    /// Identifier of the token.
    pub token_id: Uuid,
    /// What its owner calls it.
    pub token_name: String,
    /// Its hash, as it is stored.
    pub hash: Vec<u8>,
    /// What it may be used for.
    #[sqlx(try_from = "String")]
    pub scopes: StoredScopes,
    /// Whether it is for certain datasets alone.
    pub is_restricted: bool,
    /// Time from which it is no longer valid, if any.
    pub expires_at: Option<DateTime<Utc>>,
    /// Time at which it was last used, to within some minutes.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The principal.
    #[sqlx(flatten)]
    pub principal: Principal,
    /// Name of the principal.
    pub name: String,
    /// Whether the principal administers the deployment.
    pub is_admin: bool,
    /// Whether the principal may do something with datasets of others.
    pub has_grants: bool,
}

/// A token that is to be kept.
#[derive(Clone, Debug)]
pub struct NewTokenRow<'a> {
    /// Identifier of the token.
    pub id: Uuid,
    /// Principal that it belongs to.
    pub principal_id: Uuid,
    /// Its hash.
    pub hash: [u8; 32],
    /// What its owner calls it.
    pub name: &'a str,
    /// What it may be used for.
    pub scopes: StoredScopes,
    /// Datasets that it is for; `None` for all.
    pub datasets: Option<&'a [Uuid]>,
    /// The token that creates it, if one does.
    pub created_with: Option<Uuid>,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// Time from which it is no longer valid, if any.
    pub expires_at: Option<DateTime<Utc>>,
}

macro_rules! row {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.name, p.name AS principal, t.scopes, t.is_restricted, t.created_with, t.created_at, \
             t.expires_at, t.last_used_at, t.revoked_at \
             FROM tokens t JOIN principals p ON p.id = t.principal_id WHERE ",
            $rest
        )
    };
}

statements! {
    /// The revocation of the token that creates another one comes before that one, or revokes it as well.
    LOCK_CREATOR = "UPDATE tokens SET last_used_at = last_used_at WHERE id = $1 AND revoked_at IS NULL";
    INSERT = "INSERT INTO tokens (id, principal_id, hash, name, scopes, is_restricted, created_at, expires_at, \
         changed_by, changed_in, created_with) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    INSERT_DATASET = "INSERT INTO token_datasets (token_id, dataset_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    /// The token of a CI job ends with the rule by which it was issued, and that with the role of its creator.
    FIND_VALID = concat!("SELECT t.id AS token_id, t.name AS token_name, t.hash, t.scopes, t.is_restricted, t.expires_at, \
         t.last_used_at, p.id, p.name, p.is_admin, p.max_stored_bytes, p.max_open_jobs, p.request_rate, p.url_rate, \
         EXISTS (SELECT 1 FROM grants g WHERE g.principal_id = p.id) AS has_grants \
         FROM tokens t JOIN principals p ON p.id = t.principal_id \
         WHERE t.hash = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $2) \
         AND p.disabled_at IS NULL AND (t.trust_rule_id IS NULL OR EXISTS \
         (SELECT 1 FROM trust_rules r WHERE r.id = t.trust_rule_id AND ", is_owner!("r.created_by", "r.dataset_id"), "))");
    LIST_DATASETS = "SELECT dataset_id FROM token_datasets WHERE token_id = $1 ORDER BY dataset_id";
    FIND = row!("t.id = $1");
    LIST = row!("t.id > $1 ORDER BY t.id LIMIT $2");
    LIST_OF_PRINCIPAL = row!("t.principal_id = $3 AND t.id > $1 ORDER BY t.id LIMIT $2");
    /// Those of the principal $3 that are for datasets of the restricted token $4 alone.
    LIST_WITHIN = row!("t.principal_id = $3 AND t.id > $1 AND t.is_restricted AND NOT EXISTS \
         (SELECT 1 FROM token_datasets d WHERE d.token_id = t.id AND NOT EXISTS \
         (SELECT 1 FROM token_datasets o WHERE o.token_id = $4 AND o.dataset_id = d.dataset_id)) ORDER BY t.id LIMIT $2");
    /// With the tokens that were created with it, and those that were created with these.
    REVOKE = "UPDATE tokens SET revoked_at = $2, changed_by = $3, changed_in = $4 WHERE revoked_at IS NULL AND id IN \
         (WITH RECURSIVE created (id) AS (SELECT id FROM tokens WHERE id = $1 \
         UNION SELECT t.id FROM tokens t JOIN created c ON t.created_with = c.id) SELECT id FROM created)";
    SET_USED = "UPDATE tokens SET last_used_at = $2 WHERE id = $1";
    COUNT = "SELECT count(*) FROM tokens";
    FORGET_EXPIRED = "DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE expires_at IS NOT NULL \
         AND expires_at < $1 ORDER BY expires_at LIMIT $2)";
    FORGET_REVOKED = "DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE revoked_at IS NOT NULL \
         AND revoked_at < $1 ORDER BY revoked_at LIMIT $2)";
}

impl Store {
    /// Keeps a token; false where the token that creates it was revoked.
    pub async fn insert_token(&self, token: &NewTokenRow<'_>) -> Result<bool, sqlx::Error> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            if let Some(creator) = token.created_with {
                let locked = sqlx::query(LOCK_CREATOR).bind(creator).execute(&mut *transaction).await?;
                if locked.rows_affected() == 0 {
                    return Ok(false);
                }
            }
            sqlx::query(INSERT).bind(token.id).bind(token.principal_id).bind(token.hash.as_slice()).bind(token.name)
                .bind(token.scopes.0.to_string()).bind(token.datasets.is_some()).bind(token.created_at)
                .bind(token.expires_at).bind(actor.principal()).bind(actor.request().map(JsonText))
                .bind(token.created_with).execute(&mut *transaction).await?;
            for dataset_id in token.datasets.unwrap_or_default() {
                sqlx::query(INSERT_DATASET).bind(token.id).bind(*dataset_id).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(true)
        })
    }

    /// The valid token with that hash.
    pub async fn find_valid_token(
        &self,
        hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<ValidTokenRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(FIND_VALID).bind(hash).bind(now).fetch_optional(pool).await)
    }

    /// The datasets that a restricted token is for.
    pub async fn datasets_of_token(&self, id: Uuid) -> Result<Vec<Uuid>, sqlx::Error> {
        reading!(self, pool => sqlx::query_scalar(LIST_DATASETS).bind(id).fetch_all(pool).await)
    }

    /// The token with that id, valid or not.
    pub async fn find_token(&self, id: Uuid) -> Result<Option<TokenRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(FIND).bind(id).fetch_optional(pool).await)
    }

    /// At most `limit` tokens behind the id `after`, oldest first; only those of the principal, if one is given.
    pub async fn list_tokens(
        &self,
        principal_id: Option<Uuid>,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<TokenRow>, sqlx::Error> {
        let after = after.unwrap_or(Uuid::nil());
        match principal_id {
            Some(principal_id) => {
                reading!(self, pool => sqlx::query_as(LIST_OF_PRINCIPAL).bind(after).bind(limit)
                .bind(principal_id).fetch_all(pool).await)
            }
            None => {
                reading!(self, pool => sqlx::query_as(LIST).bind(after).bind(limit).fetch_all(pool).await)
            }
        }
    }

    /// At most `limit` tokens of the principal behind the id `after`, oldest first, that are for datasets of the restricted
    /// token `within` alone.
    pub async fn list_tokens_within(
        &self,
        principal_id: Uuid,
        within: Uuid,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<TokenRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(LIST_WITHIN).bind(after.unwrap_or(Uuid::nil())).bind(limit)
            .bind(principal_id).bind(within).fetch_all(pool).await)
    }

    /// Revokes a token, and those that were created with it; false where there is none that could be.
    pub async fn revoke_token(&self, id: Uuid, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
        let actor = Actor::current();
        let mut is_revoked = false;
        // A token that is being created with one of them is there only when that one's lock is free: the next statement sees it.
        loop {
            let revoked = writing!(self, pool => Ok::<_, sqlx::Error>(sqlx::query(REVOKE).bind(id).bind(now)
                .bind(actor.principal()).bind(actor.request().map(JsonText)).execute(pool).await?.rows_affected()));
            if revoked? == 0 {
                return Ok(is_revoked);
            }
            is_revoked = true;
        }
    }

    /// Records that a token was used.
    pub async fn set_token_used(&self, id: Uuid, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
        writing!(self, pool => sqlx::query(SET_USED).bind(id).bind(now).execute(pool).await.map(drop))
    }

    /// How many tokens there are, valid or not.
    pub async fn count_tokens(&self) -> Result<i64, sqlx::Error> {
        reading!(self, pool => sqlx::query_scalar(COUNT).fetch_one(pool).await)
    }

    /// Forgets at most twice `limit` tokens that have not been valid since `before`; how many there were.
    pub async fn forget_tokens(
        &self,
        before: DateTime<Utc>,
        limit: i64,
    ) -> Result<u64, sqlx::Error> {
        writing!(self, pool => {
            let expired = sqlx::query(FORGET_EXPIRED).bind(before).bind(limit).execute(pool).await?.rows_affected();
            let revoked = sqlx::query(FORGET_REVOKED).bind(before).bind(limit).execute(pool).await?.rows_affected();
            Ok(expired + revoked)
        })
    }
}
