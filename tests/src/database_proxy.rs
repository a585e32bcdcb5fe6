//! A proxy between the server and PostgreSQL that injects the faults of networks and databases.
//!
//! It runs in threads of its own, so that tests may block, and identifies each statement by its text. It does not support TLS, and
//! handles one statement at a time, which is all that the server's driver sends.

mod connection;
mod fault;
mod message;
mod shared;

use std::net::{SocketAddr, TcpListener};
use std::ops::RangeBounds;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

pub use self::fault::Fault;
use self::shared::{Line, Shared};
use crate::gate::Held;
use crate::rules::{Rules, locked};

/// A running proxy, which ends when it is dropped.
#[derive(Debug)]
pub struct DatabaseProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    runtime: Option<Runtime>,
}

impl DatabaseProxy {
    /// A proxy that passes everything on to the PostgreSQL cluster whose socket is in this directory.
    ///
    /// # Errors
    /// If there is no free port.
    pub fn start(socket: &Path) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            socket: socket.join(".s.PGSQL.5432"),
            rules: Rules::default(),
            seen: Mutex::default(),
            round_trips: AtomicUsize::default(),
            line: watch::Sender::new(Line::Open),
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

    /// URL of a database of the cluster, through the proxy.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://restow@{}/{database}?sslmode=disable",
            self.address
        )
    }

    /// Has statements with this fragment in their text meet a fault: those that the range names, counted from 1 from
    /// now on, each time that they are executed.
    pub fn inject(&self, fragment: &str, occurrences: impl RangeBounds<usize>, fault: Fault) {
        self.shared
            .rules
            .add(fragment.to_string(), occurrences, fault);
    }

    /// Holds back the reply to the next statement with this fragment in its text.
    pub fn hold(&self, fragment: &str) -> Held {
        let (held, gate) = Held::new();
        self.inject(fragment, 1..=1, Fault::Hold(gate));
        held
    }

    /// Closes all connections, and rejects new ones until it is healed.
    pub fn cut_all(&self) {
        self.shared.line.send_replace(Line::Cut);
    }

    /// Holds back all messages and new connections until it is healed.
    pub fn stall_all(&self) {
        self.shared.line.send_replace(Line::Stalled);
    }

    /// Ends all faults, and returns how many statements have met one since the last call.
    pub fn heal(&self) -> usize {
        self.shared.line.send_replace(Line::Open);
        self.shared.rules.end()
    }

    /// How often a client has waited for the database so far: for statements, their preparation, and tests of connections.
    pub fn round_trips(&self) -> usize {
        self.shared.round_trips.load(Ordering::Relaxed)
    }

    /// The text of every statement so far, in order, whether it reached the database or not.
    pub fn seen(&self) -> Vec<String> {
        locked(&self.shared.seen).clone()
    }
}

impl Drop for DatabaseProxy {
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
        let (client, _) = listener.accept().await?;
        client.set_nodelay(true)?;
        // Connections that break off are what it is for.
        tokio::spawn(connection::relay(Arc::clone(&shared), client));
    }
}
