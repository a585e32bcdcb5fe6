//! What happened: counts, and everything that should not have.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use crate::rules::locked;

/// Most violations that are shown.
const MAX_SHOWN: usize = 50;

/// Longest description of a violation, in characters.
const MAX_LENGTH: usize = 2_000;

/// What a count belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// Operations of the API, by outcome.
    Operations,
    /// Requests of clients to S3, by outcome.
    Transfers,
    /// What clients did, by kind of step.
    Steps,
    /// Jobs, by how they ended.
    Jobs,
    /// Versions, committed and read back.
    Versions,
    /// Bytes that clients moved.
    Bytes,
    /// What was done to the processes, the network and the stores.
    Sabotage,
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operations => "operations",
            Self::Transfers => "requests to S3",
            Self::Steps => "steps of clients",
            Self::Jobs => "jobs",
            Self::Versions => "versions",
            Self::Bytes => "bytes",
            Self::Sabotage => "survived",
        })
    }
}

/// Something that should not have happened.
#[derive(Clone, Debug)]
pub struct Violation {
    /// Since the beginning.
    at: Duration,
    who: String,
    what: String,
}

/// Everything that is counted, shared by all who act.
#[derive(Debug, Default)]
pub struct Report {
    begun: OnceLock<Instant>,
    counts: Mutex<BTreeMap<Section, BTreeMap<String, u64>>>,
    violations: Mutex<Vec<Violation>>,
}

impl Report {
    /// Time since the first call, which is when clients begin.
    pub fn elapsed(&self) -> Duration {
        self.begun.get_or_init(Instant::now).elapsed()
    }

    /// Counts one more.
    pub fn count(&self, section: Section, what: &str) {
        self.add(section, what, 1);
    }

    /// Counts so many more.
    pub fn add(&self, section: Section, what: &str, number: u64) {
        let mut counts = locked(&self.counts);
        let section = counts.entry(section).or_default();
        match section.get_mut(what) {
            Some(count) => *count += number,
            None => drop(section.insert(what.to_string(), number)),
        }
    }

    /// Notes what should not have happened.
    pub fn violate(&self, who: &str, what: &str) {
        let violation = Violation {
            at: self.elapsed(),
            who: who.to_string(),
            what: what.chars().take(MAX_LENGTH).collect(),
        };
        println!("VIOLATION {violation}");
        locked(&self.violations).push(violation);
    }

    /// How many violations there are.
    pub fn violations(&self) -> usize {
        locked(&self.violations).len()
    }

    /// How many were counted in a section, of those whose name begins so.
    pub fn total(&self, section: Section, beginning: &str) -> u64 {
        let counts = locked(&self.counts);
        let section = counts.get(&section).into_iter().flatten();
        section
            .filter(|(what, _)| what.starts_with(beginning))
            .map(|(_, count)| count)
            .sum()
    }

    /// One line on how far it is.
    pub fn progress(&self) -> String {
        format!(
            "{:4} s: {} operations, {} commits, {} kills, {} cuts, {} restorations and copies, {} in wrong places, {} jumps, \
             {} violations",
            self.elapsed().as_secs(),
            self.total(Section::Operations, ""),
            self.total(Section::Versions, "committed"),
            self.total(Section::Sabotage, "killed"),
            self.total(Section::Sabotage, "cut"),
            self.total(Section::Sabotage, "restored"),
            self.total(Section::Sabotage, "wrong place"),
            self.total(Section::Sabotage, "clock"),
            self.violations()
        )
    }

    /// Prints everything; the seed stands with each violation, since that is what it is repeated by.
    pub fn print(&self, seed: u64) {
        for (section, counts) in locked(&self.counts).iter() {
            println!("\n{section}");
            for (what, count) in counts {
                println!("  {count:>12}  {what}");
            }
        }
        let violations = locked(&self.violations);
        println!(
            "\n{} violations after {} s, seed {seed}",
            violations.len(),
            self.elapsed().as_secs()
        );
        for violation in violations.iter().take(MAX_SHOWN) {
            println!("  seed {seed}, {violation}");
        }
        if violations.len() > MAX_SHOWN {
            println!("  and {} more", violations.len() - MAX_SHOWN);
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "at {:.1} s, {}: {}",
            self.at.as_secs_f32(),
            self.who,
            self.what
        )
    }
}
