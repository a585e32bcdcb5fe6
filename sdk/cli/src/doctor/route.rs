//! Which way requests go: directly, or through a proxy.

use reqwest::Url;

use super::finding::Finding;
use super::put_part::origin;
use restow_sdk::Network;

/// The proxy of requests to a URL, if any.
pub fn finding(name: &'static str, network: &Network, url: &str) -> Finding {
    let proxy = Url::parse(url).ok().and_then(|url| network.proxy_of(&url));
    let origin = origin(url);
    let message = match proxy {
        Some(proxy) => format!("requests to {origin} go through the proxy {proxy}"),
        None => format!("requests to {origin} use no proxy"),
    };
    Finding::ok(name, message)
}
