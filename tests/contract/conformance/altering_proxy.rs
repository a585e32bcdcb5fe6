//! A proxy between the judge and the server that alters responses.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::handshake;
use hyper::header::CONTENT_LENGTH;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// A response of the server to be altered.
#[derive(Debug)]
pub struct Reply {
    /// Method and path of the request.
    pub request: String,
    /// Status.
    pub status: u16,
    /// Body; null where there is none.
    pub body: Value,
}

/// Alters a response.
type Alteration = Arc<dyn Fn(&mut Reply) + Send + Sync>;

/// A running proxy, which ends when it is dropped.
#[derive(Debug)]
pub struct AlteringProxy {
    /// URL of the proxy.
    pub url: String,
    task: JoinHandle<()>,
}

impl Drop for AlteringProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl AlteringProxy {
    /// A proxy to the server at this URL.
    ///
    /// # Errors
    /// If the URL names no address, or there is no free port.
    pub fn start(
        server_url: &str,
        alteration: impl Fn(&mut Reply) + Send + Sync + 'static,
    ) -> Result<Self> {
        let alteration: Alteration = Arc::new(alteration);
        let server: SocketAddr = server_url
            .trim_start_matches("http://")
            .parse()
            .context("the server has no address")?;
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let alteration = Arc::clone(&alteration);
                let service =
                    service_fn(move |request| respond(server, Arc::clone(&alteration), request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Ok(Self { url, task })
    }
}

async fn respond(
    server: SocketAddr,
    alteration: Alteration,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Failure> {
    let named = format!("{} {}", request.method(), request.uri().path());
    let stream = TcpStream::connect(server).await?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let (mut head, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    let Ok(value) = serde_json::from_slice(&body) else {
        return Ok(Response::from_parts(head, Full::new(body)));
    };
    let mut reply = Reply {
        request: named,
        status: head.status.as_u16(),
        body: value,
    };
    alteration(&mut reply);
    head.status = StatusCode::from_u16(reply.status)?;
    head.headers.remove(CONTENT_LENGTH);
    let body = Bytes::from(reply.body.to_string());
    Ok(Response::from_parts(head, Full::new(body)))
}
