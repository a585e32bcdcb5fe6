//! Throughput of a transfer.

use std::time::{Duration, Instant};

/// Minimum time over which bytes are counted.
const MIN_INTERVAL: Duration = Duration::from_millis(500);

/// Weight of the newest count in the average.
const WEIGHT: f64 = 0.3;

/// A moving average that starts with the first bytes.
#[derive(Debug, Default)]
pub(crate) struct Rate {
    since: Option<Instant>,
    bytes: u64,
    /// Bytes per second; `None` before the first count.
    average: Option<f64>,
}

impl Rate {
    /// Counts bytes and returns the rate in bytes per second; 0 until it is known.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss
    )]
    pub fn count(&mut self, bytes: u64, now: Instant) -> u64 {
        let elapsed = now.duration_since(*self.since.get_or_insert(now));
        self.bytes += bytes;
        if elapsed >= MIN_INTERVAL {
            let newest = self.bytes as f64 / elapsed.as_secs_f64();
            self.average = Some(
                self.average
                    .map_or(newest, |average| average + WEIGHT * (newest - average)),
            );
            (self.since, self.bytes) = (Some(now), 0);
        }
        self.average.unwrap_or_default() as u64
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Rate;

    #[test]
    fn rate_follows_the_bytes() {
        let mut now = Instant::now();
        let mut rate = Rate::default();
        now += Duration::from_mins(1);
        assert_eq!(rate.count(0, now), 0);
        let mut after = |milliseconds, bytes| {
            now += Duration::from_millis(milliseconds);
            rate.count(bytes, now)
        };
        assert_eq!(after(100, 50), 0);
        assert_eq!(after(400, 50), 200);
        assert!((200..1000).contains(&after(500, 500)));
        let last = (0..50).map(|_| after(500, 500)).last();
        assert!(last >= Some(999), "{last:?}");
    }
}
