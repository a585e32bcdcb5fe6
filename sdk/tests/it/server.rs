//! A small HTTP server with a handler for each test.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures::{StreamExt, stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::HeaderMap;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

type Body = BoxBody<Bytes, io::Error>;

/// A request with its whole body.
pub struct Received {
    pub method: Method,
    pub path: String,
    pub query: HashMap<String, String>,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// What to do with a request.
pub enum Reply {
    Answer(Response<Full<Bytes>>),
    /// Close the connection after this many bytes of the body.
    Cut(Response<Full<Bytes>>, usize),
    /// Close the connection without a response.
    Reset,
    /// Keep the connection open and never respond.
    Never,
}

/// A response with a body.
pub fn answer(status: StatusCode, body: impl Into<Bytes>) -> Reply {
    with_header(status, "server", "fake", body)
}

/// A response with a header and a body.
pub fn with_header(
    status: StatusCode,
    name: &'static str,
    value: &str,
    body: impl Into<Bytes>,
) -> Reply {
    let response = Response::builder()
        .status(status)
        .header(name, value)
        .body(Full::new(body.into()));
    Reply::Answer(response.expect("a valid answer"))
}

/// A response with several headers and a body.
pub fn with_headers(
    status: StatusCode,
    headers: &[(&str, &str)],
    body: Bytes,
) -> Response<Full<Bytes>> {
    let builder = Response::builder().status(status);
    let builder = headers.iter().fold(builder, |builder, (name, value)| {
        builder.header(*name, *value)
    });
    builder.body(Full::new(body)).expect("a valid answer")
}

/// A response in JSON.
pub fn json(status: StatusCode, body: &Value) -> Reply {
    with_header(status, "content-type", "application/json", body.to_string())
}

/// A running server, stopped when it is dropped.
pub struct Server {
    pub url: String,
    task: AbortHandle,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves on a port of its own.
pub async fn serve<H, F>(handler: H) -> Server
where
    H: Fn(Received) -> F + Send + Sync + 'static,
    F: Future<Output = Reply> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let task = tokio::spawn(accept(listener, Arc::new(handler))).abort_handle();
    Server { url, task }
}

async fn accept<H, F>(listener: TcpListener, handler: Arc<H>) -> Infallible
where
    H: Fn(Received) -> F + Send + Sync + 'static,
    F: Future<Output = Reply> + Send + 'static,
{
    // Dropped with this future, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        let handler = handler.clone();
        let service = service_fn(move |request| respond(handler.clone(), request));
        connections.spawn(
            hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service),
        );
    }
}

async fn respond<H, F>(handler: Arc<H>, request: Request<Incoming>) -> io::Result<Response<Body>>
where
    H: Fn(Received) -> F,
    F: Future<Output = Reply>,
{
    let (head, body) = request.into_parts();
    let url = reqwest::Url::parse(&format!("http://fake{}", head.uri)).expect("a URL");
    let received = Received {
        method: head.method,
        path: url.path().to_string(),
        query: url.query_pairs().into_owned().collect(),
        headers: head.headers,
        body: body.collect().await.map_err(io::Error::other)?.to_bytes(),
    };
    match handler(received).await {
        Reply::Answer(response) => {
            Ok(response.map(|body| body.map_err(|never| match never {}).boxed()))
        }
        Reply::Cut(response, bytes) => cut(response, bytes).await,
        Reply::Reset => Err(io::ErrorKind::ConnectionReset.into()),
        Reply::Never => std::future::pending().await,
    }
}

/// The first bytes of a response with the full `Content-Length`.
async fn cut(response: Response<Full<Bytes>>, bytes: usize) -> io::Result<Response<Body>> {
    let (mut head, body) = response.into_parts();
    let whole = body.collect().await.expect("a body in memory").to_bytes();
    head.headers.insert("content-length", whole.len().into());
    let pieces = [
        Ok(Frame::data(whole.slice(..bytes))),
        Err(io::ErrorKind::ConnectionReset.into()),
    ];
    // The bytes before the error must be sent.
    let pieces = stream::iter(pieces).then(async |piece| {
        tokio::task::yield_now().await;
        piece
    });
    Ok(Response::from_parts(
        head,
        BodyExt::boxed(StreamBody::new(pieces)),
    ))
}
