//! Streams of the events of a dataset or a job.

mod decoder;

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff};
use progenitor_client::{ClientHooks, OperationInfo, ResponseValue};
use reqwest::header::ACCEPT;
use reqwest::{Method, Response};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use self::decoder::Decoder;
use crate::client::Client;
use crate::error::{Error, Peer, Result};
use crate::generated::types::{Event, HttpValidationError, JobStatus};
use crate::retry::apply_retry_after;

/// Media type of a stream.
const EVENT_STREAM: &str = "text/event-stream";

/// How long a stream may be silent: several heartbeats of the server.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(20);

/// How long one connection is used. The timeout of other requests would end it after a minute.
const CONNECTION_TIMEOUT: Duration = Duration::from_hours(24);

/// Pause before a stream that the server has ended is opened again.
const RECONNECT_DELAY: Duration = Duration::from_secs(1);

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
    /// A request was refused for want of rights.
    AccessRefused,
    /// Something that this crate does not know.
    Other(String),
}

/// The types that this crate knows, by their names.
const TYPES: [(&str, EventType); 23] = [
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
/// It is opened by [`connect`](Self::connect) or the first call of [`next`](Self::next), and again, behind the last event,
/// where it breaks off.
pub struct EventStream {
    client: Client,
    path: String,
    operation: &'static str,
    job_id: Option<Uuid>,
    last: Option<i64>,
    connection: Option<Response>,
    decoder: Decoder,
    decoded: VecDeque<Event>,
    /// Whether the job has ended, and its last event was received.
    is_over: bool,
    /// Whether this connection has brought an event.
    has_received: bool,
    retries: ExponentialBackoff,
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
            is_over: false,
            has_received: false,
            retries: client.retry().backoff().build(),
        }
    }

    /// Begins behind the event with this number, which may be one that another stream or a list has returned; behind 0 with
    /// the oldest event that the server keeps.
    #[must_use]
    pub fn after(mut self, id: i64) -> Self {
        self.last = Some(id);
        self
    }

    /// Number of the last event that was returned.
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
            if let Some(event) = self.decoded.pop_front() {
                self.last = Some(event.id);
                self.is_over |= self.job_id.is_some() && EventType::of(&event).ends_job();
                return Ok(Some(event));
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
        while self.connection.is_none() {
            match self.open().await {
                Ok(response) => {
                    self.decoder = Decoder::default();
                    self.connection = Some(response);
                    self.has_received = false;
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
        Ok(())
    }

    /// Sends the request once.
    async fn open(&self) -> Result<Response> {
        let mut request = self.client.request(Method::GET, &self.path);
        request = request
            .header(ACCEPT, EVENT_STREAM)
            .timeout(CONNECTION_TIMEOUT);
        if let Some(last) = self.last {
            request = request.header("Last-Event-ID", last);
        }
        let transport = |error| Error::transport(Peer::Api, error);
        let request = request.build().map_err(transport)?;
        let info = OperationInfo {
            operation_id: self.operation,
        };
        let response = self.client.api().exec(request, &info).await;
        let response = response.map_err(transport)?;
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
        match timeout(SILENCE_TIMEOUT, connection.chunk()).await {
            Ok(Ok(Some(chunk))) => {
                self.retries = self.client.retry().backoff().build();
                let events = self.decoder.decode(&chunk);
                self.has_received |= !events.is_empty();
                self.decoded.extend(events);
            }
            ended => {
                self.connection = None;
                // The server ends streams when it stops; another one, or its successor, continues them.
                if matches!(ended, Ok(Ok(None))) && !self.is_over {
                    self.is_over = !self.has_received && self.has_ended().await?;
                    sleep(RECONNECT_DELAY).await;
                }
            }
        }
        Ok(())
    }

    /// Whether the stream is that of a job that has ended, so that a stream behind its last event is empty.
    async fn has_ended(&self) -> Result<bool> {
        let Some(job_id) = self.job_id else {
            return Ok(false);
        };
        let job = || self.client.api().get_job().job_id(job_id).send();
        let status = self.client.call(job).await?.status;
        Ok(matches!(
            status,
            JobStatus::Committed | JobStatus::Failed | JobStatus::Cancelled | JobStatus::Expired
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
