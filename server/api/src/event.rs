//! Events: what happened to datasets, by whom, and what was refused.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use dropshot::{
    ApiEndpointBodyContentType, ExtractorMetadata, Header, HttpError, RequestContext,
    ServerContext, SharedExtractor,
};
use http::{HeaderMap, header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::error::ValidationError;
use crate::page::PageQuery;
use crate::request::Checked;
use crate::string_enum::string_enum;
use crate::validation::RequestSchema;

/// Media type of a stream of events (HTML, section 9.2).
pub const EVENT_STREAM: &str = "text/event-stream";

/// Name of the header with the last event that a client has seen, in lower case.
pub const LAST_EVENT_ID: &str = "last-event-id";

string_enum! {
    /// Whether something was done.
    EventOutcome, "Event Outcome" {
        /// It was done.
        Done = "done",
        /// It was refused.
        Refused = "refused",
    }
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventActor {
    /// Name of the principal at that time; null for a CI job whose token was not exchanged, which acts for no principal.
    #[schemars(title = "Principal")]
    pub principal: Option<String>,
    /// Identifier of the principal; null where there is none.
    #[schemars(title = "Principal Id")]
    pub principal_id: Option<Uuid>,
    /// Identifier of the token; null where the server does not store it.
    #[schemars(title = "Token Id")]
    pub token_id: Option<Uuid>,
    /// Name of the token, or of the CI job; null if it has none.
    #[schemars(title = "Token")]
    pub token: Option<String>,
    /// Address of the client; null where it is not known, and in lists of a dataset or a job.
    #[schemars(title = "Address")]
    pub address: Option<String>,
    /// Identifier of the request.
    #[schemars(title = "Request Id")]
    pub request_id: String,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// Number of the event. In a stream, numbers ascend; some are missing. 0 for `stream.reset`.
    #[schemars(title = "Id")]
    pub id: u64,
    /// Time of the event.
    #[schemars(title = "Time")]
    pub time: DateTime<Utc>,
    /// What happened, for example `version.committed`. New types can be added; ignore those that you do not know.
    #[serde(rename = "type")]
    #[schemars(title = "Event Type")]
    pub event_type: String,
    /// Dataset that it happened to; null for events of tokens and principals.
    #[schemars(title = "Dataset Id")]
    pub dataset_id: Option<Uuid>,
    /// Job that it happened to, or that led to the version; null if there is none.
    #[schemars(title = "Job Id")]
    pub job_id: Option<Uuid>,
    /// Number of the version that it happened to; null if there is none.
    #[schemars(title = "Version")]
    pub version: Option<u64>,
    /// Who did it; null where the server itself did.
    pub actor: Option<EventActor>,
    /// Whether it was done.
    pub outcome: EventOutcome,
    /// Machine code of the error that refused it; null where it was done.
    #[schemars(title = "Reason")]
    pub reason: Option<String>,
    /// What was changed, as it was before; null where there was nothing.
    #[schemars(title = "Before")]
    pub before: Option<Map<String, Value>>,
    /// What was changed, as it is since, or what was tried; null where there is nothing.
    #[schemars(title = "After")]
    pub after: Option<Map<String, Value>>,
}

/// Which events to list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EventQuery {
    /// Page of the list.
    #[serde(flatten)]
    pub page: PageQuery,
    /// Only events of this type.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<String>,
    /// Only events of the principal with this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// Only events at this time or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
}

/// The headers of a request for events, as documented.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct EventHeaders {
    /// Only with `Accept: text/event-stream`: the stream begins behind the event with this number. Without it, the stream of
    /// a job begins with the job, and that of a dataset with what happens from now on. Where the server has not given the
    /// number, for example since its database was restored from a backup, the stream begins with an event of the type
    /// `stream.reset`, and then with the oldest event that is kept.
    #[serde(rename = "Last-Event-ID")]
    #[schemars(regex(pattern = "^[0-9]{1,18}$"))]
    last_event_id: Option<String>,
}

/// What the headers of a request for events say.
#[derive(Debug)]
pub struct EventHeader {
    wants_stream: bool,
    last_event_id: Option<String>,
}

/// How a client wants events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventForm {
    /// As a page.
    Page,
    /// As a stream, behind the event with this number.
    Stream(Option<u64>),
}

impl EventHeader {
    fn of(headers: &HeaderMap) -> Self {
        let accepts = headers.get_all(header::ACCEPT).into_iter();
        let wants_stream = accepts
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|range| range.split(';').next())
            .any(|media_type| media_type.trim().eq_ignore_ascii_case(EVENT_STREAM));
        let last = headers.get(LAST_EVENT_ID);
        Self {
            wants_stream,
            last_event_id: last.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        }
    }

    /// How the client wants events, or the faults of the headers.
    pub fn check(self) -> Checked<EventForm> {
        let last = match self.last_event_id {
            Some(value) => {
                let headers = json!({ "Last-Event-ID": value });
                let headers: EventHeaders = RequestSchema::of::<EventHeaders>()
                    .read("header", headers)
                    .map_err(in_lower_case)?;
                headers.last_event_id.and_then(|value| value.parse().ok())
            }
            None => None,
        };
        Ok(if self.wants_stream {
            EventForm::Stream(last)
        } else {
            EventForm::Page
        })
    }
}

/// Locations name headers in lower case.
fn in_lower_case(faults: Vec<ValidationError>) -> Vec<ValidationError> {
    faults
        .into_iter()
        .map(|mut fault| {
            fault.loc = vec!["header".into(), LAST_EVENT_ID.into()];
            fault
        })
        .collect()
}

#[async_trait]
impl SharedExtractor for EventHeader {
    async fn from_request<C: ServerContext>(rqctx: &RequestContext<C>) -> Result<Self, HttpError> {
        Ok(Self::of(rqctx.request.headers()))
    }

    fn metadata(body: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <Header<EventHeaders> as SharedExtractor>::metadata(body)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(accept: &'static str, last: Option<&'static str>) -> Checked<EventForm> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        if let Some(last) = last {
            headers.insert(LAST_EVENT_ID, HeaderValue::from_static(last));
        }
        EventHeader::of(&headers).check()
    }

    #[test]
    fn stream_is_sent_where_it_is_accepted_by_name() {
        for accept in [
            "text/event-stream",
            "application/json, Text/Event-Stream;q=0.9",
        ] {
            assert_eq!(check(accept, None), Ok(EventForm::Stream(None)));
            assert_eq!(check(accept, Some("12")), Ok(EventForm::Stream(Some(12))));
        }
        for accept in ["*/*", "application/json", "text/*", ""] {
            assert_eq!(check(accept, Some("12")), Ok(EventForm::Page));
        }
    }

    #[test]
    fn last_event_id_must_be_a_number() {
        for last in ["", "-1", "1.5", "x", "9999999999999999999"] {
            let faults = check(EVENT_STREAM, Some(last)).unwrap_err();
            assert_eq!(faults.len(), 1, "{last}");
            assert_eq!(faults[0].loc, ["header".into(), LAST_EVENT_ID.into()]);
        }
    }
}
