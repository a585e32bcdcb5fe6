//! Spans, sent to a collector of traces by OTLP over HTTP.
//!
//! They wait in a queue with a bound, of which a thread of its own sends them in batches. A collector that cannot be reached
//! costs spans, and nothing else.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::arguments::MonitoringArguments;

/// OpenTelemetry's own variable for the collector, and the path of traces behind it.
const ENDPOINT_VARIABLE: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const TRACES_PATH: &str = "/v1/traces";

/// OpenTelemetry's own variable for the name of the service.
const SERVICE_VARIABLE: &str = "OTEL_SERVICE_NAME";

/// Name of the service where none is set.
const SERVICE: &str = "restow";

/// How long the collector may take to accept a batch.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// Least time between two warnings that no spans can be sent.
const WARNING_INTERVAL: Duration = Duration::from_mins(1);

/// Where spans go; nowhere by default.
#[derive(Debug, Default)]
pub struct Spans(Option<SdkTracerProvider>);

impl Spans {
    /// Sends spans to the collector that is configured, if one is, by a client in this runtime.
    ///
    /// # Errors
    /// If its URL is none.
    pub fn start(arguments: &MonitoringArguments, runtime: &Handle) -> Result<Self> {
        let configured = arguments.otlp_endpoint.clone();
        let of_environment = || std::env::var(ENDPOINT_VARIABLE).ok();
        let endpoint = configured
            .or_else(of_environment)
            .filter(|url| !url.is_empty());
        let Some(endpoint) = endpoint else {
            return Ok(Self::default());
        };
        let url = format!("{}{TRACES_PATH}", endpoint.trim_end_matches('/'));
        let client = reqwest::Client::builder()
            .timeout(EXPORT_TIMEOUT)
            .build()
            .context("cannot set up the client of --otlp-endpoint")?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(url)
            .with_timeout(EXPORT_TIMEOUT)
            .with_http_client(Sender {
                client,
                runtime: runtime.clone(),
                warned: Mutex::default(),
            })
            .build()
            .context("--otlp-endpoint is not valid; write for example http://localhost:4318")?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource())
            .build();
        Ok(Self(Some(provider)))
    }

    /// What makes spans, if they go anywhere.
    pub fn tracer(&self) -> Option<SdkTracer> {
        self.0.as_ref().map(|provider| provider.tracer(SERVICE))
    }

    /// Sends what waits, for `limit` at most, and ends.
    pub async fn finish(self, limit: Duration) {
        let Some(provider) = self.0 else { return };
        let sending = spawn_blocking(move || provider.shutdown_with_timeout(limit));
        if !matches!(timeout(limit, sending).await, Ok(Ok(Ok(())))) {
            tracing::warn!("the last spans could not be sent to the collector in time");
        }
    }
}

fn resource() -> Resource {
    let resource = Resource::builder();
    let resource = if std::env::var_os(SERVICE_VARIABLE).is_some_and(|name| !name.is_empty()) {
        resource
    } else {
        resource.with_service_name(SERVICE)
    };
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    resource.with_attribute(version).build()
}

/// Sends batches from the exporter's thread, which is outside of the runtime.
#[derive(Debug)]
struct Sender {
    client: reqwest::Client,
    runtime: Handle,
    /// When a failure was last logged.
    warned: Mutex<Option<Instant>>,
}

impl Sender {
    fn warn(&self, error: &HttpError) {
        let Ok(mut warned) = self.warned.lock() else {
            return;
        };
        if warned.is_none_or(|at| at.elapsed() >= WARNING_INTERVAL) {
            *warned = Some(Instant::now());
            tracing::warn!(
                %error,
                "failed to send spans to the collector; they are dropped; check --otlp-endpoint and the collector"
            );
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for Sender {
    async fn send_bytes(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, HttpError> {
        let sending = self.runtime.spawn(send(self.client.clone(), request));
        let sent = match sending.await {
            Ok(sent) => sent.map_err(|failure| failure.0),
            Err(error) => Err(error.into()),
        };
        sent.inspect_err(|error| self.warn(error))
    }
}

async fn send(
    client: reqwest::Client,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, Failure> {
    let response = client.execute(request.try_into()?).await?;
    let mut response = response.error_for_status()?;
    let mut accepted = http::Response::builder().status(response.status());
    if let Some(headers) = accepted.headers_mut() {
        *headers = std::mem::take(response.headers_mut());
    }
    Ok(accepted.body(response.bytes().await?)?)
}

/// Why a batch was not accepted, without the URL, which may contain credentials.
struct Failure(HttpError);

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self(error.without_url().into())
    }
}

impl From<http::Error> for Failure {
    fn from(error: http::Error) -> Self {
        Self(error.into())
    }
}
