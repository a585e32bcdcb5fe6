//! What the reaper of this process did: when each duty last ran, how it ended, and how much it removed.

use chrono::{DateTime, Utc};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::register::{Label, family, gauge};

/// A duty and how it ended.
type RunLabels = [(&'static str, &'static str); 2];

/// How a run of a duty ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyOutcome {
    /// Nothing is left to do.
    Done,
    /// The database or S3 failed.
    Failed,
    /// Its time was over; the next round continues it.
    Cut,
}

impl DutyOutcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cut => "cut",
        }
    }
}

/// What the reaper of this process did.
#[derive(Debug)]
pub(super) struct Duties {
    runs: Family<RunLabels, Counter>,
    last_run: Family<Label, Gauge>,
    last_round: Gauge,
    items: Family<Label, Counter>,
}

impl Duties {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let runs = Family::<RunLabels, Counter>::default();
        registry.register(
            "reaper_duty_runs",
            "Runs of the duties of the reaper in this process, by outcome",
            runs.clone(),
        );
        Self {
            runs,
            last_run: family(
                registry,
                "reaper_duty_last_done_timestamp_seconds",
                "When a duty of the reaper was last done to its end in this process",
            ),
            last_round: gauge(
                registry,
                "reaper_round_timestamp_seconds",
                "When the reaper of this process last ended a round; 0 if it has ended none",
            ),
            items: family(
                registry,
                "reaper_items",
                "Jobs, versions, objects and uploads that the reaper of this process ended or removed",
            ),
        }
    }

    pub(super) fn count(&self, duty: &'static str, outcome: DutyOutcome, now: DateTime<Utc>) {
        // The first failure of a duty is an increase only if that outcome was there before.
        for other in [DutyOutcome::Done, DutyOutcome::Failed, DutyOutcome::Cut] {
            let labels = [("duty", duty), ("outcome", other.as_str())];
            self.runs
                .get_or_create(&labels)
                .inc_by(u64::from(other == outcome));
        }
        if outcome == DutyOutcome::Done {
            self.last_run
                .get_or_create(&[("duty", duty)])
                .set(now.timestamp());
        }
    }

    pub(super) fn count_round(&self, now: DateTime<Utc>) {
        self.last_round.set(now.timestamp());
    }

    pub(super) fn count_items(&self, what: &'static str, number: u64) {
        self.items.get_or_create(&[("what", what)]).inc_by(number);
    }
}
