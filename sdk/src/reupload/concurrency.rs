//! The number of parallel part uploads: more while that raises the throughput, fewer when S3 cannot keep up.

use std::time::Instant;

/// Parallel part uploads at the start.
const INITIAL_LIMIT: usize = 4;

/// Minimum factor by which the rate has to grow to justify more parallel uploads.
const MIN_SPEEDUP: f64 = 1.05;

/// Number of measurements after which a higher limit is tried again.
const PROBE_INTERVAL: u32 = 32;

/// The limit of parallel part uploads, between 1 and a maximum.
///
/// The rate is measured over as many parts as the limit allows. The limit doubles as long as the rate grows with it,
/// and then stays; from time to time a higher one is tried again. A failed part halves the limit, which then grows
/// back by one per measurement.
#[derive(Debug)]
pub(super) struct Concurrency {
    limit: usize,
    max: usize,
    /// The highest limit that raised the rate.
    settled: usize,
    /// Whether the limit is being doubled.
    is_probing: bool,
    /// Bytes per second of the previous measurement.
    rate: f64,
    /// Measurements since a higher limit was last tried.
    measurements: u32,
    /// When the limit was last halved.
    halved: Option<Instant>,
    started: Instant,
    bytes: u64,
    parts: usize,
}

impl Concurrency {
    pub fn new(max: usize, now: Instant) -> Self {
        let limit = INITIAL_LIMIT.min(max);
        Self {
            limit,
            max,
            settled: limit,
            is_probing: true,
            rate: 0.0,
            measurements: 0,
            halved: None,
            started: now,
            bytes: 0,
            parts: 0,
        }
    }

    /// Maximum number of parallel part uploads.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Records that a part of this many bytes was uploaded.
    pub fn record_success(&mut self, bytes: u64, now: Instant) {
        self.bytes += bytes;
        self.parts += 1;
        if self.parts < self.limit {
            return;
        }
        #[allow(clippy::cast_precision_loss, reason = "a rate need not be exact")]
        let rate = self.bytes as f64 / now.duration_since(self.started).as_secs_f64().max(1e-6);
        self.adapt(rate > self.rate * MIN_SPEEDUP);
        self.restart_measurement(rate, now);
    }

    fn adapt(&mut self, is_faster: bool) {
        self.measurements += 1;
        if self.is_probing && is_faster {
            self.settled = self.limit;
            self.limit = (self.limit * 2).min(self.max);
        } else if self.is_probing {
            self.limit = self.settled;
            (self.is_probing, self.measurements) = (false, 0);
        } else if self.limit < self.settled {
            self.limit += 1;
        } else if self.measurements >= PROBE_INTERVAL {
            self.is_probing = true;
            self.limit = (self.limit * 2).min(self.max);
        }
    }

    /// Records that sending a part failed that was started at this time. Parts that were in flight when the limit was
    /// halved do not halve it again.
    pub fn record_failure(&mut self, started: Instant, now: Instant) {
        if self.halved.is_some_and(|halved| started < halved) {
            return;
        }
        self.limit = (self.limit / 2).max(1);
        self.halved = Some(now);
        // Once back at the old limit, a higher one is tried soon.
        (self.is_probing, self.measurements) = (false, PROBE_INTERVAL);
        self.restart_measurement(0.0, now);
    }

    fn restart_measurement(&mut self, rate: f64, now: Instant) {
        (self.rate, self.started, self.bytes, self.parts) = (rate, now, 0, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Concurrency;

    /// A link on which each part takes one second, and which transfers at most `capacity` parts per second.
    struct Link {
        concurrency: Concurrency,
        now: Instant,
        capacity: f64,
    }

    impl Link {
        fn new(max: usize, capacity: f64) -> Self {
            let now = Instant::now();
            Self {
                concurrency: Concurrency::new(max, now),
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
    fn fast_link_reaches_the_maximum() {
        let mut link = Link::new(16, f64::INFINITY);
        assert_eq!(link.concurrency.limit(), 4);
        assert_eq!(link.send(12), 16);
        assert_eq!(link.send(10_000), 16);
        assert_eq!(Link::new(2, 100.0).send(50), 2);
    }

    #[test]
    fn saturated_link_keeps_its_limit() {
        let mut link = Link::new(64, 8.0);
        assert_eq!(link.send(4 + 8 + 16), 8);
        assert_eq!(link.send(16), 8);
    }

    #[test]
    fn faster_link_raises_the_limit() {
        let mut link = Link::new(64, 4.0);
        link.send(100);
        link.capacity = 16.0;
        assert_eq!((0..1000).map(|_| link.send(1)).max(), Some(32));
    }

    #[test]
    fn failure_halves_the_limit_until_it_recovers() {
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
    fn parallel_failures_halve_the_limit_once() {
        let mut link = Link::new(16, f64::INFINITY);
        link.send(100);
        let started = link.now;
        for _ in 0..16 {
            link.now += Duration::from_millis(1);
            link.concurrency.record_failure(started, link.now);
        }
        assert_eq!(link.concurrency.limit(), 8);
    }
}
