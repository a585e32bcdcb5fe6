//! A receiver of messages.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::header::{HeaderMap, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex as AsyncMutex, mpsc};
use tokio::time::timeout;

/// How long a message may take: longer than a process that died keeps the others from sending it again.
const MESSAGE_TIMEOUT: Duration = Duration::from_mins(2);

/// What a receiver does with a message.
#[derive(Clone, Debug)]
pub enum Reply {
    Status(u16),
    Redirect(String),
    Never,
}

/// A message as it was received.
#[derive(Debug)]
pub struct Message {
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Message {
    pub fn json(&self) -> Result<Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    pub fn id(&self) -> Result<&str> {
        Ok(self.headers.get("webhook-id").context("no id")?.to_str()?)
    }
}

/// A receiver on this machine, which accepts all messages but those that it is to treat otherwise.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    connections: Arc<AtomicUsize>,
    messages: AsyncMutex<mpsc::UnboundedReceiver<Message>>,
}

impl Receiver {
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (sender, messages) = mpsc::unbounded_channel();
        let replies = Arc::default();
        let connections = Arc::default();
        tokio::spawn(serve(
            listener,
            sender,
            Arc::clone(&replies),
            Arc::clone(&connections),
        ));
        Ok(Self {
            address,
            replies,
            connections,
            messages: AsyncMutex::new(messages),
        })
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// What is done with the next messages.
    pub fn reply(&self, replies: &[Reply]) {
        let mut own = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
        own.extend(replies.iter().cloned());
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// How many messages were received and not read yet.
    pub fn waiting(&self) -> usize {
        self.messages
            .try_lock()
            .map_or(0, |messages| messages.len())
    }

    pub async fn next(&self) -> Result<Message> {
        let mut messages = self.messages.lock().await;
        let next = timeout(MESSAGE_TIMEOUT, messages.recv()).await;
        next.context("no message")?
            .context("the receiver has ended")
    }
}

async fn serve(
    listener: TcpListener,
    sender: mpsc::UnboundedSender<Message>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    connections: Arc<AtomicUsize>,
) -> Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        connections.fetch_add(1, Ordering::SeqCst);
        let (sender, replies) = (sender.clone(), Arc::clone(&replies));
        tokio::spawn(async move {
            let service =
                service_fn(move |request| receive(request, sender.clone(), Arc::clone(&replies)));
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn receive(
    request: Request<Incoming>,
    sender: mpsc::UnboundedSender<Message>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
) -> Result<Response<Empty<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let reply = replies
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .pop_front();
    let _ = sender.send(Message {
        headers: head.headers,
        body,
    });
    let response = Response::builder();
    let response = match reply {
        None => response.status(200),
        Some(Reply::Status(status)) => response.status(status),
        Some(Reply::Redirect(url)) => response.status(307).header(LOCATION, url),
        Some(Reply::Never) => std::future::pending().await,
    };
    Ok(response.body(Empty::new())?)
}
