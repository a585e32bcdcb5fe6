//! Feeds the streams of this process with what is new.
//!
//! While streams are open, one task reads what is new. It learns of changes of this process at once, and of those of others
//! within a poll interval. PostgreSQL's NOTIFY is not used: it takes a lock of the whole cluster until its transaction has
//! been flushed, so that every change would wait for every other one.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::feed::Batch;
use crate::app::App;
use crate::error::Result;

/// How long an event of another process stays unnoticed, at most.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Pause between two readings, however many changes there are.
const MIN_INTERVAL: Duration = Duration::from_millis(50);

/// Events of which the feed reads what they are about. Where there are more, all streams look.
const MAX_SUBJECTS: i64 = 500;

/// Wakes streams until the process is to stop.
pub async fn run(app: Arc<App>) {
    let feed = &app.events;
    let mut last = None;
    while !app.stopping.is_cancelled() {
        let has_readers = feed.has_readers();
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = feed.wait() => {}
            () = sleep(POLL_INTERVAL), if has_readers => {}
        }
        if !feed.has_readers() {
            last = None;
            continue;
        }
        match batch(&app, last).await {
            Ok(batch) => {
                if last != Some(batch.settled) {
                    last = Some(batch.settled);
                    feed.send(batch);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "failed to read new events; streams wait for them");
            }
        }
        sleep(MIN_INTERVAL).await;
    }
}

/// What is new behind the id `last`, or everything.
async fn batch(app: &App, last: Option<i64>) -> Result<Batch> {
    let settled = app.store.settled_events().await?;
    // A later reading may be of a smaller id: another transaction has begun to write in between.
    let settled = last.map_or(settled, |last| last.max(settled));
    let Some(last) = last.filter(|last| settled - last <= MAX_SUBJECTS) else {
        return Ok(Batch {
            settled,
            subjects: None,
        });
    };
    let mut subjects = HashSet::new();
    if settled > last {
        for subject in app
            .store
            .event_subjects(last, settled, MAX_SUBJECTS)
            .await?
        {
            subjects.extend(subject.dataset_id);
            subjects.extend(subject.job_id);
        }
    }
    Ok(Batch {
        settled,
        subjects: Some(subjects),
    })
}
