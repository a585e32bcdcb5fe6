//! What every handler does around its own work: authenticate first, respond, count, log.

use std::sync::Arc;
use std::time::Instant;

use dropshot::RequestContext;
use http::{HeaderMap, HeaderValue, Method, header};
use restow_api::ResponseHead;
use restow_api::error::Failure;

use super::context::Context;
use super::cors;
use crate::app::App;
use crate::error::Error;
use crate::store::Principal;
use crate::token;

/// Authenticates the caller, does the work, and builds the response.
pub(super) async fn respond<T, A, E, F>(
    rqctx: &RequestContext<Context>,
    work: impl FnOnce(Arc<App>, Principal) -> F,
) -> Result<A, E>
where
    A: From<Result<T, Failure>> + ResponseHead,
    F: Future<Output = Result<T, Failure>>,
{
    let started = Instant::now();
    let app = Arc::clone(&rqctx.context().app);
    let mut answer: A = match authenticate(&app, rqctx.request.headers()).await {
        Ok(principal) => work(Arc::clone(&app), principal).await,
        Err(error) => Err(error.into()),
    }
    .into();
    let mut headers =
        cors::answer_headers(&rqctx.context().allowed_origins, rqctx.request.headers());
    // What the API returns is its caller's alone, and may contain signed URLs.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.set_headers(headers);
    if matches!(*rqctx.request.method(), Method::GET | Method::HEAD) {
        answer.set_conditions(rqctx.request.headers());
    }
    let status = answer.response_status().as_u16();
    let elapsed = started.elapsed();
    let operation = rqctx.endpoint.operation_id.as_str();
    app.metrics
        .count_request(operation, status, elapsed.as_secs_f64());
    tracing::info!(
        operation,
        status,
        milliseconds = elapsed.as_millis(),
        request_id = rqctx.request_id,
        "request"
    );
    Ok(answer)
}

async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Principal, Error> {
    let header = headers
        .get(header::AUTHORIZATION)
        .ok_or(Error::NotAuthenticated)?;
    let (scheme, token) = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .ok_or(Error::NotAuthenticated)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Error::NotAuthenticated);
    }
    token::authenticate(&app.store, &app.valid_tokens, token.trim(), app.now()).await
}
