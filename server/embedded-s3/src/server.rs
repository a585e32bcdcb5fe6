//! Accepts connections, and shuts down gracefully.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use s3s::service::S3Service;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::bucket::Bucket;
use crate::config::Config;
use crate::endpoint;
use crate::operations::Operations;

/// Maximum number of concurrent connections; more wait in the kernel's queue. Each holds at most
/// two blocks of a body in memory.
const MAX_CONNECTIONS: usize = 1024;

/// Timeout for receiving a request's headers, and for idle connections.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(30);

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
            serving: tokio::spawn(serve(listener, s3, stopped)),
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

async fn serve(listener: TcpListener, s3: S3Service, mut stopped: oneshot::Receiver<Duration>) {
    let graceful = GracefulShutdown::new();
    let permits = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    let grace = loop {
        tokio::select! {
            grace = &mut stopped => break grace.unwrap_or(Duration::ZERO),
            Some(_ended) = connections.join_next() => {}
            accepted = accept(&listener, &permits) => match accepted {
                Ok((stream, permit)) => {
                    connections.spawn(serve_connection(stream, permit, s3.clone(), &graceful));
                }
                Err(error) => {
                    tracing::warn!(%error, "failed to accept a connection");
                    sleep(ACCEPT_RETRY_INTERVAL).await;
                }
            },
        }
    };
    drop(listener);
    if timeout(grace, graceful.shutdown()).await.is_err() {
        tracing::warn!(
            connections = connections.len(),
            "connections were still open after the grace period"
        );
    }
    connections.shutdown().await;
}

async fn accept(
    listener: &TcpListener,
    permits: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(permits)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, _peer) = listener.accept().await?;
    Ok((stream, permit))
}

/// HTTP/1.1 only, as S3 itself: one connection is one request at a time, so the limit of
/// connections limits requests.
fn serve_connection(
    stream: TcpStream,
    permit: OwnedSemaphorePermit,
    s3: S3Service,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + use<> {
    let service = service_fn(move |request| {
        let s3 = s3.clone();
        async move { Ok::<_, Infallible>(endpoint::respond(&s3, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
        drop(permit);
    }
}
