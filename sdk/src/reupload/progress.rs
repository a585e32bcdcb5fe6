//! Progress of a reupload.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use uuid::Uuid;

use super::plan::{Part, PartNumber, Plan};
use crate::generated::types::JobProgress;
use crate::rate::Rate;

/// The current step of a reupload. The phases follow in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Phase {
    /// The file's parts are sent to S3.
    Upload,
    /// The server has S3 assemble the object; wrong parts are sent again.
    Complete,
    /// The server inspects the object.
    Inspect,
    /// The object becomes the dataset's current version.
    Commit,
}

/// Progress of a reupload. Only `bytes_per_second` ever decreases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The job, which can be read or cancelled by this id, also after a failure.
    pub job_id: Uuid,
    /// The current step.
    pub phase: Phase,
    /// Bytes of the file that have been handed to the network or that S3 already held; bytes sent more than once count
    /// once.
    pub bytes_done: u64,
    /// Bytes of the parts that S3 has confirmed: what an interruption keeps.
    pub bytes_confirmed: u64,
    /// Size of the file in bytes.
    pub bytes_total: u64,
    /// Bytes that S3 already held, from an earlier call.
    pub bytes_held: u64,
    /// Parts that S3 has confirmed.
    pub parts_done: u64,
    /// Number of parts.
    pub parts_total: u64,
    /// Parts that S3 already held, from an earlier call.
    pub parts_held: u64,
    /// Bytes of the file handed to the network per second, a moving average; 0 until it is known.
    pub bytes_per_second: u64,
    /// Number of times that a part was sent again.
    pub retries: u64,
    /// Bytes that the server has inspected.
    pub bytes_inspected: u64,
    /// Rows that the server has counted; `None` for formats without rows.
    pub rows_inspected: Option<u64>,
}

/// Receives the progress.
pub(super) type ProgressListener<'a> = Box<dyn FnMut(&Progress) + Send + 'a>;

/// Collects the progress of all parts and passes it to the listener.
pub(super) struct ProgressTracker<'a> {
    state: Mutex<State<'a>>,
}

struct State<'a> {
    progress: Progress,
    rate: Rate,
    /// Maximum bytes that any attempt has sent of each part that is not confirmed yet.
    sent: HashMap<PartNumber, u64>,
    confirmed: HashSet<PartNumber>,
    listener: Option<ProgressListener<'a>>,
}

impl<'a> ProgressTracker<'a> {
    pub fn new(job_id: Uuid, plan: Plan, listener: Option<ProgressListener<'a>>) -> Self {
        let progress = Progress {
            job_id,
            phase: Phase::Upload,
            bytes_done: 0,
            bytes_confirmed: 0,
            bytes_total: plan.file_size(),
            bytes_held: 0,
            parts_done: 0,
            parts_total: plan.count(),
            parts_held: 0,
            bytes_per_second: 0,
            retries: 0,
            bytes_inspected: 0,
            rows_inspected: None,
        };
        let state = State {
            progress,
            rate: Rate::default(),
            sent: HashMap::new(),
            confirmed: HashSet::new(),
            listener,
        };
        let tracker = Self {
            state: Mutex::new(state),
        };
        tracker.update(|_| ());
        tracker
    }

    /// The current progress.
    pub fn progress(&self) -> Progress {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .progress
    }

    /// Enters a phase.
    pub fn enter(&self, phase: Phase) {
        self.update(|state| state.progress.phase = state.progress.phase.max(phase));
    }

    /// The current attempt has sent this many bytes of a part.
    pub fn sent(&self, part: Part, bytes: u64) {
        self.update(|state| state.raise(part, bytes));
    }

    /// S3 has confirmed a part.
    pub fn confirmed(&self, part: Part) {
        self.update(|state| {
            state.raise(part, part.length);
            state.confirm(part);
        });
    }

    /// S3 already held a part.
    pub fn already_uploaded(&self, part: Part) {
        self.update(|state| {
            state.progress.bytes_done += part.length;
            state.progress.bytes_held += part.length;
            state.progress.parts_held += 1;
            state.confirm(part);
        });
    }

    /// Some parts are to be sent again.
    pub fn retried(&self, parts: usize) {
        self.update(|state| state.progress.retries += parts as u64);
    }

    /// The server inspects the object.
    pub fn inspected(&self, job: &JobProgress) {
        let number = |number: i64| u64::try_from(number).unwrap_or_default();
        self.update(|state| {
            let progress = &mut state.progress;
            progress.bytes_inspected = progress.bytes_inspected.max(number(job.bytes_done));
            progress.rows_inspected = progress.rows_inspected.max(job.rows.map(number));
        });
    }

    fn update(&self, change: impl FnOnce(&mut State<'a>)) {
        // The listener is called under the lock, so that it receives everything in order.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let progress = state.progress;
        if let Some(listener) = &mut state.listener {
            listener(&progress);
        }
    }
}

impl State<'_> {
    fn raise(&mut self, part: Part, bytes: u64) {
        if self.confirmed.contains(&part.number) {
            return;
        }
        let max_sent = self.sent.entry(part.number).or_default();
        let more = bytes.saturating_sub(*max_sent);
        *max_sent = bytes.max(*max_sent);
        self.progress.bytes_done += more;
        self.progress.bytes_per_second = self.rate.count(more, Instant::now());
    }

    fn confirm(&mut self, part: Part) {
        self.sent.remove(&part.number);
        if self.confirmed.insert(part.number) {
            self.progress.bytes_confirmed += part.length;
        }
        self.progress.parts_done = self.confirmed.len() as u64;
    }
}
