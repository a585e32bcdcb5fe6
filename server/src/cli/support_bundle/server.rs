//! What a running server says of itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::http::{Protocol, get};

/// How long the server may take to respond.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where a server is reached, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listener {
    pub(super) address: SocketAddr,
    pub(super) protocol: Protocol,
}

/// What probes and metrics respond, or why they do not, by the names of the files in the bundle.
pub(super) async fn state(probes: Listener, metrics: Listener) -> Vec<(&'static str, Value)> {
    let mut parts = Vec::new();
    for (name, listener, path) in [
        ("healthz.json", probes, "/healthz"),
        ("readyz.json", probes, "/readyz"),
        ("metrics.txt", metrics, "/metrics"),
    ] {
        let address = reachable(listener.address);
        let content = match timeout(TIMEOUT, get(address, listener.protocol, path)).await {
            Ok(Ok((status, body))) => match serde_json::from_str::<Value>(&body) {
                Ok(body) => json!({ "status": status.as_u16(), "body": body }),
                Err(_) => json!(body),
            },
            Ok(Err(error)) => {
                json!({ "error": format!("no server responds at {address}: {error}") })
            }
            Err(_) => {
                json!({ "error": format!("the server at {address} does not respond in time") })
            }
        };
        parts.push((name, content));
    }
    parts
}

/// The address at which a server on this machine is reached that listens on all interfaces.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
