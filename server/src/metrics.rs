//! What is counted, for Prometheus.

use chrono::{DateTime, Utc};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use restow_api::job::JobStatus;

use crate::ownership::Ownership;

/// An operation and the status of its response.
type RequestLabels = [(&'static str, String); 2];

/// A state that jobs reached.
type StatusLabel = [(&'static str, &'static str); 1];

/// What the database is to the bucket.
type StateLabel = [(&'static str, &'static str); 1];

/// A background task.
type TaskLabel = [(&'static str, &'static str); 1];

/// Bounds of the durations of requests, in seconds.
const DURATION_BOUNDS: [f64; 10] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0];

/// The process's counters.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Histogram,
    jobs: Family<StatusLabel, Counter>,
    ownership: Family<StateLabel, Gauge>,
    task_failures: Family<TaskLabel, Counter>,
    certificate_expiry: Gauge,
    /// Connections that are open.
    pub connections: Gauge,
    /// Idle connections that were closed to make room for new ones.
    pub evicted_connections: Counter,
    /// Connections that were refused, since requests were under way on all others.
    pub refused_connections: Counter,
    /// URLs that were signed.
    pub urls: Counter,
    /// Bytes that inspections have read.
    pub inspected_bytes: Counter,
    /// Inspections postponed because a dependency failed.
    pub deferred_inspections: Counter,
    /// Jobs of which nothing is left in S3 any more.
    pub cleaned_jobs: Counter,
    /// Cleanings that failed and are tried again.
    pub failed_cleanings: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("restow");
        let requests = Family::<RequestLabels, Counter>::default();
        registry.register(
            "requests",
            "Requests, by operation and status",
            requests.clone(),
        );
        let request_seconds = Histogram::new(DURATION_BOUNDS);
        registry.register_with_unit(
            "request",
            "Time to respond to a request",
            Unit::Seconds,
            request_seconds.clone(),
        );
        let jobs = Family::<StatusLabel, Counter>::default();
        registry.register(
            "jobs",
            "Changes of jobs to a state, by this process",
            jobs.clone(),
        );
        let ownership = Family::<StateLabel, Gauge>::default();
        registry.register(
            "bucket_ownership",
            "1 for what the database is to the bucket, 0 for what it is not",
            ownership.clone(),
        );
        let task_failures = Family::<TaskLabel, Counter>::default();
        registry.register(
            "task_failures",
            "Background tasks that panicked or ended",
            task_failures.clone(),
        );
        let certificate_expiry = Gauge::default();
        registry.register_with_unit(
            "tls_certificate_expiry_timestamp",
            "When the TLS certificate expires, in Unix time; 0 without TLS",
            Unit::Seconds,
            certificate_expiry.clone(),
        );
        let connections = Gauge::default();
        registry.register(
            "connections",
            "Open connections to the API",
            connections.clone(),
        );
        let mut counter = |name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let evicted_connections = counter(
            "evicted_connections",
            "Idle connections closed to make room for new ones",
        );
        let refused_connections = counter(
            "refused_connections",
            "Connections refused since requests were under way on all others",
        );
        let urls = counter("urls", "Presigned URLs created");
        let inspected_bytes = counter("inspected_bytes", "Bytes read by inspections");
        let deferred_inspections = counter(
            "deferred_inspections",
            "Inspections postponed since a dependency failed",
        );
        let cleaned_jobs = counter(
            "cleaned_jobs",
            "Jobs whose uploads and objects were removed from S3",
        );
        let failed_cleanings = counter(
            "failed_cleanings",
            "Removals from S3 that failed and are retried",
        );
        Self {
            registry,
            requests,
            request_seconds,
            jobs,
            ownership,
            task_failures,
            certificate_expiry,
            connections,
            evicted_connections,
            refused_connections,
            urls,
            inspected_bytes,
            deferred_inspections,
            cleaned_jobs,
            failed_cleanings,
        }
    }
}

impl Metrics {
    /// Counts a request.
    pub fn count_request(&self, operation: &str, status: u16, seconds: f64) {
        let labels = [
            ("operation", operation.to_string()),
            ("status", status.to_string()),
        ];
        self.requests.get_or_create(&labels).inc();
        self.request_seconds.observe(seconds);
    }

    /// Counts jobs that reached a state.
    pub fn count_jobs(&self, status: JobStatus, number: u64) {
        if number > 0 {
            self.jobs
                .get_or_create(&[("status", status.as_str())])
                .inc_by(number);
        }
    }

    /// Counts a background task that panicked or ended.
    pub fn count_task_failure(&self, task: &'static str) {
        self.task_failures.get_or_create(&[("task", task)]).inc();
    }

    /// Publishes when the certificate of the API's listener expires.
    pub fn set_certificate_expiry(&self, expires_at: DateTime<Utc>) {
        self.certificate_expiry.set(expires_at.timestamp());
    }

    /// Publishes what the database is to the bucket.
    pub fn set_ownership(&self, ownership: Ownership) {
        for state in Ownership::ALL {
            self.ownership
                .get_or_create(&[("state", state.as_str())])
                .set(i64::from(state == ownership));
        }
    }

    /// What the database is to the bucket, as last published.
    pub fn ownership(&self) -> Option<Ownership> {
        Ownership::ALL.into_iter().find(|state| {
            self.ownership
                .get(&[("state", state.as_str())])
                .is_some_and(|gauge| gauge.get() == 1)
        })
    }

    /// All counters in the text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
