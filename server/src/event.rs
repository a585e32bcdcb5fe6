//! Events: what happened to datasets, by whom, and what was refused.
//!
//! There is one log. Changes are written to it by the database, in the statement that makes the change ([`crate::store`]);
//! refusals are written by `recorder`, a bounded number of them. Readers get pages of it, or a `stream` that goes on,
//! which the `feeder` wakes.

mod chunk;
mod feed;
mod feeder;
mod recorder;
mod refusal;
mod stream;
mod token;

use dropshot::ResultsPage;
use restow_api::event::{Event, EventActor, EventOutcome, EventQuery};
use restow_api::job::JobStatus;

pub use self::feed::{Feed, StreamLimits};
pub use self::feeder::run as feed_streams;
pub use self::recorder::run as record_refusals;
pub use self::refusal::{Attempt, Refusals, Suspect};
pub use self::stream::{EventBody, MayRead, open};
use self::token::EventToken;
use crate::app::App;
use crate::error::Result;
use crate::page;
use crate::store::{EventRow, EventScope, Principal};
use crate::{dataset, job};

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        let request = row.request.map(|request| request.0);
        let actor = request.map(|request| EventActor {
            principal: row.principal,
            principal_id: request.principal_id,
            token_id: request.token_id,
            token: request.token.filter(|token| !token.is_empty()),
            address: request.address.map(|address| address.to_string()),
            request_id: request.request_id,
        });
        Self {
            id: row.id.cast_unsigned(),
            time: row.time,
            event_type: row.event_type,
            dataset_id: row.dataset_id,
            job_id: row.job_id,
            version: row.version.map(i64::cast_unsigned),
            actor,
            outcome: if row.refusal.is_some() {
                EventOutcome::Refused
            } else {
                EventOutcome::Done
            },
            reason: row.refusal,
            before: row.old_value.map(|value| value.0),
            after: row.new_value.map(|value| value.0),
        }
    }
}

/// An event as those see it who may read a dataset: where its users are is not among it.
pub(crate) fn for_readers(row: EventRow) -> Event {
    let mut event = Event::from(row);
    if let Some(actor) = &mut event.actor {
        actor.address = None;
    }
    event
}

/// The events of the whole deployment, newest first.
///
/// # Errors
/// [`crate::error::Error::NotFound`] for a page token that no list has issued.
pub async fn list(app: &App, query: &EventQuery) -> Result<ResultsPage<Event>> {
    let (before, filter) = EventToken::position(query)?;
    let limit = page::rows_wanted(&query.page);
    let rows = app.store.list_events(&filter, before, limit).await?;
    let events = rows.into_iter().map(Event::from).collect();
    Ok(page::of(events, &query.page, |event: &Event| {
        EventToken::behind(event, &filter)
    }))
}

/// The events of a dataset or of a job, newest first.
///
/// # Errors
/// [`crate::error::Error::NotFound`] where it does not exist, and for a page token that no list has issued.
pub async fn list_of(
    app: &App,
    owner: &Principal,
    scope: EventScope,
    query: &EventQuery,
) -> Result<ResultsPage<Event>> {
    let position = EventToken::position(query);
    let rows = match &position {
        Ok((before, filter)) => {
            let limit = page::rows_wanted(&query.page);
            app.store
                .list_events_of(owner.id, scope, filter, *before, limit)
                .await?
        }
        Err(_) => Vec::new(),
    };
    if rows.is_empty() {
        exists(app, owner, scope).await?;
    }
    let (_, filter) = position?;
    let events = rows.into_iter().map(for_readers).collect();
    Ok(page::of(events, &query.page, |event: &Event| {
        EventToken::behind(event, &filter)
    }))
}

/// Checks that there is such a dataset or job of the principal.
///
/// # Errors
/// [`crate::error::Error::NotFound`] where there is not.
pub async fn exists(app: &App, owner: &Principal, scope: EventScope) -> Result<()> {
    is_over(app, owner, scope).await.map(drop)
}

/// Whether nothing happens any more: the job has ended.
async fn is_over(app: &App, owner: &Principal, scope: EventScope) -> Result<bool> {
    match scope {
        EventScope::Dataset(id) => dataset::get(app, owner, id).await.map(|_| false),
        EventScope::Job(id) => {
            let status = job::find(app, owner, id).await?.status();
            Ok(matches!(
                status,
                JobStatus::Committed
                    | JobStatus::Failed
                    | JobStatus::Cancelled
                    | JobStatus::Expired
            ))
        }
    }
}
