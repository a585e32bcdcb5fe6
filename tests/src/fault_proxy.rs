//! A proxy between the server and S3 that injects the faults of networks and stores.
//!
//! It runs in threads of its own, so that tests may block, and passes requests on as they are: their signatures
//! cover the Host header. It remembers every request, so that tests can check what reached S3.

mod exchange;
mod fault;
mod operation;
mod shared;

use std::net::{SocketAddr, TcpListener};
use std::ops::RangeBounds;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::runtime::{Builder, Runtime};

pub use self::fault::Fault;
pub use self::operation::{Operation, Seen};
use self::shared::Shared;
use crate::gate::Held;
use crate::rules::{Rules, locked};

/// A running proxy, which ends when it is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
}

impl FaultProxy {
    /// A proxy that passes everything on to the S3 with this URL.
    ///
    /// # Errors
    /// If the URL names no address, or there is no free port.
    pub fn start(s3_url: &str) -> Result<Self> {
        let upstream = s3_url
            .trim_start_matches("http://")
            .parse()
            .context("the S3 has no address")?;
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            upstream,
            rules: Rules::default(),
            seen: Mutex::default(),
            connections: AtomicUsize::default(),
        });
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        runtime.spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            runtime: Some(runtime),
        })
    }

    /// URL of the proxy.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Has requests of one kind, or all of them, meet a fault: those that the range names, counted from 1 from now on.
    pub fn inject(
        &self,
        operation: impl Into<Option<Operation>>,
        occurrences: impl RangeBounds<usize>,
        fault: impl Into<Fault>,
    ) {
        self.shared
            .rules
            .add(operation.into(), occurrences, fault.into());
    }

    /// Holds back the reply to the next request of this kind.
    pub fn hold(&self, operation: Operation) -> Held {
        let (held, gate) = Held::new();
        self.inject(operation, 1..=1, Fault::Hold(gate));
        held
    }

    /// Ends all faults, and returns how many requests have met one since the last call.
    pub fn heal(&self) -> usize {
        self.shared.rules.end()
    }

    /// Every request so far, in order.
    pub fn seen(&self) -> Vec<Seen> {
        locked(&self.shared.seen).clone()
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// How many requests of this kind for this key reached S3.
    pub fn reached(&self, operation: Operation, key: &str) -> usize {
        let seen = locked(&self.shared.seen);
        seen.iter()
            .filter(|seen| seen.forwarded && seen.operation == operation && seen.key == key)
            .count()
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        // A runtime must not be waited for where its owner is asynchronous itself.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) -> Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        shared.connections.fetch_add(1, Ordering::Relaxed);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service =
                service_fn(move |request| exchange::respond(Arc::clone(&shared), request));
            // Connections that break off are what it is for.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
