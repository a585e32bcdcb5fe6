//! A small HTTP server whose answers a test makes.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::HeaderMap;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

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
    /// Close the connection without a word.
    Reset,
    /// Keep the connection open and say nothing.
    Never,
}

/// An answer with a body.
pub fn answer(status: StatusCode, body: impl Into<Bytes>) -> Reply {
    with_header(status, "server", "fake", body)
}

/// An answer with a header and a body.
pub fn with_header(status: StatusCode, name: &'static str, value: &str, body: impl Into<Bytes>) -> Reply {
    let response = Response::builder().status(status).header(name, value).body(Full::new(body.into()));
    Reply::Answer(response.expect("a valid answer"))
}

/// An answer in JSON.
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
        connections.spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn respond<H, F>(handler: Arc<H>, request: Request<Incoming>) -> io::Result<Response<Full<Bytes>>>
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
        Reply::Answer(response) => Ok(response),
        Reply::Reset => Err(io::ErrorKind::ConnectionReset.into()),
        Reply::Never => std::future::pending().await,
    }
}
