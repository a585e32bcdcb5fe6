//! Notifications of due work to workers in other processes, by PostgreSQL's NOTIFY; on SQLite they poll.

use sqlx::postgres::PgListener;

use super::statement::statements;
use super::{Database, Store};

/// Name of the channel.
const CHANNEL: &str = "restow_work";

statements! {
    NOTIFY_POSTGRES = "SELECT pg_notify('restow_work', '')";
}

/// Receives notifications of due work.
#[derive(Debug)]
pub struct WorkListener(PgListener);

impl WorkListener {
    /// Waits for a notification; a lost connection counts as one, since notifications may have been lost with it.
    ///
    /// # Errors
    /// If the database does not respond.
    pub async fn received(&mut self) -> Result<(), sqlx::Error> {
        self.0.try_recv().await.map(drop)
    }
}

impl Store {
    /// Notifies all workers that work is due.
    ///
    /// # Errors
    /// If the database does not respond.
    pub async fn notify_workers(&self) -> Result<(), sqlx::Error> {
        match &self.database {
            Database::Sqlite { .. } => Ok(()),
            Database::Postgres(pool) => self
                .in_time(pool, sqlx::query(NOTIFY_POSTGRES).execute(pool))
                .await
                .map(drop),
        }
    }

    /// Begins to listen for work that is due; `None` where the database has no notifications.
    ///
    /// # Errors
    /// If the database does not respond.
    pub async fn listen_for_work(&self) -> Result<Option<WorkListener>, sqlx::Error> {
        match &self.database {
            Database::Sqlite { .. } => Ok(None),
            Database::Postgres(pool) => {
                let mut listener = self.in_time(pool, PgListener::connect_with(pool)).await?;
                self.in_time(pool, listener.listen(CHANNEL)).await?;
                Ok(Some(WorkListener(listener)))
            }
        }
    }
}
