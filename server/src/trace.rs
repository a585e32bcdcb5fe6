//! Spans: what a request consists of, for a collector of traces.
//!
//! They have a target of their own, which no log shows: without a collector, none is made. What they say comes from tables in
//! the code, and from routes with their variables left out, so that it holds neither URLs nor names nor tokens.

use http::{HeaderMap, Method};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceId};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::field::{Empty, display};
use tracing::{Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use uuid::Uuid;

/// The target of every span.
pub const TARGET: &str = "restow_trace";

/// Header in which a client names the trace that its request is part of (W3C Trace Context).
const TRACE_PARENT: &str = "traceparent";

/// A request to the API, which is part of the client's trace where its headers name one.
pub fn request(method: &Method, route: &str, request_id: &str, headers: &HeaderMap) -> Span {
    let span = info_span!(
        target: TARGET,
        "request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method.as_str(),
        http.route = route,
        http.response.status_code = Empty,
        restow.request_id = request_id,
    );
    if !span.is_disabled() && headers.contains_key(TRACE_PARENT) {
        let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
        // It fails for a span that has begun, which this one has not.
        let _ = span.set_parent(parent);
    }
    span
}

/// Records the status of the response to a request.
pub fn respond(span: &Span, status: u16) {
    span.record("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// A request to S3.
pub fn s3(operation: &'static str) -> Span {
    info_span!(
        target: TARGET,
        "s3",
        otel.name = %format_args!("S3 {operation}"),
        otel.kind = "client",
        otel.status_code = Empty,
        rpc.system = "aws-api",
        rpc.service = "S3",
        rpc.method = operation,
        error.type = Empty,
    )
}

/// An operation of the database; its name is found only for a span that is recorded.
pub fn database(name: impl Fn() -> &'static str, access: &'static str) -> Span {
    info_span!(
        target: TARGET,
        "database",
        otel.name = name(),
        otel.kind = "client",
        otel.status_code = Empty,
        db.operation.name = name(),
        restow.access = access,
        error.type = Empty,
    )
}

/// The inspection of a job's object by a worker, linked to the request that completed the upload.
pub fn inspection(job_id: Uuid, trace_parent: Option<&str>) -> Span {
    let span = info_span!(
        target: TARGET,
        "inspection",
        otel.kind = "consumer",
        otel.status_code = Empty,
        restow.job_id = %job_id,
        error.type = Empty,
    );
    if let Some(origin) = trace_parent.filter(|_| !span.is_disabled()).and_then(parse) {
        span.add_link(origin);
    }
    span
}

/// Records that the work of a span failed, by a name of few.
pub fn fail(span: &Span, reason: &'static str) {
    span.record("error.type", display(reason));
    span.record("otel.status_code", "ERROR");
}

/// The identifier of the trace that a span is part of; `None` where it is not recorded.
pub fn trace_id(span: &Span) -> Option<String> {
    context(span).map(|context| context.trace_id().to_string())
}

/// The current span as a `traceparent`, for what continues later; `None` where it is not recorded.
pub fn current() -> Option<String> {
    let context = context(&Span::current())?;
    let (trace, span) = (context.trace_id(), context.span_id());
    Some(format!("00-{trace}-{span}-{:02x}", context.trace_flags()))
}

fn context(span: &Span) -> Option<SpanContext> {
    if span.is_disabled() {
        return None;
    }
    let context = span.context().span().span_context().clone();
    (context.trace_id() != TraceId::INVALID).then_some(context)
}

fn parse(trace_parent: &str) -> Option<SpanContext> {
    let mut headers = HeaderMap::new();
    headers.insert(TRACE_PARENT, trace_parent.parse().ok()?);
    let context = TraceContextPropagator::new().extract(&HeaderExtractor(&headers));
    let origin = context.span().span_context().clone();
    origin.is_valid().then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_trace_parent_is_ignored() {
        let valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert!(parse(valid).is_some());
        for odd in [
            "",
            "00",
            "00-0-0-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "\n",
        ] {
            assert!(parse(odd).is_none(), "{odd:?}");
        }
    }

    #[test]
    fn nothing_is_traced_without_a_collector() {
        let span = request(&Method::GET, "/", "id", &HeaderMap::new());
        assert!(span.is_disabled() && trace_id(&span).is_none() && current().is_none());
    }
}
