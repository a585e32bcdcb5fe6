//! Feeds the streams of this process with what is new.
//!
//! While streams are open, one task reads what is new. It learns of changes of this process at once, and of those of others
//! within a poll interval. PostgreSQL's NOTIFY is not used: it takes a lock of the whole cluster until its transaction has
//! been flushed, so that every change would wait for every other one.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::feed::{Batch, Subjects};
use crate::app::App;
use crate::error::Result;
use crate::store::EventIds;

/// How long an event of another process stays unnoticed, at most.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Pause between two readings, however many changes there are.
const MIN_INTERVAL: Duration = Duration::from_millis(50);

/// Events of which the feed reads what they are about. Where there are more, all streams look.
const MAX_SUBJECTS: i64 = 500;

/// Wakes streams until the process is to stop.
pub async fn run(app: Arc<App>) {
    let feed = &app.events;
    let mut seen = None;
    while !app.stopping.is_cancelled() {
        let has_readers = feed.has_readers();
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = feed.wait() => {}
            () = sleep(POLL_INTERVAL), if has_readers => {}
        }
        if !feed.has_readers() {
            seen = None;
            continue;
        }
        match look(&app, &mut seen).await {
            Ok(Some(batch)) => feed.send(batch),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "failed to read new events; streams wait for them");
            }
        }
        sleep(MIN_INTERVAL).await;
    }
}

/// What is new behind what was `seen`, if anything is; everything, where nothing was.
async fn look(app: &App, seen: &mut Option<EventIds>) -> Result<Option<Batch>> {
    let ids = app.store.event_ids().await?;
    let Some(before) = *seen else {
        *seen = Some(ids);
        return Ok(Some(Batch::Events {
            settled: ids.settled,
            subjects: Subjects::All,
        }));
    };
    if ids.last < before.last {
        tracing::warn!(
            before = before.last,
            now = ids.last,
            "numbers of events have gone back: the database was replaced by an older state of it; run `restow-server \
             adopt --yes`, so that none is given twice"
        );
        *seen = Some(ids);
        return Ok(Some(Batch::Reset));
    }
    // A later reading may be of a smaller id: another transaction has begun to write in between.
    let settled = before.settled.max(ids.settled);
    let batch = if settled > before.settled {
        let subjects = subjects(app, before.settled, settled).await?;
        Some(Batch::Events { settled, subjects })
    } else {
        None
    };
    *seen = Some(EventIds { settled, ..ids });
    Ok(batch)
}

/// What the events behind the id `before` and up to `settled` are about.
async fn subjects(app: &App, before: i64, settled: i64) -> Result<Subjects> {
    if settled - before > MAX_SUBJECTS {
        return Ok(Subjects::All);
    }
    let events = app.store.event_subjects(before, settled, MAX_SUBJECTS);
    let subjects = events.await?.into_iter();
    let ids = subjects.flat_map(|subject| [subject.dataset_id, subject.job_id]);
    Ok(Subjects::Named(ids.flatten().collect()))
}
