//! A reading of a clock, counted on from.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use tokio::time::Instant;

/// The last reading of PostgreSQL's clock, and when it was taken. The monotonic clock counts from there, so that a jump of
/// the process's own clock changes nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading(Arc<RwLock<Option<Taken>>>);

/// A time of the clock, and the moment at which it was that time.
type Taken = (DateTime<Utc>, Instant);

impl Reading {
    pub(super) fn take(&self, time: DateTime<Utc>, at: Instant) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((time, at));
    }

    pub(super) fn now(&self) -> Option<DateTime<Utc>> {
        let reading = *self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (time, at) = reading?;
        let elapsed = TimeDelta::from_std(at.elapsed()).ok()?;
        Some((time + elapsed).trunc_subsecs(6))
    }
}
