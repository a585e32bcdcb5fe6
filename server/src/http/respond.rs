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

use super::access::Known;
use super::context::Context;
use super::forward::BODY_READ;
use super::{access, cors, gzip};
use crate::app::App;
use crate::caller::Caller;
use crate::trace;

/// Size of the smallest body in bytes that is compressed: some 25 URLs. Below, compression saves about ten packets at most,
/// which arrive in the first round trip of a connection, and costs more than it saves.
const MIN_COMPRESSED_BYTES: usize = 16 * 1024;

/// Authenticates the caller, does the work, and builds the response.
pub(super) async fn respond<T, A, E, F>(
    rqctx: &RequestContext<Context>,
    work: impl FnOnce(Arc<App>, Caller) -> F,
) -> Result<A, E>
where
    A: From<Result<T, Failure>> + ResponseHead,
    F: Future<Output = Result<T, Failure>>,
{
    let mut exchange = Exchange::begin(rqctx);
    let app = Arc::clone(&rqctx.context().app);
    let processing = access::run(rqctx, &mut exchange.known, |caller| work(app, caller));
    let result = processing.instrument(exchange.span.clone()).await;
    Ok(answer(rqctx, &exchange, result.into(), HeaderMap::new()).await)
}

/// Authenticates the caller, reads the body, does the work, and builds the response.
pub(super) async fn respond_to<B, T, A, E, F>(
    rqctx: &RequestContext<Context>,
    body: JsonBody<B>,
    work: impl FnOnce(Arc<App>, Caller, Checked<B>) -> F,
) -> Result<A, E>
where
    B: Input,
    A: From<Result<T, Failure>> + ResponseHead,
    F: Future<Output = Result<T, Failure>>,
{
    let mut exchange = Exchange::begin(rqctx);
    let app = Arc::clone(&rqctx.context().app);
    let mut headers = HeaderMap::new();
    let read = &mut headers;
    let processing = access::run(rqctx, &mut exchange.known, |caller| async move {
        let body = body.read(app.settings.body_timeout).await?;
        read.insert(BODY_READ, HeaderValue::from_static("1"));
        work(app, caller, body).await
    });
    let result = processing.instrument(exchange.span.clone()).await;
    Ok(answer(rqctx, &exchange, result.into(), headers).await)
}

/// Reads the body of a request that needs no bearer token, does the work, and builds the response.
pub(super) async fn respond_to_anonymous<B, T, A, E, F>(
    rqctx: &RequestContext<Context>,
    body: JsonBody<B>,
    work: impl FnOnce(Arc<App>, Checked<B>) -> F,
) -> Result<A, E>
where
    B: Input,
    A: From<Result<T, Failure>> + ResponseHead,
    F: Future<Output = Result<T, Failure>>,
{
    let exchange = Exchange::begin(rqctx);
    let app = Arc::clone(&rqctx.context().app);
    let mut headers = HeaderMap::new();
    let read = &mut headers;
    let processing = async {
        access::check_read_only(rqctx).map_err(Failure::from)?;
        let body = body.read(app.settings.body_timeout).await?;
        read.insert(BODY_READ, HeaderValue::from_static("1"));
        work(app, body).await
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
    /// Who sent it, as far as that is known.
    known: Known,
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
            known: Known::default(),
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
    if let Some(remaining) = &exchange.known.remaining {
        remaining.add_to(&mut headers);
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
        principal = exchange.known.name().map(tracing::field::display),
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
