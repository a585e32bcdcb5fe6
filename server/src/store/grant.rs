//! Grants: what principals may do with datasets that others own.

use chrono::{DateTime, Utc};
use restow_api::grant::Role;
use restow_row::FromRow;
use uuid::Uuid;

use super::json::JsonText;
use super::principal::Principal;
use super::statement::{is_owner, statements};
use super::stored::StoredRole;
use super::{Store, reading, writing};
use crate::actor::Actor;

/// A dataset, and what a principal may do with it.
#[derive(Clone, Debug, FromRow)]
pub struct AccessRow {
    /// Identifier of the dataset.
    pub dataset_id: Uuid,
    /// Owner of the dataset.
    #[sqlx(flatten)]
    pub owner: Principal,
    role: Option<String>,
}

impl AccessRow {
    /// The role that was granted, if any.
    pub fn granted(&self) -> Option<Role> {
        self.role.as_deref().and_then(|role| role.parse().ok())
    }
}

/// A role that was granted.
#[derive(Clone, Debug, FromRow)]
pub struct GrantRow {
    /// Identifier of the principal.
    pub principal_id: Uuid,
    /// Name of the principal.
    pub principal: String,
    /// What it may do.
    #[sqlx(try_from = "String")]
    pub role: StoredRole,
    /// Time at which the grant was made or changed.
    pub created_at: DateTime<Utc>,
}

macro_rules! access {
    ($from:literal) => {
        concat!(
            "SELECT d.id AS dataset_id, p.id, p.max_stored_bytes, p.max_open_jobs, p.request_rate, p.url_rate, \
             (SELECT g.role FROM grants g WHERE g.dataset_id = d.id AND g.principal_id = $2) AS role FROM ",
            $from
        )
    };
}

statements! {
    FIND_ACCESS = access!("datasets d JOIN principals p ON p.id = d.principal_id WHERE d.id = $1");
    FIND_ACCESS_OF_JOB = access!("jobs j JOIN datasets d ON d.id = j.dataset_id \
         JOIN principals p ON p.id = d.principal_id WHERE j.id = $1");
    PUT = "INSERT INTO grants (dataset_id, principal_id, role, created_at, changed_by, changed_in) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (dataset_id, principal_id) DO UPDATE SET role = excluded.role, created_at = \
         CASE WHEN grants.role = excluded.role THEN grants.created_at ELSE excluded.created_at END, \
         changed_by = excluded.changed_by, changed_in = excluded.changed_in RETURNING created_at";
    /// What is deleted says who deletes it, to the trigger that logs it.
    MARK_DELETED = "UPDATE grants SET changed_by = $3, changed_in = $4, is_ending = TRUE WHERE dataset_id = $1 \
         AND principal_id = (SELECT id FROM principals WHERE name = $2)";
    DELETE = "DELETE FROM grants WHERE dataset_id = $1 AND principal_id = (SELECT id FROM principals WHERE name = $2)";
    IS_OWNER = concat!("SELECT ", is_owner!("$2", "$1"));
    /// Tokens of CI jobs by rules of the dataset that have lost their effect, since their creator has lost its role.
    REVOKE_TOKENS = concat!("UPDATE tokens SET revoked_at = $2, changed_by = $3, changed_in = $4 WHERE revoked_at IS NULL \
         AND trust_rule_id IN (SELECT r.id FROM trust_rules r WHERE r.dataset_id = $1 AND NOT ",
         is_owner!("r.created_by", "r.dataset_id"), ")");
    LIST = "SELECT g.principal_id, p.name AS principal, g.role, g.created_at FROM grants g \
         JOIN principals p ON p.id = g.principal_id WHERE g.dataset_id = $1 AND g.principal_id > $2 \
         ORDER BY g.principal_id LIMIT $3";
}

impl Store {
    /// Who owns a dataset, and what a principal was granted on it.
    pub async fn find_access(
        &self,
        dataset_id: Uuid,
        principal_id: Uuid,
    ) -> Result<Option<AccessRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(FIND_ACCESS).bind(dataset_id).bind(principal_id)
            .fetch_optional(pool).await)
    }

    /// Who owns the dataset of a job, and what a principal was granted on it.
    pub async fn find_access_of_job(
        &self,
        job_id: Uuid,
        principal_id: Uuid,
    ) -> Result<Option<AccessRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(FIND_ACCESS_OF_JOB).bind(job_id).bind(principal_id)
            .fetch_optional(pool).await)
    }

    /// Whether a principal is enabled, and may do with a dataset what its owner may, as far as the database knows: not for what
    /// an issuer says of it.
    pub async fn is_owner(
        &self,
        dataset_id: Uuid,
        principal_id: Uuid,
    ) -> Result<bool, sqlx::Error> {
        reading!(self, pool => sqlx::query_scalar(IS_OWNER).bind(dataset_id).bind(principal_id).fetch_one(pool).await)
    }

    /// Grants a role, in place of an earlier one; the time since which it is granted. A role below `owner` ends the tokens of
    /// the principal's trust rules.
    pub async fn put_grant(
        &self,
        dataset_id: Uuid,
        principal_id: Uuid,
        role: Role,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, sqlx::Error> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            let since = sqlx::query_scalar(PUT).bind(dataset_id).bind(principal_id).bind(role.as_str()).bind(now)
                .bind(actor.principal()).bind(actor.request().map(JsonText)).fetch_one(&mut *transaction).await?;
            if role < Role::Owner {
                sqlx::query(REVOKE_TOKENS).bind(dataset_id).bind(now).bind(actor.principal())
                    .bind(actor.request().map(JsonText)).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(since)
        })
    }

    /// Ends a grant, and the tokens of the principal's trust rules; false where there was none.
    pub async fn delete_grant(
        &self,
        dataset_id: Uuid,
        principal: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, sqlx::Error> {
        let actor = Actor::current();
        writing!(self, pool => {
            let mut transaction = pool.begin_with(self.begin()).await?;
            sqlx::query(MARK_DELETED).bind(dataset_id).bind(principal).bind(actor.principal())
                .bind(actor.request().map(JsonText)).execute(&mut *transaction).await?;
            let deleted = sqlx::query(DELETE).bind(dataset_id).bind(principal).execute(&mut *transaction).await?;
            sqlx::query(REVOKE_TOKENS).bind(dataset_id).bind(now).bind(actor.principal())
                .bind(actor.request().map(JsonText)).execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(deleted.rows_affected() == 1)
        })
    }

    /// At most `limit` grants on a dataset behind the principal `after`.
    pub async fn list_grants(
        &self,
        dataset_id: Uuid,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<GrantRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(LIST).bind(dataset_id).bind(after.unwrap_or(Uuid::nil())).bind(limit)
            .fetch_all(pool).await)
    }
}
