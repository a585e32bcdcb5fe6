//! Documents of the server outside of its API, which need no token.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use reqwest::redirect;
use serde_json::Value;

use restow_sdk::{Error, Network, Peer};

/// Timeout of connecting and of the response.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A client for requests without a token, which follows no redirects.
///
/// # Errors
/// If the settings of the network are invalid.
pub fn client(ca_file: Option<&Path>) -> Result<reqwest::Client> {
    let network = Network::from_environment()?;
    let network = match ca_file {
        Some(file) => network.trusting(file)?,
        None => network,
    };
    let builder = reqwest::Client::builder().redirect(redirect::Policy::none());
    let client = network.configure(builder).timeout(TIMEOUT);
    Ok(client.build().map_err(Error::Setup)?)
}

/// Reads a document of JSON from a path of the server, also that of an error response.
///
/// # Errors
/// If there is no connection, or no JSON.
pub async fn read(server: &str, ca_file: Option<&Path>, path: &str) -> Result<Value> {
    let request = client(ca_file)?.get(format!("{server}/{path}"));
    let response = Network::send(request).await;
    let response = response.map_err(|error| Error::transport(Peer::Api, error))?;
    let status = response.status();
    let document = response.json().await;
    Ok(document.map_err(|_| Error::UnexpectedResponse {
        status,
        message: format!("/{path} is not JSON"),
        retry_after: None,
        proxy: None,
    })?)
}
