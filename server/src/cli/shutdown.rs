//! Shutdown: a drain in which everything is still served, then an end of everything within one budget of time.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep, timeout_at};

use crate::app::App;

/// What is left of the budget for closing the database and the embedded S3, however long requests and background work take.
const RESERVE: Duration = Duration::from_secs(2);

/// When a shutdown has to be over. Whatever needs less time than it may leaves the rest to what comes after it.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    end: Instant,
    work_end: Instant,
}

impl Budget {
    /// A budget that begins now.
    pub fn start(total: Duration) -> Self {
        let now = Instant::now();
        Self {
            end: now + total,
            work_end: now + total.saturating_sub(RESERVE.min(total / 4)),
        }
    }

    /// When requests and background work have to have ended.
    pub fn work_end(self) -> Instant {
        self.work_end
    }

    /// How much time is left in all.
    pub fn left(self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }
}

/// A request to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// SIGTERM, by an orchestrator whose clients have yet to learn that the process stops.
    Terminate,
    /// SIGINT, from a person at a terminal, who waits for the end.
    Interrupt,
}

/// SIGTERM and SIGINT, handled from the start of the process.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Registers the handlers.
    pub fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Stop {
        tokio::select! {
            _ = self.terminate.recv() => Stop::Terminate,
            _ = self.interrupt.recv() => Stop::Interrupt,
        }
    }

    /// From now on, another signal ends the process at once.
    pub fn exit_on_next(mut self) {
        tracing::info!("stopping; send the signal again to stop at once");
        tokio::spawn(async move {
            self.next().await;
            std::process::exit(1);
        });
    }
}

/// Lets load balancers notice that the process stops, while everything is still served: for `drain` after SIGTERM, or until
/// another signal; not at all after SIGINT.
pub async fn drain(app: &App, signals: &mut Signals, stop: Stop, drain: Duration) {
    app.draining.cancel();
    if stop == Stop::Interrupt || drain.is_zero() {
        return;
    }
    tracing::info!(
        "draining for {drain:?}: /readyz returns 503, and requests are still served; send the signal again to stop now"
    );
    tokio::select! {
        () = sleep(drain) => {}
        _ = signals.next() => {}
    }
}

/// Stops the background work, and closes the database.
pub async fn finish(app: &App, budget: Budget) {
    stop_work(app, budget).await;
    close(app, budget).await;
}

/// Stops the background work; what does not end within the budget is resumed when its leases expire.
pub async fn stop_work(app: &App, budget: Budget) {
    app.stopping.cancel();
    app.tasks.close();
    if timeout_at(budget.work_end(), app.tasks.wait())
        .await
        .is_err()
    {
        tracing::warn!(
            tasks = app.tasks.len(),
            "background work did not finish in time; it is resumed when its leases expire"
        );
    }
}

/// Closes the database.
pub async fn close(app: &App, budget: Budget) {
    // A connection that does not respond is closed with the process.
    let _ = timeout_at(budget.end, app.store.close()).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budget_keeps_a_reserve_for_the_end() {
        for (seconds, reserve) in [(25, 2), (4, 1)] {
            let budget = Budget::start(Duration::from_secs(seconds));
            assert_eq!(budget.end - budget.work_end(), Duration::from_secs(reserve));
            assert!(budget.left() <= Duration::from_secs(seconds));
        }
    }
}
