//! Refusals for lack of permission, and how many of them are recorded: what is refused must not fill the database, nor keep it
//! busy.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Map, json};
use tokio::sync::{Mutex, mpsc};
use uuid::Uuid;

use crate::actor::Actor;
use crate::rate_limit::AddressBlock;
use crate::store::{EventScope, Refusal};

/// Refusals of one principal, or of one address without a valid token, that are recorded in a window.
const MAX_OF_SOURCE: u32 = 20;

/// Refusals of one source that a process looks into in a window, of which some turn out to be none.
const MAX_LOOKED_INTO: u32 = 60;

/// Refusals that a process looks into in a window.
const MAX_IN_WINDOW: u32 = 600;

/// Of these, refusals of tokens that are not valid: anyone can invent some.
const MAX_TOKENS_IN_WINDOW: u32 = 200;

/// Refusals that wait to be recorded.
const MAX_WAITING: usize = 256;

/// Sources of which the log says how many refusals were not recorded.
const MAX_NAMED: usize = 20;

/// Reason of an event that counts refusals that were not recorded.
const UNRECORDED: &str = "unrecorded";

/// Who was refused.
#[derive(Clone, Debug)]
pub enum Suspect {
    /// The caller of a valid token.
    Known(Actor),
    /// The sender of a token with this hash, which is not valid.
    Token([u8; 32]),
    /// The CI job of this description, by a token of its issuer that is not exchanged.
    CiJob(String),
}

/// A request that was refused.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Who was refused.
    pub suspect: Suspect,
    /// Address of the client.
    pub address: Option<IpAddr>,
    /// Identifier of the request.
    pub request_id: String,
    /// Operation that was requested.
    pub operation: String,
    /// What the request names in its path.
    pub scope: Option<EventScope>,
    /// Machine code of the error.
    pub reason: &'static str,
    /// Whether it is a refusal only if what the request names belongs to another principal.
    pub may_be_missing: bool,
}

/// The way of refusals to the log.
#[derive(Debug)]
pub struct Refusals {
    /// How many were lost, since too many waited.
    lost: AtomicU64,
    sender: mpsc::Sender<Attempt>,
    pub(super) receiver: Mutex<mpsc::Receiver<Attempt>>,
}

impl Default for Refusals {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel(MAX_WAITING);
        Self {
            lost: AtomicU64::new(0),
            sender,
            receiver: Mutex::new(receiver),
        }
    }
}

impl Refusals {
    /// Has a refusal be recorded, unless too many wait for that already.
    pub fn note(&self, attempt: Attempt) {
        if self.sender.try_send(attempt).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many were lost since the last call.
    pub(super) fn take_lost(&self) -> u64 {
        self.lost.swap(0, Ordering::Relaxed)
    }
}

/// Whose refusals are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Source {
    Principal(Uuid),
    Address(Option<AddressBlock>),
}

#[derive(Debug, Default)]
struct Count {
    looked_into: u32,
    recorded: u32,
    unrecorded: u64,
    actor: Option<Actor>,
}

/// The refusals of a window.
#[derive(Debug, Default)]
pub(super) struct Window {
    looked_into: u32,
    tokens_looked_into: u32,
    counts: HashMap<Source, Count>,
    /// Those of sources that are not counted by themselves.
    of_others: u64,
}

impl Window {
    /// Whether one more refusal of a source is looked into.
    pub fn admits(&mut self, attempt: &Attempt) -> bool {
        let source = source(attempt);
        let is_token = matches!(attempt.suspect, Suspect::Token(_));
        let is_full = self.looked_into >= MAX_IN_WINDOW
            || is_token && self.tokens_looked_into >= MAX_TOKENS_IN_WINDOW;
        if is_full && !self.counts.contains_key(&source) {
            // As many sources as are looked into, so that the map is bounded as well.
            self.of_others += 1;
            return false;
        }
        let count = self.counts.entry(source).or_default();
        if let Suspect::Known(actor) = &attempt.suspect {
            count.actor.get_or_insert_with(|| actor.clone());
        }
        if is_full || count.looked_into >= MAX_LOOKED_INTO || count.recorded >= MAX_OF_SOURCE {
            count.unrecorded += 1;
            return false;
        }
        self.looked_into += 1;
        self.tokens_looked_into += u32::from(is_token);
        count.looked_into += 1;
        count.recorded += 1;
        true
    }

    /// Takes back one that turned out to be no refusal.
    pub fn give_back(&mut self, attempt: &Attempt) {
        if let Some(count) = self.counts.get_mut(&source(attempt)) {
            count.recorded = count.recorded.saturating_sub(1);
        }
    }

    /// What is to be said of the refusals that were not recorded, with those that were lost before.
    pub fn summaries(self, lost: u64) -> Vec<Refusal> {
        let mut unrecorded: Vec<_> = self
            .counts
            .into_values()
            .filter(|count| count.unrecorded > 0)
            .collect();
        unrecorded.sort_by_key(|count| std::cmp::Reverse(count.unrecorded));
        let rest: u64 = unrecorded
            .iter()
            .skip(MAX_NAMED)
            .map(|count| count.unrecorded)
            .sum();
        let rest = rest + self.of_others + lost;
        unrecorded.truncate(MAX_NAMED);
        unrecorded.extend((rest > 0).then(|| Count {
            unrecorded: rest,
            ..Count::default()
        }));
        let summaries = unrecorded.into_iter().map(|count| Refusal {
            actor: count.actor.unwrap_or_default(),
            dataset_id: None,
            job_id: None,
            attempt: Map::from_iter([("refusals".to_string(), json!(count.unrecorded))]),
            reason: UNRECORDED.to_string(),
        });
        summaries.collect()
    }
}

fn source(attempt: &Attempt) -> Source {
    let principal = match &attempt.suspect {
        Suspect::Known(actor) => actor.request().and_then(|request| request.principal_id),
        Suspect::Token(_) | Suspect::CiJob(_) => None,
    };
    let block = attempt.address.map(AddressBlock::from);
    principal.map_or(Source::Address(block), Source::Principal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Request;

    fn attempt(principal: u128) -> Attempt {
        let request = Request {
            principal_id: Some(Uuid::from_u128(principal)),
            token_id: None,
            token: None,
            address: None,
            request_id: String::new(),
        };
        Attempt {
            suspect: Suspect::Known(Actor::new(&principal.to_string(), request)),
            address: None,
            request_id: String::new(),
            operation: "get_dataset".to_string(),
            scope: None,
            reason: "forbidden",
            may_be_missing: false,
        }
    }

    #[test]
    fn refusals_of_a_source_are_bounded() {
        let mut window = Window::default();
        let admitted = (0..50).filter(|_| window.admits(&attempt(1))).count();
        assert_eq!(admitted, MAX_OF_SOURCE as usize);
        assert!(window.admits(&attempt(2)));
        let summaries = window.summaries(0);
        assert_eq!(summaries.len(), 1);
        assert_eq!(summaries[0].attempt["refusals"], 30);
        assert_eq!(summaries[0].actor.principal(), Some("1"));
    }

    #[test]
    fn refusals_of_many_sources_are_bounded() {
        let mut window = Window::default();
        let admitted = (0..5_000).filter(|n| window.admits(&attempt(*n))).count();
        assert_eq!(admitted, MAX_IN_WINDOW as usize);
        assert!(window.counts.len() <= MAX_IN_WINDOW as usize);
        let unrecorded = window.summaries(7);
        let unrecorded = unrecorded
            .iter()
            .map(|one| one.attempt["refusals"].as_u64().unwrap());
        assert_eq!(
            unrecorded.sum::<u64>(),
            5_000 - u64::from(MAX_IN_WINDOW) + 7
        );
    }

    #[test]
    fn what_was_no_refusal_does_not_count() {
        let mut window = Window::default();
        for _ in 0..MAX_OF_SOURCE * 2 {
            assert!(window.admits(&attempt(1)));
            window.give_back(&attempt(1));
        }
        assert!(window.summaries(0).is_empty());
    }

    #[test]
    fn invented_tokens_leave_room_for_principals() {
        let mut window = Window::default();
        for number in 0..5_000_u128 {
            window.admits(&Attempt {
                suspect: Suspect::Token([0; 32]),
                // Half of them in networks of their own, and half in the same one.
                address: Some(IpAddr::from((number << 63).to_be_bytes())),
                ..attempt(1)
            });
        }
        assert_eq!(window.looked_into, MAX_TOKENS_IN_WINDOW);
        assert!((1..=100).all(|principal| window.admits(&attempt(principal))));
    }

    #[test]
    fn source_of_what_is_no_refusal_leaves_room_for_others() {
        let mut window = Window::default();
        for _ in 0..5_000 {
            if window.admits(&attempt(1)) {
                window.give_back(&attempt(1));
            }
        }
        assert!(window.admits(&attempt(2)));
    }
}
