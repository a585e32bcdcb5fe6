//! How many parts are under way at once: more while that makes the whole faster, fewer when S3 cannot keep up.

use std::time::Instant;

/// Parts under way at the beginning.
const FIRST: usize = 4;

/// By how much the rate has to grow for more parts to be worth it.
const WORTHWHILE: f64 = 1.05;

/// How often the rate is measured before it is tried once more whether more parts make it grow.
const PROBE_AFTER: u32 = 32;

/// The number of parts that may be under way, between 1 and a bound.
///
/// The rate is measured over as many parts as may be under way. The number doubles as long as the rate grows with
/// it, and then stays; from time to time it is tried again. What S3 or the network does not take halves it, and
/// from there it comes back one by one.
#[derive(Debug)]
pub(super) struct Concurrency {
    limit: usize,
    most: usize,
    /// The number that was found to be enough.
    settled: usize,
    /// Whether the number doubles.
    is_probing: bool,
    /// Bytes per second of the measurement before.
    rate: f64,
    /// Measurements since the number was last tried.
    measurements: u32,
    /// When the number was last halved.
    halved: Option<Instant>,
    began: Instant,
    bytes: u64,
    parts: usize,
}

impl Concurrency {
    pub fn new(most: usize, now: Instant) -> Self {
        let limit = FIRST.min(most);
        Self {
            limit,
            most,
            settled: limit,
            is_probing: true,
            rate: 0.0,
            measurements: 0,
            halved: None,
            began: now,
            bytes: 0,
            parts: 0,
        }
    }

    /// How many parts may be under way.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// A part of so many bytes has arrived.
    pub fn record_success(&mut self, bytes: u64, now: Instant) {
        self.bytes += bytes;
        self.parts += 1;
        if self.parts < self.limit {
            return;
        }
        #[allow(clippy::cast_precision_loss, reason = "a rate need not be exact")]
        let rate = self.bytes as f64 / now.duration_since(self.began).as_secs_f64().max(1e-6);
        self.adapt(rate > self.rate * WORTHWHILE);
        self.measure_anew(rate, now);
    }

    fn adapt(&mut self, is_faster: bool) {
        self.measurements += 1;
        if self.is_probing && is_faster {
            self.settled = self.limit;
            self.limit = (self.limit * 2).min(self.most);
        } else if self.is_probing {
            self.limit = self.settled;
            (self.is_probing, self.measurements) = (false, 0);
        } else if self.limit < self.settled {
            self.limit += 1;
        } else if self.measurements >= PROBE_AFTER {
            self.is_probing = true;
            self.limit = (self.limit * 2).min(self.most);
        }
    }

    /// S3 or the network did not take a part that was begun to be sent at a time. What was under way when the number
    /// was halved says nothing new.
    pub fn record_failure(&mut self, began: Instant, now: Instant) {
        if self.halved.is_some_and(|halved| began < halved) {
            return;
        }
        self.limit = (self.limit / 2).max(1);
        self.halved = Some(now);
        // Back where it was, it may be too little: it is tried soon.
        (self.is_probing, self.measurements) = (false, PROBE_AFTER);
        self.measure_anew(0.0, now);
    }

    fn measure_anew(&mut self, rate: f64, now: Instant) {
        (self.rate, self.began, self.bytes, self.parts) = (rate, now, 0, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Concurrency;

    /// A link on which each part takes a second, but which takes no more than `capacity` parts a second.
    struct Link {
        concurrency: Concurrency,
        now: Instant,
        capacity: f64,
    }

    impl Link {
        fn new(most: usize, capacity: f64) -> Self {
            let now = Instant::now();
            Self {
                concurrency: Concurrency::new(most, now),
                now,
                capacity,
            }
        }

        #[allow(clippy::cast_precision_loss)]
        fn send(&mut self, parts: usize) -> usize {
            for _ in 0..parts {
                let rate = (self.concurrency.limit() as f64).min(self.capacity);
                self.now += Duration::from_secs_f64(1.0 / rate);
                self.concurrency.record_success(1, self.now);
            }
            self.concurrency.limit()
        }
    }

    #[test]
    fn a_fast_link_is_filled_up_to_the_bound() {
        let mut link = Link::new(16, f64::INFINITY);
        assert_eq!(link.concurrency.limit(), 4);
        assert_eq!(link.send(12), 16);
        assert_eq!(link.send(10_000), 16);
        assert_eq!(Link::new(2, 100.0).send(50), 2);
    }

    #[test]
    fn a_full_link_is_not_crowded() {
        let mut link = Link::new(64, 8.0);
        assert_eq!(link.send(4 + 8 + 16), 8);
        assert_eq!(link.send(16), 8);
    }

    #[test]
    fn a_link_that_becomes_faster_is_found_to_be() {
        let mut link = Link::new(64, 4.0);
        link.send(100);
        link.capacity = 16.0;
        assert_eq!((0..1000).map(|_| link.send(1)).max(), Some(32));
    }

    #[test]
    fn a_refusal_halves_and_what_is_halved_recovers() {
        let mut link = Link::new(16, f64::INFINITY);
        link.send(100);
        for halved in [8, 4, 2, 1, 1] {
            link.concurrency.record_failure(link.now, link.now);
            link.now += Duration::from_secs(1);
            assert_eq!(link.concurrency.limit(), halved);
        }
        assert_eq!(link.send(200), 16);
    }

    #[test]
    fn parts_that_were_under_way_together_are_one_refusal() {
        let mut link = Link::new(16, f64::INFINITY);
        link.send(100);
        let began = link.now;
        for _ in 0..16 {
            link.now += Duration::from_millis(1);
            link.concurrency.record_failure(began, link.now);
        }
        assert_eq!(link.concurrency.limit(), 8);
    }
}
