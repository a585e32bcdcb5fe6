//! CI jobs: the OpenID Connect token of the job is exchanged for a token of one dataset, so that no secret is stored.

mod job_token;

use std::time::Duration;

use anyhow::Result;
use reqwest::Url;
use uuid::Uuid;

use self::job_token::JobToken;
use crate::credentials::{self, Credentials};
use crate::environment::variable;
use crate::failure::Failure;
use crate::global::GlobalArguments;
use crate::login_options::LoginOptions;
use crate::output;
use restow_sdk::generated::types::{ExchangeTokenRequest, ExchangedToken};
use restow_sdk::{Client, Error, RetryPolicy};

/// Names the audience of the CI job's token, where it is not the server's origin.
const AUDIENCE_VARIABLE: &str = "RESTOW_CI_AUDIENCE";

/// Attempts to exchange a token, each with a token of its own where the CI system gives new ones.
const ATTEMPTS: u32 = 4;

/// Pause before the second attempt; each further one is twice as long.
const PAUSE: Duration = Duration::from_secs(1);

/// Longest pause that a response may demand, so that a wrong `Retry-After` does not stop a job.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(2);

/// What a CI job logs in to.
#[derive(Clone, Debug)]
pub struct CiLogin {
    endpoint: String,
    ca_file: Option<std::path::PathBuf>,
    dataset_id: Uuid,
    audience: Option<String>,
}

impl CiLogin {
    /// A login to the server of the arguments or the environment.
    ///
    /// # Errors
    /// If there is no endpoint, or it is invalid.
    pub fn new(
        global: &GlobalArguments,
        dataset_id: Uuid,
        audience: Option<String>,
    ) -> Result<Self> {
        let (endpoint, ca_file) = credentials::server(global)?;
        let (endpoint, _) = endpoint.ok_or(Failure::NotLoggedIn)?;
        let ca_file = ca_file.map(std::path::absolute).transpose()?;
        Ok(Self {
            endpoint: credentials::server_url(&endpoint)?,
            ca_file,
            dataset_id,
            audience: audience.or_else(|| variable(AUDIENCE_VARIABLE)),
        })
    }

    /// Credentials with a token for the dataset.
    ///
    /// # Errors
    /// [`Failure::NoCiToken`], and those of the API, which refuses a job that no trust rule matches.
    pub async fn log_in(&self) -> Result<(Credentials, ExchangedToken)> {
        let job = JobToken::find()?;
        let audience = match (&self.audience, &job) {
            (Some(audience), _) => audience.clone(),
            (None, JobToken::Fixed(_)) => String::new(),
            (None, JobToken::Actions { .. }) => self.audience_of_server().await?,
        };
        let exchanged = self.exchange(&job, &audience).await?;
        mask(&exchanged.token);
        let credentials = Credentials {
            endpoint: self.endpoint.clone(),
            token: exchanged.token.clone(),
            ca_file: self.ca_file.clone(),
            renewal: None,
        };
        Ok((credentials, exchanged))
    }

    /// The audience that the server expects of the tokens of GitHub Actions. It must be the server itself: a token for anything
    /// else would be of use to the server there.
    async fn audience_of_server(&self) -> Result<String> {
        let endpoint = &self.endpoint;
        let options = LoginOptions::read(endpoint, self.ca_file.as_deref()).await?;
        let Some(audience) = options.audience_of("github") else {
            let reason = format!("{endpoint} trusts no CI jobs of GitHub Actions");
            return Err(Failure::NoCiToken(reason).into());
        };
        if names_server(audience, endpoint) {
            return Ok(audience.to_string());
        }
        let reason = format!(
            "{endpoint} requests a token for the audience {audience:?}, which is not the server itself; if that is right, pass \
             `--audience` or set {AUDIENCE_VARIABLE}"
        );
        Err(Failure::NoCiToken(reason).into())
    }

    /// Exchanges a token of the job. A response that was lost has used the token up, so that each attempt requests another.
    async fn exchange(&self, job: &JobToken, audience: &str) -> Result<ExchangedToken> {
        let builder = Client::anonymous(&self.endpoint).retry(RetryPolicy {
            retries: 0,
            ..RetryPolicy::default()
        });
        let builder = match &self.ca_file {
            Some(file) => builder.ca_file(file),
            None => builder,
        };
        let client = builder.build()?;
        let mut attempt = 1;
        loop {
            let token = job.request(audience, self.ca_file.as_deref()).await?;
            mask(&token);
            let invalid =
                |error| Error::InvalidRequest(format!("the token of the CI job: {error}"));
            let body = ExchangeTokenRequest {
                dataset_id: self.dataset_id,
                token: token.parse().map_err(invalid)?,
            };
            let request = || client.api().exchange_token().body(body.clone()).send();
            match client.call(request).await {
                Err(error) if error.is_transient() && attempt < ATTEMPTS => {
                    tokio::time::sleep(pause(attempt, &error)).await;
                    attempt += 1;
                }
                outcome => return Ok(outcome?),
            }
        }
    }
}

/// Pause after an attempt that failed: at least what the response demands.
fn pause(attempt: u32, error: &Error) -> Duration {
    let requested = error.retry_after().unwrap_or_default();
    (PAUSE * 2_u32.pow(attempt - 1)).max(requested.min(MAX_RETRY_AFTER))
}

/// Whether an audience is the origin of a server's URL, or its host.
fn names_server(audience: &str, endpoint: &str) -> bool {
    let Ok(url) = Url::parse(endpoint) else {
        return false;
    };
    let origin = url.origin().ascii_serialization();
    audience.trim_end_matches('/') == origin || url.host_str() == Some(audience)
}

/// Has GitHub Actions hide a secret in the log of the job. Its runner reads both outputs of a step for commands.
fn mask(secret: &str) {
    if variable("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        output::write_stderr(&format!("::add-mask::{secret}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::StatusCode;

    #[test]
    fn pause_is_at_least_what_the_response_demands() {
        for (attempt, demanded, expected) in [
            (1, None, 1),
            (3, None, 4),
            (1, Some(30), 30),
            (3, Some(1), 4),
            (1, Some(3_600), 120),
        ] {
            let error = Error::UnexpectedResponse {
                status: StatusCode::SERVICE_UNAVAILABLE,
                message: String::new(),
                retry_after: demanded.map(Duration::from_secs),
                proxy: None,
            };
            let expected = Duration::from_secs(expected);
            assert_eq!(pause(attempt, &error), expected, "{demanded:?}");
        }
    }

    #[test]
    fn audience_is_the_server_itself() {
        let server = "https://restow.example/data/api";
        for (audience, is_server) in [
            ("https://restow.example", true),
            ("https://restow.example/", true),
            ("restow.example", true),
            ("http://restow.example", false),
            ("https://restow.example:8443", false),
            ("https://restow.example.evil.example", false),
            ("sts.amazonaws.com", false),
            ("pypi", false),
            ("", false),
        ] {
            assert_eq!(names_server(audience, server), is_server, "{audience}");
        }
    }
}
