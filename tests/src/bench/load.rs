//! Load: as many requests as a number of connections gets done, or so many a second whatever the server does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::task::JoinSet;
use tokio::time::{sleep_until, timeout};

use super::statistics::quantile;

/// How long a request may take before the run is given up.
const TIMEOUT: Duration = Duration::from_mins(1);

/// What one connection does, again and again.
pub trait Work: Send + 'static {
    /// Does it once.
    fn once(&mut self) -> impl Future<Output = Result<()>> + Send;
}

/// What became of it.
#[derive(Debug)]
pub struct Outcome {
    /// Milliseconds of each request.
    latencies: Vec<f64>,
    /// Seconds of all.
    elapsed: f64,
}

impl Outcome {
    /// Number of requests.
    #[expect(clippy::cast_precision_loss, reason = "there are not so many")]
    pub fn requests(&self) -> f64 {
        self.latencies.len() as f64
    }

    /// Requests a second.
    pub fn rate(&self) -> f64 {
        self.requests() / self.elapsed
    }

    /// The time in milliseconds within which this part of the requests was answered.
    pub fn quantile(&self, part: f64) -> f64 {
        quantile(&self.latencies, part)
    }

    async fn of(mut tasks: JoinSet<Result<Vec<f64>>>, begun: Instant) -> Result<Self> {
        let mut latencies = Vec::new();
        while let Some(ended) = tasks.join_next().await {
            latencies.extend(ended??);
        }
        ensure!(!latencies.is_empty(), "no request was answered in time");
        Ok(Self {
            latencies,
            elapsed: begun.elapsed().as_secs_f64(),
        })
    }
}

/// Has every worker begin again as soon as it is done.
///
/// # Errors
/// If a request fails.
pub async fn closed<W: Work>(workers: Vec<W>, lasting: Duration) -> Result<Outcome> {
    let (begun, mut tasks) = (Instant::now(), JoinSet::new());
    for mut worker in workers {
        tasks.spawn(async move {
            let mut latencies = Vec::new();
            while begun.elapsed() < lasting {
                let sent = Instant::now();
                timeout(TIMEOUT, worker.once()).await??;
                latencies.push(milliseconds(sent.elapsed()));
            }
            Ok(latencies)
        });
    }
    Outcome::of(tasks, begun).await
}

/// Sends so many requests a second, by whichever worker is free. A request that has to wait for one counts from when it was
/// due: who comes to a busy server waits, too.
///
/// # Errors
/// If a request fails.
pub async fn open<W: Work>(workers: Vec<W>, rate: f64, lasting: Duration) -> Result<Outcome> {
    let (begun, mut tasks) = (Instant::now(), JoinSet::new());
    let next = Arc::new(AtomicU32::new(0));
    for mut worker in workers {
        let next = Arc::clone(&next);
        tasks.spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let number = f64::from(next.fetch_add(1, Ordering::Relaxed));
                let due = Duration::from_secs_f64(number / rate);
                if due >= lasting {
                    return Ok(latencies);
                }
                let due = begun + due;
                let mut since = due;
                if Instant::now() < due {
                    sleep_until(due.into()).await;
                    // The timer is late by up to a millisecond, which is not the server's time.
                    since = Instant::now();
                }
                timeout(TIMEOUT, worker.once()).await??;
                latencies.push(milliseconds(since.elapsed()));
            }
        });
    }
    Outcome::of(tasks, begun).await
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    struct Count(Arc<AtomicU32>);

    impl Work for Count {
        async fn once(&mut self) -> Result<()> {
            tokio::task::yield_now().await;
            if self.0.fetch_add(1, Ordering::Relaxed) == u32::MAX {
                bail!("too many");
            }
            Ok(())
        }
    }

    fn workers(count: &Arc<AtomicU32>) -> Vec<Count> {
        (0..4).map(|_| Count(Arc::clone(count))).collect()
    }

    #[tokio::test]
    async fn open_load_keeps_its_rate() {
        let count = Arc::new(AtomicU32::new(0));
        let lasting = Duration::from_millis(100);
        let outcome = open(workers(&count), 200.0, lasting).await.unwrap();
        assert_eq!(count.load(Ordering::Relaxed), 20);
        assert!((outcome.requests() - 20.0).abs() < 1e-9);
        assert!(outcome.rate() <= 200.0 * 1.06, "{}", outcome.rate());
    }

    #[tokio::test]
    async fn every_request_of_a_closed_load_counts() {
        let count = Arc::new(AtomicU32::new(0));
        let lasting = Duration::from_millis(20);
        let outcome = closed(workers(&count), lasting).await.unwrap();
        let counted = f64::from(count.load(Ordering::Relaxed));
        assert!((outcome.requests() - counted).abs() < 1e-9);
        assert!(outcome.quantile(0.5) <= outcome.quantile(0.99));
    }

    #[tokio::test]
    async fn failure_ends_the_run() {
        let count = Arc::new(AtomicU32::new(u32::MAX));
        let ended = closed(workers(&count), Duration::from_secs(1)).await;
        assert_eq!(ended.unwrap_err().to_string(), "too many");
    }
}
