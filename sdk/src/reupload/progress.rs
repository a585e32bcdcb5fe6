//! How far a reupload has come.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use uuid::Uuid;

use super::plan::{Part, PartNumber, Plan};
use crate::generated::types::JobProgress;
use crate::rate::Rate;

/// What a reupload is doing. Phases follow one another and never return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Phase {
    /// The file's parts are sent to S3.
    Upload,
    /// The server has S3 put the parts together; wrong parts are sent again.
    Complete,
    /// The server inspects the object.
    Inspect,
    /// The object becomes the dataset's current version.
    Commit,
}

/// How far a reupload has come. Only the rate ever becomes smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Job of the reupload; with it the job can be looked at, or cancelled, while it runs and after it failed.
    pub job_id: Uuid,
    /// What is being done.
    pub phase: Phase,
    /// Bytes of the file that have been handed to the network or found to be with S3; what is sent again counts
    /// once.
    pub bytes_done: u64,
    /// Size of the file in bytes.
    pub bytes_total: u64,
    /// Bytes that S3 held already, from an earlier run.
    pub bytes_held: u64,
    /// Parts that S3 has confirmed.
    pub parts_done: u64,
    /// Number of parts.
    pub parts_total: u64,
    /// Parts that S3 held already, from an earlier run.
    pub parts_held: u64,
    /// Bytes of the file handed to the network in a second, over the last seconds in which there were some; 0 until
    /// that is known.
    pub bytes_per_second: u64,
    /// How often a part had to be sent again.
    pub retries: u64,
    /// Bytes that the server has inspected.
    pub bytes_inspected: u64,
    /// Rows that the server has found, where the format has rows.
    pub rows_inspected: Option<u64>,
}

/// What hears of progress.
pub(super) type Listener<'a> = Box<dyn FnMut(&Progress) + Send + 'a>;

/// Gathers what the parts report, and tells the listener.
pub(super) struct ProgressTracker<'a> {
    state: Mutex<State<'a>>,
}

struct State<'a> {
    progress: Progress,
    rate: Rate,
    /// Most bytes that any try has sent of each part that is not confirmed yet.
    sent: HashMap<PartNumber, u64>,
    confirmed: HashSet<PartNumber>,
    listener: Option<Listener<'a>>,
}

impl<'a> ProgressTracker<'a> {
    pub fn new(job_id: Uuid, plan: Plan, listener: Option<Listener<'a>>) -> Self {
        let progress = Progress {
            job_id,
            phase: Phase::Upload,
            bytes_done: 0,
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

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .progress
    }

    /// The reupload enters a phase.
    pub fn enter(&self, phase: Phase) {
        self.update(|state| state.progress.phase = state.progress.phase.max(phase));
    }

    /// The current try has sent this much of a part.
    pub fn sent(&self, part: Part, bytes: u64) {
        self.update(|state| state.raise(part, bytes));
    }

    /// S3 has confirmed a part.
    pub fn confirmed_part(&self, part: Part) {
        self.update(|state| {
            state.raise(part, part.length);
            state.confirm(part);
        });
    }

    /// S3 held a part already.
    pub fn found(&self, part: Part) {
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
        // The listener is called under the lock, so that it hears everything in order.
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
        let most = self.sent.entry(part.number).or_default();
        let more = bytes.saturating_sub(*most);
        *most = bytes.max(*most);
        self.progress.bytes_done += more;
        self.progress.bytes_per_second = self.rate.count(more, Instant::now());
    }

    fn confirm(&mut self, part: Part) {
        self.sent.remove(&part.number);
        self.confirmed.insert(part.number);
        self.progress.parts_done = self.confirmed.len() as u64;
    }
}
