//! Backups of the database: taken, restored, copied; and downtime, in which time passes for the database and its backups
//! while nothing serves it.
//!
//! That time passes is played by moving every time in the databases into the past, which is the same to a process that
//! starts afterwards, and leaves the clocks of S3 and of its clients as they are.

use std::time::Duration;

use anyhow::{Context, Result};
use rand::RngExt;
use rand::rngs::StdRng;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::api::Shared;
use super::history::{Backup, Event};
use super::report::Section;
use super::site::{DATABASE, Site};
use crate::Postgres;

/// Longer than the deadlines of jobs, and shorter than the longest life of an upload, and than the time that objects of
/// retired versions are kept: no version of a backup is gone when it is restored.
const DOWNTIME_HOURS: std::ops::Range<u32> = 26..40;

/// How long clients work with a restored database before the bucket is taken over for it.
const UNADOPTED: Duration = Duration::from_secs(3);

/// How often the bucket is taken over, since a reaper may come in between.
const ADOPTIONS: u32 = 5;

impl Site {
    /// Runs SQL statements, and returns what they return.
    ///
    /// # Errors
    /// If one of them fails.
    pub async fn sql(&self, database: &str, statements: Vec<String>) -> Result<String> {
        let socket = self.stores.postgres.socket().to_path_buf();
        let database = database.to_string();
        spawn_blocking(move || Postgres::run_sql(&socket, &database, &statements)).await?
    }

    /// The generation that a database is at.
    ///
    /// # Errors
    /// If it does not say.
    pub async fn generation(&self, database: &str) -> Result<i64> {
        let statement = "SELECT generation FROM instance".to_string();
        let text = self.sql(database, vec![statement]).await?;
        text.parse()
            .with_context(|| format!("no generation: {text}"))
    }

    /// Takes a backup in the place of the last one.
    ///
    /// # Errors
    /// If PostgreSQL refuses.
    pub async fn back_up(&self, shared: &Shared) -> Result<()> {
        let mut events = shared.history.events.write().await;
        let name = format!("backup{}", self.backups.next_number());
        let (socket, copy) = (self.stores.postgres.socket().to_path_buf(), name.clone());
        spawn_blocking(move || Postgres::copy_database(&socket, DATABASE, &copy)).await??;
        let backup = Backup {
            generation: self.generation(&name).await?,
            name,
            is_restored: false,
        };
        if let Some(older) = self.backups.replace(backup) {
            self.drop_database(&older.name).await?;
        }
        events.push(Event::BackedUp);
        count(shared, "backup taken");
        Ok(())
    }

    /// Removes a database.
    ///
    /// # Errors
    /// If PostgreSQL refuses.
    pub async fn drop_database(&self, name: &str) -> Result<()> {
        let (socket, name) = (
            self.stores.postgres.socket().to_path_buf(),
            name.to_string(),
        );
        spawn_blocking(move || Postgres::drop_database(&socket, &name)).await?
    }

    /// Stops everything, restores the last backup, and starts everything again. The bucket is taken over for the restored
    /// database before that, or while clients work with it already.
    ///
    /// # Errors
    /// If anything fails or does not start.
    pub async fn restore(&self, shared: &Shared, generator: &mut StdRng) -> Result<()> {
        let Some(backup) = self.backups.last().filter(|backup| !backup.is_restored) else {
            return Ok(());
        };
        let mut events = shared.history.events.write().await;
        let order = self.order.write().await;
        self.kill_all().await?;
        let socket = self.stores.postgres.socket().to_path_buf();
        let name = backup.name.clone();
        let restoring = spawn_blocking(move || {
            Postgres::drop_database(&socket, DATABASE)?;
            Postgres::copy_idle_database(&socket, &name, DATABASE)
        });
        restoring.await??;
        let adopted_first = generator.random_bool(0.5);
        if adopted_first {
            self.adopt(shared).await?;
        }
        self.start_all().await?;
        self.backups.note_restoration();
        events.push(Event::Restored);
        drop(events);
        if !adopted_first {
            sleep(UNADOPTED).await;
            self.adopt(shared).await?;
        }
        drop(order);
        count(shared, "restored: backup of the database");
        Ok(())
    }

    async fn adopt(&self, shared: &Shared) -> Result<()> {
        let command = self.command("adopt");
        let adopting = spawn_blocking(move || {
            let mut adopted = command.run(&["adopt", "--yes"]);
            for _ in 1..ADOPTIONS {
                if adopted.is_ok() {
                    break;
                }
                adopted = command.run(&["adopt", "--yes"]);
            }
            adopted.map(drop)
        });
        adopting.await?.context("the bucket is not taken over")?;
        shared.history.note_adoption();
        Ok(())
    }

    /// Stops everything, has a day or more pass, and starts everything again.
    ///
    /// # Errors
    /// If anything fails or does not start.
    pub async fn pass_downtime(&self, shared: &Shared, generator: &mut StdRng) -> Result<()> {
        let _order = self.order.write().await;
        self.kill_all().await?;
        let hours = generator.random_range(DOWNTIME_HOURS);
        let backup = self.backups.last().map(|backup| backup.name);
        for database in [Some(DATABASE.to_string()), backup].into_iter().flatten() {
            self.sql(&database, vec![terminate_others(), age(hours)])
                .await?;
        }
        self.start_all().await?;
        count(shared, "clock: downtime of more than a day");
        Ok(())
    }
}

fn count(shared: &Shared, what: &str) {
    shared.report.count(Section::Sabotage, what);
}

/// Ends what processes that were killed have left on their connections.
fn terminate_others() -> String {
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
     WHERE datname = current_database() AND pid <> pg_backend_pid()"
        .to_string()
}

/// Moves every time in a database into the past.
pub fn age(hours: u32) -> String {
    format!(
        "DO $$ DECLARE it record; BEGIN FOR it IN \
         SELECT table_name, string_agg(format('%1$I = %1$I - interval ''{hours} hours''', column_name), ', ') AS changes \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' \
         AND data_type = 'timestamp with time zone' GROUP BY table_name \
         LOOP EXECUTE format('UPDATE %I SET %s', it.table_name, it.changes); END LOOP; END $$"
    )
}
