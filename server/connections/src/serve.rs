//! One connection of a client, from its first byte to its end.

use std::convert::Infallible;
use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;

use crate::slot::Slot;
use crate::transport::Transport;

/// How long a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// To send the head of a request, from the end of the last one on; so it may be silent for that long. Also to make a TLS
    /// handshake.
    pub head: Duration,
    /// To take what is written to it.
    pub write: Duration,
    /// To send its first request once the process stops, since that may be on its way; it then gets its response.
    pub last_request: Duration,
}

/// Serves the requests of a connection with `respond`, one at a time, until the client or its slot ends it. A request under
/// way is finished.
pub async fn serve<F, B>(
    stream: impl Transport,
    slot: Slot,
    timeouts: Timeouts,
    respond: impl Fn(Request<Incoming>) -> F,
) where
    F: Future<Output = Response<B>>,
    B: Body + 'static,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let connection = Arc::clone(&slot.connection);
    let service = service_fn(|request| {
        let under_way = connection.begin();
        let response = respond(request);
        async move {
            // Until the last byte of the body, the request is under way.
            let response = response.await.map(|body| {
                body.map_err(move |error| {
                    let _ = &under_way;
                    error
                })
            });
            Ok::<_, Infallible>(response)
        }
    });
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(timeouts.head)
        .serve_connection(TokioIo::new(Box::pin(io(stream, timeouts.write))), service);
    let mut http = pin!(http);
    let connection = &slot.connection;
    let mut ended = tokio::select! {
        ended = http.as_mut() => Some(ended),
        () = connection.to_be_closed() => None,
    };
    if ended.is_none() && connection.is_silent() && slot.is_closing() {
        ended = timeout(timeouts.last_request, http.as_mut()).await.ok();
    }
    if ended.is_none() && !connection.is_silent() {
        http.as_mut().graceful_shutdown();
        ended = Some(http.await);
    }
    if let Some(Err(error)) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A stream whose other side has to take what is written to it in time.
fn io<T: Transport>(stream: T, write_timeout: Duration) -> TimeoutStream<T> {
    // A response is written at once; it must not wait for more.
    let _ = stream.tcp().set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(write_timeout));
    stream
}
