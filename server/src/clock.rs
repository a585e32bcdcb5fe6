//! The clock. Operations read it once, and hand the reading on.

use chrono::{DateTime, SubsecRound, Utc};

/// The time, in the microseconds that every database keeps.
pub fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
