//! Whether everything that the server depends on is there, and agrees on the time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::app::App;
use crate::clock;
use crate::storage::Reason;

/// How long a dependency may take to show that it is there.
const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// How old may be what a probe is told.
const MAX_AGE: Duration = Duration::from_secs(1);

/// From which difference on clocks are reported: URLs are signed by ours and judged by S3's.
const MAX_CLOCK_SKEW: TimeDelta = TimeDelta::minutes(1);

/// What is known of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependency {
    /// It does not respond, or refuses; S3 with a reason.
    Unavailable(Option<Reason>),
    /// It responds, and its clock is ahead of ours by this much, if it reports the time.
    Available(Option<TimeDelta>),
}

impl Dependency {
    async fn probe(
        request: impl Future<Output = Result<Option<DateTime<Utc>>, Option<Reason>>>,
        too_slow: Option<Reason>,
    ) -> Self {
        match timeout(PROBE_TIMEOUT, request).await {
            Ok(Ok(time)) => Self::Available(time.map(|time| time - clock::now())),
            Ok(Err(reason)) => Self::Unavailable(reason),
            Err(_) => Self::Unavailable(too_slow),
        }
    }

    /// Whether it responds.
    pub fn is_available(self) -> bool {
        matches!(self, Self::Available(_))
    }

    /// Why it is not available, if that is known.
    pub fn reason(self) -> Option<Reason> {
        match self {
            Self::Unavailable(reason) => reason,
            Self::Available(_) => None,
        }
    }

    /// By how many whole seconds its clock is ahead of ours, if it reports the time.
    pub fn clock_difference_seconds(self) -> Option<i64> {
        match self {
            Self::Available(skew) => skew.map(|skew| skew.num_seconds()),
            Self::Unavailable(_) => None,
        }
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

/// Looks at everything that the server depends on, for a few seconds at most, and publishes it for metrics.
pub async fn check(app: &App) -> Health {
    let database = async { app.store.server_time().await.map_err(|_| None) };
    let storage = async {
        let time = app.storage.server_time().await;
        time.map_err(|error| Some(error.reason()))
    };
    let database = Dependency::probe(database, None);
    let storage = Dependency::probe(storage, Some(Reason::Timeout));
    let (database, storage) = tokio::join!(database, storage);
    for (name, dependency) in [("database", database), ("s3", storage)] {
        let ahead = dependency.clock_difference_seconds();
        app.metrics
            .set_dependency(name, dependency.is_available(), ahead);
    }
    Health { database, storage }
}

/// Warns of what is not as it should be. Returns whether S3 can be used.
pub async fn warn(app: &App) -> bool {
    let health = check(app).await;
    for (name, dependency) in [("database", health.database), ("storage", health.storage)] {
        match (dependency.is_available(), dependency.reason()) {
            (true, _) => {}
            (false, None) => tracing::warn!(
                "the {name} does not respond; requests that need it fail with 503 until it does"
            ),
            (false, Some(reason)) => warn_of(name, reason),
        }
        if let Some(seconds) = dependency.skew_seconds() {
            let side = if seconds < 0 { "behind" } else { "ahead of" };
            let seconds = seconds.abs();
            tracing::warn!(
                "the clock of the {name} is {seconds} s {side} ours; S3 may reject signed URLs; synchronize the clocks"
            );
        }
    }
    health.storage.is_available()
}

fn warn_of(name: &str, reason: Reason) {
    let (cause, advice) = (reason.cause(), reason.advice());
    let until = if reason.is_permanent() {
        "until that is corrected"
    } else {
        "until it is available"
    };
    tracing::warn!(
        reason = reason.as_str(),
        "the {name} cannot be used: {cause}; {advice}; requests that need it fail with 503 {until}"
    );
}
