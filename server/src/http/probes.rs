//! Probes and metrics, for operators.

use std::sync::Arc;

use dropshot::{Body, HttpError};
use http::{HeaderMap, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::app::App;
use crate::health::{Dependency, Health, RecentHealth};
use crate::observation;

/// The process runs, and none of its background tasks keeps failing. Its version is here, since the document's is that of
/// the API.
pub(super) fn healthz(app: &App) -> Result<Response<Body>, HttpError> {
    let failing = app.task_failures.failing_tasks();
    let (status, body) = if failing.is_empty() {
        let version = env!("CARGO_PKG_VERSION");
        (
            StatusCode::OK,
            json!({ "status": "ok", "version": version }),
        )
    } else {
        let body = json!({ "status": "failing", "tasks": failing });
        (StatusCode::SERVICE_UNAVAILABLE, body)
    };
    answer(status, "application/json", body.to_string())
}

/// The database responds, and the process is not about to stop. An S3 that does not respond is reported, but does not make
/// the server unready: it would take every replica out at once, and what needs only the database works on. Neither does
/// clock skew.
pub(super) async fn readyz(app: &App, health: &RecentHealth) -> Result<Response<Body>, HttpError> {
    let Health { database, storage } = health.get(app).await;
    let draining = app.draining.is_cancelled();
    let ready = database.is_available() && !draining;
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
        "status": match (draining, ready && !storage.is_available()) {
            (true, _) => "draining",
            (false, true) => "degraded",
            (false, false) => word(ready),
        },
        "database": state(database),
        "storage": state(storage),
        "bucket": bucket,
        "read_only": app.settings.is_read_only,
    });
    answer(status, "application/json", checks.to_string())
}

/// What is known of a dependency. Probes need no token, so reasons name no host, bucket or key.
fn state(dependency: Dependency) -> Value {
    let mut state = json!({
        "status": word(dependency.is_available()),
        "clock_skew_seconds": dependency.skew_seconds(),
    });
    if let Some(reason) = dependency.reason() {
        state["reason"] = json!(reason.as_str());
        state["permanent"] = json!(reason.is_permanent());
        state["message"] = json!(reason.cause());
        state["advice"] = json!(reason.advice());
    }
    state
}

fn word(up: bool) -> &'static str {
    if up { "ok" } else { "unavailable" }
}

/// The metrics in the OpenMetrics text format, or in the older one where a client names only that.
pub(super) async fn metrics(
    app: &Arc<App>,
    headers: &HeaderMap,
) -> Result<Response<Body>, HttpError> {
    observation::refresh(app).await;
    let accepted = headers.get_all(header::ACCEPT).iter();
    let accepted: Vec<_> = accepted.filter_map(|value| value.to_str().ok()).collect();
    let names = |format: &str| accepted.iter().any(|value| value.contains(format));
    if names("text/plain") && !names("openmetrics") {
        let content_type = "text/plain; version=0.0.4; charset=utf-8";
        return answer(StatusCode::OK, content_type, app.metrics.prometheus_text());
    }
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
