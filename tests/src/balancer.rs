//! A load balancer in front of servers that come and go.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::sleep;

use crate::rules::locked;

/// How often readiness is checked, and how long a response may take.
const CHECK_INTERVAL: Duration = Duration::from_millis(100);
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// Which of the servers that are ready gets a new connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The one that was added first.
    First,
    /// Each in turn.
    InTurn,
}

/// A load balancer: new connections go to servers that are ready. Those to a server that drains are kept.
#[derive(Debug)]
pub struct Balancer {
    url: String,
    http: reqwest::Client,
    servers: Arc<Servers>,
    forwarding: AbortHandle,
}

#[derive(Debug)]
struct Servers {
    choice: Choice,
    all: Mutex<Vec<Server>>,
    /// Number of connections so far.
    turn: AtomicUsize,
}

#[derive(Debug)]
struct Server {
    url: String,
    is_ready: Arc<AtomicBool>,
    checking: AbortHandle,
}

impl Balancer {
    /// A balancer in front of servers with these URLs.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn start(choice: Choice, urls: &[&str]) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let http = reqwest::Client::builder().no_proxy().timeout(CHECK_TIMEOUT);
        let servers = Arc::new(Servers {
            choice,
            all: Mutex::default(),
            turn: AtomicUsize::default(),
        });
        let forwarding = tokio::spawn(accept(listener, Arc::clone(&servers)));
        let balancer = Self {
            url,
            http: http.build()?,
            servers,
            forwarding: forwarding.abort_handle(),
        };
        for url in urls {
            balancer.add(url).await;
        }
        Ok(balancer)
    }

    /// URL that clients connect to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Adds the server with this URL, which gets connections as long as it is ready.
    pub async fn add(&self, url: &str) {
        let (http, ready_url) = (self.http.clone(), format!("{url}/readyz"));
        let is_ready = Arc::new(AtomicBool::new(check(&http, &ready_url).await));
        let latest = Arc::clone(&is_ready);
        let checking = tokio::spawn(async move {
            loop {
                sleep(CHECK_INTERVAL).await;
                latest.store(check(&http, &ready_url).await, Ordering::Relaxed);
            }
        });
        locked(&self.servers.all).push(Server {
            url: url.to_string(),
            is_ready,
            checking: checking.abort_handle(),
        });
    }

    /// Removes the server with this URL; its connections are kept.
    pub fn remove(&self, url: &str) {
        locked(&self.servers.all).retain(|server| server.url != url);
    }

    /// Number of servers that get new connections.
    pub fn ready(&self) -> usize {
        self.servers.ready().len()
    }
}

impl Servers {
    /// The URLs of the servers that are ready.
    fn ready(&self) -> Vec<String> {
        let all = locked(&self.all);
        let ready = all
            .iter()
            .filter(|server| server.is_ready.load(Ordering::Relaxed));
        ready.map(|server| server.url.clone()).collect()
    }

    /// The addresses to try for a new connection, in this order.
    fn candidates(&self) -> Vec<String> {
        let mut urls = self.ready();
        if self.choice == Choice::InTurn {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed);
            let first = turn.checked_rem(urls.len()).unwrap_or_default();
            urls.rotate_left(first);
        }
        let address = |url: &String| url.trim_start_matches("http://").to_string();
        urls.iter().map(address).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.checking.abort();
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.forwarding.abort();
    }
}

async fn check(http: &reqwest::Client, ready_url: &str) -> bool {
    let response = http.get(ready_url).send().await;
    response.is_ok_and(|response| response.status() == 200)
}

async fn accept(listener: TcpListener, servers: Arc<Servers>) {
    while let Ok((client, _)) = listener.accept().await {
        let addresses = servers.candidates();
        tokio::spawn(forward(client, addresses));
    }
}

/// Connects a client to the first of the addresses that accepts it; closes the connection if there is none.
async fn forward(mut client: TcpStream, addresses: Vec<String>) -> io::Result<()> {
    for address in addresses {
        // A server may have ended since the last check.
        if let Ok(mut server) = TcpStream::connect(address).await {
            copy_bidirectional(&mut client, &mut server).await?;
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// A server that responds with its name, and closes the connection.
    async fn server(name: &'static str) -> Result<(String, Arc<AtomicBool>)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let is_ready = Arc::new(AtomicBool::new(true));
        let ready = Arc::clone(&is_ready);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let _ = client.read(&mut [0; 4096]).await;
                let status = if ready.load(Ordering::Relaxed) {
                    "200 OK"
                } else {
                    "503 Service Unavailable"
                };
                let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
                let response = format!("{head}content-length: {}\r\n\r\n{name}", name.len());
                let _ = client.write_all(response.as_bytes()).await;
            }
        });
        Ok((url, is_ready))
    }

    /// The names of the servers that respond to four requests.
    async fn names(balancer: &Balancer) -> Result<String> {
        let mut names = String::new();
        for _ in 0..4 {
            let response = balancer.http.get(balancer.url()).send().await?;
            names += &response.text().await?;
        }
        Ok(names)
    }

    async fn wait_until_ready(balancer: &Balancer, servers: usize) {
        while balancer.ready() != servers {
            sleep(Duration::from_millis(10)).await;
        }
    }

    #[tokio::test]
    async fn connections_go_to_ready_servers() -> Result<()> {
        let ((first, is_ready), (second, _)) = (server("a").await?, server("b").await?);
        let standby = Balancer::start(Choice::First, &[&first, &second]).await?;
        let balancer = Balancer::start(Choice::InTurn, &[&first, &second]).await?;
        assert_eq!(names(&standby).await?, "aaaa");
        assert_eq!(names(&balancer).await?, "abab");
        is_ready.store(false, Ordering::Relaxed);
        for balancer in [&standby, &balancer] {
            wait_until_ready(balancer, 1).await;
            assert_eq!(names(balancer).await?, "bbbb");
        }
        is_ready.store(true, Ordering::Relaxed);
        wait_until_ready(&balancer, 2).await;
        balancer.remove(&second);
        assert_eq!(names(&balancer).await?, "aaaa");
        balancer.remove(&first);
        assert!(names(&balancer).await.is_err());
        Ok(())
    }
}
