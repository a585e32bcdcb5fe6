//! What is counted and measured, for Prometheus.
//!
//! Names that OpenTelemetry's conventions have are those, in Prometheus' form; all others begin with `restow_`. A label has
//! few values: those of a table in the code, never what a client sends.

mod backlog;
mod duties;
mod process;
mod register;
mod text;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use http::Method;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use restow_api::Finding;
use restow_api::job::JobStatus;

use self::backlog::BacklogGauges;
use self::duties::Duties;
pub use self::duties::DutyOutcome;
use self::process::Process;
use self::register::{Label, counter, family, gauge};
use crate::ownership::Ownership;
use crate::storage::Storage;
use crate::store::{Backlog, Store};

/// Bounds of the durations of requests that OpenTelemetry's conventions recommend, in seconds.
const REQUEST_BOUNDS: [f64; 14] = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
];

/// Bounds of the durations of inspections, in seconds.
const INSPECTION_BOUNDS: [f64; 10] = [0.01, 0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0];

/// A request, as OpenTelemetry names what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
#[expect(
    clippy::struct_field_names,
    reason = "the names of the fields are those of the labels"
)]
struct RequestLabels {
    http_request_method: &'static str,
    http_route: Arc<str>,
    http_response_status_code: u64,
}

/// The process's counters and gauges.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Histogram>,
    jobs: Family<Label, Counter>,
    inspections: Family<Label, Histogram>,
    findings: Family<Label, Counter>,
    ownership: Family<Label, Gauge>,
    generation: Gauge,
    dependencies: Family<Label, Gauge>,
    clock_skew: Family<Label, Gauge>,
    backlog: BacklogGauges,
    duties: Duties,
    task_failures: Family<Label, Counter>,
    certificate_expiry: Gauge,
    /// Connections that are open.
    pub connections: Gauge,
    /// Idle connections that were closed to make room for new ones.
    pub evicted_connections: Counter,
    /// Connections that were refused, since requests were under way on all others.
    pub refused_connections: Counter,
    /// Requests that were refused, since their address had sent too many.
    pub refused_requests: Counter,
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

fn requests(registry: &mut Registry) -> Family<RequestLabels, Histogram> {
    let requests =
        Family::<RequestLabels, Histogram>::new_with_constructor(|| Histogram::new(REQUEST_BOUNDS));
    registry.register(
        "http_server_request_duration_seconds",
        "Time to respond to a request to the API",
        requests.clone(),
    );
    requests
}

/// Every state is there from the start, so that the first failure is an increase.
fn jobs(registry: &mut Registry) -> Family<Label, Counter> {
    let help = "Changes of jobs to a state, by this process";
    let jobs = family::<Counter>(registry, "jobs", help);
    for status in JobStatus::ALL {
        drop(jobs.get_or_create(&[("status", status.as_str())]));
    }
    jobs
}

fn inspections(registry: &mut Registry) -> Family<Label, Histogram> {
    let inspections =
        Family::<Label, Histogram>::new_with_constructor(|| Histogram::new(INSPECTION_BOUNDS));
    registry.register(
        "inspection_duration_seconds",
        "Time to inspect an object, by the state that its job then had",
        inspections.clone(),
    );
    inspections
}

/// The release, as a label of a constant.
fn register_build(registry: &mut Registry) {
    let build = Family::<Label, Gauge>::default();
    build
        .get_or_create(&[("version", env!("CARGO_PKG_VERSION"))])
        .set(1);
    registry.register("build_info", "1, with the release as a label", build);
}

impl Metrics {
    /// Metrics of a process with this database and this bucket; `storage_price` is what S3 charges for a GiB a month.
    pub fn new(store: &Store, storage: &Storage, storage_price: f64) -> Self {
        let mut registry = Registry::default();
        let requests = requests(&mut registry);
        registry.register_collector(Box::new(Process::default()));
        let own = registry.sub_registry_with_prefix("restow");
        register_build(own);
        store.register(own);
        storage.register(own);
        Self {
            requests,
            jobs: jobs(own),
            inspections: inspections(own),
            findings: family(
                own,
                "inspection_findings",
                "Findings of inspections, by severity",
            ),
            ownership: family(
                own,
                "bucket_ownership",
                "1 for what the database is to the bucket, 0 for what it is not",
            ),
            generation: gauge(
                own,
                "bucket_generation",
                "Generation of the database, which each round of the reaper advances",
            ),
            dependencies: family(
                own,
                "dependency_up",
                "1 if the dependency responded when last looked at",
            ),
            certificate_expiry: gauge(
                own,
                "tls_certificate_expiry_timestamp_seconds",
                "When the TLS certificate expires, in Unix time; 0 without TLS",
            ),
            clock_skew: family(
                own,
                "clock_skew_seconds",
                "Seconds by which the clock of the dependency is ahead of that of this process",
            ),
            backlog: BacklogGauges::register(own, storage_price),
            duties: Duties::register(own),
            task_failures: family(
                own,
                "task_failures",
                "Background tasks that panicked or ended",
            ),
            connections: gauge(own, "connections", "Open connections to the API"),
            evicted_connections: counter(
                own,
                "evicted_connections",
                "Idle connections closed to make room for new ones",
            ),
            refused_connections: counter(
                own,
                "refused_connections",
                "Connections refused since requests were under way on all others",
            ),
            refused_requests: counter(
                own,
                "refused_requests",
                "Requests refused since their address had sent too many",
            ),
            urls: counter(own, "urls", "Presigned URLs created"),
            inspected_bytes: counter(own, "inspected_bytes", "Bytes read by inspections"),
            deferred_inspections: counter(
                own,
                "deferred_inspections",
                "Inspections postponed since a dependency failed",
            ),
            cleaned_jobs: counter(
                own,
                "cleaned_jobs",
                "Jobs whose uploads and objects were removed from S3",
            ),
            failed_cleanings: counter(
                own,
                "failed_cleanings",
                "Removals from S3 that failed and are retried",
            ),
            registry,
        }
    }

    /// Counts a request to the API, and the time that its response took.
    pub fn count_request(&self, method: &Method, route: &Arc<str>, status: u16, seconds: f64) {
        let labels = RequestLabels {
            http_request_method: method_name(method),
            http_route: Arc::clone(route),
            http_response_status_code: status.into(),
        };
        self.requests.get_or_create(&labels).observe(seconds);
    }

    /// Counts jobs that reached a state.
    pub fn count_jobs(&self, status: JobStatus, number: u64) {
        if number > 0 {
            self.jobs
                .get_or_create(&[("status", status.as_str())])
                .inc_by(number);
        }
    }

    /// Counts an inspection that ended, and what it found.
    pub fn count_inspection(&self, status: JobStatus, findings: &[Finding], seconds: f64) {
        self.inspections
            .get_or_create(&[("status", status.as_str())])
            .observe(seconds);
        for finding in findings {
            let severity = finding.severity.as_str();
            self.findings.get_or_create(&[("severity", severity)]).inc();
        }
    }

    /// Shows a background task before it fails, so that its first failure is an increase.
    pub fn show_task(&self, task: &'static str) {
        drop(self.task_failures.get_or_create(&[("task", task)]));
    }

    /// Counts a background task that panicked or ended.
    pub fn count_task_failure(&self, task: &'static str) {
        self.task_failures.get_or_create(&[("task", task)]).inc();
    }

    /// Counts a run of one of the reaper's duties, which ended at `now`.
    pub fn count_duty(&self, duty: &'static str, outcome: DutyOutcome, now: DateTime<Utc>) {
        self.duties.count(duty, outcome, now);
    }

    /// Counts a round of the reaper that ended at `now`.
    pub fn count_round(&self, now: DateTime<Utc>) {
        self.duties.count_round(now);
    }

    /// Counts what a round of the reaper did of one kind.
    pub fn count_reaped(&self, what: &'static str, number: u64) {
        self.duties.count_items(what, number);
    }

    /// Publishes whether a dependency responds, and by how many seconds its clock is ahead, where it says the time.
    pub fn set_dependency(&self, name: &'static str, is_available: bool, ahead: Option<i64>) {
        let label = [("dependency", name)];
        self.dependencies
            .get_or_create(&label)
            .set(is_available.into());
        if let Some(seconds) = ahead {
            self.clock_skew.get_or_create(&label).set(seconds);
        }
    }

    /// Publishes what waits in the database, as of `now`.
    pub fn set_backlog(&self, backlog: &Backlog, now: DateTime<Utc>) {
        self.backlog.set(backlog, now);
    }

    /// Publishes when the certificate of the API's listener expires.
    pub fn set_certificate_expiry(&self, expires_at: DateTime<Utc>) {
        self.certificate_expiry.set(expires_at.timestamp());
    }

    /// Publishes what the database is to the bucket, and its generation.
    pub fn set_ownership(&self, ownership: Ownership, generation: i64) {
        self.generation.set(generation);
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

    /// All metrics in the OpenMetrics text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    /// All metrics in the older text format of Prometheus.
    pub fn prometheus_text(&self) -> String {
        text::of_prometheus(&self.text())
    }
}

/// The method as a label; operations have no others.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "_OTHER",
    }
}
