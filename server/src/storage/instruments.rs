//! What requests to S3 cost, and how they end.

use std::time::Instant;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tracing::Instrument;

use super::error::StorageError;
use crate::trace;

/// An operation of S3, and how it ended.
type Labels = [(&'static str, &'static str); 2];

/// Bounds of durations, in seconds. A completion may take minutes.
const BOUNDS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0, 600.0,
];

/// What requests to S3 cost.
#[derive(Clone, Debug)]
pub(super) struct Instruments {
    requests: Family<Labels, Histogram>,
    /// Aborts of uploads that S3 did not execute.
    pub(super) failed_aborts: Counter,
}

impl Default for Instruments {
    fn default() -> Self {
        Self {
            requests: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            failed_aborts: Counter::default(),
        }
    }
}

impl Instruments {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register(
            "s3_request_duration_seconds",
            "Time of a request to S3 with its retries, until the response begins, by operation and outcome",
            self.requests.clone(),
        );
        registry.register(
            "failed_aborts",
            "Aborts of uploads that S3 did not execute; they are retried",
            self.failed_aborts.clone(),
        );
    }

    /// Measures a request to S3, by the name that S3 has for the operation.
    pub(super) fn observe<T, E>(
        &self,
        operation: &'static str,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> impl Future<Output = Result<T, SdkError<E, HttpResponse>>>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        // On the heap, so that the callers' futures stay small.
        let request = Box::pin(request);
        async move {
            let started = Instant::now();
            let span = trace::s3(operation);
            let response = request.instrument(span.clone()).await;
            let outcome = match &response {
                Ok(_) => "ok",
                Err(error) => outcome(&StorageError::of(error)),
            };
            let labels = [("operation", operation), ("outcome", outcome)];
            let elapsed = started.elapsed().as_secs_f64();
            self.requests.get_or_create(&labels).observe(elapsed);
            if !EXPECTED.contains(&outcome) {
                trace::fail(&span, outcome);
            }
            response
        }
    }
}

/// Outcomes that are no failures of S3.
const EXPECTED: [&str; 3] = ["ok", "not_found", "precondition_failed"];

/// How a request ended that S3 did not execute, as a label.
fn outcome(error: &StorageError) -> &'static str {
    match error {
        StorageError::NoSuchUpload => "not_found",
        StorageError::Refused { code } => match code.as_str() {
            "404" | "NoSuchKey" | "NotFound" => "not_found",
            "412" | "PreconditionFailed" => "precondition_failed",
            _ => error.reason().as_str(),
        },
        error => error.reason().as_str(),
    }
}
