//! Records refusals behind their requests.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::{Instant, sleep_until};

use super::refusal::{Attempt, Suspect, Window};
use crate::actor::{Actor, Request};
use crate::app::App;
use crate::error::Result;
use crate::store::{EventScope, Refusal};

/// Time in which refusals are counted.
const WINDOW: Duration = Duration::from_mins(1);

/// Records refusals until the process is to stop.
pub async fn run(app: Arc<App>) {
    let mut attempts = app.refusals.receiver.lock().await;
    let mut window = Window::default();
    let mut ends_at = Instant::now() + WINDOW;
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => break,
            Some(attempt) = attempts.recv() => {
                if window.admits(&attempt) {
                    match record(&app, &attempt).await {
                        Ok(true) => {}
                        Ok(false) => window.give_back(&attempt),
                        Err(error) => tracing::warn!(%error, "failed to record a refusal"),
                    }
                }
            }
            () = sleep_until(ends_at) => {
                summarize(&app, std::mem::take(&mut window)).await;
                ends_at = Instant::now() + WINDOW;
            }
        }
    }
    summarize(&app, window).await;
}

async fn summarize(app: &App, window: Window) {
    for mut summary in window.summaries(app.refusals.take_lost()) {
        let recorded = async {
            summary.actor = unless_erased(app, summary.actor).await?;
            app.store.record_refusal(&summary).await
        };
        if let Err(error) = recorded.await {
            tracing::warn!(%error, "failed to record how many refusals were not recorded");
            return;
        }
    }
}

/// Records one; false where it turns out to be no refusal.
async fn record(app: &App, attempt: &Attempt) -> Result<bool> {
    let Some(actor) = actor(app, attempt).await? else {
        return Ok(false);
    };
    // To a CI job, every dataset belongs to another principal.
    let principal_id = actor.request().and_then(|request| request.principal_id);
    let principal_id = principal_id.unwrap_or_default();
    // To who may read a dataset, what is missing in it is no secret.
    let even_shared = !attempt.may_be_missing;
    let foreign = match attempt.scope {
        Some(scope) => {
            let foreign = app
                .store
                .find_foreign_dataset(scope, principal_id, even_shared);
            foreign.await?
        }
        None => None,
    };
    if attempt.may_be_missing && foreign.is_none() {
        return Ok(false);
    }
    let named = |scope| match scope {
        EventScope::Dataset(id) => (Some(id), None),
        EventScope::Job(id) => (None, Some(id)),
    };
    let (dataset_id, job_id) = attempt.scope.map_or((None, None), named);
    let operation = Value::from(attempt.operation.clone());
    let refusal = Refusal {
        actor: unless_erased(app, actor).await?,
        // What an unknown caller names need not exist.
        dataset_id: foreign.or(dataset_id.filter(|_| matches!(attempt.suspect, Suspect::Known(_)))),
        job_id: job_id.filter(|_| foreign.is_some() || !attempt.may_be_missing),
        attempt: Map::from_iter([("operation".to_string(), operation)]),
        reason: attempt.reason.to_string(),
    };
    app.store.record_refusal(&refusal).await?;
    app.events.changed();
    Ok(true)
}

/// Who was refused, with its name, token and address; where the principal has been erased since, its pseudonym alone.
async fn unless_erased(app: &App, actor: Actor) -> Result<Actor> {
    let Some(request) = actor.request() else {
        return Ok(actor);
    };
    let Some(principal_id) = request.principal_id else {
        return Ok(actor);
    };
    let name = app.store.name_of_principal(principal_id).await?;
    Ok(match name {
        Some(name) if actor.principal() != Some(name.as_str()) => {
            let request = Request {
                token: None,
                address: None,
                ..request.clone()
            };
            Actor::new(&name, request)
        }
        _ => actor,
    })
}

/// Who was refused; `None` where a token was never valid, so that it says nothing of anyone.
async fn actor(app: &App, attempt: &Attempt) -> Result<Option<Actor>> {
    let request = Request {
        principal_id: None,
        token_id: None,
        token: None,
        address: attempt.address,
        request_id: attempt.request_id.clone(),
    };
    Ok(match &attempt.suspect {
        Suspect::Known(actor) => Some(actor.clone()),
        Suspect::Token(hash) => app.store.find_ended_token(hash).await?.map(|found| {
            let request = Request {
                principal_id: Some(found.principal_id),
                token_id: Some(found.token_id),
                ..request
            };
            Actor::new(&found.principal, request)
        }),
        Suspect::CiJob(description) => Some(Actor::of_ci_job(Request {
            token: Some(description.clone()),
            ..request
        })),
    })
}
