//! Numbers of events: up to which one no event is still to come, which one was given last, and which ones never were.

use restow_row::FromRow;
use serde::Deserialize;

use super::json::JsonText;
use super::statement::statements;
use super::{Database, Store, reading};
use crate::error::Result;

/// Type of the event that says that numbers were left out.
const ADOPTED: &str = "bucket.adopted";

/// Numbers that are left out at once, at least. PostgreSQL's locks hold 31 bits of a number, which must not change.
const STEP: i64 = 1 << 32;

/// How many times as many, at most. Numbers stay exact in JSON (2^53) for thousands of restorations.
const MAX_STEPS: i64 = 256;

/// How far numbers have got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct EventIds {
    /// No event up to this one is still to come.
    pub settled: i64,
    /// The last one that was given to an event.
    pub last: i64,
}

/// Numbers that were left out: those between these two.
#[derive(Clone, Debug, FromRow)]
struct Gap {
    #[sqlx(rename = "old_value")]
    begin: JsonText<LastEventId>,
    #[sqlx(rename = "new_value")]
    end: JsonText<LastEventId>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct LastEventId {
    last_event_id: i64,
}

statements! {
    IDS_POSTGRES = "SELECT settled_events() AS settled, last_event_id() AS last";
    LAST_SQLITE = "SELECT COALESCE(max(seq), 0) FROM sqlite_sequence WHERE name = 'events'";
    /// The gap before the number, if there is one, is named by the first of these events behind it.
    NEXT_GAP = "SELECT old_value, new_value FROM events WHERE type = $2 AND id > $1 ORDER BY id LIMIT 1";
    SKIP_POSTGRES = "SELECT skip_event_ids($1)";
    /// A number that a statement gives counts as the last one.
    SKIP_SQLITE = "INSERT INTO events (id, type, old_value, new_value) SELECT COALESCE(max(seq), 0) + $1 + 1, $2, \
         json_object('last_event_id', COALESCE(max(seq), 0)), json_object('last_event_id', COALESCE(max(seq), 0) + $1) \
         FROM sqlite_sequence WHERE name = 'events'";
}

impl Store {
    /// How far the numbers of events have got. A later reading may be of a smaller `settled`, since another transaction has
    /// begun to write in between, and of a smaller `last` only where the database is an older state of itself.
    pub async fn event_ids(&self) -> Result<EventIds> {
        Ok(match &self.database {
            Database::Sqlite { readers, .. } => {
                let last = sqlx::query_scalar(LAST_SQLITE).fetch_one(readers).await?;
                EventIds {
                    settled: last,
                    last,
                }
            }
            Database::Postgres(pool) => {
                let ids = sqlx::query_as(IDS_POSTGRES).fetch_one(pool);
                self.in_time(pool, ids).await?
            }
        })
    }

    /// Whether the database, whose numbers have got as far as `ids`, may have given a number to an event. If not, it is that
    /// of a state which a backup has replaced, or of another database.
    pub async fn may_have_given(&self, id: i64, ids: EventIds) -> Result<bool> {
        if id > ids.last {
            return Ok(false);
        }
        let gap: Option<Gap> = reading!(self, pool => sqlx::query_as(NEXT_GAP).bind(id).bind(ADOPTED).fetch_optional(pool).await)?;
        Ok(gap.is_none_or(|gap| !gap.contains(id)))
    }

    /// Leaves out numbers that readers may hold from a state of the database which a backup has replaced, and logs that. How
    /// many is random, so that two restorations of one backup give different numbers.
    pub async fn skip_event_ids(&self) -> Result<()> {
        let step = STEP * rand::random_range(1..=MAX_STEPS);
        match &self.database {
            Database::Sqlite { writer, .. } => {
                let skipped = sqlx::query(SKIP_SQLITE).bind(step).bind(ADOPTED);
                self.on_disk(skipped.execute(writer)).await?;
            }
            Database::Postgres(pool) => {
                let skipped = sqlx::query(SKIP_POSTGRES).bind(step).execute(pool);
                self.in_time(pool, skipped).await?;
            }
        }
        Ok(())
    }
}

impl Gap {
    fn contains(&self, id: i64) -> bool {
        self.begin.0.last_event_id < id && id < self.end.0.last_event_id
    }
}
