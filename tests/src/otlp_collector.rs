//! A collector of traces: a server to which spans are sent by OTLP over HTTP, and that keeps them for a test.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span as WireSpan;
use prost::Message;
use tokio::runtime::{Builder, Runtime};

use crate::rules::locked;

/// Path of traces.
const PATH: &str = "/v1/traces";

/// A span, with what tests look at.
#[derive(Clone, Debug)]
pub struct Span {
    /// Its name.
    pub name: String,
    /// Identifier of its trace, in hexadecimal.
    pub trace_id: String,
    /// Its identifier, in hexadecimal.
    pub id: String,
    /// Identifier of the span that it is part of; empty if there is none.
    pub parent_id: String,
    /// Identifiers of the traces of the spans that it is linked to.
    pub linked_traces: Vec<String>,
    /// Everything that it says, as text.
    pub text: String,
}

impl Span {
    fn of(span: &WireSpan) -> Self {
        let links = span.links.iter();
        Self {
            name: span.name.clone(),
            trace_id: hex(&span.trace_id),
            id: hex(&span.span_id),
            parent_id: hex(&span.parent_span_id),
            linked_traces: links.map(|link| hex(&link.trace_id)).collect(),
            text: format!("{span:?}"),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// A running collector, which ends when it is dropped.
#[derive(Debug)]
pub struct OtlpCollector {
    address: SocketAddr,
    spans: Arc<Mutex<Vec<Span>>>,
    runtime: Option<Runtime>,
}

impl OtlpCollector {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// If there is none.
    pub fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let spans = Arc::default();
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        runtime.spawn(serve(listener, Arc::clone(&spans)));
        Ok(Self {
            address,
            spans,
            runtime: Some(runtime),
        })
    }

    /// Its URL, as `--otlp-endpoint` takes it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The spans that it has received.
    pub fn spans(&self) -> Vec<Span> {
        locked(&self.spans).clone()
    }
}

impl Drop for OtlpCollector {
    fn drop(&mut self) {
        // A runtime must not be waited for where its owner is asynchronous itself.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(listener: TcpListener, spans: Arc<Mutex<Vec<Span>>>) -> Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let spans = Arc::clone(&spans);
        tokio::spawn(async move {
            let service = service_fn(move |request| receive(Arc::clone(&spans), request));
            // The exporter closes its connections as it likes.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn receive(
    spans: Arc<Mutex<Vec<Span>>>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>> {
    let mut response = Response::new(Full::default());
    if request.uri().path() != PATH {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return Ok(response);
    }
    let body = request.into_body().collect().await?.to_bytes();
    let exported = ExportTraceServiceRequest::decode(body).context("no spans")?;
    let scopes = exported
        .resource_spans
        .iter()
        .flat_map(|resource| &resource.scope_spans);
    let received = scopes.flat_map(|scope| &scope.spans).map(Span::of);
    locked(&spans).extend(received);
    Ok(response)
}
