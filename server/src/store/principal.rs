//! Principals: who tokens belong to, and who owns datasets.

use chrono::{DateTime, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::statement::statements;
use super::{Store, reading, signed, writing};
use crate::quota::Quota;

/// Who owns datasets, and what limits count for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Principal {
    /// Identifier of the principal.
    pub id: Uuid,
    max_stored_bytes: Option<i64>,
    max_open_jobs: Option<i64>,
}

impl Principal {
    /// What the principal may use, where `default` counts for those without limits of their own.
    pub fn quota(&self, default: Quota) -> Quota {
        Quota {
            bytes: self
                .max_stored_bytes
                .map(i64::cast_unsigned)
                .or(default.bytes),
            open_jobs: self
                .max_open_jobs
                .map(i64::cast_unsigned)
                .or(default.open_jobs),
        }
    }
}

/// A principal, as an operator sees it.
#[derive(Clone, Debug, FromRow)]
pub struct PrincipalRow {
    /// Identifier of the principal.
    pub id: Uuid,
    /// Its name, unique among all.
    pub name: String,
    /// Whether it administers the deployment.
    pub is_admin: bool,
    /// Time of creation.
    pub created_at: DateTime<Utc>,
    /// Time since which its tokens are refused, if they are.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Bytes of its versions.
    pub stored_bytes: i64,
    /// Bytes that it may store, where that is not the server's limit.
    pub max_stored_bytes: Option<i64>,
    /// Jobs that it may have open, where that is not the server's limit.
    pub max_open_jobs: Option<i64>,
}

impl PrincipalRow {
    /// The principal, as the owner of datasets.
    pub fn principal(&self) -> Principal {
        Principal {
            id: self.id,
            max_stored_bytes: self.max_stored_bytes,
            max_open_jobs: self.max_open_jobs,
        }
    }
}

/// A principal whose token another issuer has signed.
#[derive(Clone, Debug, FromRow)]
pub struct SubjectRow {
    /// The principal.
    #[sqlx(flatten)]
    pub principal: Principal,
    /// Whether it administers the deployment.
    pub is_admin: bool,
    /// Time since which its tokens are refused, if they are.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Whether it may do something with datasets of others.
    pub has_grants: bool,
}

macro_rules! row {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, is_admin, created_at, disabled_at, stored_bytes, max_stored_bytes, max_open_jobs \
             FROM principals WHERE ",
            $rest
        )
    };
}

statements! {
    ENSURE = "INSERT INTO principals (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    FIND = "SELECT id, max_stored_bytes, max_open_jobs FROM principals WHERE name = $1";
    FIND_SUBJECT = "SELECT p.id, p.max_stored_bytes, p.max_open_jobs, p.is_admin, p.disabled_at, \
         EXISTS (SELECT 1 FROM grants g WHERE g.principal_id = p.id) AS has_grants FROM principals p WHERE p.name = $1";
    FIND_ROW = row!("name = $1");
    LIST = row!("id > $1 ORDER BY id LIMIT $2");
    SET_ADMIN = "UPDATE principals SET is_admin = $2 WHERE id = $1";
    SET_DISABLED = "UPDATE principals SET disabled_at = $2 WHERE id = $1";
    SET_LIMITS = "UPDATE principals SET max_stored_bytes = $2, max_open_jobs = $3 WHERE id = $1";
    /// The name may be that of a person, which the rows of its jobs outlive.
    ERASE = "UPDATE principals SET name = $2, is_admin = FALSE, disabled_at = $3 WHERE id = $1";
    /// What the principal did stays, under its pseudonym, until the log forgets it.
    RENAME_COMMITTER = "UPDATE versions SET committed_by = $2 \
         WHERE committed_by = (SELECT name FROM principals WHERE id = $1)";
    FORGET_GRANTS = "DELETE FROM grants WHERE principal_id = $1";
    FORGET_TOKENS = "DELETE FROM tokens WHERE principal_id = $1";
    LIST_DATASETS = "SELECT id FROM datasets WHERE principal_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT $2";
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

    /// The principal of that name, as its token's authentication needs it.
    pub async fn find_subject(&self, name: &str) -> Result<Option<SubjectRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(FIND_SUBJECT).bind(name).fetch_optional(pool).await)
    }

    /// The principal of that name.
    pub async fn find_principal(&self, name: &str) -> Result<Option<PrincipalRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(FIND_ROW).bind(name).fetch_optional(pool).await)
    }

    /// At most `limit` principals behind the id `after`, oldest first.
    pub async fn list_principals(
        &self,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<PrincipalRow>, sqlx::Error> {
        reading!(self, pool => sqlx::query_as(LIST).bind(after.unwrap_or(Uuid::nil())).bind(limit).fetch_all(pool).await)
    }

    /// Makes a principal an administrator of the deployment, or ends that.
    pub async fn set_admin(&self, id: Uuid, is_admin: bool) -> Result<(), sqlx::Error> {
        writing!(self, pool => sqlx::query(SET_ADMIN).bind(id).bind(is_admin).execute(pool).await.map(drop))
    }

    /// Refuses the tokens of a principal since that time, or accepts them again.
    pub async fn set_disabled(
        &self,
        id: Uuid,
        since: Option<DateTime<Utc>>,
    ) -> Result<(), sqlx::Error> {
        writing!(self, pool => sqlx::query(SET_DISABLED).bind(id).bind(since).execute(pool).await.map(drop))
    }

    /// Sets the limits of a principal; those of the server count where there are none.
    pub async fn set_limits(&self, id: Uuid, limits: Quota) -> Result<(), sqlx::Error> {
        writing!(self, pool => sqlx::query(SET_LIMITS).bind(id).bind(limits.bytes.map(signed))
            .bind(limits.open_jobs.map(signed)).execute(pool).await.map(drop))
    }

    /// At most `limit` datasets of a principal.
    pub async fn datasets_of(&self, id: Uuid, limit: i64) -> Result<Vec<Uuid>, sqlx::Error> {
        reading!(self, pool => sqlx::query_scalar(LIST_DATASETS).bind(id).bind(limit).fetch_all(pool).await)
    }

    /// Forgets a principal's name, tokens and grants. Its row stays, disabled, for as long as others refer to it.
    pub async fn erase_principal(
        &self,
        id: Uuid,
        pseudonym: &str,
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        writing!(self, pool => {
            let mut transaction = pool.begin().await?;
            sqlx::query(RENAME_COMMITTER).bind(id).bind(pseudonym).execute(&mut *transaction).await?;
            sqlx::query(ERASE).bind(id).bind(pseudonym).bind(now).execute(&mut *transaction).await?;
            sqlx::query(FORGET_GRANTS).bind(id).execute(&mut *transaction).await?;
            sqlx::query(FORGET_TOKENS).bind(id).execute(&mut *transaction).await?;
            transaction.commit().await
        })
    }
}
