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
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use crate::slot::{Connection, Request as UnderWay, Slot};
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

/// An extension of a response that is sent only after this time. Until then the connection counts as idle: where its slot is
/// needed, the response is sent at once, and the connection is closed.
#[derive(Clone, Copy, Debug)]
pub struct Hold(pub Duration);

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
    let service = service_fn(|request| {
        let connection = Arc::clone(&slot.connection);
        let under_way = connection.begin();
        let response = respond(request);
        async move {
            let mut response = response.await;
            let under_way = match response.extensions_mut().remove() {
                Some(hold) => held(hold, under_way, &connection).await,
                None => under_way,
            };
            // Until the last byte of the body, the request is under way.
            let response = response.map(|body| {
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

/// Waits before a response is sent. The request is then under way again.
async fn held(Hold(time): Hold, under_way: UnderWay, connection: &Arc<Connection>) -> UnderWay {
    drop(under_way);
    connection.hold();
    tokio::select! {
        () = sleep(time) => {}
        () = connection.to_be_closed() => {}
    }
    connection.begin()
}

/// A stream whose other side has to take what is written to it in time.
fn io<T: Transport>(stream: T, write_timeout: Duration) -> TimeoutStream<T> {
    // A response is written at once; it must not wait for more.
    let _ = stream.tcp().set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(write_timeout));
    stream
}

#[cfg(test)]
mod tests {
    use prometheus_client::metrics::counter::Counter;
    use prometheus_client::metrics::gauge::Gauge;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::Notify;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::slot::Slots;

    const LONG: Duration = Duration::from_hours(1);

    /// A client that has sent a request, and the stream at the other side.
    async fn connected() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let connecting = TcpStream::connect(listener.local_addr().unwrap());
        let (client, accepted) = tokio::join!(connecting, listener.accept());
        let mut client = client.unwrap();
        let request = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";
        client.write_all(request).await.unwrap();
        (client, accepted.unwrap().0)
    }

    #[tokio::test]
    async fn held_response_gives_its_slot_to_others() {
        let (open, evicted) = (Gauge::default(), Counter::default());
        let slots = Slots::new(1, CancellationToken::new(), open, evicted.clone());
        let (mut client, stream) = connected().await;
        let slot = slots.take(None).await.expect("a free slot");
        let timeouts = Timeouts {
            head: LONG,
            write: LONG,
            last_request: LONG,
        };
        let responds = Arc::new(Notify::new());
        let has_responded = Arc::clone(&responds);
        tokio::spawn(serve(stream, slot, timeouts, move |_| {
            responds.notify_one();
            let mut response = Response::new(String::from("held"));
            response.extensions_mut().insert(Hold(LONG));
            async { response }
        }));
        has_responded.notified().await;
        slots.wait().await;
        assert_eq!(evicted.get(), 1);
        let mut response = String::new();
        client.read_to_string(&mut response).await.unwrap();
        assert!(response.ends_with("held"), "{response}");
    }
}
