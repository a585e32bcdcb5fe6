//! A proxy as companies have it: for HTTP by request and by CONNECT, and for SOCKS5.

mod conduct;
mod http;
mod relay;
mod socks;

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use tokio::runtime::{Builder, Runtime};

pub use self::conduct::{Conduct, PASSWORD, USER};
use crate::rules::locked;

/// A running proxy, which ends when it is dropped.
#[derive(Debug)]
pub struct WebProxy {
    address: SocketAddr,
    reached: Arc<Mutex<Vec<String>>>,
    runtime: Option<Runtime>,
}

impl WebProxy {
    /// A proxy of this conduct.
    ///
    /// # Errors
    /// If there is no free port.
    pub fn start(conduct: Conduct) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let reached = Arc::<Mutex<Vec<String>>>::default();
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        runtime.spawn(serve(listener, conduct, Arc::clone(&reached)));
        Ok(Self {
            address,
            reached,
            runtime: Some(runtime),
        })
    }

    /// Its host and port.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Host and port of each server to which it made a connection.
    pub fn reached(&self) -> Vec<String> {
        locked(&self.reached).clone()
    }
}

impl Drop for WebProxy {
    fn drop(&mut self) {
        // A runtime must not be waited for where its owner is asynchronous itself.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn serve(
    listener: TcpListener,
    conduct: Conduct,
    reached: Arc<Mutex<Vec<String>>>,
) -> Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (client, _) = listener.accept().await?;
        let reached = Arc::clone(&reached);
        tokio::spawn(async move {
            let mut first = [0];
            client.peek(&mut first).await?;
            let record = |server: &str| locked(&reached).push(server.to_string());
            match (conduct, first) {
                (Conduct::Silent, _) => std::future::pending().await,
                (_, [socks::VERSION]) => socks::relay(client, record).await,
                _ => http::relay(client, conduct, record).await,
            }
        });
    }
}
