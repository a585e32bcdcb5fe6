//! Probes and metrics, for operators.

use dropshot::{Body, HttpError};
use http::{Response, StatusCode, header};
use serde_json::json;

use crate::app::App;
use crate::health::{self, Dependency, Health};

/// The process runs.
pub(super) fn healthz() -> Result<Response<Body>, HttpError> {
    answer(
        StatusCode::OK,
        "application/json",
        json!({ "status": "ok" }).to_string(),
    )
}

/// The database and the bucket respond, and the process is not about to stop. Clock skew is reported, but does not make the server unready.
pub(super) async fn readyz(app: &App) -> Result<Response<Body>, HttpError> {
    let Health { database, storage } = health::check(app).await;
    let draining = app.draining.is_cancelled();
    let ready = database.is_available() && storage.is_available() && !draining;
    let word = |up: bool| if up { "ok" } else { "unavailable" };
    let state = |dependency: Dependency| json!({ "status": word(dependency.is_available()), "clock_skew_seconds": dependency.skew_seconds() });
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let bucket = match app.metrics.ownership() {
        Some(ownership) => json!({ "status": ownership.as_str(), "warning": ownership.warning() }),
        None => json!({ "status": "unknown" }),
    };
    let checks = json!({
        "status": if draining { "draining" } else { word(ready) },
        "database": state(database),
        "storage": state(storage),
        "bucket": bucket,
    });
    answer(status, "application/json", checks.to_string())
}

/// The counters in the OpenMetrics text format.
pub(super) fn metrics(app: &App) -> Result<Response<Body>, HttpError> {
    answer(
        StatusCode::OK,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        app.metrics.text(),
    )
}

/// A response with a body of a media type.
pub(super) fn answer(
    status: StatusCode,
    content_type: &str,
    body: impl Into<Body>,
) -> Result<Response<Body>, HttpError> {
    Ok(Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, content_type)
        .body(body.into())?)
}
