//! When a stream that has ended or broken off is opened again.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use tokio::time::{Instant, sleep_until};

use super::decoder::Decoded;

/// Pause before a stream is opened again, without the jitter, which spreads the clients of a server that stops.
const MIN_DELAY: Duration = Duration::from_secs(1);

/// Longest pause, without the jitter.
const MAX_DELAY: Duration = Duration::from_secs(20);

/// Heartbeats of a connection after which it is known to work.
const ENOUGH_HEARTBEATS: u32 = 3;

/// Pauses between the connections of a stream: they grow as long as no connection brings anything.
#[derive(Debug)]
pub(super) struct Reconnects {
    delays: ExponentialBackoff,
    heartbeats: u32,
    not_before: Option<Instant>,
}

impl Default for Reconnects {
    fn default() -> Self {
        Self {
            delays: delays(),
            heartbeats: 0,
            not_before: None,
        }
    }
}

impl Reconnects {
    /// Waits until the stream may be opened. Can be cancelled, and then waits for the rest.
    pub async fn wait(&self) {
        if let Some(time) = self.not_before {
            sleep_until(time).await;
        }
    }

    /// Takes what a connection has brought.
    pub fn received(&mut self, decoded: &[Decoded]) {
        for part in decoded {
            match part {
                Decoded::Event(_) => self.heartbeats = ENOUGH_HEARTBEATS,
                Decoded::Heartbeat => self.heartbeats += 1,
                Decoded::Position(_) => {}
            }
        }
        if self.heartbeats >= ENOUGH_HEARTBEATS {
            self.delays = delays();
        }
    }

    /// The connection has ended, or broken off.
    pub fn ended(&mut self) {
        self.heartbeats = 0;
        self.not_before = Some(Instant::now() + self.delay());
    }

    fn delay(&mut self) -> Duration {
        self.delays.next().unwrap_or(MAX_DELAY)
    }
}

fn delays() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_jitter()
        .with_min_delay(MIN_DELAY)
        .with_max_delay(MAX_DELAY)
        .without_max_times()
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Delays of connections that each bring the same.
    fn delays_with(brought: impl Fn() -> Vec<Decoded>) -> Vec<Duration> {
        let mut reconnects = Reconnects::default();
        let delay = |_| {
            reconnects.received(&brought());
            reconnects.heartbeats = 0;
            reconnects.delay()
        };
        (0..8).map(delay).collect()
    }

    #[test]
    fn connections_that_bring_nothing_become_rarer() {
        let opening = || vec![Decoded::Position(6), Decoded::Heartbeat];
        let delays = delays_with(opening);
        for (number, delay) in (0..).zip(&delays) {
            let least = (MIN_DELAY * 2_u32.pow(number)).min(MAX_DELAY);
            assert!(*delay >= least && *delay <= least * 2, "{delays:?}");
        }
    }

    #[test]
    fn connections_that_work_are_opened_again_soon() {
        let heartbeats = || (0..ENOUGH_HEARTBEATS).map(|_| Decoded::Heartbeat).collect();
        let delays = delays_with(heartbeats);
        assert!(
            delays.iter().all(|delay| *delay <= MIN_DELAY * 2),
            "{delays:?}"
        );
    }

    #[test]
    fn clients_do_not_return_at_the_same_time() {
        let first: Vec<_> = (0..20).map(|_| Reconnects::default().delay()).collect();
        assert!(first.iter().any(|delay| *delay != first[0]), "{first:?}");
    }

    #[test]
    fn pause_follows_an_end() {
        let mut reconnects = Reconnects::default();
        assert!(reconnects.not_before.is_none());
        let before = Instant::now();
        reconnects.ended();
        assert!(reconnects.not_before >= Some(before + MIN_DELAY));
    }
}
