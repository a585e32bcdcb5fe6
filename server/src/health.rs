//! Whether everything that the server depends on is there, and agrees on the time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::app::App;
use crate::clock;

/// How long a dependency may take to show that it is there.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// How old may be what a probe is told.
const MAX_AGE: Duration = Duration::from_secs(1);

/// From which difference on clocks are reported: URLs are signed by ours and judged by S3's.
const MAX_CLOCK_SKEW: TimeDelta = TimeDelta::minutes(1);

/// What is known of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// It does not respond.
    Unavailable,
    /// It responds, and its clock is ahead of ours by this much, if it reports the time.
    Available(Option<TimeDelta>),
}

impl Dependency {
    async fn probe<E>(request: impl Future<Output = Result<Option<DateTime<Utc>>, E>>) -> Self {
        match timeout(PROBE_TIMEOUT, request).await {
            Ok(Ok(time)) => Self::Available(time.map(|time| time - clock::now())),
            Ok(Err(_)) | Err(_) => Self::Unavailable,
        }
    }

    /// Whether it responds.
    pub fn is_available(self) -> bool {
        self != Self::Unavailable
    }

    /// By how many whole seconds its clock is ahead of ours, where that is more than it should be.
    pub fn skew_seconds(self) -> Option<i64> {
        match self {
            Self::Available(Some(skew)) if skew.abs() > MAX_CLOCK_SKEW => Some(skew.num_seconds()),
            _ => None,
        }
    }
}

/// What the server depends on.
#[derive(Clone, Copy, Debug)]
pub struct Health {
    /// The database.
    pub database: Dependency,
    /// S3.
    pub storage: Dependency,
}

/// What was last found for probes, and when. It is looked at once at a time: anybody may send a probe, and must not cause
/// a request to S3 and one to the database with each.
#[derive(Debug, Default)]
pub struct RecentHealth(Mutex<Option<(Instant, Health)>>);

impl RecentHealth {
    /// What is known of everything that the server depends on, no older than a second.
    pub async fn get(&self, app: &App) -> Health {
        let mut last = self.0.lock().await;
        match *last {
            Some((at, health)) if at.elapsed() < MAX_AGE => health,
            _ => {
                let health = check(app).await;
                *last = Some((Instant::now(), health));
                health
            }
        }
    }
}

/// Looks at everything that the server depends on, for a few seconds at most.
pub async fn check(app: &App) -> Health {
    let database = Dependency::probe(app.store.server_time());
    let storage = Dependency::probe(app.storage.server_time());
    let (database, storage) = tokio::join!(database, storage);
    Health { database, storage }
}

/// Warns of what is not as it should be.
pub async fn warn(app: &App) {
    let health = check(app).await;
    for (name, dependency) in [("database", health.database), ("storage", health.storage)] {
        if !dependency.is_available() {
            tracing::warn!(
                "the {name} does not respond; requests that need it fail with 503 until it does"
            );
        }
        if let Some(seconds) = dependency.skew_seconds() {
            let side = if seconds < 0 { "behind" } else { "ahead of" };
            let seconds = seconds.abs();
            tracing::warn!(
                "the clock of the {name} is {seconds} s {side} ours; S3 may reject signed URLs; synchronize the clocks"
            );
        }
    }
}
