//! Announcements of work.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::timeout;

use super::fixture::sites;
use crate::store::{Database, Store};

/// How long an announcement may take before a test gives it up.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn postgresql_passes_announcements_on_between_processes_and_sqlite_does_not() -> Result<()> {
    for site in sites().await? {
        let listening = site.store.listen_for_work().await?;
        let elsewhere = Store::open(&site.url).await?;
        elsewhere.announce_work().await?;
        match &site.store.database {
            Database::Sqlite { .. } => assert!(listening.is_none(), "on {}", site.url),
            Database::Postgres(_) => {
                let mut listener = listening.context("nobody listens")?;
                timeout(PATIENCE, listener.heard())
                    .await
                    .context("nothing was heard")??;
                assert!(
                    timeout(Duration::from_millis(50), listener.heard())
                        .await
                        .is_err(),
                    "heard without a word"
                );
                site.store.announce_work().await?;
                timeout(PATIENCE, listener.heard())
                    .await
                    .context("nothing was heard")??;
            }
        }
    }
    Ok(())
}
