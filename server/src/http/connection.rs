//! One connection of a client, from its first byte to its end.

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use dropshot::Body;
use http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use restow_api::error::{ErrorType, Failure, ValidationError};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;

use super::cors::{self, Origin};
use super::forward::Forwarder;
use super::slot::Slot;
use crate::app::App;

/// How long a connection that has not sent a request yet may take to send one when the process stops: it may be on its way.
const LAST_REQUEST_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a connection above the bound may take to send its request.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(2);

/// Paths that are served on connections above the bound too: an orchestrator must not take load for death.
const PROBES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// What all connections share.
#[derive(Debug)]
pub(super) struct Site {
    /// What the operations work with.
    pub(super) app: Arc<App>,
    /// Origins whose pages may use the API.
    pub(super) allowed_origins: Vec<Origin>,
    /// The way to the framework.
    pub(super) forwarder: Forwarder,
    /// How long a connection may be silent before a request, and take to send the request's head.
    pub(super) idle_timeout: Duration,
}

impl Site {
    /// The response to a request.
    async fn respond(&self, request: Request<Incoming>) -> Response<Body> {
        let origin = request.headers().get(header::ORIGIN).cloned();
        let mut response = match self.forwarder.send(request).await {
            Ok(response) => response,
            Err(error) => {
                tracing::warn!(%error, "failed to process a request");
                self.unavailable("The server failed to process the request", origin)
            }
        };
        if self.app.draining.is_cancelled() {
            close_after(&mut response);
        }
        response
    }

    /// The response to a request on a connection above the bound.
    async fn refuse(&self, request: Request<Incoming>) -> Response<Body> {
        if PROBES.contains(&request.uri().path()) {
            return self.respond(request).await;
        }
        self.app.metrics.refused_connections.inc();
        let origin = request.headers().get(header::ORIGIN).cloned();
        let mut response = self.unavailable("The server has too many connections", origin);
        close_after(&mut response);
        response
    }

    fn unavailable(&self, msg: &str, origin: Option<HeaderValue>) -> Response<Body> {
        let failure: Failure =
            ValidationError::new(ErrorType::Unavailable, ["server"], msg.to_string()).into();
        let mut response = failure.into_response().unwrap_or_else(|_| {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            response
        });
        let request = origin.map(|origin| (header::ORIGIN, origin));
        let headers = cors::answer_headers(&self.allowed_origins, &request.into_iter().collect());
        response.headers_mut().extend(headers);
        response
    }
}

fn close_after(response: &mut Response<Body>) {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(header::CONNECTION, close);
}

/// Serves the requests of a connection that has a slot.
pub(super) async fn serve(stream: TcpStream, slot: Slot, site: Arc<Site>) {
    let idle_timeout = site.idle_timeout;
    let connection = Arc::clone(&slot.connection);
    let service = service_fn(move |request| {
        let under_way = connection.begin();
        let site = Arc::clone(&site);
        async move {
            let response = site.respond(request).await;
            drop(under_way);
            Ok::<_, Infallible>(response)
        }
    });
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(idle_timeout)
        .serve_connection(
            TokioIo::new(Box::pin(bounded(stream, idle_timeout))),
            service,
        );
    let mut http = pin!(http);
    let ended = tokio::select! {
        ended = http.as_mut() => Some(ended),
        () = slot.connection.to_be_closed() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None if slot.connection.is_silent() && !slot.is_closing() => return,
        None => {
            if slot.connection.is_silent()
                && let Ok(ended) = timeout(LAST_REQUEST_TIMEOUT, http.as_mut()).await
            {
                ended
            } else if slot.connection.is_silent() {
                return;
            } else {
                http.as_mut().graceful_shutdown();
                http.await
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Serves one request on a connection above the bound: a probe as ever, and 503 for anything else.
pub(super) async fn refuse(stream: TcpStream, slot: Slot, site: Arc<Site>) {
    let connection = Arc::clone(&slot.connection);
    let service = service_fn(move |request| {
        let under_way = connection.begin();
        let site = Arc::clone(&site);
        async move {
            let response = site.refuse(request).await;
            drop(under_way);
            Ok::<_, Infallible>(response)
        }
    });
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REFUSAL_TIMEOUT)
        .keep_alive(false)
        .serve_connection(
            TokioIo::new(Box::pin(bounded(stream, REFUSAL_TIMEOUT))),
            service,
        );
    tokio::select! {
        _ = http => {}
        () = slot.connection.to_be_closed() => {}
    }
}

/// A stream whose other side has to take what is written to it in time.
fn bounded(stream: TcpStream, write_timeout: Duration) -> TimeoutStream<TcpStream> {
    // A response is written at once; it must not wait for more.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(write_timeout));
    stream
}
