//! A stream of the events of a dataset or a job, as server-sent events.
//!
//! What is sent is read from the database behind the last event that the client has seen, so that any process continues a
//! stream that another one began. A task writes it to a channel for one chunk, so that a slow client has one page in
//! memory at most, and is dropped where it does not take that in time.

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use hyper::body::{Body, Frame};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use uuid::Uuid;

use super::feed::{Batch, Place};
use super::{chunk, is_over};
use crate::app::App;
use crate::error::Result;
use crate::store::{EventIds, EventRow, EventScope, Principal};

/// How often a heartbeat is sent, and whether the client may still read is checked.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);

/// How long a client may take for a chunk.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// Events in one chunk, at most.
const PAGE: i64 = 100;

/// Events that the transaction which ends a job writes, among others.
const LAST_OF_JOB: [&str; 4] = [
    "job.committed",
    "job.failed",
    "job.cancelled",
    "job.expired",
];

/// Whether the client of a stream may still read it.
pub type MayRead = Box<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>;

/// The body of a stream.
#[derive(Debug)]
pub struct EventBody(mpsc::Receiver<Bytes>);

impl Body for EventBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let received = self.0.poll_recv(context);
        received.map(|chunk| chunk.map(|chunk| Ok(Frame::data(chunk))))
    }
}

/// Opens a stream of the changes of a dataset or a job for a principal, behind the event `last`. Without it, that of a job
/// begins with the job, and that of a dataset now. Where the database has not given the number `last`, the stream says so, and
/// begins with the oldest event.
///
/// # Errors
/// [`crate::error::Error::NotFound`] where there is no such dataset or job of the owner,
/// [`crate::error::Error::TooManyStreams`], [`crate::error::Error::NoStreamPlace`].
pub async fn open(
    app: &Arc<App>,
    (reader, owner): (Uuid, &Principal),
    scope: EventScope,
    last: Option<u64>,
    may_read: MayRead,
) -> Result<EventBody> {
    let is_over = is_over(app, owner, scope).await?;
    let place = app.events.place(reader, app.settings.event_streams)?;
    // Before the first reading, so that nothing comes in between.
    let batches = app.events.subscribe();
    // Behind the look at the job, so that its last event has a number by then.
    let ids = app.store.event_ids().await?;
    let last = last.map(|last| i64::try_from(last).unwrap_or(i64::MAX));
    let begin = match (last, scope) {
        (Some(last), _) => Begin::behind(app, last, ids).await?,
        (None, EventScope::Dataset(_)) => Begin::Behind(ids.settled),
        (None, EventScope::Job(_)) => Begin::Behind(0),
    };
    let stream = EventStream {
        app: Arc::clone(app),
        scope,
        position: begin.position(),
        settled: ids.settled,
        is_due: true,
        end: is_over.then_some(ids.last),
        batches,
        may_read,
        check_at: Instant::now() + CHECK_INTERVAL,
        _place: place,
    };
    let (sender, receiver) = mpsc::channel(1);
    let first = begin.text(app, scope);
    app.tasks.spawn(stream.send_to(sender, first));
    Ok(EventBody(receiver))
}

/// Where a stream begins.
enum Begin {
    /// Behind an event.
    Behind(i64),
    /// With the oldest event, since this number is not one of the database.
    Reset(i64),
}

impl Begin {
    /// Behind the last event that a client has seen.
    async fn behind(app: &App, last: i64, ids: EventIds) -> Result<Self> {
        let is_known = app.store.may_have_given(last, ids).await?;
        Ok(if is_known {
            Self::Behind(last)
        } else {
            Self::Reset(last)
        })
    }

    fn position(&self) -> i64 {
        match self {
            Self::Behind(last) => *last,
            Self::Reset(_) => 0,
        }
    }

    fn text(&self, app: &App, scope: EventScope) -> String {
        let mut text = chunk::opening(self.position());
        if let Self::Reset(last) = self {
            text.push_str(&chunk::reset(scope, *last, app.now()));
        }
        text
    }
}

struct EventStream {
    app: Arc<App>,
    scope: EventScope,
    /// The last event that was sent.
    position: i64,
    /// The id up to which no event is still to come.
    settled: i64,
    /// Whether there may be something to read.
    is_due: bool,
    /// The last id that was given when nothing happened any more: the stream ends once everything up to it is sent.
    end: Option<i64>,
    batches: broadcast::Receiver<Arc<Batch>>,
    may_read: MayRead,
    check_at: Instant,
    _place: Place,
}

impl EventStream {
    /// Sends chunks until the client has gone, or nothing is left to send.
    async fn send_to(mut self, sender: mpsc::Sender<Bytes>, first: String) {
        let mut chunk = Some(Bytes::from(first));
        while let Some(next) = chunk {
            if !matches!(timeout(SEND_TIMEOUT, sender.send(next)).await, Ok(Ok(()))) {
                return;
            }
            chunk = tokio::select! {
                chunk = self.next() => chunk,
                () = sender.closed() => return,
            };
        }
    }

    /// The next chunk; `None` at the end, and where the client has to connect again.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            // Before anything is read, since there may always be something to read.
            if self.app.draining.is_cancelled() || self.app.stopping.is_cancelled() {
                return None;
            }
            if Instant::now() >= self.check_at {
                return self.check().await;
            }
            if self.is_due {
                match self.read().await {
                    Ok(Some(chunk)) => return Some(chunk),
                    Ok(None) => self.is_due = false,
                    Err(error) => {
                        tracing::warn!(%error, "failed to read events; a stream ends, and its client connects again");
                        return None;
                    }
                }
            }
            if self.end.is_some_and(|end| self.settled >= end) {
                return None;
            }
            let app = Arc::clone(&self.app);
            tokio::select! {
                () = app.draining.cancelled() => {}
                () = app.stopping.cancelled() => {}
                received = self.batches.recv() => self.wake(received)?,
                () = sleep_until(self.check_at) => {}
            }
        }
    }

    /// A heartbeat, where the client may still read and its stream can continue. What is read next is up to date, whichever
    /// batches were missed.
    async fn check(&mut self) -> Option<Bytes> {
        self.check_at = Instant::now() + CHECK_INTERVAL;
        if !(self.may_read)().await {
            return None;
        }
        // While the database is away, nothing is read either.
        if let Ok(ids) = self.app.store.event_ids().await {
            if ids.last < self.settled.max(self.position) {
                return None;
            }
            self.settled = self.settled.max(ids.settled);
            self.is_due = true;
        }
        Some(Bytes::from_static(chunk::HEARTBEAT.as_bytes()))
    }

    /// Takes a batch; `None` where the stream cannot continue.
    fn wake(&mut self, received: Result<Arc<Batch>, RecvError>) -> Option<()> {
        match received {
            Ok(batch) => match &*batch {
                Batch::Events { settled, subjects } => {
                    self.settled = self.settled.max(*settled);
                    // The last events may have been there before they were settled.
                    self.is_due |= self.end.is_some() || subjects.contain(self.scope);
                }
                Batch::Reset => return None,
            },
            // The batches that are left say up to where to read.
            Err(RecvError::Lagged(_)) => self.is_due = true,
            Err(RecvError::Closed) => return None,
        }
        Some(())
    }

    /// The next page of events, if there are any.
    async fn read(&mut self) -> Result<Option<Bytes>> {
        let rows = self
            .app
            .store
            .changes_between(self.scope, self.position, self.settled, PAGE)
            .await?;
        let Some(last) = rows.last() else {
            return Ok(None);
        };
        self.position = last.id;
        if self.end.is_none() && rows.iter().any(|row| self.is_last(row)) {
            // The rest of its transaction may not be settled yet, but has its numbers.
            let ids = self.app.store.event_ids().await?;
            self.settled = self.settled.max(ids.settled);
            self.end = Some(ids.last);
        }
        Ok(Some(chunk::events(rows).into()))
    }

    /// Whether nothing comes behind the transaction of an event.
    fn is_last(&self, row: &EventRow) -> bool {
        match self.scope {
            EventScope::Job(_) => LAST_OF_JOB.contains(&row.event_type.as_str()),
            EventScope::Dataset(_) => row.event_type == "dataset.removed",
        }
    }
}
