//! Accepts connections, as many as are allowed, and stops.
//!
//! The framework owns its listener, and neither bounds its connections nor ends those that are silent. So it listens on a
//! loopback port, and this listener is in front of it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use dropshot::HttpServer;
use prometheus_client::metrics::gauge::Gauge;
use restow_connections::Slots;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::{self, Site};
use super::context::Context;

/// Connections above the bound that are answered with 503.
const REFUSED_CONNECTIONS: usize = 16;

/// Connections that may wait for the slot of an idle one at the same time.
const MAX_ADMITTING: usize = 64;

/// Pause after a failed accept, which usually means that no file descriptors are left.
const ACCEPT_RETRY_INTERVAL: Duration = Duration::from_millis(100);

/// A running server.
pub struct Server {
    local_addr: SocketAddr,
    closing: CancellationToken,
    accepting: JoinHandle<()>,
    connections: TaskTracker,
    framework: HttpServer<Context>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("local_addr", &self.local_addr)
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Begins to serve `max_connections` connections at once, of one address half of them, whose number is in `open`.
    ///
    /// # Errors
    /// If the listener has no address.
    pub(super) fn start(
        listener: TcpListener,
        max_connections: usize,
        open: &Gauge,
        site: Site,
        framework: HttpServer<Context>,
    ) -> std::io::Result<Self> {
        let local_addr = listener.local_addr()?;
        let closing = CancellationToken::new();
        let metrics = &site.app.metrics;
        let slots = |number| {
            let evicted = metrics.evicted_connections.clone();
            Slots::new(number, closing.clone(), open.clone(), evicted)
        };
        let connections = TaskTracker::new();
        let acceptor = Acceptor {
            slots: slots(max_connections),
            refused: slots(REFUSED_CONNECTIONS),
            admitting: Arc::new(Semaphore::new(MAX_ADMITTING)),
            connections: connections.clone(),
            site: Arc::new(site),
        };
        Ok(Self {
            local_addr,
            accepting: tokio::spawn(acceptor.run(listener, closing.clone())),
            closing,
            connections,
            framework,
        })
    }

    /// The address that clients connect to.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Accepts no more connections, closes the idle ones, and waits until `deadline` for the requests under way. Returns
    /// whether all of them have ended.
    pub async fn close(self, deadline: Instant) -> bool {
        self.closing.cancel();
        let ended = timeout_at(deadline, async {
            let _ = self.accepting.await;
            self.connections.close();
            self.connections.wait().await;
            // Also requests whose clients have gone.
            self.framework.close().await
        });
        ended.await.is_ok()
    }
}

#[derive(Clone)]
struct Acceptor {
    slots: Arc<Slots>,
    refused: Arc<Slots>,
    /// Connections that may look for a slot at the same time.
    admitting: Arc<Semaphore>,
    connections: TaskTracker,
    site: Arc<Site>,
}

impl Acceptor {
    async fn run(self, listener: TcpListener, closing: CancellationToken) {
        loop {
            tokio::select! {
                biased;
                () = closing.cancelled() => break,
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => self.admit(stream).await,
                    Err(error) => {
                        tracing::warn!(%error, "failed to accept a connection");
                        sleep(ACCEPT_RETRY_INTERVAL).await;
                    }
                },
            }
        }
        // What the kernel has accepted already would otherwise be reset.
        while let Ok(Ok((stream, _))) = timeout(Duration::from_millis(1), listener.accept()).await {
            self.admit(stream).await;
        }
    }

    /// Has a connection be served. One that waits until an idle one is closed does not keep the next ones waiting.
    async fn admit(&self, stream: TcpStream) {
        // It is never closed.
        if let Ok(permit) = Arc::clone(&self.admitting).acquire_owned().await {
            let serving = self.clone().serve(stream, permit);
            self.connections.spawn(serving);
        }
    }

    /// Serves a connection, or refuses it where requests are under way on as many as are allowed.
    async fn serve(self, stream: TcpStream, permit: OwnedSemaphorePermit) {
        let source = connection::source_of(&stream, &self.site);
        if let Some(slot) = self.slots.take(source).await {
            drop(permit);
            connection::serve(stream, slot, self.site).await;
        } else if let Some(slot) = self.refused.take(None).await {
            drop(permit);
            connection::refuse(stream, slot, self.site).await;
        } else {
            self.site.app.metrics.refused_connections.inc();
        }
    }
}
