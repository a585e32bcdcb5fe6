//! What the connections of the proxy share.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;

use tokio::sync::watch;

use super::fault::Fault;
use crate::rules::{Rules, locked};

/// What the connections share.
#[derive(Debug)]
pub(super) struct Shared {
    /// Socket of the database.
    pub(super) socket: PathBuf,
    /// Each for the statements with a fragment in their text.
    pub(super) rules: Rules<String, Fault>,
    pub(super) seen: Mutex<Vec<String>>,
    pub(super) round_trips: AtomicUsize,
    pub(super) line: watch::Sender<Line>,
}

/// What happens to all messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// They are forwarded.
    Open,
    /// They wait.
    Stalled,
    /// Connections are closed.
    Cut,
}

impl Shared {
    /// Records a statement, and returns the fault that it meets.
    pub(super) fn meet(&self, statement: String) -> Option<Fault> {
        let fault = self
            .rules
            .meet(|fragment| statement.contains(fragment.as_str()));
        locked(&self.seen).push(statement);
        fault
    }
}
