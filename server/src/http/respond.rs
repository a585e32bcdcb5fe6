//! What every handler does around its own work: authenticate first, respond, count, log.

use std::sync::Arc;
use std::time::Instant;

use dropshot::RequestContext;
use flate2::Compression;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use restow_api::ResponseHead;
use restow_api::error::Failure;
use restow_api::request::{Checked, Input, JsonBody};

use super::context::Context;
use super::forward::BODY_READ;
use super::{cors, gzip};
use crate::app::App;
use crate::error::Error;
use crate::store::Principal;
use crate::token;

/// Size of the smallest body in bytes that is compressed: some 25 URLs. Below, compression saves about ten packets at most,
/// which arrive in the first round trip of a connection, and costs more than it saves.
const MIN_COMPRESSED_BYTES: usize = 16 * 1024;

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
    let result = match admit(&app, rqctx).await {
        Ok(principal) => work(app, principal).await,
        Err(error) => Err(error.into()),
    };
    Ok(answer(rqctx, started, result.into(), HeaderMap::new()).await)
}

/// Authenticates the caller, reads the body, does the work, and builds the response.
pub(super) async fn respond_to<B, T, A, E, F>(
    rqctx: &RequestContext<Context>,
    body: JsonBody<B>,
    work: impl FnOnce(Arc<App>, Principal, Checked<B>) -> F,
) -> Result<A, E>
where
    B: Input,
    A: From<Result<T, Failure>> + ResponseHead,
    F: Future<Output = Result<T, Failure>>,
{
    let started = Instant::now();
    let app = Arc::clone(&rqctx.context().app);
    let mut headers = HeaderMap::new();
    let result = match admit(&app, rqctx).await {
        Ok(principal) => match body.read(app.settings.body_timeout).await {
            Ok(body) => {
                headers.insert(BODY_READ, HeaderValue::from_static("1"));
                work(app, principal, body).await
            }
            Err(failure) => Err(failure),
        },
        Err(error) => Err(error.into()),
    };
    Ok(answer(rqctx, started, result.into(), headers).await)
}

/// Completes the response, counts and logs it.
async fn answer<A: ResponseHead>(
    rqctx: &RequestContext<Context>,
    started: Instant,
    mut answer: A,
    mut headers: HeaderMap,
) -> A {
    let request = rqctx.request.headers();
    headers.extend(cors::answer_headers(
        &rqctx.context().allowed_origins,
        request,
    ));
    // What the API returns is its caller's alone, and may contain signed URLs.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if matches!(*rqctx.request.method(), Method::GET | Method::HEAD) {
        answer.set_conditions(request);
    }
    compress(&mut answer, request, &mut headers).await;
    answer.set_headers(headers);
    let status = answer.response_status().as_u16();
    let elapsed = started.elapsed();
    let operation = rqctx.endpoint.operation_id.as_str();
    let metrics = &rqctx.context().app.metrics;
    metrics.count_request(operation, status, elapsed.as_secs_f64());
    tracing::info!(
        operation,
        status,
        milliseconds = elapsed.as_millis(),
        request_id = rqctx.request_id,
        "request"
    );
    answer
}

/// Compresses the body of a large response, where the client accepts that.
async fn compress(answer: &mut impl ResponseHead, request: &HeaderMap, headers: &mut HeaderMap) {
    let Some(body) = answer
        .json()
        .filter(|body| body.len() >= MIN_COMPRESSED_BYTES)
    else {
        return;
    };
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if !gzip::is_accepted(request) {
        return;
    }
    let body = body.clone();
    if answer.response_status() == StatusCode::NOT_MODIFIED {
        return;
    }
    // URLs differ in little but their signatures, which no level makes smaller.
    match gzip::compressed(body, Compression::fast()).await {
        Ok(compressed) => {
            let gzip = HeaderValue::from_static("gzip");
            headers.insert(header::CONTENT_ENCODING, gzip);
            answer.set_encoded(compressed);
        }
        Err(error) => {
            tracing::warn!(%error, "failed to compress a response; it is sent as it is");
        }
    }
}

/// Authenticates the caller, and refuses what changes something while the server is read-only.
async fn admit(app: &App, rqctx: &RequestContext<Context>) -> Result<Principal, Error> {
    let principal = authenticate(app, rqctx.request.headers()).await?;
    // HTTP's safe methods are those of the operations that only read.
    if app.settings.is_read_only && !rqctx.request.method().is_safe() {
        return Err(Error::ReadOnly);
    }
    Ok(principal)
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
