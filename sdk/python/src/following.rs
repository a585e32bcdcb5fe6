//! Events of a dataset or a job, as they happen.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use restow_sdk::{Client, EventStream};

use crate::context::document;
use crate::failure::Failure;
use crate::operation::{Follow, FollowStep};

/// A stream of events, with the one that was received last until it is taken: a caller that is interrupted between the two
/// does not lose it.
#[derive(Debug)]
pub struct Following {
    client: Client,
    follow: Follow,
    stream: tokio::sync::Mutex<Option<EventStream>>,
    received: Mutex<Option<Bytes>>,
}

impl Following {
    /// Prepares a stream; nothing is sent yet.
    pub fn new(client: Client, follow: Follow) -> Self {
        Self {
            client,
            follow,
            stream: tokio::sync::Mutex::default(),
            received: Mutex::default(),
        }
    }

    /// Runs a step, and returns as JSON whether the stream continues: after [`FollowStep::Receive`], whether there is an event
    /// to take. Can be cancelled without losing an event.
    ///
    /// # Errors
    /// Those of the stream.
    pub async fn run(&self, step: FollowStep) -> Result<Bytes, Failure> {
        let mut kept = self.stream.lock().await;
        let found = match kept.take() {
            Some(stream) => stream,
            None => self.find().await?,
        };
        let stream = kept.insert(found);
        match step {
            FollowStep::Connect => {
                stream.connect().await?;
                document(&true)
            }
            FollowStep::Receive => self.receive(stream).await,
        }
    }

    /// Takes the event that was received, as JSON.
    pub fn take(&self) -> Option<Bytes> {
        self.received().take()
    }

    async fn find(&self) -> Result<EventStream, Failure> {
        let (stream, after) = match &self.follow {
            Follow::Dataset { dataset, after } => {
                let id = self.client.find_dataset(dataset).await?.id;
                (self.client.dataset_events(id), after)
            }
            Follow::Job { job, after } => (self.client.job_events(*job), after),
        };
        Ok(match after {
            Some(id) => stream.after(*id),
            None => stream,
        })
    }

    async fn receive(&self, stream: &mut EventStream) -> Result<Bytes, Failure> {
        // One that was not taken is next.
        let is_received = self.received().is_some();
        if !is_received {
            let Some(event) = stream.next().await? else {
                return document(&false);
            };
            *self.received() = Some(document(&event)?);
        }
        document(&true)
    }

    fn received(&self) -> MutexGuard<'_, Option<Bytes>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
