//! A stream of the events of a dataset or a job, as server-sent events (HTML, section 9.2).
//!
//! What is sent is read from the database behind the last event that the client has seen, so that any process continues a
//! stream that another one began. A task writes it to a channel for one chunk, so that a slow client has one page in
//! memory at most, and is dropped where it does not take that in time.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use hyper::body::{Body, Frame};
use restow_api::event::Event;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use uuid::Uuid;

use super::feed::{Batch, Place};
use super::{for_readers, is_over};
use crate::app::App;
use crate::error::Result;
use crate::store::{EventRow, EventScope, Principal};

/// How often a heartbeat is sent, and whether the client may still read is checked.
const CHECK_INTERVAL: Duration = Duration::from_secs(5);

/// How long a client may take for a chunk.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// Events in one chunk, at most.
const PAGE: i64 = 100;

/// What a stream begins with: how long a browser waits before it connects again, in milliseconds.
const BEGIN: &str = "retry: 1000\n\n";

/// A comment, which keeps proxies from closing the connection.
const HEARTBEAT: &str = ":\n\n";

/// Events behind which a job has no other one.
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
/// begins with the job, and that of a dataset now.
///
/// # Errors
/// [`crate::error::Error::NotFound`] where there is no such dataset or job of the owner,
/// [`crate::error::Error::TooManyStreams`].
pub async fn open(
    app: &Arc<App>,
    (reader, owner): (Uuid, &Principal),
    scope: EventScope,
    last: Option<u64>,
    may_read: MayRead,
) -> Result<EventBody> {
    let is_over = is_over(app, owner, scope).await?;
    let place = app.events.place(reader, app.settings.max_event_streams)?;
    // Before the first reading, so that nothing comes in between.
    let batches = app.events.subscribe();
    let settled = app.store.settled_events().await?;
    let begin = match scope {
        EventScope::Dataset(_) => settled,
        EventScope::Job(_) => 0,
    };
    let stream = EventStream {
        app: Arc::clone(app),
        scope,
        position: last.map_or(begin, |last| i64::try_from(last).unwrap_or(i64::MAX)),
        settled,
        is_due: true,
        is_over,
        batches,
        may_read,
        check_at: Instant::now() + CHECK_INTERVAL,
        _place: place,
    };
    let (sender, receiver) = mpsc::channel(1);
    app.tasks.spawn(stream.send_to(sender));
    Ok(EventBody(receiver))
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
    /// Whether nothing happens any more, so that the stream ends once everything is sent.
    is_over: bool,
    batches: broadcast::Receiver<Arc<Batch>>,
    may_read: MayRead,
    check_at: Instant,
    _place: Place,
}

impl EventStream {
    /// Sends chunks until the client has gone, or nothing is left to send.
    async fn send_to(mut self, sender: mpsc::Sender<Bytes>) {
        let mut chunk = Some(Bytes::from_static(BEGIN.as_bytes()));
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
            if self.is_over {
                return None;
            }
            let app = Arc::clone(&self.app);
            tokio::select! {
                biased;
                () = app.draining.cancelled() => return None,
                () = app.stopping.cancelled() => return None,
                received = self.batches.recv() => self.wake(received)?,
                () = sleep_until(self.check_at) => {
                    self.check_at = Instant::now() + CHECK_INTERVAL;
                    if !(self.may_read)().await {
                        return None;
                    }
                    return Some(Bytes::from_static(HEARTBEAT.as_bytes()));
                }
            }
        }
    }

    /// Takes a batch; `None` where the feed has ended.
    fn wake(&mut self, received: Result<Arc<Batch>, RecvError>) -> Option<()> {
        match received {
            Ok(batch) => {
                self.settled = self.settled.max(batch.settled);
                self.is_due |= batch.concerns(self.scope);
            }
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
        self.is_over |= rows.iter().any(|row| self.is_last(row));
        Ok(Some(rows.into_iter().map(text).collect::<String>().into()))
    }

    /// Whether nothing comes behind the transaction of an event.
    fn is_last(&self, row: &EventRow) -> bool {
        match self.scope {
            EventScope::Job(_) => LAST_OF_JOB.contains(&row.event_type.as_str()),
            EventScope::Dataset(_) => row.event_type == "dataset.removed",
        }
    }
}

/// An event as the stream has it. JSON has no line ends.
fn text(row: EventRow) -> String {
    let event: Event = for_readers(row);
    let mut text = String::new();
    let data = serde_json::to_string(&event).unwrap_or_default();
    let _ = write!(
        text,
        "id: {}\nevent: {}\ndata: {data}\n\n",
        event.id, event.event_type
    );
    text
}
