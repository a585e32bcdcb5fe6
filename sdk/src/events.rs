//! Streams of the events of a dataset or a job.

mod decoder;
mod reconnects;

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroU64;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff};
use progenitor_client::{ClientHooks, OperationInfo, ResponseValue};
use reqwest::header::ACCEPT;
use reqwest::{Method, Request, Response};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use self::decoder::{Decoded, Decoder};
use self::reconnects::Reconnects;
use crate::client::Client;
use crate::error::{Error, Peer, Result};
use crate::generated::types::{Event, EventOutcome, HttpValidationError, JobStatus};
use crate::retry::apply_retry_after;

/// Media type of a stream.
const EVENT_STREAM: &str = "text/event-stream";

/// How long a stream may be silent: several heartbeats of the server. The response to its request may take as long.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(20);

/// How long one connection is used. The timeout of other requests would end it after a minute.
const CONNECTION_TIMEOUT: Duration = Duration::from_hours(24);

/// Events of an ended job among which one is looked for that the stream has not returned.
const NEWEST: NonZeroU64 = NonZeroU64::new(100).unwrap();

/// What happened.
///
/// New types can be added to the API; [`EventType::Other`] has the name of a type that this crate does not know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventType {
    /// A job was created.
    JobCreated,
    /// The upload of a job is being completed.
    JobCompleting,
    /// The upload of a job is complete, and its object is inspected.
    JobInspecting,
    /// The upload of a job could not be completed, and waits for its client again.
    JobAwaitingUpload,
    /// A job can be committed.
    JobReady,
    /// The object of a job cannot be read as it stands.
    JobRejected,
    /// A job was committed.
    JobCommitted,
    /// A job failed.
    JobFailed,
    /// A job was cancelled.
    JobCancelled,
    /// A job expired.
    JobExpired,
    /// A version was committed.
    VersionCommitted,
    /// An old version was made the current one.
    VersionRestored,
    /// A version can no longer be read.
    VersionRetired,
    /// The object of a version was removed.
    VersionRemoved,
    /// A dataset was created.
    DatasetCreated,
    /// A dataset was renamed.
    DatasetRenamed,
    /// The policy of a dataset was changed.
    DatasetPolicyChanged,
    /// A dataset was deleted.
    DatasetDeleted,
    /// The deletion of a dataset was undone.
    DatasetUndeleted,
    /// A deleted dataset was removed for good.
    DatasetRemoved,
    /// A role on a dataset was granted or changed.
    GrantPut,
    /// A role on a dataset was withdrawn.
    GrantDeleted,
    /// A request was refused for lack of permission.
    AccessRefused,
    /// The number behind which a stream was to begin is not one of the server's database, for example since that was restored
    /// from a backup. The events that follow begin with the oldest one that is kept; their numbers may be among those that were
    /// seen before, of other events. `before` has the number, as `last_event_id`.
    StreamReset,
    /// Something that this crate does not know.
    Other(String),
}

/// The types that this crate knows, by their names.
const TYPES: [(&str, EventType); 24] = [
    ("job.created", EventType::JobCreated),
    ("job.completing", EventType::JobCompleting),
    ("job.inspecting", EventType::JobInspecting),
    ("job.awaiting_upload", EventType::JobAwaitingUpload),
    ("job.ready", EventType::JobReady),
    ("job.rejected", EventType::JobRejected),
    ("job.committed", EventType::JobCommitted),
    ("job.failed", EventType::JobFailed),
    ("job.cancelled", EventType::JobCancelled),
    ("job.expired", EventType::JobExpired),
    ("version.committed", EventType::VersionCommitted),
    ("version.restored", EventType::VersionRestored),
    ("version.retired", EventType::VersionRetired),
    ("version.removed", EventType::VersionRemoved),
    ("dataset.created", EventType::DatasetCreated),
    ("dataset.renamed", EventType::DatasetRenamed),
    ("dataset.policy_changed", EventType::DatasetPolicyChanged),
    ("dataset.deleted", EventType::DatasetDeleted),
    ("dataset.undeleted", EventType::DatasetUndeleted),
    ("dataset.removed", EventType::DatasetRemoved),
    ("grant.put", EventType::GrantPut),
    ("grant.deleted", EventType::GrantDeleted),
    ("access.refused", EventType::AccessRefused),
    ("stream.reset", EventType::StreamReset),
];

impl EventType {
    /// The type of an event.
    pub fn of(event: &Event) -> Self {
        Self::from(event.type_.as_str())
    }

    /// The name of the type.
    pub fn as_str(&self) -> &str {
        if let Self::Other(name) = self {
            return name;
        }
        let known = TYPES.iter().find(|(_, known)| known == self);
        known.map_or("", |(name, _)| name)
    }

    /// Whether a job has no further events of its own behind it.
    fn ends_job(&self) -> bool {
        matches!(
            self,
            Self::JobCommitted | Self::JobFailed | Self::JobCancelled | Self::JobExpired
        )
    }
}

impl From<&str> for EventType {
    fn from(name: &str) -> Self {
        let known = TYPES.iter().find(|(known, _)| *known == name);
        known.map_or_else(|| Self::Other(name.to_string()), |(_, known)| known.clone())
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A stream of events, in the order in which they happened.
///
/// It is opened by [`connect`](Self::connect) or the first call of [`next`](Self::next), and again, behind the last event, where
/// it breaks off: after a pause of one to two seconds, and longer ones as long as connections bring neither an event nor some
/// heartbeats.
pub struct EventStream {
    client: Client,
    path: String,
    operation: &'static str,
    job_id: Option<Uuid>,
    last: Option<i64>,
    connection: Option<Response>,
    decoder: Decoder,
    decoded: VecDeque<Decoded>,
    /// Whether an event was returned that ends the job.
    has_last: bool,
    /// Whether the job has ended, and all its events were returned.
    is_over: bool,
    /// Whether this connection has brought an event.
    has_received: bool,
    retries: ExponentialBackoff,
    reconnects: Reconnects,
    silence_timeout: Duration,
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("path", &self.path)
            .field("last", &self.last)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// The changes of a job, from its creation on; the stream ends when the job does.
    ///
    /// # Example
    /// ```no_run
    /// # async fn run(client: restow_sdk::Client, job_id: uuid::Uuid) -> Result<(), restow_sdk::Error> {
    /// let mut events = client.job_events(job_id);
    /// while let Some(event) = events.next().await? {
    ///     println!("{}: {}", event.time, event.type_);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn job_events(&self, job_id: Uuid) -> EventStream {
        let path = format!("/jobs/{job_id}/events");
        EventStream::new(self, path, "list_job_events", Some(job_id))
    }

    /// The changes of a dataset, from now on; the stream does not end while the dataset exists.
    pub fn dataset_events(&self, dataset_id: Uuid) -> EventStream {
        let path = format!("/datasets/{dataset_id}/events");
        EventStream::new(self, path, "list_dataset_events", None)
    }
}

impl EventStream {
    fn new(client: &Client, path: String, operation: &'static str, job_id: Option<Uuid>) -> Self {
        Self {
            client: client.clone(),
            path,
            operation,
            job_id,
            last: None,
            connection: None,
            decoder: Decoder::default(),
            decoded: VecDeque::new(),
            has_last: false,
            is_over: false,
            has_received: false,
            retries: client.retry().backoff().build(),
            reconnects: Reconnects::default(),
            silence_timeout: SILENCE_TIMEOUT,
        }
    }

    /// Begins behind the event with this number, which may be one that another stream or a list has returned; behind 0 with
    /// the oldest event that the server keeps.
    #[must_use]
    pub fn after(mut self, id: i64) -> Self {
        self.last = Some(id);
        self
    }

    /// Number behind which the stream continues where it breaks off: that of the last event that was returned, or where the
    /// stream has begun. A later stream misses nothing [`after`](Self::after) it.
    pub fn last_id(&self) -> Option<i64> {
        self.last
    }

    /// Waits for the next event; `None` once the job has ended. Can be cancelled without losing an event.
    ///
    /// # Errors
    ///
    /// [`Error::Api`] where the server refuses, with `not_found` once the dataset is deleted; the error of the last attempt
    /// once the client's [`RetryPolicy`](crate::RetryPolicy) is used up.
    pub async fn next(&mut self) -> Result<Option<Event>> {
        loop {
            match self.decoded.pop_front() {
                Some(Decoded::Event(event)) => {
                    self.last = Some(event.id);
                    self.has_last |= self.job_id.is_some() && EventType::of(&event).ends_job();
                    return Ok(Some(*event));
                }
                Some(Decoded::Position(id)) => {
                    self.last = Some(id);
                    continue;
                }
                Some(Decoded::Heartbeat) => continue,
                None => {}
            }
            if self.connection.is_none() {
                if self.is_over {
                    return Ok(None);
                }
                self.connect().await?;
            }
            self.receive().await?;
        }
    }

    /// Opens the stream, if it is not open. What happens afterwards is in it, also before the first call of
    /// [`next`](Self::next).
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next).
    pub async fn connect(&mut self) -> Result<()> {
        match self.connection {
            Some(_) => Ok(()),
            None => self.open_again().await,
        }
    }

    /// Opens the stream, and waits until that succeeds.
    async fn open_again(&mut self) -> Result<()> {
        self.reconnects.wait().await;
        loop {
            match self.open().await {
                Ok(response) => {
                    self.decoder = Decoder::default();
                    self.connection = Some(response);
                    self.has_received = false;
                    return Ok(());
                }
                Err(error) if error.is_transient() => {
                    let delay = apply_retry_after(&error, self.retries.next());
                    let Some(delay) = delay else {
                        return Err(error);
                    };
                    self.client.delays().retries(&error, delay);
                    sleep(delay).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends the request once. The timeout of the connection is that of the whole stream, so the response has one of its own: a
    /// server may accept connections and never respond.
    async fn open(&self) -> Result<Response> {
        let response = Box::pin(self.respond_to(self.opening()?));
        timeout(self.silence_timeout, response)
            .await
            .unwrap_or(Err(Error::NoResponse(self.silence_timeout)))
    }

    /// The request for the stream, behind the last event.
    fn opening(&self) -> Result<Request> {
        let mut request = self.client.request(Method::GET, &self.path);
        request = request
            .header(ACCEPT, EVENT_STREAM)
            .timeout(CONNECTION_TIMEOUT);
        if let Some(last) = self.last {
            request = request.header("Last-Event-ID", last);
        }
        request
            .build()
            .map_err(|error| Error::transport(Peer::Api, error))
    }

    /// Sends the request, and returns a response that begins a stream. An error response is read to its end.
    async fn respond_to(&self, request: Request) -> Result<Response> {
        let info = OperationInfo {
            operation_id: self.operation,
        };
        let response = self.client.api().exec(request, &info).await;
        let response = response.map_err(|error| Error::transport(Peer::Api, error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let refusal = ResponseValue::<HttpValidationError>::from_response(response).await;
        Err(match refusal {
            Ok(refusal) => progenitor_client::Error::ErrorResponse(refusal).into(),
            Err(error) => error.into(),
        })
    }

    /// Receives the next chunk. A connection that has ended is opened again by the next call.
    async fn receive(&mut self) -> Result<()> {
        let Some(connection) = &mut self.connection else {
            return Ok(());
        };
        match timeout(self.silence_timeout, connection.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                self.retries = self.client.retry().backoff().build();
                let decoded = self.decoder.decode(&chunk);
                self.reconnects.received(&decoded);
                let is_event = |part: &Decoded| matches!(part, Decoded::Event(_));
                self.has_received |= decoded.iter().any(is_event);
                self.decoded.extend(decoded);
            }
            ended => {
                self.connection = None;
                self.reconnects.ended();
                // The server ends streams when it stops; another one, or its successor, continues them.
                let is_whole = matches!(ended, Ok(Ok(None)));
                let may_be_over = self.has_last || is_whole && !self.has_received;
                self.is_over = is_whole && self.has_last || may_be_over && self.has_ended().await?;
            }
        }
        Ok(())
    }

    /// Whether the stream is that of a job that has ended, and nothing is left behind the last event that was returned.
    async fn has_ended(&self) -> Result<bool> {
        let Some(job_id) = self.job_id else {
            return Ok(false);
        };
        let job = || self.client.api().get_job().job_id(job_id).send();
        let status = self.client.call(job).await?.status;
        let is_over = matches!(
            status,
            JobStatus::Committed | JobStatus::Failed | JobStatus::Cancelled | JobStatus::Expired
        );
        if !is_over {
            return Ok(false);
        }
        // A server that is about to stop ends streams before they have brought anything.
        let newest = || {
            let list = self.client.api().list_job_events();
            list.job_id(job_id).limit(NEWEST).send()
        };
        let newest = self.client.call(newest).await?.items;
        let is_left =
            |event: &Event| event.outcome == EventOutcome::Done && Some(event.id) > self.last;
        Ok(!newest.iter().any(is_left))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::delay::CallDelay;
    use crate::retry::RetryPolicy;

    /// URL of a server that responds to each request with these bytes, and keeps the connection open.
    async fn serve(response: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let mut connections = Vec::new();
            while let Ok((mut connection, _)) = listener.accept().await {
                // A client takes no response before its request.
                if connection.read_u8().await.is_ok() {
                    connection.write_all(response).await.unwrap();
                }
                connections.push(connection);
            }
        });
        url
    }

    #[tokio::test]
    async fn server_that_does_not_respond_is_given_up_after_retries() {
        let head = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 9\r\n\r\n";
        for response in [&b""[..], &head[..]] {
            let url = serve(response).await;
            let retry = RetryPolicy {
                retries: 2,
                initial_delay: Duration::from_millis(1),
                max_delay: Duration::from_millis(1),
            };
            let client = Client::builder(&url, "token").retry(retry);
            let retries = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&retries);
            let client = client.build().unwrap().on_delay(move |delay| {
                if let CallDelay::Retry { error, .. } = delay {
                    assert!(matches!(error, Error::NoResponse(_)), "{error}");
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            });
            let mut stream = client.dataset_events(Uuid::nil());
            stream.silence_timeout = Duration::from_millis(100);
            let ended = timeout(Duration::from_mins(1), stream.connect()).await;
            let error = ended.expect("an end").unwrap_err();
            assert!(matches!(error, Error::NoResponse(_)), "{error}");
            assert_eq!(retries.load(Ordering::Relaxed), 2);
        }
    }

    #[test]
    fn every_type_has_its_name() {
        for (name, known) in &TYPES {
            assert_eq!(EventType::from(*name), *known);
            assert_eq!(known.as_str(), *name);
        }
        let other = EventType::from("volcano.erupted");
        assert_eq!(other, EventType::Other("volcano.erupted".to_string()));
        assert_eq!(other.to_string(), "volcano.erupted");
    }
}
