//! Numbers of events in a database that was restored from a backup.

use std::time::Duration;

use anyhow::{Context, Result};
use restow_sdk::{EventStream, EventType};
use serde_json::Value;
use tokio::time::timeout;

use super::stream::{fields, open};
use super::{exported, rename};
use crate::fixture::System;

/// A number that no database of these tests gives, unless it leaves some out.
const UNKNOWN: i64 = 1_000_000;

/// How far numbers are left out, at least.
const STEP: i64 = 1 << 32;

/// Time after which a test fails for an event that does not come.
const EVENT_TIMEOUT: Duration = Duration::from_mins(1);

/// The types of the next events of a stream, and the names that datasets have since.
async fn next(events: &mut EventStream, count: usize) -> Result<Vec<(EventType, Value)>> {
    let mut received = Vec::new();
    for _ in 0..count {
        let event = timeout(EVENT_TIMEOUT, events.next()).await;
        let event = event.context("there is no event")??;
        let event = event.context("the stream has ended")?;
        let name = event.after.as_ref().and_then(|after| after.get("name"));
        received.push((EventType::of(&event), name.cloned().unwrap_or(Value::Null)));
    }
    Ok(received)
}

/// The first event of a stream.
async fn first(system: &System, path: &str, last: i64) -> Result<String> {
    let mut response = open(system, path, Some(last)).await?;
    let mut stream = String::new();
    while !stream.contains("data: ") {
        let chunk = response.chunk().await?.context("the stream has ended")?;
        stream.push_str(std::str::from_utf8(&chunk)?);
    }
    Ok(fields(&stream, "event")[0].to_string())
}

/// The number of the newest event.
fn newest(system: &System) -> Result<i64> {
    let events = exported(system, "0")?;
    let newest = events.last().context("there is no event")?;
    newest["id"].as_i64().context("no id")
}

#[tokio::test]
async fn stream_behind_an_unknown_number_begins_again() -> Result<()> {
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let mut events = system.client.dataset_events(dataset_id).after(UNKNOWN);
    let event = events.next().await?.context("the stream has ended")?;
    assert_eq!(EventType::of(&event), EventType::StreamReset);
    assert_eq!(event.dataset_id, Some(dataset_id));
    assert_eq!(event.before.context("no number")?["last_event_id"], UNKNOWN);
    assert_eq!(events.last_id(), Some(0));
    assert_eq!(
        next(&mut events, 1).await?,
        [(EventType::DatasetCreated, "weather".into())]
    );
    let job = system
        .begin(dataset_id, "rows.csv", crate::fixture::csv(1))
        .await?;
    let path = format!("/jobs/{}/events", job.job_id);
    assert_eq!(first(&system, &path, UNKNOWN).await?, "stream.reset");
    assert_eq!(first(&system, &path, 0).await?, "job.created");
    Ok(())
}

#[tokio::test]
async fn export_behind_an_unknown_number_is_refused() -> Result<()> {
    let system = System::start()?;
    let newest = newest(&system)?;
    assert!(exported(&system, &newest.to_string())?.is_empty());
    let refused = exported(&system, &(newest + 1).to_string()).unwrap_err();
    assert!(refused.to_string().contains("--after 0"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn adopted_database_gives_no_number_twice() -> Result<()> {
    let system = System::start_with(&[("--no-reaper", "")])?;
    let dataset_id = system.dataset("weather").await?;
    let path = format!("/datasets/{dataset_id}/events");
    let before = newest(&system)?;
    system.server.run(&["adopt", "--yes"])?;
    rename(&system, dataset_id, "climate").await?;
    let since = exported(&system, &before.to_string())?;
    assert_eq!(super::types(&since), ["bucket.adopted", "dataset.renamed"]);
    let ids: Vec<_> = since
        .iter()
        .filter_map(|event| event["id"].as_i64())
        .collect();
    assert!(ids[0] > before + STEP && ids[1] > ids[0], "{ids:?}");
    // What is behind a number of the backup is still behind it, and one of a newer state is known as such.
    assert_eq!(first(&system, &path, before).await?, "dataset.renamed");
    assert_eq!(first(&system, &path, ids[0]).await?, "dataset.renamed");
    assert_eq!(
        first(&system, &path, before + UNKNOWN).await?,
        "stream.reset"
    );
    let refused = exported(&system, &(before + UNKNOWN).to_string()).unwrap_err();
    assert!(refused.to_string().contains("--after 0"), "{refused}");
    Ok(())
}

/// Forgets the events behind a number, as the restoration of a backup does, and gives the numbers again.
async fn set_back(system: &System, id: i64) -> Result<()> {
    system
        .execute(&format!("DELETE FROM events WHERE id > {id}"))
        .await?;
    let environment = system.environment();
    let is_postgres = environment
        .iter()
        .any(|(name, _)| name == "RESTOW_DATABASE_URL");
    system
        .execute(&if is_postgres {
            format!("SELECT setval('events_id', {id})")
        } else {
            format!("UPDATE sqlite_sequence SET seq = {id} WHERE name = 'events'")
        })
        .await
}

#[tokio::test]
async fn open_stream_survives_numbers_that_go_back() -> Result<()> {
    const RENAMED: usize = 5;
    let system = System::start()?;
    let dataset_id = system.dataset("weather").await?;
    let backup = newest(&system)?;
    for number in 0..RENAMED {
        rename(&system, dataset_id, &format!("weather {number}")).await?;
    }
    let mut events = system.client.dataset_events(dataset_id).after(0);
    let lost = next(&mut events, 1 + RENAMED).await?;
    assert_eq!(lost[RENAMED].1, "weather 4");
    set_back(&system, backup).await?;
    rename(&system, dataset_id, "restored").await?;
    assert_eq!(
        next(&mut events, 3).await?,
        [
            (EventType::StreamReset, Value::Null),
            (EventType::DatasetCreated, "weather".into()),
            (EventType::DatasetRenamed, "restored".into()),
        ]
    );
    Ok(())
}
