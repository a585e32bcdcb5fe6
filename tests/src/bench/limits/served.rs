//! Requests at a pace, of which some may not be served: that is a result, and no failure of the run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::time::timeout;

use crate::bench::load::{Outcome, Work, open};

/// After how long a client gives a request up.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What became of the requests of a client.
pub struct Served {
    /// The times of all of them, served or not.
    pub outcome: Outcome,
    /// How many were served.
    number: u32,
}

/// A client whose failures are counted.
struct Counted<W> {
    client: W,
    served: Arc<AtomicU32>,
    has_failed: bool,
}

impl Served {
    /// Percentage of the requests that were served.
    pub fn percentage(&self) -> f64 {
        100.0 * f64::from(self.number) / self.outcome.requests()
    }
}

/// Has a client send so many requests a second, one after another, for a time.
///
/// # Errors
/// Those of [`open`]; a request that is not served is none.
pub async fn served(client: impl Work, pace: f64, lasting: Duration) -> Result<Served> {
    let served = Arc::default();
    let client = Counted {
        client,
        served: Arc::clone(&served),
        has_failed: false,
    };
    let outcome = open(vec![client], pace, lasting).await?;
    let number = served.load(Ordering::Relaxed);
    Ok(Served { outcome, number })
}

impl<W: Work> Work for Counted<W> {
    async fn once(&mut self) -> Result<()> {
        let ended = timeout(TIMEOUT, self.client.once()).await;
        match ended.map_err(Into::into).flatten() {
            Ok(()) => {
                self.served.fetch_add(1, Ordering::Relaxed);
            }
            // The first failure is enough to know of.
            Err(error) if !self.has_failed => {
                eprintln!("a request was not served: {error:#}");
                self.has_failed = true;
            }
            Err(_) => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::ensure;

    use super::*;

    /// Fails every fourth time.
    struct Quarter(u32);

    impl Work for Quarter {
        async fn once(&mut self) -> Result<()> {
            self.0 += 1;
            ensure!(!self.0.is_multiple_of(4), "refused");
            Ok(())
        }
    }

    #[tokio::test]
    async fn failures_lower_what_is_served() {
        let lasting = Duration::from_millis(40);
        let served = served(Quarter(0), 200.0, lasting).await.unwrap();
        assert!((served.outcome.requests() - 8.0).abs() < 1e-9);
        assert!((served.percentage() - 75.0).abs() < 1e-9);
    }
}
