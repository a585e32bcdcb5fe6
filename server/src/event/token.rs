//! Where a page of events begins, and what the list is restricted to: a client that requests the next page need not repeat it.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use restow_api::event::{Event, EventQuery};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::page;
use crate::store::EventFilter;

/// The token of a page of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EventToken {
    before: u64,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    event_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<DateTime<Utc>>,
}

impl EventToken {
    /// The id before which the page begins, and what the list is restricted to.
    ///
    /// # Errors
    /// [`crate::error::Error::NotFound`] for a token that no list has issued.
    pub fn position(query: &EventQuery) -> Result<(Option<i64>, EventFilter)> {
        let filter = |event_type: &Option<String>, principal: &Option<String>, since| EventFilter {
            event_type: event_type.as_deref().map(storable),
            principal: principal.as_deref().map(storable),
            since,
        };
        Ok(match page::after::<Self>(&query.page)? {
            Some(token) => (
                Some(i64::try_from(token.before).unwrap_or(i64::MAX)),
                filter(&token.event_type, &token.principal, token.since),
            ),
            None => (
                None,
                filter(&query.event_type, &query.principal, query.since),
            ),
        })
    }

    /// The token of the page behind an event.
    pub fn behind(event: &Event, filter: &EventFilter) -> Self {
        Self {
            before: event.id,
            event_type: filter.event_type.clone(),
            principal: filter.principal.clone(),
            since: filter.since,
        }
    }
}

/// Text that every database can compare with.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl fmt::Display for EventToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

impl FromStr for EventToken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let json = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|error| error.to_string())?;
        serde_json::from_slice(&json).map_err(|error| error.to_string())
    }
}
