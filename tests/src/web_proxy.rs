//! A proxy as companies have it: for HTTP by request and by CONNECT, and for SOCKS5.

mod http;
mod socks;

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

use crate::rules::locked;

/// What the proxy does with requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conduct {
    /// It passes them on.
    Forward,
    /// It refuses them with 403.
    Refuse,
    /// It demands a user name and password: those of `USER` and `PASSWORD`.
    Demand,
    /// It never responds.
    Silent,
}

/// The user name that is accepted.
pub const USER: &str = "alice";

/// The password that is accepted.
pub const PASSWORD: &str = "pr0xyp4ss";

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

/// Passes bytes on in both directions, until one side ends.
async fn copy(mut client: TcpStream, mut server: TcpStream) -> Result<()> {
    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
