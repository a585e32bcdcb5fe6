//! Requests to the server that is judged, and to its S3.

use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Url};
use serde_json::Value;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Maximum time of a request to the API. Completing waits for at most 10 s by contract.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Maximum time of a transfer from or to S3.
const TRANSFER_TIMEOUT: Duration = Duration::from_mins(10);

/// A client of one server.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    api: String,
    token: String,
}

/// A response with its whole body.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Client {
    /// A client of the server at a URL without `/api`.
    ///
    /// # Errors
    /// If there is no TLS on this machine.
    pub fn new(endpoint: &Url, token: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            // A redirection is a response that the document does not have.
            .redirect(Policy::none())
            .build()?;
        Ok(Self {
            http,
            api: format!("{}/api", endpoint.as_str().trim_end_matches('/')),
            token: token.to_string(),
        })
    }

    /// The token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Sends a request of the API with the token.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer> {
        let mut request = self.request(method, path).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        self.send(request, path).await
    }

    /// A request of the API without a token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.api))
    }

    /// Sends a request of the API as it is.
    ///
    /// # Errors
    /// If there is no response.
    pub async fn send(&self, request: RequestBuilder, path: &str) -> Result<Answer> {
        answer(request.timeout(TIMEOUT))
            .await
            .with_context(|| format!("no response from {}{path}", self.api))
    }

    /// Sends a part to a signed URL.
    ///
    /// # Errors
    /// If there is no response. The error does not contain the URL, whose signature is a secret.
    pub async fn put(&self, url: Url, part: Bytes) -> Result<Answer> {
        let request = self.http.put(url).body(part).timeout(TRANSFER_TIMEOUT);
        answer(request).await.context("no response from S3")
    }

    /// Reads what a signed URL names.
    ///
    /// # Errors
    /// If there is no response. The error does not contain the URL, whose signature is a secret.
    pub async fn get(&self, url: Url) -> Result<Answer> {
        let request = self.http.get(url).timeout(TRANSFER_TIMEOUT);
        answer(request).await.context("no response from S3")
    }
}

async fn answer(request: RequestBuilder) -> Result<Answer> {
    let response = request.send().await.map_err(reqwest::Error::without_url)?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().await;
    Ok(Answer {
        status,
        headers,
        body: body.map_err(reqwest::Error::without_url)?,
    })
}
