//! Principals: who tokens belong to, and who owns datasets.

use chrono::{DateTime, Utc};
use restow_row::FromRow;
use uuid::Uuid;

use super::number::signed;
use super::statement::statements;
use super::stored::StoredRate;
use super::{Store, reading, writing};
use crate::quota::Quota;
use crate::rate_limit::Rate;

/// Who owns datasets, and what limits count for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Principal {
    /// Identifier of the principal.
    pub id: Uuid,
    max_stored_bytes: Option<i64>,
    max_open_jobs: Option<i64>,
    #[sqlx(try_from = "Option<String>")]
    request_rate: StoredRate,
    #[sqlx(try_from = "Option<String>")]
    url_rate: StoredRate,
}

/// The limits of one principal; those of the server count where there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrincipalLimits {
    /// What it may use.
    pub quota: Quota,
    /// Requests that it may send to each process.
    pub request_rate: Option<Rate>,
    /// URLs that each process may sign for it.
    pub url_rate: Option<Rate>,
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

    /// Requests that the principal may send to each process, where that is not the server's limit.
    pub fn request_rate(&self) -> Option<Rate> {
        self.request_rate.0
    }

    /// URLs that each process may sign for the principal, where that is not the server's limit.
    pub fn url_rate(&self) -> Option<Rate> {
        self.url_rate.0
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
    /// Requests that it may send to each process, where that is not the server's limit.
    #[sqlx(try_from = "Option<String>")]
    pub request_rate: StoredRate,
    /// URLs that each process may sign for it, where that is not the server's limit.
    #[sqlx(try_from = "Option<String>")]
    pub url_rate: StoredRate,
}

impl PrincipalRow {
    /// The principal, as the owner of datasets.
    pub fn principal(&self) -> Principal {
        Principal {
            id: self.id,
            max_stored_bytes: self.max_stored_bytes,
            max_open_jobs: self.max_open_jobs,
            request_rate: self.request_rate,
            url_rate: self.url_rate,
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
            "SELECT id, name, is_admin, created_at, disabled_at, stored_bytes, max_stored_bytes, max_open_jobs, \
             request_rate, url_rate FROM principals WHERE ",
            $rest
        )
    };
}

statements! {
    ENSURE = "INSERT INTO principals (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    FIND = "SELECT id, max_stored_bytes, max_open_jobs, request_rate, url_rate FROM principals WHERE name = $1";
    FIND_SUBJECT = "SELECT p.id, p.max_stored_bytes, p.max_open_jobs, p.request_rate, p.url_rate, p.is_admin, p.disabled_at, \
         EXISTS (SELECT 1 FROM grants g WHERE g.principal_id = p.id) AS has_grants FROM principals p WHERE p.name = $1";
    FIND_ROW = row!("name = $1");
    FIND_NAME = "SELECT name FROM principals WHERE id = $1";
    LIST = row!("id > $1 ORDER BY id LIMIT $2");
    SET_ADMIN = "UPDATE principals SET is_admin = $2 WHERE id = $1";
    SET_DISABLED = "UPDATE principals SET disabled_at = $2 WHERE id = $1";
    SET_LIMITS = "UPDATE principals SET max_stored_bytes = $2, max_open_jobs = $3, request_rate = $4, url_rate = $5 \
         WHERE id = $1";
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

    /// The present name of a principal.
    pub async fn name_of_principal(&self, id: Uuid) -> Result<Option<String>, sqlx::Error> {
        reading!(self, pool => sqlx::query_scalar(FIND_NAME).bind(id).fetch_optional(pool).await)
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
    pub async fn set_limits(&self, id: Uuid, limits: PrincipalLimits) -> Result<(), sqlx::Error> {
        let text = |rate: Option<Rate>| rate.map(|rate| rate.to_string());
        writing!(self, pool => sqlx::query(SET_LIMITS).bind(id).bind(limits.quota.bytes.map(signed))
            .bind(limits.quota.open_jobs.map(signed)).bind(text(limits.request_rate)).bind(text(limits.url_rate))
            .execute(pool).await.map(drop))
    }

    /// At most `limit` datasets of a principal.
    pub async fn datasets_of(&self, id: Uuid, limit: i64) -> Result<Vec<Uuid>, sqlx::Error> {
        reading!(self, pool => sqlx::query_scalar(LIST_DATASETS).bind(id).bind(limit).fetch_all(pool).await)
    }
}
