//! Announcements of work.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::timeout;

use super::fixture::sites;
use crate::store::{Database, Store};

/// How long an announcement may take before a test gives it up.
const TEST_TIMEOUT: Duration = Duration::from_mins(1);

#[tokio::test]
async fn announcements_reach_other_processes_on_postgresql() -> Result<()> {
    for site in sites().await? {
        let listening = site.store.listen_for_work().await?;
        let elsewhere = Store::open(&site.url).await?;
        elsewhere.notify_workers().await?;
        match &site.store.database {
            Database::Sqlite { .. } => assert!(listening.is_none(), "on {}", site.url),
            Database::Postgres(_) => {
                let mut listener = listening.context("no listener")?;
                timeout(TEST_TIMEOUT, listener.received())
                    .await
                    .context("nothing was received")??;
                assert!(
                    timeout(Duration::from_millis(50), listener.received())
                        .await
                        .is_err(),
                    "received without a word"
                );
                site.store.notify_workers().await?;
                timeout(TEST_TIMEOUT, listener.received())
                    .await
                    .context("nothing was received")??;
            }
        }
    }
    Ok(())
}
