//! Which of the things that pass a proxy meet which fault.

use std::ops::{Bound, RangeBounds};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Rules, of which the first one that applies decides.
#[derive(Debug)]
pub(crate) struct Rules<K, F>(Mutex<Vec<Rule<K, F>>>);

#[derive(Debug)]
struct Rule<K, F> {
    /// What it applies to.
    kind: K,
    /// Which of those things, counted from 1 since the rule was made.
    occurrences: (Bound<usize>, Bound<usize>),
    /// How many things of its kind there have been.
    passed: usize,
    /// How many of them met the fault.
    met: usize,
    fault: F,
}

impl<K, F> Default for Rules<K, F> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K, F: Clone> Rules<K, F> {
    /// Has things of a kind meet a fault: those that the range names, counted from 1 from now on.
    pub(crate) fn add(&self, kind: K, occurrences: impl RangeBounds<usize>, fault: F) {
        let occurrences = (
            occurrences.start_bound().cloned(),
            occurrences.end_bound().cloned(),
        );
        locked(&self.0).push(Rule {
            kind,
            occurrences,
            passed: 0,
            met: 0,
            fault,
        });
    }

    /// The fault that something meets which is of these kinds.
    pub(crate) fn meet(&self, is_of: impl Fn(&K) -> bool) -> Option<F> {
        let mut fault = None;
        for rule in locked(&self.0).iter_mut().filter(|rule| is_of(&rule.kind)) {
            rule.passed += 1;
            if fault.is_none() && rule.occurrences.contains(&rule.passed) {
                rule.met += 1;
                fault = Some(rule.fault.clone());
            }
        }
        fault
    }

    /// Ends all rules, and returns how many requests have met a fault.
    pub(crate) fn end(&self) -> usize {
        locked(&self.0).drain(..).map(|rule| rule.met).sum()
    }
}

/// A test that panics elsewhere leaves nothing half done in what proxies share.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
