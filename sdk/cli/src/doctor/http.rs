//! The HTTP client of the checks.

use std::time::Duration;

use anyhow::Result;
use reqwest::{RequestBuilder, Response, redirect};

use restow_sdk::{Error, Network, Peer};

/// Timeout of connecting, also through a proxy: a host that drops packets must not take long to be reported.
/// It is shorter than any timeout of a request, so that it is known which of the two it was.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Timeout of each request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client that follows no redirects.
pub fn client(network: &Network) -> Result<reqwest::Client, Error> {
    let builder = reqwest::Client::builder().redirect(redirect::Policy::none());
    let builder = network.configure(builder);
    let builder = builder.connect_timeout(CONNECT_TIMEOUT).timeout(TIMEOUT);
    builder.build().map_err(Error::Setup)
}

/// Sends a request. The error contains no URL, which may be a signed one.
pub async fn send(peer: Peer, request: RequestBuilder) -> Result<Response, Error> {
    let response = Network::send(request).await;
    response.map_err(|error| Error::transport(peer, error))
}
