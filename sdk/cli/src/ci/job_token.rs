//! The OpenID Connect token of a CI job.

use std::path::Path;

use anyhow::Result;
use reqwest::Url;
use serde::Deserialize;

use crate::environment::variable;
use crate::failure::Failure;
use crate::server_document;
use restow_sdk::Network;

/// The variable with a token, for CI systems that put it into the environment.
const TOKEN_VARIABLE: &str = "RESTOW_CI_TOKEN";

/// The variables with which GitHub Actions lets a job request its token.
const REQUEST_URL_VARIABLE: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
const REQUEST_TOKEN_VARIABLE: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

/// Where the token of the job comes from.
pub enum JobToken {
    /// The environment has it.
    Fixed(String),
    /// GitHub Actions gives a new one at each request.
    Actions {
        /// URL to request it from.
        url: Url,
        /// Secret of the job that the request needs.
        request_token: String,
    },
}

#[derive(Deserialize)]
struct ActionsResponse {
    value: String,
}

impl JobToken {
    /// Where the token comes from, as the environment says.
    ///
    /// # Errors
    /// [`Failure::NoCiToken`] where it says nothing.
    pub fn find() -> Result<Self> {
        if let Some(token) = variable(TOKEN_VARIABLE) {
            return Ok(Self::Fixed(token));
        }
        let (url, request_token) = (
            variable(REQUEST_URL_VARIABLE),
            variable(REQUEST_TOKEN_VARIABLE),
        );
        let (Some(url), Some(request_token)) = (url, request_token) else {
            let reason = "the environment has no OpenID Connect token of a job";
            return Err(Failure::NoCiToken(reason.to_string()).into());
        };
        let invalid = || Failure::NoCiToken(format!("{REQUEST_URL_VARIABLE} is no URL"));
        let url = Url::parse(&url).map_err(|_| invalid())?;
        Ok(Self::Actions { url, request_token })
    }

    /// The token, for an audience. That of the environment has its audience already.
    ///
    /// # Errors
    /// [`Failure::NoCiToken`] where the CI system gives none.
    pub async fn request(&self, audience: &str, ca_file: Option<&Path>) -> Result<String> {
        match self {
            Self::Fixed(token) => Ok(token.clone()),
            Self::Actions { url, request_token } => {
                let mut url = url.clone();
                url.query_pairs_mut().append_pair("audience", audience);
                let request = server_document::client(ca_file)?.get(url);
                let request = request.bearer_auth(request_token);
                let failed =
                    |reason: String| Failure::NoCiToken(format!("GitHub Actions {reason}"));
                let response = Network::send(request).await;
                let response = response.map_err(|_| failed("does not respond".to_string()))?;
                let status = response.status();
                if !status.is_success() {
                    return Err(failed(format!(
                        "responded with {status} to the request for a token"
                    ))
                    .into());
                }
                let response: ActionsResponse = response
                    .json()
                    .await
                    .map_err(|_| failed("responded without a token".to_string()))?;
                Ok(response.value)
            }
        }
    }
}
