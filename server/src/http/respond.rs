//! What every handler does around its own work: authenticate first, respond, count, log.

use std::sync::Arc;
use std::time::Instant;

use dropshot::RequestContext;
use flate2::Compression;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use restow_api::ResponseHead;
use restow_api::error::Failure;
use restow_api::request::{Checked, Input, JsonBody};
use tracing::{Instrument, Span};
use uuid::Uuid;

use super::context::Context;
use super::forward::BODY_READ;
use super::{cors, gzip};
use crate::app::App;
use crate::error::Error;
use crate::store::Principal;
use crate::{token, trace};

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
    let mut exchange = Exchange::begin(rqctx);
    let app = Arc::clone(&rqctx.context().app);
    let principal = &mut exchange.principal;
    let processing = async {
        match authenticate(&app, rqctx.request.headers()).await {
            Ok(caller) => {
                *principal = Some(caller.id);
                work(app, caller).await
            }
            Err(error) => Err(error.into()),
        }
    };
    let result = processing.instrument(exchange.span.clone()).await;
    Ok(answer(rqctx, &exchange, result.into(), HeaderMap::new()).await)
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
    let mut exchange = Exchange::begin(rqctx);
    let app = Arc::clone(&rqctx.context().app);
    let mut headers = HeaderMap::new();
    let principal = &mut exchange.principal;
    let processing = async {
        match authenticate(&app, rqctx.request.headers()).await {
            Ok(caller) => {
                *principal = Some(caller.id);
                let body = body.read(app.settings.body_timeout).await?;
                headers.insert(BODY_READ, HeaderValue::from_static("1"));
                work(app, caller, body).await
            }
            Err(error) => Err(error.into()),
        }
    };
    let result = processing.instrument(exchange.span.clone()).await;
    Ok(answer(rqctx, &exchange, result.into(), headers).await)
}

/// A request whose response is being made.
struct Exchange {
    started: Instant,
    /// Path of the operation, with its variables as the document names them.
    route: Arc<str>,
    span: Span,
    /// Who sent it, if that is known.
    principal: Option<Uuid>,
}

impl Exchange {
    fn begin(rqctx: &RequestContext<Context>) -> Self {
        let route = rqctx
            .context()
            .operations
            .route(&rqctx.endpoint.operation_id);
        let (request, id) = (&rqctx.request, &rqctx.request_id);
        Self {
            started: Instant::now(),
            span: trace::request(request.method(), &route, id, request.headers()),
            route,
            principal: None,
        }
    }
}

/// Completes the response, counts and logs it.
async fn answer<A: ResponseHead>(
    rqctx: &RequestContext<Context>,
    exchange: &Exchange,
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
    let elapsed = exchange.started.elapsed();
    let method = rqctx.request.method();
    let metrics = &rqctx.context().app.metrics;
    metrics.count_request(method, &exchange.route, status, elapsed.as_secs_f64());
    trace::respond(&exchange.span, status);
    tracing::info!(
        operation = rqctx.endpoint.operation_id,
        status,
        milliseconds = elapsed.as_millis(),
        principal = exchange.principal.map(tracing::field::display),
        request_id = rqctx.request_id,
        trace_id = trace::trace_id(&exchange.span),
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
