//! The text of a stream: server-sent events (HTML, section 9.2). JSON has no line ends.

use chrono::{DateTime, Utc};
use restow_api::event::{Event, EventOutcome};
use serde_json::{Map, Value};

use super::for_readers;
use crate::store::{EventRow, EventScope};

/// How long a browser waits before it connects again, in milliseconds.
const RETRY: u32 = 1000;

/// Type of the event that begins a stream behind a number that the database has not given.
const RESET: &str = "stream.reset";

/// A comment, which keeps proxies from closing the connection.
pub(super) const HEARTBEAT: &str = ":\n\n";

/// What a stream begins with. An `id` without data is the last one that a client has seen, so that one which connects again
/// before the first event misses nothing.
pub(super) fn opening(position: i64) -> String {
    format!("retry: {RETRY}\nid: {position}\n\n")
}

/// Events, one after the other.
pub(super) fn events(rows: Vec<EventRow>) -> String {
    rows.into_iter()
        .map(|row| text(&for_readers(row)))
        .collect()
}

/// The event that says that the stream begins with the oldest event that is kept, since the last one that the client has
/// seen is not one of this database.
pub(super) fn reset(scope: EventScope, last: i64, time: DateTime<Utc>) -> String {
    let (dataset_id, job_id) = match scope {
        EventScope::Dataset(id) => (Some(id), None),
        EventScope::Job(id) => (None, Some(id)),
    };
    text(&Event {
        id: 0,
        time,
        event_type: RESET.to_string(),
        dataset_id,
        job_id,
        version: None,
        actor: None,
        outcome: EventOutcome::Done,
        reason: None,
        before: Some(Map::from_iter([(
            "last_event_id".to_string(),
            Value::from(last),
        )])),
        after: None,
    })
}

fn text(event: &Event) -> String {
    let data = serde_json::to_string(event).unwrap_or_default();
    format!(
        "id: {}\nevent: {}\ndata: {data}\n\n",
        event.id, event.event_type
    )
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn opening_names_the_position() {
        assert_eq!(opening(4711), "retry: 1000\nid: 4711\n\n");
    }

    #[test]
    fn reset_is_an_event_before_all_others() {
        let scope = EventScope::Job(Uuid::from_u128(7));
        let text = reset(scope, 5000, DateTime::UNIX_EPOCH);
        let (head, data) = text.split_once("data: ").unwrap();
        assert_eq!(head, "id: 0\nevent: stream.reset\n");
        let event: Event = serde_json::from_str(data).unwrap();
        assert_eq!(event.id, 0);
        assert_eq!(event.job_id, Some(scope.id()));
        assert_eq!(event.before.unwrap()["last_event_id"], 5000);
    }
}
