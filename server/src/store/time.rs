//! The database's clock, by which deadlines and leases are judged: processes whose own clocks differ agree on it.

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::statement::statements;
use super::{Database, Store, observing};
use crate::clock;

statements! {
    PING_SQLITE = "SELECT 1";
    TIME_POSTGRES = "SELECT clock_timestamp()";
}

impl Store {
    /// The time by which deadlines and leases are judged: PostgreSQL's, counted on from its last reading, or, on SQLite
    /// and before the first reading, that of this process.
    pub fn now(&self) -> DateTime<Utc> {
        self.reading
            .now()
            .map_or_else(clock::now, clock::of_dependency)
    }

    /// Asks for the database's own time, if that can differ from this process's, and takes a new reading of it.
    ///
    /// # Errors
    /// If the database does not respond.
    pub async fn server_time(&self) -> sqlx::Result<Option<DateTime<Utc>>> {
        observing!(
            self,
            Read,
            match &self.database {
                Database::Sqlite { readers, .. } => sqlx::query(PING_SQLITE)
                    .execute(readers)
                    .await
                    .map(|_| None),
                Database::Postgres(pool) => {
                    let statement = sqlx::query_scalar(TIME_POSTGRES).fetch_one(pool);
                    let time = self.in_time(pool, statement).await?;
                    self.reading.take(time, Instant::now());
                    Ok(Some(clock::of_dependency(time)))
                }
            }
        )
    }
}
