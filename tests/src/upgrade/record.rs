//! What clients were promised, and what failed.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use uuid::Uuid;

use crate::rules::locked;
use crate::torture::content::Digest;

/// Most failures of a round that are printed, and most errors after which requests were retried.
const MAX_SHOWN: usize = 20;

/// A version that a push has returned.
#[derive(Clone, Debug)]
pub struct Committed {
    /// Its dataset.
    pub dataset_id: Uuid,
    /// Its number.
    pub version: i64,
    /// Size in bytes.
    pub size: usize,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// Whether it was uploaded in two parts.
    pub is_large: bool,
}

/// What all clients of a round have done.
#[derive(Debug, Default)]
pub struct Record {
    committed: Mutex<Vec<Committed>>,
    reads: AtomicU64,
    changes: AtomicU64,
    /// The errors after which the SDK sent a request again, and how often.
    retries: Mutex<BTreeMap<String, u64>>,
    failures: AtomicU64,
    is_over: AtomicBool,
}

/// How much they have done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Versions that were pushed.
    pub pushes: u64,
    /// Those of two parts.
    pub large: u64,
    /// Versions that were read.
    pub reads: u64,
    /// Datasets that were created, changed and deleted.
    pub changes: u64,
    /// Requests that the SDK sent again.
    pub retries: u64,
}

impl Record {
    /// Has clients end after what they are doing.
    pub fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// Whether clients are to end.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// A version was pushed.
    pub fn commit(&self, committed: Committed) {
        locked(&self.committed).push(committed);
    }

    /// A version was read.
    pub fn read(&self) {
        self.reads.fetch_add(1, Ordering::Relaxed);
    }

    /// A dataset was created, changed and deleted.
    pub fn change(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// A request failed with this error, and is sent again.
    pub fn retry(&self, error: &restow_sdk::Error) {
        let mut retries = locked(&self.retries);
        *retries.entry(error.to_string()).or_default() += 1;
    }

    /// Something failed.
    pub fn fail(&self, who: &str, error: &anyhow::Error) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed);
        if failures < MAX_SHOWN as u64 {
            println!("FAILED {who}: {error:#}");
        }
    }

    /// Number of failures.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Number of versions that were pushed.
    pub fn pushes(&self) -> usize {
        locked(&self.committed).len()
    }

    /// The version that is this many behind the latest one, wrapped around.
    pub fn behind(&self, number: usize) -> Option<Committed> {
        let committed = locked(&self.committed);
        let place = number.checked_rem(committed.len())?;
        committed.iter().rev().nth(place).cloned()
    }

    /// The versions, by dataset.
    pub fn committed(&self) -> BTreeMap<Uuid, Vec<Committed>> {
        let mut datasets = BTreeMap::<_, Vec<_>>::new();
        for committed in locked(&self.committed).iter() {
            let versions = datasets.entry(committed.dataset_id).or_default();
            versions.push(committed.clone());
        }
        datasets
    }

    /// How much was done.
    pub fn counts(&self) -> Counts {
        let committed = locked(&self.committed);
        let large = committed.iter().filter(|committed| committed.is_large);
        Counts {
            pushes: committed.len() as u64,
            large: large.count() as u64,
            reads: self.reads.load(Ordering::Relaxed),
            changes: self.changes.load(Ordering::Relaxed),
            retries: locked(&self.retries).values().sum(),
        }
    }

    /// Prints the errors after which requests were retried.
    pub fn print_retries(&self) {
        for (error, number) in locked(&self.retries).iter().take(MAX_SHOWN) {
            println!("  retried {number} times: {error}");
        }
    }
}
