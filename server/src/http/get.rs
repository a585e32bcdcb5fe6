//! A request to another process of the deployment.

mod unverified;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

/// Largest body that is read, in bytes.
const MAX_BODY: usize = 16 << 20;

/// How the listener of a process is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Plain HTTP.
    Http,
    /// TLS, whose certificate is not verified: it names the host of the API, and not an address of this machine.
    Https,
}

/// The status and the body of the response to a GET.
///
/// # Errors
/// If there is no response, or its body is too large.
pub async fn get(
    address: SocketAddr,
    protocol: Protocol,
    path: &str,
) -> Result<(StatusCode, String)> {
    let stream = TcpStream::connect(address).await?;
    match protocol {
        Protocol::Http => send(stream, address, path).await,
        Protocol::Https => {
            let connector = TlsConnector::from(Arc::new(unverified::config()?));
            let name = ServerName::from(address.ip());
            send(connector.connect(name, stream).await?, address, path).await
        }
    }
}

async fn send(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    address: SocketAddr,
    path: &str,
) -> Result<(StatusCode, String)> {
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::get(path).header(header::HOST, address.to_string());
    let response = sender
        .send_request(request.body(Empty::<Bytes>::new())?)
        .await?;
    let status = response.status();
    let body = Limited::new(response.into_body(), MAX_BODY).collect().await;
    let body = body.map_err(anyhow::Error::from_boxed)?.to_bytes();
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}
