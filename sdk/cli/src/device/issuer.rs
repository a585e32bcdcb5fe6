//! Requests to an issuer.

use std::net::IpAddr;
use std::path::Path;

use anyhow::Result;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{RequestBuilder, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::login_options::DeviceOption;
use crate::printable::printable;
use crate::server_document;
use restow_sdk::Network;

/// Type of grant of a device code.
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    device_authorization_endpoint: Option<String>,
    token_endpoint: String,
}

/// Where and with which code the user confirms the login.
#[derive(Deserialize)]
pub struct Authorization {
    /// Code that the token is requested with.
    pub device_code: String,
    /// Code that the user enters.
    pub user_code: String,
    /// Where the user enters it.
    pub verification_uri: String,
    /// The same with the code.
    pub verification_uri_complete: Option<String>,
    /// Seconds for which the codes are valid.
    pub expires_in: u64,
    /// Seconds between two requests for the token.
    pub interval: Option<u64>,
}

/// Tokens of an issuer.
#[derive(Deserialize)]
pub struct TokenResponse {
    /// Access token.
    pub access_token: Option<String>,
    /// ID token.
    pub id_token: Option<String>,
    /// Refresh token.
    pub refresh_token: Option<String>,
    /// Seconds for which the access token is valid.
    pub expires_in: Option<i64>,
}

#[derive(Deserialize)]
struct ErrorResponse {
    error: String,
}

/// The response to a request for tokens.
pub enum PollResponse {
    /// The tokens.
    Token(Box<TokenResponse>),
    /// A code of RFC 6749 or RFC 8628.
    Error(String),
    /// No response, or none that says anything.
    None,
}

/// A client of an issuer.
pub struct IssuerClient {
    http: reqwest::Client,
    device_endpoint: Option<Url>,
    token_endpoint: Url,
}

impl IssuerClient {
    /// A client with the endpoints of the issuer's discovery document.
    ///
    /// # Errors
    /// [`Failure::LoginRefused`] where there is no such document, or it offers no device authorization.
    pub async fn discover(issuer: &str, ca_file: Option<&Path>) -> Result<Self> {
        let http = server_document::client(ca_file)?;
        let url = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        let url = Url::parse(&url).ok().filter(is_private);
        let url = url.ok_or_else(|| refused("the issuer's URL is not an https URL"))?;
        let discovery: Option<Discovery> = read(http.get(url)).await;
        let discovery =
            discovery.ok_or_else(|| refused("the issuer does not respond as expected"))?;
        if discovery.issuer != issuer {
            return Err(refused("the discovery document is that of another issuer"));
        }
        let endpoint = |url: &str| Url::parse(url).ok().filter(is_private);
        let device_endpoint = discovery
            .device_authorization_endpoint
            .as_deref()
            .and_then(endpoint);
        if device_endpoint.is_none() {
            return Err(refused("the issuer offers no device authorization"));
        }
        let token_endpoint = endpoint(&discovery.token_endpoint)
            .ok_or_else(|| refused("the issuer's token endpoint is not an https URL"))?;
        Ok(Self {
            http,
            device_endpoint,
            token_endpoint,
        })
    }

    /// A client that only renews tokens.
    ///
    /// # Errors
    /// If the settings of the network or the stored URL are invalid.
    pub fn with_token_endpoint(url: &str, ca_file: Option<&Path>) -> Result<Self> {
        let url = Url::parse(url).ok().filter(is_private);
        Ok(Self {
            http: server_document::client(ca_file)?,
            device_endpoint: None,
            token_endpoint: url
                .ok_or_else(|| refused("the issuer's token endpoint is not an https URL"))?,
        })
    }

    /// URL to which refresh tokens are sent.
    pub fn token_endpoint(&self) -> String {
        self.token_endpoint.to_string()
    }

    /// Begins a login.
    pub async fn authorize(&self, device: &DeviceOption) -> Result<Authorization> {
        let scope = device.scopes.join(" ");
        let fields = [("client_id", device.client_id.as_str()), ("scope", &scope)];
        let endpoint = self.device_endpoint.clone();
        let endpoint = endpoint.unwrap_or_else(|| self.token_endpoint.clone());
        let authorization = read(form(&self.http, endpoint, &fields)).await;
        authorization.ok_or_else(|| refused("the issuer refused to begin the login"))
    }

    /// Requests the tokens of a login.
    pub async fn poll(&self, device: &DeviceOption, device_code: &str) -> PollResponse {
        let fields = [
            ("grant_type", DEVICE_GRANT),
            ("device_code", device_code),
            ("client_id", &device.client_id),
        ];
        self.request_token(&fields).await
    }

    /// Renews tokens; `None` where the issuer is not reached.
    ///
    /// # Errors
    /// [`Failure::LoginExpired`] where the issuer refuses.
    pub async fn refresh(
        &self,
        client_id: &str,
        refresh_token: &str,
    ) -> Result<Option<TokenResponse>> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("client_id", client_id),
        ];
        match self.request_token(&fields).await {
            PollResponse::Token(token) => Ok(Some(*token)),
            PollResponse::Error(code) => {
                Err(Failure::LoginExpired(printable(&code).to_string()).into())
            }
            PollResponse::None => Ok(None),
        }
    }

    async fn request_token(&self, fields: &[(&str, &str)]) -> PollResponse {
        let request = form(&self.http, self.token_endpoint.clone(), fields);
        let Ok(response) = Network::send(request).await else {
            return PollResponse::None;
        };
        let is_success = response.status().is_success();
        let Ok(body) = response.bytes().await else {
            return PollResponse::None;
        };
        if is_success {
            let token = serde_json::from_slice(&body).ok();
            return token.map_or(PollResponse::None, |token| {
                PollResponse::Token(Box::new(token))
            });
        }
        let error = serde_json::from_slice::<ErrorResponse>(&body).ok();
        error.map_or(PollResponse::None, |error| PollResponse::Error(error.error))
    }
}

fn refused(reason: &str) -> anyhow::Error {
    Failure::LoginRefused(reason.to_string()).into()
}

/// A POST of a form.
fn form(http: &reqwest::Client, url: Url, fields: &[(&str, &str)]) -> RequestBuilder {
    // The query of a URL is encoded like a form.
    let mut encoder = url.clone();
    encoder.query_pairs_mut().clear().extend_pairs(fields);
    http.post(url)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, "application/json")
        .body(encoder.query().unwrap_or_default().to_string())
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Option<T> {
    let response = Network::send(request).await.ok()?;
    if !response.status().is_success() {
        return None;
    }
    response.json().await.ok()
}

/// Whether what is sent to a URL stays private: HTTPS, or this machine.
fn is_private(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_loopback = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback)
}
