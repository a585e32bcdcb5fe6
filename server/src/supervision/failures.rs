//! Which background tasks have failed lately.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How often a task may fail in succession before the process is unhealthy.
pub(super) const MAX_FAILURES: u32 = 5;

/// After how long without a failure those before no longer count.
const STABLE_AFTER: Duration = Duration::from_mins(2);

/// The failures of a task in succession, and when the last one was.
type Failures = (u32, Instant);

/// Which background tasks of the process have failed lately.
#[derive(Debug, Default)]
pub struct TaskFailures(Mutex<BTreeMap<&'static str, Failures>>);

impl TaskFailures {
    /// The tasks that keep failing.
    pub fn failing_tasks(&self) -> Vec<&'static str> {
        self.failing_at(Instant::now())
    }

    fn failing_at(&self, now: Instant) -> Vec<&'static str> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures
            .iter()
            .filter(|(_, (count, at))| *count >= MAX_FAILURES && now - *at < STABLE_AFTER)
            .map(|(task, _)| *task)
            .collect()
    }

    /// Notes a failure, and returns how many there were in succession.
    pub(super) fn note(&self, task: &'static str, now: Instant) -> u32 {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, at) = failures.entry(task).or_insert((0, now));
        if now - *at >= STABLE_AFTER {
            *count = 0;
        }
        *count = count.saturating_add(1);
        *at = now;
        *count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_failures_do_not_count() {
        let (failures, now) = (TaskFailures::default(), Instant::now());
        for expected in 1..=MAX_FAILURES {
            assert_eq!(failures.failing_at(now), Vec::<&str>::new());
            assert_eq!(failures.note("reaper", now), expected);
        }
        assert_eq!(failures.failing_at(now), ["reaper"]);
        let later = now + STABLE_AFTER;
        assert_eq!(failures.failing_at(later), Vec::<&str>::new());
        assert_eq!(failures.note("reaper", later), 1);
    }
}
