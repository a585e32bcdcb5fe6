//! The bound on connections. Each open connection holds a slot; where none is free, one of those that are idle gives up its
//! own.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How long an idle connection may take to give up its slot.
const EVICTION_TIMEOUT: Duration = Duration::from_millis(100);

/// Pause before another attempt to find an idle connection.
const RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// What a connection does. Of the silent ones, and of those whose last request has ended, the first in this order gives up its
/// slot first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Activity {
    /// Its last request was refused, and the response is held back since then.
    Held(Instant),
    /// It has not sent a request since then.
    Silent(Instant),
    /// Its last request ended then.
    Idle(Instant),
    /// A request is under way.
    Busy,
}

/// A number of slots.
#[derive(Debug)]
pub struct Slots {
    free: Arc<Semaphore>,
    /// How many connections of one source may have.
    of_source: usize,
    connections: Mutex<HashMap<u64, Arc<Connection>>>,
    next_id: AtomicU64,
    closing: CancellationToken,
    open: Gauge,
    evicted: Counter,
}

/// What is known of an open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    source: Option<IpAddr>,
    activity: Mutex<Activity>,
    close: CancellationToken,
}

/// The slot of one connection, free again when it is dropped.
#[derive(Debug)]
pub struct Slot {
    /// The connection that holds it.
    pub(crate) connection: Arc<Connection>,
    id: u64,
    slots: Arc<Slots>,
    _permit: OwnedSemaphorePermit,
}

/// A request under way.
#[derive(Debug)]
pub(crate) struct Request(Arc<Connection>);

impl Slots {
    /// So many slots, of which connections of one source have half at most. All connections are closed with `closing`, and counted by
    /// these metrics.
    pub fn new(
        number: usize,
        closing: CancellationToken,
        open: Gauge,
        evicted: Counter,
    ) -> Arc<Self> {
        Arc::new(Self {
            free: Arc::new(Semaphore::new(number)),
            of_source: number.div_ceil(2),
            connections: Mutex::default(),
            next_id: AtomicU64::new(0),
            closing,
            open,
            evicted,
        })
    }

    /// A slot for a new connection; `None` if requests are under way on all others, or on all of the same source. Connections without
    /// a source have no common bound. Of connections that are made at the same time, some can be above that of their source.
    pub async fn take(self: &Arc<Self>, source: Option<IpAddr>) -> Option<Slot> {
        let is_of_source = |connection: &Connection| connection.source == source;
        while source.is_some() && self.number(is_of_source) >= self.of_source {
            if !self.close_one(is_of_source) {
                return None;
            }
        }
        let free = Arc::clone(&self.free);
        let permit = match Arc::clone(&free).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) if self.close_one(|_| true) || self.any_is_closing() => {
                timeout(EVICTION_TIMEOUT, free.acquire_owned())
                    .await
                    .ok()?
                    .ok()?
            }
            Err(_) => return None,
        };
        let connection = Arc::new(Connection {
            source,
            activity: Mutex::new(Activity::Silent(Instant::now())),
            close: self.closing.child_token(),
        });
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        self.all().insert(id, Arc::clone(&connection));
        self.open.inc();
        Some(Slot {
            connection,
            id,
            slots: Arc::clone(self),
            _permit: permit,
        })
    }

    /// A slot for a new connection, as soon as one is free or idle.
    pub async fn wait(self: &Arc<Self>) -> Slot {
        loop {
            if let Some(slot) = self.take(None).await {
                return slot;
            }
            sleep(RETRY_INTERVAL).await;
        }
    }

    /// How many of these connections there are that are not to be closed.
    fn number(&self, is_one: impl Fn(&Connection) -> bool) -> usize {
        let connections = self.all();
        let open = connections
            .values()
            .filter(|connection| !connection.is_closing() && is_one(connection));
        open.count()
    }

    /// Whether a connection is to be closed, and has not ended.
    fn any_is_closing(&self) -> bool {
        let connections = self.all();
        connections
            .values()
            .any(|connection| connection.is_closing())
    }

    /// Closes one of these connections, if any is idle: the one whose response is held back for longest, or else the one that has been
    /// idle for longest, of those without any request or of those with one, whichever are more. Neither kind can then take the slots of
    /// the other: a client that has just connected has time to send its request, and one that sends requests now and then keeps its
    /// connection.
    fn close_one(&self, is_one: impl Fn(&Connection) -> bool) -> bool {
        let connections = self.all();
        let idle = connections
            .values()
            .filter(|connection| !connection.is_closing() && is_one(connection))
            .map(|connection| (connection.activity(), connection))
            .filter(|(activity, _)| *activity != Activity::Busy);
        let (used, others): (Vec<_>, Vec<_>) =
            idle.partition(|(activity, _)| matches!(activity, Activity::Idle(_)));
        let is_held = |(activity, _): &(Activity, _)| matches!(activity, Activity::Held(_));
        let first = if others.len() > used.len() || others.iter().any(is_held) {
            others
        } else {
            used
        };
        let longest = first.into_iter().min_by_key(|(activity, _)| *activity);
        if let Some((_, connection)) = longest {
            connection.close.cancel();
            self.evicted.inc();
        }
        longest.is_some()
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Arc<Connection>>> {
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// Notes that a request has begun.
    pub(crate) fn begin(self: &Arc<Self>) -> Request {
        self.set(Activity::Busy);
        Request(Arc::clone(self))
    }

    fn is_closing(&self) -> bool {
        self.close.is_cancelled()
    }

    /// Notes that the response to its request is held back.
    pub(crate) fn hold(&self) {
        self.set(Activity::Held(Instant::now()));
    }

    /// Whether it has never sent a request.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self.activity(), Activity::Silent(_))
    }

    /// Waits until it is to be closed.
    pub(crate) async fn to_be_closed(&self) {
        self.close.cancelled().await;
    }

    fn activity(&self) -> Activity {
        *self.activity.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, activity: Activity) {
        *self.activity.lock().unwrap_or_else(PoisonError::into_inner) = activity;
    }
}

impl Slot {
    /// Whether the process closes all connections, since it stops.
    pub(crate) fn is_closing(&self) -> bool {
        self.slots.closing.is_cancelled()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.all().remove(&self.id);
        self.slots.open.dec();
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        self.0.set(Activity::Idle(Instant::now()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(number: usize) -> Arc<Slots> {
        Slots::new(
            number,
            CancellationToken::new(),
            Gauge::default(),
            Counter::default(),
        )
    }

    /// Holds a slot until its connection is to be closed.
    fn hold(slot: Slot) -> tokio::task::JoinHandle<()> {
        tokio::spawn(async move { slot.connection.to_be_closed().await })
    }

    #[tokio::test]
    async fn longest_silent_connection_gives_way() {
        let slots = slots(3);
        let used = slots.take(None).await.expect("a free slot");
        drop(used.connection.begin());
        let used = hold(used);
        let first = hold(slots.take(None).await.expect("a free slot"));
        let second = hold(slots.take(None).await.expect("a free slot"));
        assert!(slots.take(None).await.is_some());
        first.await.expect("the first one was closed");
        assert!(!second.is_finished() && !used.is_finished());
        assert_eq!((slots.evicted.get(), slots.open.get()), (1, 2));
    }

    #[tokio::test]
    async fn new_connection_outlives_used_ones() {
        let slots = slots(4);
        let mut used = Vec::new();
        for _ in 0..3 {
            let slot = slots.take(None).await.expect("a free slot");
            drop(slot.connection.begin());
            used.push(hold(slot));
        }
        let new = hold(slots.take(None).await.expect("a free slot"));
        for _ in 0..2 {
            hold(slots.take(None).await.expect("a free slot"));
        }
        assert!(!new.is_finished() && !used[2].is_finished());
        assert_eq!((slots.evicted.get(), slots.open.get()), (2, 4));
    }

    #[tokio::test]
    async fn held_connection_gives_way_first() {
        let slots = slots(3);
        let mut idle = Vec::new();
        for _ in 0..2 {
            let slot = slots.take(None).await.expect("a free slot");
            drop(slot.connection.begin());
            idle.push(hold(slot));
        }
        let slot = slots.take(None).await.expect("a free slot");
        drop(slot.connection.begin());
        slot.connection.hold();
        let held = hold(slot);
        assert!(slots.take(None).await.is_some());
        held.await.expect("the held one was closed");
        assert!(idle.iter().all(|one| !one.is_finished()));
    }

    #[tokio::test]
    async fn one_source_has_half_of_the_slots() {
        let slots = slots(4);
        let source = |number| Some(IpAddr::from([10, 0, 0, number]));
        let busy = [slots.take(source(1)).await, slots.take(source(1)).await];
        let busy = busy.map(|slot| slot.expect("a free slot"));
        let requests = busy.each_ref().map(|slot| slot.connection.begin());
        assert!(slots.take(source(1)).await.is_none());
        let other = slots.take(source(2)).await.expect("a free slot");
        drop(requests);
        // One of its own idle connections gives way.
        let [first, second] = busy;
        let (first, second) = (hold(first), hold(second));
        assert!(slots.take(source(1)).await.is_some());
        first.await.expect("its first one was closed");
        assert!(!second.is_finished());
        drop(other);
    }

    #[tokio::test]
    async fn busy_connections_keep_their_slots() {
        let slots = slots(2);
        let held =
            [slots.take(None).await, slots.take(None).await].map(|slot| slot.expect("a free slot"));
        let requests = held.each_ref().map(|slot| slot.connection.begin());
        assert!(slots.take(None).await.is_none());
        assert_eq!(slots.evicted.get(), 0);
        drop((requests, held));
        assert!(slots.take(None).await.is_some());
    }
}
