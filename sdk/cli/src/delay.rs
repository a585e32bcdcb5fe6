//! Lines about delays of calls, so that no command is silent while it waits for the server.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use restow_sdk::{CallDelay, Client};

use crate::output::{self, Output};
use crate::progress::ProgressView;

/// Time between two lines about the same delay: many files can wait for one server.
const REPEAT_INTERVAL: Duration = Duration::from_secs(15);

/// Prints a line.
type Printer = Box<dyn Fn(&str) + Send + Sync>;

/// Prints delays of calls on the standard error.
#[derive(Clone)]
pub struct DelayLines(Arc<State>);

struct State {
    printer: Mutex<Printer>,
    /// The reason of the last line, and when it was printed.
    last: Mutex<Option<(String, Instant)>>,
}

impl DelayLines {
    /// Prints nothing if the output is JSON or quiet.
    pub fn new(output: Output) -> Self {
        let printer = move |line: &str| {
            if output.shows_notes() {
                output::print_stderr(line);
            }
        };
        Self(Arc::new(State {
            printer: Mutex::new(Box::new(printer)),
            last: Mutex::default(),
        }))
    }

    /// The same client, whose delays are printed.
    pub fn of(&self, client: &Client) -> Client {
        let lines = self.clone();
        client.on_delay(move |delay| lines.print(delay))
    }

    /// Prints above the bars of a view from now on.
    pub fn print_above(&self, view: &ProgressView) {
        *self
            .0
            .printer
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = view.printer();
    }

    fn print(&self, delay: &CallDelay<'_>) {
        if self.is_due(&reason(delay), Instant::now()) {
            let printer = self
                .0
                .printer
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            printer(&delay.to_string());
        }
    }

    fn is_due(&self, reason: &str, now: Instant) -> bool {
        let mut last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_repeated = last
            .as_ref()
            .is_some_and(|(text, at)| text == reason && now - *at < REPEAT_INTERVAL);
        if !is_repeated {
            *last = Some((reason.to_string(), now));
        }
        !is_repeated
    }
}

/// What makes two delays the same, whatever their times are.
fn reason(delay: &CallDelay<'_>) -> String {
    match delay {
        CallDelay::Retry { error, .. } => error.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_delay_is_printed_rarely() {
        let (lines, now) = (DelayLines::new(Output::default()), Instant::now());
        assert!(lines.is_due("no response", now));
        assert!(!lines.is_due("no response", now + REPEAT_INTERVAL / 2));
        assert!(lines.is_due("refused", now + REPEAT_INTERVAL / 2));
        assert!(lines.is_due("refused", now + REPEAT_INTERVAL * 2));
    }
}
