//! Work that is due, told to workers in other processes. PostgreSQL passes it on; on SQLite they poll.

use sqlx::postgres::PgListener;

use super::response_timeout::in_time;
use super::statement::statements;
use super::{Database, Store};

/// Name of the channel.
const CHANNEL: &str = "restow_work";

statements! {
    NOTIFY_POSTGRES = "SELECT pg_notify('restow_work', '')";
}

/// Hears of work that is due.
#[derive(Debug)]
pub struct WorkListener(PgListener);

impl WorkListener {
    /// Waits until work is due, or may be: after a lost connection nobody knows.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn received(&mut self) -> Result<(), sqlx::Error> {
        self.0.try_recv().await.map(drop)
    }
}

impl Store {
    /// Tells all workers that work is due.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn notify_workers(&self) -> Result<(), sqlx::Error> {
        match &self.database {
            Database::Sqlite { .. } => Ok(()),
            Database::Postgres(pool) => in_time(
                self.response_timeout,
                sqlx::query(NOTIFY_POSTGRES).execute(pool),
            )
            .await
            .map(drop),
        }
    }

    /// Begins to listen for work that is due; `None` where the database passes nothing on.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn listen_for_work(&self) -> Result<Option<WorkListener>, sqlx::Error> {
        match &self.database {
            Database::Sqlite { .. } => Ok(None),
            Database::Postgres(pool) => {
                let mut listener = PgListener::connect_with(pool).await?;
                in_time(self.response_timeout, listener.listen(CHANNEL)).await?;
                Ok(Some(WorkListener(listener)))
            }
        }
    }
}
