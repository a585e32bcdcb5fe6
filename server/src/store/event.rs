//! The log of what happened. Changes are written by triggers, in the statement that makes the change; what was refused is
//! written here.
//!
//! Ids ascend in the order in which readers in order see them: those read up to the id that is settled
//! ([`Store::event_ids`]). Pages show every event at once, the newest first.

use chrono::{DateTime, Utc};
use restow_row::FromRow;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::json::JsonText;
use super::statement::{of_dataset, statements};
use super::{Database, Store, reading, writing};
use crate::actor::{Actor, Request};
use crate::error::Result;

/// An event as it is stored.
#[derive(Clone, Debug, FromRow)]
pub struct EventRow {
    /// Its number.
    pub id: i64,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// What happened.
    #[sqlx(rename = "type")]
    pub event_type: String,
    /// Dataset that it is about, if any.
    pub dataset_id: Option<Uuid>,
    /// Job that it is about, if any.
    pub job_id: Option<Uuid>,
    /// Number of the version that it is about, if any.
    pub version: Option<i64>,
    /// Name of the principal as of then; none for the service itself.
    pub principal: Option<String>,
    /// The request in which it happened.
    pub request: Option<JsonText<Request>>,
    /// What was there before.
    pub old_value: Option<JsonText<Map<String, Value>>>,
    /// What is there since.
    pub new_value: Option<JsonText<Map<String, Value>>>,
    /// Why it was refused, if it was.
    pub refusal: Option<String>,
}

/// What an event is about, by which readers find out whether it concerns them.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct EventSubject {
    /// Number of the event.
    pub id: i64,
    /// Dataset, if any.
    pub dataset_id: Option<Uuid>,
    /// Job, if any.
    pub job_id: Option<Uuid>,
}

/// Which events a page lists.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    /// Of which type; of any if `None`.
    pub event_type: Option<String>,
    /// Of which principal, by name; of any if `None`.
    pub principal: Option<String>,
    /// Not before then.
    pub since: Option<DateTime<Utc>>,
}

/// Whose events are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventScope {
    /// Those of a dataset.
    Dataset(Uuid),
    /// Those of a job.
    Job(Uuid),
}

impl EventScope {
    /// Identifier of the dataset or the job.
    pub fn id(self) -> Uuid {
        match self {
            Self::Dataset(id) | Self::Job(id) => id,
        }
    }
}

/// A refusal that is to be recorded.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Who was refused.
    pub actor: Actor,
    /// Dataset that the request is about, if it is known.
    pub dataset_id: Option<Uuid>,
    /// Job that the request is about, if it is known.
    pub job_id: Option<Uuid>,
    /// What was tried.
    pub attempt: Map<String, Value>,
    /// Why it was refused: the machine code of the error.
    pub reason: String,
}

/// A token that is no longer valid, and whose it was.
#[derive(Clone, Debug, FromRow)]
pub struct EndedTokenRow {
    /// Identifier of the token.
    pub token_id: Uuid,
    /// Identifier of the principal.
    pub principal_id: Uuid,
    /// Name of the principal.
    pub principal: String,
}

/// Type of the events of refusals.
pub const REFUSED: &str = "access.refused";

macro_rules! event_columns {
    () => {
        "id, time, type, dataset_id, job_id, version, principal, request, old_value, new_value, refusal"
    };
}

/// A page of the events that the condition selects, newest first: before the id $1, at most $2, by the filter in $3 to $5.
/// The time is compared in a way that keeps it from being sought by its index, since that would read and sort the whole log.
macro_rules! page {
    ($($condition:expr),+) => {
        concat!(
            "SELECT ",
            event_columns!(),
            " FROM events WHERE id < $1 AND (time >= $5) IS TRUE AND type = COALESCE($3, type) \
             AND COALESCE(principal, '') = COALESCE($4, principal, '')",
            $($condition,)+
            " ORDER BY id DESC LIMIT $2"
        )
    };
}

/// Settled events in their order that the condition selects: behind the id $1, up to $2, at most $3.
macro_rules! settled {
    ($columns:expr, $condition:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM events WHERE id > $1 AND id <= $2",
            $condition,
            " ORDER BY id LIMIT $3"
        )
    };
}

macro_rules! foreign {
    ($found:literal) => {
        concat!(
            "SELECT d.id FROM ",
            $found,
            " AND d.principal_id <> $2 AND ($3 OR NOT EXISTS \
             (SELECT 1 FROM grants g WHERE g.dataset_id = d.id AND g.principal_id = $2) AND NOT EXISTS \
             (SELECT 1 FROM principals p WHERE p.id = $2 AND p.is_admin))"
        )
    };
}

statements! {
    LIST = page!("");
    /// By the index of types.
    LIST_OF_TYPE = page!(" AND type = $3");
    /// By the index of principals.
    LIST_OF_PRINCIPAL = page!(" AND principal = $4");
    LIST_OF_DATASET = page!(" AND dataset_id = $6 AND ", of_dataset!("events", "$7"));
    LIST_OF_JOB = page!(" AND job_id = $6 AND ", of_dataset!("events", "$7"));
    SETTLED = settled!(event_columns!(), "");
    SETTLED_SUBJECTS = settled!("id, dataset_id, job_id", "");
    /// Readers of a dataset are told what happened, and not who was refused what.
    SETTLED_OF_DATASET = settled!(event_columns!(), " AND dataset_id = $4 AND refusal IS NULL");
    SETTLED_OF_JOB = settled!(event_columns!(), " AND job_id = $4 AND refusal IS NULL");
    REFUSE_POSTGRES = "SELECT write_event($1, $2, $3, NULL, $4, $5, NULL, $6, $7)";
    REFUSE_SQLITE = "INSERT INTO events (type, dataset_id, job_id, principal, request, new_value, refusal) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// With $3, also where it is shared with the principal, or that is an administrator.
    FOREIGN_DATASET = foreign!("datasets d WHERE d.id = $1");
    DATASET_OF_FOREIGN_JOB = foreign!("jobs j JOIN datasets d ON d.id = j.dataset_id WHERE j.id = $1");
    FIND_ENDED_TOKEN = "SELECT t.id AS token_id, p.id AS principal_id, p.name AS principal FROM tokens t \
         JOIN principals p ON p.id = t.principal_id WHERE t.hash = $1";
    /// By the index of times, which do not always ascend with the ids.
    FORGET = "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE time < $1 ORDER BY time LIMIT $2)";
}

/// Binds what all pages have in common.
macro_rules! bind_page {
    ($query:expr, $before:ident, $limit:ident, $filter:ident) => {
        $query
            .bind($before.unwrap_or(i64::MAX))
            .bind($limit)
            .bind($filter.event_type.as_deref())
            .bind($filter.principal.as_deref())
            .bind($filter.since.unwrap_or(DateTime::UNIX_EPOCH))
    };
}

impl Store {
    /// At most `limit` events before the id `before`, newest first.
    pub async fn list_events(
        &self,
        filter: &EventFilter,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<EventRow>> {
        Ok(reading!(self, pool => {
            let query = if filter.principal.is_some() {
                sqlx::query_as(LIST_OF_PRINCIPAL)
            } else if filter.event_type.is_some() {
                sqlx::query_as(LIST_OF_TYPE)
            } else {
                sqlx::query_as(LIST)
            };
            bind_page!(query, before, limit, filter).fetch_all(pool).await
        })?)
    }

    /// At most `limit` events of a dataset or a job of the principal before the id `before`, newest first.
    pub async fn list_events_of(
        &self,
        principal_id: Uuid,
        scope: EventScope,
        filter: &EventFilter,
        before: Option<i64>,
        limit: i64,
    ) -> Result<Vec<EventRow>> {
        Ok(reading!(self, pool => {
            let (query, id) = match scope {
                EventScope::Dataset(id) => (sqlx::query_as(LIST_OF_DATASET), id),
                EventScope::Job(id) => (sqlx::query_as(LIST_OF_JOB), id),
            };
            bind_page!(query, before, limit, filter).bind(id).bind(principal_id).fetch_all(pool).await
        })?)
    }

    /// At most `limit` events behind the id `after` and up to `settled`, in their order.
    pub async fn events_between(
        &self,
        after: i64,
        settled: i64,
        limit: i64,
    ) -> Result<Vec<EventRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(SETTLED).bind(after).bind(settled).bind(limit).fetch_all(pool).await)?,
        )
    }

    /// What at most `limit` events behind the id `after` and up to `settled` are about, in their order.
    pub async fn event_subjects(
        &self,
        after: i64,
        settled: i64,
        limit: i64,
    ) -> Result<Vec<EventSubject>> {
        Ok(
            reading!(self, pool => sqlx::query_as(SETTLED_SUBJECTS).bind(after).bind(settled).bind(limit)
            .fetch_all(pool).await)?,
        )
    }

    /// At most `limit` changes of a dataset or a job behind the id `after` and up to `settled`, in their order.
    pub async fn changes_between(
        &self,
        scope: EventScope,
        after: i64,
        settled: i64,
        limit: i64,
    ) -> Result<Vec<EventRow>> {
        Ok(reading!(self, pool => {
            let (query, id) = match scope {
                EventScope::Dataset(id) => (sqlx::query_as(SETTLED_OF_DATASET), id),
                EventScope::Job(id) => (sqlx::query_as(SETTLED_OF_JOB), id),
            };
            query.bind(after).bind(settled).bind(limit).bind(id).fetch_all(pool).await
        })?)
    }

    /// Records a refusal.
    pub async fn record_refusal(&self, refusal: &Refusal) -> Result<()> {
        macro_rules! bound {
            ($query:expr) => {
                $query
                    .bind(REFUSED)
                    .bind(refusal.dataset_id)
                    .bind(refusal.job_id)
                    .bind(refusal.actor.principal())
                    .bind(refusal.actor.request().map(JsonText))
                    .bind(JsonText(&refusal.attempt))
                    .bind(&refusal.reason)
            };
        }
        match &self.database {
            Database::Sqlite { writer, .. } => {
                let written = bound!(sqlx::query(REFUSE_SQLITE)).execute(writer);
                self.on_disk(written).await?;
            }
            Database::Postgres(pool) => {
                let written = bound!(sqlx::query(REFUSE_POSTGRES)).execute(pool);
                self.in_time(pool, written).await?;
            }
        }
        Ok(())
    }

    /// The dataset with that id, or that of the job with that id, if it belongs to another principal; only one that the principal may not
    /// read, unless `even_shared`.
    pub async fn find_foreign_dataset(
        &self,
        scope: EventScope,
        principal_id: Uuid,
        even_shared: bool,
    ) -> Result<Option<Uuid>> {
        Ok(reading!(self, pool => {
            let (query, id) = match scope {
                EventScope::Dataset(id) => (sqlx::query_scalar(FOREIGN_DATASET), id),
                EventScope::Job(id) => (sqlx::query_scalar(DATASET_OF_FOREIGN_JOB), id),
            };
            query.bind(id).bind(principal_id).bind(even_shared).fetch_optional(pool).await
        })?)
    }

    /// The token with that hash, and whose it is, valid or not.
    pub async fn find_ended_token(&self, hash: &[u8]) -> Result<Option<EndedTokenRow>> {
        Ok(
            reading!(self, pool => sqlx::query_as(FIND_ENDED_TOKEN).bind(hash).fetch_optional(pool).await)?,
        )
    }

    /// Forgets at most `limit` events that happened before `before`, the oldest first, and counts them.
    pub async fn forget_events(&self, before: DateTime<Utc>, limit: i64) -> Result<u64> {
        writing!(self, pool => {
            let forgotten = sqlx::query(FORGET).bind(before).bind(limit).execute(pool).await?;
            Ok(forgotten.rows_affected())
        })
    }
}
