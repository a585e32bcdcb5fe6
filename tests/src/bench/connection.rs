//! A connection that is kept alive, with as little around it as there can be: what it takes is taken from what is measured.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HOST};
use hyper::http::response::Parts;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};

/// An address of this machine that connections come from only where they are to: what is limited by the address of a client
/// is then counted apart.
pub const OTHER_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// A connection to one server, opened when it is needed.
#[derive(Debug)]
pub struct Connection {
    address: SocketAddr,
    /// Address of this machine that it comes from, if it is to be a certain one.
    source: Option<IpAddr>,
    /// Value of the header `Authorization`, if it is sent.
    authorization: Option<String>,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    /// One that sends a token.
    pub fn new(address: SocketAddr, token: &str) -> Self {
        Self {
            authorization: Some(format!("Bearer {token}")),
            ..Self::without_token(address)
        }
    }

    /// One that sends none.
    pub fn without_token(address: SocketAddr) -> Self {
        Self {
            address,
            source: None,
            authorization: None,
            sender: None,
        }
    }

    /// The same from a certain address of this machine.
    #[must_use]
    pub fn coming_from(mut self, source: IpAddr) -> Self {
        self.source = Some(source);
        self
    }

    /// Opens the connection, which is otherwise done by the first request.
    ///
    /// # Errors
    /// If the server does not accept it.
    pub async fn open(&mut self) -> Result<&mut SendRequest<Full<Bytes>>> {
        let is_open = match &mut self.sender {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !is_open {
            let stream = connect(self.address, self.source)
                .await
                .with_context(|| format!("{} accepts no connection", self.address))?;
            stream.set_nodelay(true)?;
            let (sender, connection) = handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        self.sender.as_mut().context("no connection")
    }

    /// Closes the connection; the next request opens another one.
    pub fn close(&mut self) {
        self.sender = None;
    }

    /// Sends a request with a body, and reads the response to its end.
    ///
    /// # Errors
    /// If there is none, or its status is no success; the error holds its body.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Bytes,
    ) -> Result<(Parts, Bytes)> {
        let (parts, body) = self
            .answer(method.clone(), path, content_type, body)
            .await?;
        ensure!(
            parts.status.is_success(),
            "{method} {} was answered with {}: {}",
            path.split('?').next().unwrap_or_default(),
            parts.status,
            String::from_utf8_lossy(&body)
        );
        Ok((parts, body))
    }

    /// The same, whatever the status is.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn answer(
        &mut self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Bytes,
    ) -> Result<(Parts, Bytes)> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, self.address.to_string());
        if let Some(content_type) = content_type {
            request = request.header(CONTENT_TYPE, content_type);
        }
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.body(Full::new(body))?;
        let response = self.open().await?.send_request(request).await?;
        let (parts, body) = response.into_parts();
        Ok((parts, body.collect().await?.to_bytes()))
    }

    /// Reads something.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn get(&mut self, path: &str) -> Result<Bytes> {
        let (_, body) = self.send(Method::GET, path, None, Bytes::new()).await?;
        Ok(body)
    }

    /// Sends JSON.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn post(&mut self, path: &str, body: &Value) -> Result<Bytes> {
        let body = Bytes::from(body.to_string());
        let json = Some("application/json");
        Ok(self.send(Method::POST, path, json, body).await?.1)
    }

    /// Creates a dataset, and returns its path.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn create_dataset(&mut self, name: &str) -> Result<String> {
        let created = self.post("/api/datasets", &json!({"name": name})).await?;
        let created: Value = serde_json::from_slice(&created)?;
        let id = created["id"].as_str().context("no dataset")?;
        Ok(format!("/api/datasets/{id}"))
    }

    /// Uploads a part by its signed URL, which leads to this server, and returns its entity tag.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn upload(&mut self, url: &str, content: Bytes) -> Result<String> {
        let (_, behind_scheme) = url.split_once("://").context("no scheme")?;
        let (_, path) = behind_scheme.split_once('/').context("no path")?;
        let path = format!("/{path}");
        let (head, _) = self.send(Method::PUT, &path, None, content).await?;
        let etag = head.headers.get(ETAG).context("S3 sent no ETag")?;
        Ok(etag.to_str()?.to_string())
    }
}

/// Connects to a server, from a certain address of this machine if there is one.
///
/// # Errors
/// If the server does not accept the connection, or this machine has no such address.
pub async fn connect(address: SocketAddr, source: Option<IpAddr>) -> io::Result<TcpStream> {
    let Some(source) = source else {
        return TcpStream::connect(address).await;
    };
    let socket = if source.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.bind((source, 0).into())?;
    socket.connect(address).await
}
