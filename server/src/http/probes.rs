//! Probes and counters, for whoever runs the server.

use std::time::Duration;

use dropshot::{Body, HttpError};
use http::{Response, StatusCode, header};
use serde_json::json;
use tokio::time::timeout;

use crate::app::App;

/// How long a dependency may take to show that it is there.
const PATIENCE: Duration = Duration::from_secs(3);

/// The process runs.
pub(super) fn healthz() -> Result<Response<Body>, HttpError> {
    answer(StatusCode::OK, "application/json", json!({ "status": "ok" }).to_string())
}

/// The database and the bucket answer.
pub(super) async fn readyz(app: &App) -> Result<Response<Body>, HttpError> {
    let (database, storage) = tokio::join!(timeout(PATIENCE, app.store.ping()), timeout(PATIENCE, app.storage.ping()));
    let database = matches!(database, Ok(Ok(())));
    let storage = matches!(storage, Ok(Ok(())));
    let word = |up: bool| if up { "ok" } else { "unavailable" };
    let ready = database && storage && !app.stopping.is_cancelled();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let checks = json!({ "status": word(ready), "database": word(database), "storage": word(storage) });
    answer(status, "application/json", checks.to_string())
}

/// The counters in the OpenMetrics text format.
pub(super) fn metrics(app: &App) -> Result<Response<Body>, HttpError> {
    answer(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", app.metrics.text())
}

/// An answer with a body of a media type.
pub(super) fn answer(
    status: StatusCode,
    content_type: &str,
    body: impl Into<Body>,
) -> Result<Response<Body>, HttpError> {
    Ok(Response::builder().status(status).header(header::CONTENT_TYPE, content_type).body(body.into())?)
}
