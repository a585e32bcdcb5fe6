//! Numbers of events: which ones the database has given.

use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::{Executor, Row};
use tokio::time::{sleep, timeout};

use super::fixture::{postgres_site, sites};
use crate::store::Database;

/// What PostgreSQL's locks hold of a number, and how far numbers are left out, at least.
const LOCKED: i64 = 1 << 31;
const STEP: i64 = 1 << 32;

#[tokio::test]
async fn numbers_left_out_are_not_given() -> Result<()> {
    for site in sites().await? {
        let store = &site.store;
        for _ in 0..2 {
            site.dataset().await?;
            let before = store.event_ids().await?;
            assert_eq!(before.settled, before.last);
            store.skip_event_ids().await?;
            let after = store.event_ids().await?;
            assert_eq!(after.settled, after.last);
            let skipped = after.last - 1 - before.last;
            assert!(skipped >= STEP, "{before:?} {after:?}");
            assert_eq!(skipped % LOCKED, 0, "{before:?} {after:?}");
            for (id, is_given) in [
                (0, true),
                (before.last, true),
                (before.last + 1, false),
                (after.last - 2, false),
                (after.last - 1, true),
                (after.last, true),
                (after.last + 1, false),
            ] {
                let given = store.may_have_given(id, after).await?;
                assert_eq!(given, is_given, "{id} on {}: {before:?}", site.url);
            }
            let events = store.events_between(before.last, after.settled, 10).await?;
            let events: Vec<_> = events.iter().map(|event| &*event.event_type).collect();
            assert_eq!(events, ["bucket.adopted"]);
        }
    }
    Ok(())
}

#[tokio::test]
async fn database_without_events_leaves_numbers_out() -> Result<()> {
    for site in sites().await? {
        let store = &site.store;
        let empty = match &store.database {
            Database::Sqlite { writer, .. } => {
                writer
                    .execute(
                        "DELETE FROM events; DELETE FROM sqlite_sequence WHERE name = 'events'",
                    )
                    .await?;
                0
            }
            Database::Postgres(pool) => {
                pool.execute("DELETE FROM events").await?;
                store.event_ids().await?.last
            }
        };
        store.skip_event_ids().await?;
        let ids = store.event_ids().await?;
        assert!(ids.last > STEP, "{ids:?} on {}", site.url);
        assert!(!store.may_have_given(empty + 1, ids).await?);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_left_out_behind_pending_events() -> Result<()> {
    let Some(site) = postgres_site().await? else {
        return Ok(());
    };
    let Database::Postgres(pool) = &site.store.database else {
        anyhow::bail!("not PostgreSQL");
    };
    site.dataset().await?;
    let before = site.store.event_ids().await?;
    let mut pending = pool.begin().await?;
    pending
        .execute("UPDATE datasets SET name = name || '!'")
        .await?;
    let store = site.store.clone();
    let skipping = tokio::spawn(async move { store.skip_event_ids().await });
    let waits = async {
        let waiting = "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while pool.fetch_one(waiting).await?.try_get::<i64, _>(0)? == 0 {
            anyhow::ensure!(!skipping.is_finished(), "it did not wait");
            sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    };
    timeout(Duration::from_mins(1), waits)
        .await
        .context("it does not end")??;
    assert_eq!(site.store.event_ids().await?.settled, before.settled);
    pending.commit().await?;
    skipping.await??;
    let ids = site.store.event_ids().await?;
    let events = site
        .store
        .events_between(before.settled, ids.settled, 10)
        .await?;
    let events: Vec<_> = events.iter().map(|event| &*event.event_type).collect();
    assert_eq!(events, ["dataset.renamed", "bucket.adopted"]);
    Ok(())
}
