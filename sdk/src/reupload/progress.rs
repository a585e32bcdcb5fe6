//! How far a reupload has come.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use super::plan::{Part, PartNumber, Plan};

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

/// How far a reupload has come. No value ever becomes smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Job of the reupload; with it the job can be looked at, or cancelled, while it runs and after it failed.
    pub job_id: Uuid,
    /// What is being done.
    pub phase: Phase,
    /// Bytes of the file handed to the network; what is sent again counts once.
    pub bytes_sent: u64,
    /// Size of the file in bytes.
    pub bytes_total: u64,
    /// Parts that S3 has confirmed.
    pub parts_done: u64,
    /// Number of parts.
    pub parts_total: u64,
    /// How often a part had to be sent again.
    pub retries: u64,
}

/// What hears of progress.
pub(super) type Listener<'a> = Box<dyn FnMut(&Progress) + Send + 'a>;

/// Gathers what the parts report, and tells the listener.
pub(super) struct Tracker<'a> {
    state: Mutex<State<'a>>,
}

struct State<'a> {
    progress: Progress,
    /// Most bytes that any try has sent of each part.
    sent: HashMap<PartNumber, u64>,
    confirmed: HashSet<PartNumber>,
    listener: Option<Listener<'a>>,
}

impl<'a> Tracker<'a> {
    pub fn new(job_id: Uuid, plan: Plan, listener: Option<Listener<'a>>) -> Self {
        let progress = Progress {
            job_id,
            phase: Phase::Upload,
            bytes_sent: 0,
            bytes_total: plan.file_size(),
            parts_done: 0,
            parts_total: plan.count(),
            retries: 0,
        };
        let state = State { progress, sent: HashMap::new(), confirmed: HashSet::new(), listener };
        let tracker = Self { state: Mutex::new(state) };
        tracker.update(|_| ());
        tracker
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
    pub fn done(&self, part: Part) {
        self.update(|state| {
            state.raise(part, part.length);
            state.confirmed.insert(part.number);
            state.progress.parts_done = state.confirmed.len() as u64;
        });
    }

    /// Some parts are to be sent again.
    pub fn retried(&self, parts: usize) {
        self.update(|state| state.progress.retries += parts as u64);
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
        let most = self.sent.entry(part.number).or_default();
        self.progress.bytes_sent += bytes.saturating_sub(*most);
        *most = bytes.max(*most);
    }
}
