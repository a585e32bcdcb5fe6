//! Inspections within the request that completes the upload: a small object is read once, which proves that it is there,
//! and what was read is inspected at once, without the queue.
//!
//! Whatever goes wrong, or takes long, leaves the job to a worker, which reads the object itself.

use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use restow_api::job::JobStatus;
use restow_inspect::Source;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

use super::capacity::PERMIT;
use super::counters::Counters;
use super::options::{read_options, unread};
use super::reader::{Ended, Reading};
use super::record::{Findings, record};
use crate::app::App;
use crate::crash::{self, Point};
use crate::error::{Error, Result};
use crate::storage::{ObjectHead, StorageError};
use crate::store::Work;

/// How long a caller waits for the content of an object and its inspection. A worker takes what lasts longer.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Memory for the content of one object.
#[derive(Debug)]
pub struct Reservation {
    _permit: OwnedSemaphorePermit,
}

/// An object that was read whole.
#[derive(Debug)]
pub struct Fetched {
    content: Bytes,
    until: Instant,
    _memory: Reservation,
}

/// What came of an inspection within a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The job is inspected, and has this state.
    Recorded(JobStatus),
    /// Another process has claimed the job.
    ClaimLost,
    /// Nothing is written: a worker has to inspect the object.
    LeftToWorker,
}

impl Reservation {
    /// Memory for the object of a job, if it may be inspected within the request and there is memory left.
    pub fn new(app: &App, work: &Work) -> Option<Self> {
        let size = work.job.plan().file_size();
        let stated = work.job.read_options().and_then(|stated| stated.inspect);
        if size > app.settings.inline_inspection_limit || stated == Some(false) {
            return None;
        }
        let permits = u32::try_from(size.div_ceil(PERMIT)).ok()?;
        let content = Arc::clone(&app.inline_inspections.content);
        let permit = content.try_acquire_many_owned(permits).ok()?;
        Some(Self { _permit: permit })
    }

    /// Reads the object of the job; `None` where there is none.
    ///
    /// # Errors
    /// Also if it is not read within [`TIMEOUT`].
    pub async fn fetch(
        self,
        app: &App,
        work: &Work,
    ) -> Result<Option<(ObjectHead, Fetched)>, StorageError> {
        let limit = app.settings.inspect_timeout.unwrap_or(TIMEOUT);
        let until = Instant::now() + limit.min(TIMEOUT);
        let fetching = app
            .storage
            .fetch(&work.job.s3_key, work.job.plan().file_size());
        let fetched = timeout_at(until, fetching).await.map_err(|_| {
            StorageError::Unavailable("the object was not read in time".to_string())
        })??;
        Ok(fetched.map(|(head, content)| {
            let fetched = Fetched {
                content,
                until,
                _memory: self,
            };
            (head, fetched)
        }))
    }
}

/// Inspects what was read of an object, and records the result together with the completion of its upload.
pub async fn inspect_fetched(
    app: &Arc<App>,
    work: &Work,
    head: &ObjectHead,
    fetched: Fetched,
    is_lost: Arc<AtomicBool>,
) -> Outcome {
    let work = &work.completed_as(&head.etag);
    let until = fetched.until;
    let inspecting = async {
        let Ok(Ok(_slot)) = timeout_at(until, app.inline_inspections.running.acquire()).await
        else {
            return Ok(Outcome::LeftToWorker);
        };
        if Instant::now() >= until {
            return Ok(Outcome::LeftToWorker);
        }
        let started = Instant::now();
        let options = read_options(app, work).await?;
        let found = if options.as_ref().and_then(|options| options.inspect) == Some(false) {
            unread(work, options.as_ref())
        } else {
            let counters = Arc::new(Counters::default());
            let reading = Reading {
                source: Content(fetched.content.clone()),
                filename: work.job.filename.0.clone(),
                options: options.clone(),
                counters,
            };
            let stopping = app.stopping.clone();
            let is_over = move || {
                is_lost.load(Ordering::Relaxed)
                    || stopping.is_cancelled()
                    || Instant::now() >= until
            };
            match reading.run(app, is_over).await {
                Ok(found) => found,
                Err(ended) => return Ok(left_to_worker(work, &ended)),
            }
        };
        crash::at(Point::InspectDone);
        app.metrics.inspected_bytes.inc_by(head.size);
        let findings = Findings {
            work,
            found: &found,
            read_options: options.as_ref(),
            completed_as: Some(&head.etag),
            elapsed: started.elapsed(),
        };
        record_completed(app, findings).await
    };
    inspecting.await.unwrap_or_else(|error: Error| {
        tracing::warn!(job_id = %work.job.id, %error, "failed to inspect the object within the request; a worker does it");
        Outcome::LeftToWorker
    })
}

async fn record_completed(app: &App, findings: Findings<'_>) -> Result<Outcome> {
    let Some(status) = record(app, findings).await? else {
        return Ok(Outcome::ClaimLost);
    };
    crash::at(Point::InspectWritten);
    Ok(Outcome::Recorded(status))
}

fn left_to_worker(work: &Work, ended: &Ended) -> Outcome {
    if let Ended::Panic(message) = ended {
        tracing::error!(job_id = %work.job.id, message, "the inspection within the request panicked; a worker repeats it");
    }
    Outcome::LeftToWorker
}

/// The content of an object.
struct Content(Bytes);

impl Content {
    /// Where an offset lies in the content, which has at most 8 MiB by default.
    fn position(&self, offset: u64) -> usize {
        usize::try_from(offset)
            .unwrap_or(usize::MAX)
            .min(self.0.len())
    }
}

impl Source for Content {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn open(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.0.slice(self.position(offset)..))))
    }

    fn read_range(&self, offset: u64, length: u64) -> io::Result<Bytes> {
        let end = offset.saturating_add(length);
        Ok(self.0.slice(self.position(offset)..self.position(end)))
    }
}
