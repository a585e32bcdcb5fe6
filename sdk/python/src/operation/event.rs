//! Operations on events.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

/// Lists of events. `dataset` is a name or an id.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "documented in Python")]
pub enum EventOperation {
    Dataset {
        dataset: String,
        filter: EventFilter,
    },
    Job {
        job: Uuid,
        filter: EventFilter,
    },
    Deployment {
        filter: EventFilter,
    },
}

/// Which events to list.
#[derive(Debug, Deserialize)]
pub struct EventFilter {
    /// Only events of this type.
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// Only events of the principal with this name.
    pub principal: Option<String>,
    /// Only events at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// Maximum number of events.
    pub limit: Option<u64>,
}

/// What to follow: the events behind the one with the number `after`, or where the stream begins by itself.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "documented in Python")]
pub enum Follow {
    Dataset { dataset: String, after: Option<i64> },
    Job { job: Uuid, after: Option<i64> },
}

/// A step of following.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowStep {
    /// Connect, so that what happens from then on is received.
    Connect,
    /// Wait for the next event.
    Receive,
}
