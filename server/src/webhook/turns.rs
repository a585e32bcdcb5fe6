//! Whose turn it is: a process sends a bounded number of deliveries at once, and of each owner no more than a part of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use uuid::Uuid;

use crate::store::WaitingWebhook;

/// Deliveries that a process sends at once.
const MAX_SENDING: usize = 20;

/// Those of them that are for webhooks of one owner.
const MAX_OF_OWNER: usize = 10;

/// A delivery whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Next {
    /// Webhook that it is for.
    pub webhook: Uuid,
    /// Owner of its dataset.
    pub owner: Uuid,
    /// Identifier of the delivery.
    pub delivery: Uuid,
}

/// What a process is sending.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    of_owners: Arc<Mutex<HashMap<Uuid, usize>>>,
    ended: Arc<Notify>,
}

impl Turns {
    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, usize>> {
        self.of_owners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// How many more deliveries may be sent now.
    pub fn free(&self) -> usize {
        MAX_SENDING.saturating_sub(self.lock().values().sum())
    }

    /// Those whose turn it is: of the owner of whom the fewest are being sent, and of its webhooks the one that was
    /// called the longest ago.
    pub fn next(&self, mut waiting: Vec<WaitingWebhook>) -> Vec<Next> {
        waiting.sort_by_key(|webhook| webhook.called_at);
        let mut of_owners = self.lock().clone();
        let free = MAX_SENDING.saturating_sub(of_owners.values().sum());
        let ready = waiting.iter().filter_map(|webhook| {
            let next = Next {
                webhook: webhook.webhook_id,
                owner: webhook.owner_id,
                delivery: webhook.delivery_id?,
            };
            let sending = of_owners.entry(next.owner).or_default();
            *sending += 1;
            (*sending <= MAX_OF_OWNER).then_some((*sending, next))
        });
        let mut ready: Vec<_> = ready.collect();
        // Stable, so that the order within each rank stays.
        ready.sort_by_key(|(rank, _)| *rank);
        ready.into_iter().take(free).map(|(_, next)| next).collect()
    }

    /// Begins to send a delivery of this owner, until the turn is dropped.
    pub fn begin(&self, owner_id: Uuid) -> Turn {
        *self.lock().entry(owner_id).or_default() += 1;
        Turn {
            turns: self.clone(),
            owner_id,
        }
    }

    /// Waits until a turn ends that has not been waited for yet.
    pub async fn ended(&self) {
        self.ended.notified().await;
    }
}

/// A delivery that is being sent.
#[derive(Debug)]
pub(super) struct Turn {
    turns: Turns,
    owner_id: Uuid,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut of_owners = self.turns.lock();
        if let Some(sending) = of_owners.get_mut(&self.owner_id) {
            *sending -= 1;
            if *sending == 0 {
                of_owners.remove(&self.owner_id);
            }
        }
        drop(of_owners);
        self.turns.ended.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;

    /// Webhook `number` of an owner, called so many seconds ago.
    fn waiting(owner: u128, number: u128, called_ago: i64) -> WaitingWebhook {
        WaitingWebhook {
            webhook_id: Uuid::from_u128(number),
            owner_id: Uuid::from_u128(owner),
            called_at: (called_ago > 0)
                .then(|| DateTime::UNIX_EPOCH - TimeDelta::seconds(called_ago)),
            delivery_id: Some(Uuid::from_u128(number)),
        }
    }

    fn numbers(next: &[Next]) -> Vec<u128> {
        next.iter().map(|next| next.webhook.as_u128()).collect()
    }

    #[test]
    fn owner_with_many_webhooks_leaves_others_their_turn() {
        let turns = Turns::default();
        let mut all: Vec<_> = (0..100).map(|number| waiting(1, number, 0)).collect();
        all.push(waiting(2, 200, 5));
        let next = turns.next(all);
        assert_eq!(next.len(), MAX_OF_OWNER + 1);
        assert_eq!(numbers(&next)[..2], [0, 200]);
        // The first owner has all that it may have, and the second is called at once.
        let sending: Vec<_> = (0..MAX_OF_OWNER)
            .map(|_| turns.begin(Uuid::from_u128(1)))
            .collect();
        let next = turns.next(vec![waiting(1, 1, 0), waiting(2, 200, 5)]);
        assert_eq!(numbers(&next), [200]);
        drop(sending);
        assert_eq!(turns.next(vec![waiting(1, 1, 0)]).len(), 1);
    }

    #[test]
    fn webhook_called_longest_ago_is_next() {
        let turns = Turns::default();
        let all = vec![waiting(1, 1, 5), waiting(1, 2, 9), waiting(1, 3, 0)];
        assert_eq!(numbers(&turns.next(all)), [3, 2, 1]);
        let silent = WaitingWebhook {
            delivery_id: None,
            ..waiting(1, 4, 0)
        };
        assert_eq!(turns.next(vec![silent]), []);
    }

    #[test]
    fn turns_are_bounded_and_come_back() {
        let turns = Turns::default();
        let mut sending: Vec<_> = (0..MAX_SENDING)
            .map(|owner| turns.begin(Uuid::from_u128(owner as u128)))
            .collect();
        assert_eq!(turns.free(), 0);
        assert_eq!(turns.next(vec![waiting(99, 1, 0)]), []);
        sending.pop();
        assert_eq!(turns.free(), 1);
        let next = turns.next(vec![waiting(99, 1, 0), waiting(98, 2, 0)]);
        assert_eq!(next.len(), 1);
    }
}
