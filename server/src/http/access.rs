//! Who sends a request, and whether its operation is allowed: authentication, scopes, and the record of refusals.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use dropshot::RequestContext;
use http::{HeaderMap, Method, header};
use percent_encoding::percent_decode_str;
use restow_api::error::{ErrorType, Failure};
use restow_api::right::right_of;
use restow_api::scope::Scopes;
use uuid::Uuid;

use super::context::Context;
use super::forward::client_address;
use crate::actor::{Actor, Request};
use crate::app::App;
use crate::caller::Caller;
use crate::error::{Error, Forbidden};
use crate::event::{self, Attempt, MayRead, Suspect};
use crate::identity::Identity;
use crate::rate_limit::{Exceeded, Remaining};
use crate::store::EventScope;
use crate::token;

/// What is known of the caller of a request, whether or not the request is allowed.
#[derive(Debug, Default)]
pub(super) struct Known {
    identity: Option<Arc<Identity>>,
    /// What is left of the principal's rate.
    pub(super) remaining: Option<Remaining>,
}

impl Known {
    /// Name of the principal, without characters that would begin another line of a log.
    pub(super) fn name(&self) -> Option<impl fmt::Display> {
        self.identity
            .as_ref()
            .map(|identity| identity.name.escape_debug())
    }

    /// Counts the request against the rate of its principal.
    fn count(&mut self, app: &App, identity: &Arc<Identity>) -> Result<(), Exceeded> {
        self.identity = Some(Arc::clone(identity));
        let requests = &app.rate_limits.requests_of_principal;
        let principal = &identity.principal;
        match requests.take(principal.id, principal.request_rate(), NonZeroU32::MIN) {
            Ok(remaining) => {
                self.remaining = remaining;
                Ok(())
            }
            Err(exceeded) => {
                self.remaining = Some(exceeded.remaining.clone());
                Err(exceeded)
            }
        }
    }
}

/// Authenticates the caller, and runs `work`, whose changes are recorded as the caller's, and whose refusals are recorded.
pub(super) async fn run<T, F>(
    rqctx: &RequestContext<Context>,
    known: &mut Known,
    work: impl FnOnce(Caller) -> F,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    let app = &rqctx.context().app;
    let identity = match identify(app, rqctx.request.headers()).await {
        Ok(identity) => identity,
        Err(error) => {
            if matches!(error, Error::InvalidToken) {
                note_invalid_token(rqctx);
            }
            return Err(error.into());
        }
    };
    known.count(app, &identity).map_err(Error::from)?;
    check_read_only(rqctx)?;
    let only_reads = matches!(*rqctx.request.method(), Method::GET | Method::HEAD);
    let actor = if only_reads {
        Actor::default()
    } else {
        actor(rqctx, &identity)
    };
    let result = match permitted(&identity, &rqctx.endpoint.operation_id) {
        Ok(caller) => actor.run(work(caller)).await,
        Err(error) => Err(error.into()),
    };
    match &result {
        Ok(_) if only_reads => {}
        Ok(_) => app.events.changed(),
        Err(failure) => note(rqctx, &identity, failure),
    }
    result
}

/// Checks that a read-only process is not to change something. HTTP's safe methods are those of the operations that only read.
pub(super) fn check_read_only(rqctx: &RequestContext<Context>) -> Result<(), Error> {
    let is_read_only = rqctx.context().app.settings.is_read_only;
    if is_read_only && !rqctx.request.method().is_safe() {
        return Err(Error::ReadOnly);
    }
    Ok(())
}

/// Whose the bearer token of a request is.
async fn identify(app: &Arc<App>, headers: &HeaderMap) -> Result<Arc<Identity>, Error> {
    token::authenticate(app, bearer(headers).ok_or(Error::NotAuthenticated)?).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(header::AUTHORIZATION)?;
    let (scheme, token) = header.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The caller, where the token is for the operation.
fn permitted(identity: &Arc<Identity>, operation: &str) -> Result<Caller, Error> {
    // A test sees that no operation is without one.
    let right = right_of(operation).ok_or(Forbidden::Scope(Scopes::ALL))?;
    Caller::new(Arc::clone(identity), right)
}

fn actor(rqctx: &RequestContext<Context>, identity: &Identity) -> Actor {
    let request = Request {
        principal_id: Some(identity.principal.id),
        token_id: identity.token_id,
        token: Some(identity.token_name.clone()),
        address: client_address(rqctx.request.headers()),
        request_id: rqctx.request_id.clone(),
    };
    Actor::new(&identity.name, request)
}

/// Has a refusal for lack of permission be recorded.
fn note(rqctx: &RequestContext<Context>, identity: &Identity, failure: &Failure) {
    let scope = scope(rqctx.request.uri().path());
    let reason = match failure.error_type() {
        Some(reason @ ErrorType::Forbidden) => reason,
        // What belongs to others is as if it did not exist.
        Some(reason @ ErrorType::NotFound) if scope.is_some() => reason,
        _ => return,
    };
    let suspect = Suspect::Known(actor(rqctx, identity));
    attempt(rqctx, suspect, scope, reason);
}

/// Has the use of a token be recorded that is no longer valid.
fn note_invalid_token(rqctx: &RequestContext<Context>) {
    let Some(token) = bearer(rqctx.request.headers()) else {
        return;
    };
    let scope = scope(rqctx.request.uri().path());
    let suspect = Suspect::Token(token::hash(token));
    attempt(rqctx, suspect, scope, ErrorType::InvalidToken);
}

fn attempt(
    rqctx: &RequestContext<Context>,
    suspect: Suspect,
    scope: Option<EventScope>,
    reason: ErrorType,
) {
    rqctx.context().app.refusals.note(Attempt {
        suspect,
        address: client_address(rqctx.request.headers()),
        request_id: rqctx.request_id.clone(),
        operation: rqctx.endpoint.operation_id.clone(),
        scope,
        reason: reason.as_str(),
        may_be_missing: reason == ErrorType::NotFound,
    });
}

/// The dataset or the job that a path names. Paths are read as the router reads them.
fn scope(path: &str) -> Option<EventScope> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let mut segments = segments.map(|segment| percent_decode_str(segment).decode_utf8_lossy());
    let (mount, noun, id) = (segments.next()?, segments.next()?, segments.next()?);
    let id: Uuid = id.parse().ok().filter(|_| mount == "api")?;
    match &*noun {
        "datasets" => Some(EventScope::Dataset(id)),
        "jobs" => Some(EventScope::Job(id)),
        _ => None,
    }
}

/// Whether the caller of a request may still read the events of a dataset or a job: its token is valid, its rights suffice,
/// and there is such a dataset or job.
pub(super) fn may_read(
    app: &Arc<App>,
    rqctx: &RequestContext<Context>,
    scope: EventScope,
) -> MayRead {
    let app = Arc::clone(app);
    let headers: HeaderMap = rqctx
        .request
        .headers()
        .get(header::AUTHORIZATION)
        .map(|value| (header::AUTHORIZATION, value.clone()))
        .into_iter()
        .collect();
    let operation = rqctx.endpoint.operation_id.clone();
    Box::new(move || {
        let (app, headers, operation) = (Arc::clone(&app), headers.clone(), operation.clone());
        Box::pin(async move {
            let check = async {
                let identity = identify(&app, &headers).await?;
                let caller = permitted(&identity, &operation)?;
                let owner = match scope {
                    EventScope::Dataset(id) => caller.on_dataset(&app, id).await?,
                    EventScope::Job(id) => caller.on_job(&app, id).await?,
                };
                event::exists(&app, &owner, scope).await
            };
            // While the database is away, nothing is known, and nothing is sent either.
            matches!(check.await, Ok(()) | Err(Error::Database(_)))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_names_a_dataset_or_a_job() {
        let id = Uuid::from_u128(7);
        let dataset = Some(EventScope::Dataset(id));
        assert_eq!(scope(&format!("/api/datasets/{id}")), dataset);
        assert_eq!(scope(&format!("/api/datasets/{id}/versions/1")), dataset);
        assert_eq!(
            scope(&format!("/api/jobs/{id}/urls")),
            Some(EventScope::Job(id))
        );
        for path in [
            format!("//api/datasets/{id}"),
            format!("/%61pi//%64atasets/{id}/versions/"),
        ] {
            assert_eq!(scope(&path), dataset, "{path}");
        }
        for path in [
            "/api/datasets",
            "/api/datasets/x",
            "/healthz",
            "/api/tokens/1",
        ] {
            assert_eq!(scope(path), None, "{path}");
        }
    }
}
