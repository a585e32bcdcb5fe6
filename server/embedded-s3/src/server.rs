//! Accepts connections, and shuts down gracefully.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use restow_connections::{Slot, Slots, Timeouts};
use s3s::service::S3Service;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::bucket::Bucket;
use crate::config::Config;
use crate::endpoint;
use crate::operations::Operations;

/// How long connections may take. Downloads may pause for longer than requests.
const TIMEOUTS: Timeouts = Timeouts {
    head: Duration::from_secs(30),
    write: Duration::from_mins(2),
    last_request: Duration::ZERO,
};

/// Pause after a failed accept, which usually means that no file descriptors are left.
const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// A running S3 endpoint. Dropping it ends its connections at once; [`shutdown`](Self::shutdown)
/// lets them finish.
#[derive(Debug)]
pub struct EmbeddedS3 {
    local_addr: SocketAddr,
    /// Sends how long running requests may take; dropping it means no time at all.
    stop: oneshot::Sender<Duration>,
    serving: JoinHandle<()>,
}

impl EmbeddedS3 {
    /// Opens the bucket, creating it when missing, and starts to serve it.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for a name that no bucket can have, `WouldBlock` when another process uses
    /// the directory, `InvalidData` when the directory holds a damaged upload or object, and what
    /// the file system reports.
    pub async fn start(config: Config) -> io::Result<Self> {
        let Config {
            directory,
            listener,
            bucket,
            region,
            credentials,
            min_part_size,
            max_connections,
        } = config;
        if !s3s::path::check_bucket_name(&bucket) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("no bucket can be named {bucket:?}"),
            ));
        }
        let local_addr = listener.local_addr()?;
        // A valid bucket name has neither slashes nor two dots in a row, so it is a safe file name.
        let directory = directory.join(&bucket);
        let opened =
            tokio::task::spawn_blocking(move || Bucket::open(&directory, min_part_size)).await;
        let operations = Operations::new(Arc::new(opened.map_err(io::Error::other)??), region);
        let s3 = endpoint::s3_service(operations, bucket, credentials);
        let (stop, stopped) = oneshot::channel();
        Ok(Self {
            local_addr,
            stop,
            serving: tokio::spawn(serve(listener, s3, max_connections, stopped)),
        })
    }

    /// The address that connections are accepted on.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Stops accepting, lets running requests finish for at most `grace`, and cuts off the rest.
    pub async fn shutdown(self, grace: Duration) {
        let Self { stop, serving, .. } = self;
        let running = stop.send(grace).is_ok();
        if let Err(error) = serving.await {
            tracing::error!(%error, running, "the embedded S3 endpoint failed");
        }
    }
}

async fn serve(
    listener: TcpListener,
    s3: S3Service,
    max_connections: usize,
    mut stopped: oneshot::Receiver<Duration>,
) {
    let closing = CancellationToken::new();
    let slots = Slots::new(
        max_connections,
        closing.clone(),
        Gauge::default(),
        Counter::default(),
    );
    let mut connections = JoinSet::new();
    let grace = loop {
        let accepted = tokio::select! {
            grace = &mut stopped => break grace,
            Some(_ended) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _peer)) => stream,
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                sleep(ACCEPT_RETRY_INTERVAL).await;
                continue;
            }
        };
        tokio::select! {
            grace = &mut stopped => break grace,
            slot = slots.wait() => {
                connections.spawn(serve_connection(stream, slot, s3.clone()));
            }
        }
    };
    let grace = grace.unwrap_or(Duration::ZERO);
    drop(listener);
    closing.cancel();
    let ended = timeout(grace, async {
        while connections.join_next().await.is_some() {}
    });
    if ended.await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "connections were still open after the grace period"
        );
    }
    connections.shutdown().await;
}

/// HTTP/1.1 only, as S3 itself: one connection is one request at a time, so the limit of
/// connections limits requests. Each holds at most two blocks of a body in memory.
async fn serve_connection(stream: TcpStream, slot: Slot, s3: S3Service) {
    restow_connections::serve(stream, slot, TIMEOUTS, |request| {
        let s3 = s3.clone();
        async move { endpoint::respond(&s3, request).await }
    })
    .await;
}
